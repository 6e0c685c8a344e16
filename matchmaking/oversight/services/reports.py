"""Annual reports: drawn from the ledger, changed with reasons, signed off, taken in."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.enums import PUBLISHING_KINDS, PortalRole
from portal.accounts.models import Membership, Organization, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, ReportState
from ..indicators import INDICATORS
from ..models import AnnualReport, ReportFigure
from ..rules import can_take_in_report, can_write_report, can_write_report_of

FIRST_YEAR = 2015
LARGEST = Decimal(10) ** 14


class UnableToReport(Exception):
    """The report cannot be changed so; the message says why and what to do."""


@transaction.atomic
def prepare_report(*, actor: User, organization: Organization, year: int) -> AnnualReport:
    """Open an institute's report on a past year, or take its figures from the ledger anew.

    Values that the institute stated stay beside the new ones. Raises ``UnableToReport`` for a
    stranger, a year that is not over and a report that is no draft any more.
    """
    if not can_write_report_of(actor, organization):
        raise UnableToReport(_("Only the office of the institute writes its report."))
    if organization.kind not in PUBLISHING_KINDS:
        raise UnableToReport(_("Only universities and research institutes report."))
    if not FIRST_YEAR <= year < timezone.localdate().year:
        raise UnableToReport(_("A report is on a year that is over."))
    now = timezone.now()
    report, is_new = AnnualReport.objects.select_for_update().get_or_create(
        organization=organization, year=year, defaults={"computed_at": now}
    )
    if not report.is_draft:
        raise UnableToReport(_("The report is signed off; the commission can return it."))
    _draw(report, now)
    record(
        actor=actor, action="oversight.prepare_report", target=report, new=is_new, label=str(year)
    )
    return report


def _draw(report: AnnualReport, now: datetime) -> None:
    known = {figure.key: figure for figure in report.figures.all()}
    for indicator in INDICATORS.values():
        figure = known.get(indicator.key) or ReportFigure(report=report, key=indicator.key)
        figure.computed = indicator.compute(report.organization, report.year)
        figure.save()
    report.computed_at = now
    report.save(update_fields=["computed_at"])


def _lock(report: AnnualReport) -> AnnualReport:
    return AnnualReport.objects.select_for_update().get(pk=report.pk)


def _lock_draft(actor: User, report: AnnualReport) -> AnnualReport:
    report = _lock(report)
    if not can_write_report(actor, report):
        raise UnableToReport(_("Only the office of the institute writes its report."))
    if not report.is_draft:
        raise UnableToReport(_("The report is signed off; the commission can return it."))
    return report


@transaction.atomic
def state_figure(
    *, actor: User, report: AnnualReport, key: str, value: Decimal | None, reason: str
) -> ReportFigure:
    """State another value than the ledger's, with a reason; None goes back to the ledger's.

    Raises ``UnableToReport`` without a reason and for values out of range.
    """
    report = _lock_draft(actor, report)
    figure = report.figures.select_for_update().get(key=key)
    if value is not None and not reason.strip():
        raise UnableToReport(_("Please write why the value differs, or where it comes from."))
    if value is not None and not 0 <= value <= LARGEST:
        raise UnableToReport(_("The value is out of range."))
    before = figure.value
    figure.stated = value
    figure.reason = reason.strip()[:500] if value is not None else ""
    figure.stated_by, figure.stated_at = actor, timezone.now()
    figure.save()
    record(
        actor=actor,
        action="oversight.state_figure",
        target=report,
        kind=key,
        before=_text(before),
        after=_text(figure.value),
        reason=figure.reason,
    )
    return figure


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def write_remarks(*, actor: User, report: AnnualReport, remarks: str) -> None:
    report = _lock_draft(actor, report)
    report.remarks = remarks.strip()[:5000]
    report.save(update_fields=["remarks"])
    record(actor=actor, action="oversight.write_remarks", target=report)


@transaction.atomic
def sign_off_report(*, actor: User, report: AnnualReport) -> AnnualReport:
    """Sign the report off for the institute.

    Raises ``UnableToReport`` while a figure has no value, and when the ledger has moved on since
    the figures were taken.
    """
    report = _lock_draft(actor, report)
    missing = [INDICATORS[each.key] for each in report.figures.all() if each.value is None]
    if missing:
        names = _("; ").join(str(each.label) for each in missing)
        raise UnableToReport(_("Please state first: %(names)s.") % {"names": names})
    if changed_since(report):
        raise UnableToReport(
            _("The ledger has moved on since these figures were taken. Take them anew and look.")
        )
    report.signed_off_by, report.signed_off_at = actor, timezone.now()
    report.return_reason = ""
    _move(report, ReportState.SIGNED_OFF)
    record(actor=actor, action="oversight.sign_off_report", target=report, label=str(report.year))
    for person in User.objects.filter(role_grants__role=PortalRole.COMMISSION, is_active=True):
        _tell(person, report, gettext_lazy("An annual report was signed off"))
    return report


def changed_since(report: AnnualReport) -> list[str]:
    """The keys of figures that the ledger would give otherwise today."""
    return [
        figure.key
        for figure in report.figures.all()
        if INDICATORS[figure.key].compute(report.organization, report.year) != figure.computed
    ]


@transaction.atomic
def accept_report(*, actor: User, report: AnnualReport) -> AnnualReport:
    """Take the report into the city's total."""
    report = _lock(report)
    _require_commission(actor)
    report.accepted_by, report.accepted_at = actor, timezone.now()
    _move(report, ReportState.ACCEPTED)
    record(actor=actor, action="oversight.accept_report", target=report, label=str(report.year))
    _tell_office(report, gettext_lazy("The annual report was taken in"))
    return report


@transaction.atomic
def return_report(*, actor: User, report: AnnualReport, reason: str) -> AnnualReport:
    """Give a signed-off report back to the institute, with a reason."""
    report = _lock(report)
    _require_commission(actor)
    if not reason.strip():
        raise UnableToReport(_("Please write why the report goes back."))
    report.return_reason = reason.strip()[:500]
    report.signed_off_by = report.signed_off_at = None
    _move(report, ReportState.DRAFT)
    record(
        actor=actor, action="oversight.return_report", target=report, reason=report.return_reason
    )
    _tell_office(report, gettext_lazy("The annual report was returned"))
    return report


def _require_commission(actor: User) -> None:
    if not can_take_in_report(actor):
        raise UnableToReport(_("Only the commission decides on reports."))


def _move(report: AnnualReport, state: ReportState) -> None:
    if state not in ALLOWED_TRANSITIONS[report.state]:
        raise UnableToReport(_("The report has been moved on meanwhile. Look at it again."))
    report.state = state
    report.save()


def _tell_office(report: AnnualReport, title: Promise) -> None:
    offices = Membership.objects.office().filter(organization=report.organization_id)
    for person in User.objects.filter(pk__in=offices.values("user"), is_active=True):
        _tell(person, report, title)


def _tell(person: User, report: AnnualReport, title: Promise) -> None:
    notify(
        user=person,
        kind="annual-report",
        title=title,
        body=f"{report.organization.label} {report.year}\n{report.return_reason}".strip(),
        url=reverse("oversight:report", args=[report.pk]),
    )
