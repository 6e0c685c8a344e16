"""Interests and cases that begin at a meeting: opened by the doors of their rooms, and linked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from achievements.models import ListingPage
from events.meetings.models import Meeting
from events.registration.models import Registration
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.services import PartyEntry, UnableToMoveCase, open_case as open_any_case
from matchmaking.interests.models import Interest
from matchmaking.interests.services import UnableToChangeInterest, express_interest
from matchmaking.models import Need
from portal.accounts.models import Organization, User
from portal.audit.services import record

from ..enums import LEADS_TO_CASE, LEADS_TO_INTEREST, Outcome
from ..models import MeetingOutcome
from ..queries import cases_to_link
from .changes import UnableToConclude, lock_meeting, own_of


@transaction.atomic
def open_interest(
    *,
    actor: User,
    meeting: Meeting,
    organization: Organization,
    page: ListingPage | None = None,
    need: Need | None = None,
    purpose: str,
    ask: str,
    offer: str = "",
    shares_contact: bool = False,
    ip_address: str | None = None,
) -> Interest:
    """Express the interest that the actor sees after a meeting; its clock starts.

    Raises ``UnableToConclude`` with the interests' own reason where it cannot be.
    """
    meeting, people = lock_meeting(meeting)
    _require_said(meeting, own_of(actor, people), LEADS_TO_INTEREST)
    try:
        interest = express_interest(
            actor=actor,
            organization=organization,
            page=page,
            need=need,
            purpose=purpose,
            ask=ask,
            offer=offer,
            shares_contact=shares_contact,
            ip_address=ip_address,
        )
    except UnableToChangeInterest as error:
        raise UnableToConclude(str(error)) from None
    _link(meeting, actor, interest=interest)
    return interest


@transaction.atomic
def open_case(
    *,
    actor: User,
    meeting: Meeting,
    title: str,
    parties: Sequence[PartyEntry],
    opened_on: date,
    **more: Any,
) -> ConversionCase:
    """Open the case that follows a meeting; what ``more`` may hold say the cases' own services.

    Raises ``UnableToConclude`` with the cases' own reason, and where those who met are not both
    its parties.
    """
    meeting, people = lock_meeting(meeting)
    _require_said(meeting, own_of(actor, people), LEADS_TO_CASE)
    try:
        case = open_any_case(actor=actor, title=title, parties=parties, opened_on=opened_on, **more)
    except UnableToMoveCase as error:
        raise UnableToConclude(str(error)) from None
    interest = case.interest
    if interest is None or not MeetingOutcome.objects.filter(interest=interest).exists():
        _link_case(meeting, case, actor)
    return case


@transaction.atomic
def link_case(*, actor: User, meeting: Meeting, case: ConversionCase) -> MeetingOutcome:
    """Say that a case which is there already began at a meeting; a party of the case does.

    Raises ``UnableToConclude`` for a case that is older than the meeting, that began elsewhere,
    or whose parties are not those who met.
    """
    meeting, people = lock_meeting(meeting)
    _require_said(meeting, own_of(actor, people), LEADS_TO_CASE)
    return _link_case(meeting, case, actor)


def _link_case(meeting: Meeting, case: ConversionCase, actor: User) -> MeetingOutcome:
    if not cases_to_link(actor, meeting).filter(pk=case.pk).exists():
        raise UnableToConclude(
            _(
                "Only a case between those who met, opened since then and not begun elsewhere, "
                "comes of this meeting."
            )
        )
    return _link(meeting, actor, case=case)


def _require_said(meeting: Meeting, own: Registration, outcomes: frozenset[Outcome]) -> None:
    if not meeting.feedback.filter(registration=own, outcome__in=outcomes).exists():
        raise UnableToConclude(_("Say first what came of the meeting."))


def _link(
    meeting: Meeting,
    actor: User,
    *,
    interest: Interest | None = None,
    case: ConversionCase | None = None,
) -> MeetingOutcome:
    outcome = MeetingOutcome.objects.create(
        meeting=meeting, interest=interest, case=case, linked_by=actor
    )
    record(
        actor=actor,
        action="aftermath.link_interest" if interest else "aftermath.link_case",
        target=interest or case,
        organization_id=meeting.fair.organizer_id,
        meeting=meeting.pk,
    )
    return outcome
