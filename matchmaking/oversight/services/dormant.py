from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageQuerySet

from achievements.models import AchievementPage, Completer
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

    Completers may then carry it out themselves (Zhejiang regulation, art. 38). Only what stands on
    the portal is told of. Returns how many people were told anew.
    """
    months = rule_for(RuleCode.DORMANT, today).parameters["months"]
    asleep = dormant().values("pk")
    achievements = AchievementPage.objects.current(today).filter(pk__in=asleep)
    patents = PatentPage.objects.current(today).filter(pk__in=asleep)
    completers = Completer.objects.filter(page__in=achievements).values_list("page", "user")
    inventors = PatentInventor.objects.filter(patent__pages__in=patents)
    pairs = {
        *completers,
        *inventors.values_list("patent__pages", "user"),
        *_offices(achievements),
        *_offices(patents),
    }
    people = User.objects.in_bulk({user for _page, user in pairs if user})
    pages = {page.pk: page for page in (*achievements, *patents)}
    return sum(
        bool(
            notify(
                user=people[user],
                kind="dormant",
                title=_("A result lies dormant"),
                body=format_lazy(SAID, title=pages[page].title, months=months),
                url=pages[page].get_url() or "",
                dedupe_key=f"dormant:{page}:{user}",
            )
        )
        for page, user in sorted(pair for pair in pairs if pair[1] and pair[0] in pages)
    )


def _offices(pages: PageQuerySet) -> Iterator[tuple[int, int]]:
    """Each page with every person of its institute's office."""
    whose = list(pages.values_list("pk", "institute__organization"))
    offices: dict[int, list[int]] = defaultdict(list)
    found = Membership.objects.office().filter(organization__in={each for _page, each in whose})
    for organization, person in found.values_list("organization", "user"):
        offices[organization].append(person)
    for page, organization in whose:
        for person in offices[organization]:
            yield page, person
