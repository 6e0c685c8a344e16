from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from achievements.models import InstitutePage
from matchmaking.cases.enums import RuleCode
from matchmaking.cases.queries import rule_for
from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.models import Membership
from portal.notifications.services import notify

from ..enums import ReportState
from ..models import AnnualReport

# Days before the day on which the report is due; the last one is the day after.
REMINDED = (28, 14, 3, -1)


@transaction.atomic
def remind_of_reports(*, today: date) -> int:
    """Remind the offices of institutes whose report on last year is not signed off.

    Once for each of ``REMINDED``, of those that have come only the latest: a sweep after a
    standstill sends one reminder. Returns how many people were reminded.
    """
    due = rule_for(RuleCode.ANNUAL_REPORT, today).parameters
    due_on = date(today.year, due["month"], due["day"])
    come = [days for days in REMINDED if today >= due_on - timedelta(days=days)]
    if not come:
        return 0
    year = today.year - 1
    done = AnnualReport.objects.filter(year=year).exclude(state=ReportState.DRAFT)
    waiting = InstitutePage.objects.live().filter(organization__kind__in=PUBLISHING_KINDS)
    waiting = waiting.exclude(organization__in=done.values("organization"))
    offices = Membership.objects.office().filter(organization__in=waiting.values("organization"))
    return sum(
        bool(
            notify(
                user=office.user,
                kind="annual-report",
                title=format_lazy(_("The report on {year} is due on {day}"), year=year, day=due_on),
                body=office.organization.name,
                url=reverse("oversight:reports"),
                dedupe_key=f"report:{year}:{office.organization_id}:{come[-1]}:{office.user_id}",
            )
        )
        for office in offices.select_related("user", "organization").order_by("pk")
    )
