"""Settings of an exhibition, awards, and the visitors' votes."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair
from events.fairs.services.changes import lock as lock_fair
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import AfterShow
from ..models import Award, Exhibition, Exhibitor, Vote
from ..queries import exhibition_of, tallies
from ..rules import can_publish_result, can_set_exhibition, votes_are_open
from .changes import UnableToExhibit, require, tell
from .leads import find_ticket

MOST_AWARDS = 8


@transaction.atomic
def set_exhibition(
    *,
    actor: User,
    fair: Fair,
    applications_close_at: datetime | None,
    materials_due_at: datetime | None,
    after_show: str,
    online_days: int | None,
) -> Exhibition:
    fair = lock_fair(fair)
    require(can_set_exhibition(actor, fair))
    exhibition = exhibition_of(fair)
    exhibition.applications_close_at = applications_close_at
    exhibition.materials_due_at = materials_due_at
    exhibition.after_show, exhibition.online_days = AfterShow(after_show), online_days
    exhibition.save()
    _record(actor, fair, "set_exhibition", after_show=after_show)
    return exhibition


def _record(actor: User, fair: Fair, action: str, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"exhibition.{action}",
        target=fair,
        organization_id=fair.organizer_id,
        **payload,
    )


@transaction.atomic
def add_award(*, actor: User, fair: Fair, name: str, name_en: str = "") -> Award:
    fair = lock_fair(fair)
    require(can_set_exhibition(actor, fair) and exhibition_of(fair).result_on is None)
    known = list(fair.awards.values_list("name", flat=True))
    if name in known:
        raise UnableToExhibit(_("There is an award of this name already."))
    if len(known) >= MOST_AWARDS:
        raise UnableToExhibit(_("A fair has at most %(most)d awards.") % {"most": MOST_AWARDS})
    award = Award.objects.create(fair=fair, name=name, name_en=name_en, order=len(known))
    _record(actor, fair, "add_award", label=name)
    return award


@transaction.atomic
def remove_award(*, actor: User, award: Award) -> None:
    """Take an award out. Raises once somebody has voted."""
    fair = lock_fair(award.fair)
    require(can_set_exhibition(actor, fair))
    if award.votes.exists():
        raise UnableToExhibit(_("Visitors have voted for this award: it stays."))
    name = award.name
    award.delete()
    _record(actor, fair, "remove_award", label=name)


@transaction.atomic
def cast_vote(*, award: Award, exhibitor: Exhibitor, ticket: str) -> Vote:
    """Vote by ticket, once for each award; the database refuses a second row.

    Whoever holds the ticket votes, signed in or not; nobody votes for the own organization.
    """
    fair = lock_fair(award.fair)
    if not votes_are_open(fair, exhibition_of(fair)):
        raise UnableToExhibit(_("Voting is open while the fair is under way."))
    registration = find_ticket(fair, ticket)
    require(exhibitor.fair_id == fair.pk and exhibitor.pk in _candidates(fair))
    if registration.organization_id == exhibitor.organization_id:
        raise UnableToExhibit(_("Vote for somebody else than your own organization."))
    try:
        with transaction.atomic():
            return Vote.objects.create(award=award, registration=registration, exhibitor=exhibitor)
    except IntegrityError:
        raise UnableToExhibit(_("This ticket has voted for this award already.")) from None


def _candidates(fair: Fair) -> set[int]:
    return set(Exhibitor.objects.filter(fair=fair).shown().values_list("pk", flat=True))


@transaction.atomic
def publish_result(*, actor: User, fair: Fair) -> Exhibition:
    """Close the vote and show the result to everybody; the winners are told."""
    fair = lock_fair(fair)
    exhibition = exhibition_of(fair)
    require(can_publish_result(actor, fair, exhibition))
    found = tallies(fair)
    if not any(tally.total for tally in found):
        raise UnableToExhibit(_("Nobody has voted yet: there is no result to publish."))
    exhibition.result_on = timezone.now()
    exhibition.save()
    _record(actor, fair, "publish_result", votes=sum(tally.total for tally in found))
    for tally in found:
        for winner in tally.winners:
            winner.fair = fair
            tell(
                winner,
                kind="exhibitor-award",
                title=gettext_lazy("Visitors have voted for you"),
                body=tally.award.name,
                dedupe_key=f"award:{tally.award.pk}",
            )
    return exhibition
