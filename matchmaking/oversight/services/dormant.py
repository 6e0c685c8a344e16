from collections import defaultdict
from datetime import date

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageQuerySet

from achievements.models import AchievementPage, Completer, ListingPage
from ip.models import PatentInventor, PatentPage
from matchmaking.cases.enums import RuleCode
from matchmaking.cases.queries import rule_for
from portal.accounts.models import Membership, User
from portal.notifications.services import notify

from ..kpis.results import dormant

SAID = _(
    "“{title}” has found no taker for more than {months} months. Its completers may carry it out "
    "themselves, by agreement with the institute."
)


@transaction.atomic
def tell_of_dormant(*, today: date) -> int:
    """Tell office and completers, once for each result, that it lies dormant (闲置成果).

    Completers may then carry it out themselves (Zhejiang regulation, art. 38). Returns how many
    people were told anew.
    """
    months = rule_for(RuleCode.DORMANT, today).parameters["months"]
    title = _("A result lies dormant")
    told = 0
    for model in (AchievementPage, PatentPage):
        pages = model.objects.filter(pk__in=dormant().values("pk"))
        people = _people_of(model, pages)
        for page in pages.select_related("institute").order_by("pk"):
            body = format_lazy(SAID, title=page.title, months=months)
            for person in sorted(people[page.pk] | people[-page.institute.organization_id]):
                told += bool(
                    notify(
                        user=User.objects.get(pk=person),
                        kind="dormant",
                        title=title,
                        body=body,
                        url=page.get_url() or "",
                        dedupe_key=f"dormant:{page.pk}:{person}",
                    )
                )
    return told


def _people_of(model: type[ListingPage], pages: PageQuerySet) -> dict[int, set[int]]:
    """Completers by page, and by the negative of an organization its office."""
    found: dict[int, set[int]] = defaultdict(set)
    if model is AchievementPage:
        rows = Completer.objects.filter(page__in=pages, user__isnull=False)
        pairs = rows.values_list("page", "user")
    else:
        inventors = PatentInventor.objects.filter(patent__pages__in=pages, user__isnull=False)
        pairs = inventors.values_list("patent__pages", "user")
    for page, user in pairs:
        found[page].add(user)
    organizations = pages.values("institute__organization")
    for office in Membership.objects.office().filter(organization__in=organizations):
        found[-office.organization_id].add(office.user_id)
    return found
