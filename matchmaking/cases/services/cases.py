from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from achievements.models import ListingPage
from matchmaking.interests.enums import InterestState
from matchmaking.interests.models import Interest
from matchmaking.interests.rules import can_start_case
from matchmaking.models import Need
from portal.accounts.models import Membership, Organization, User
from portal.audit.services import record
from portal.notifications.services import notify
from portal.taxonomy.services import assign_code

from ..enums import BEFORE_CONTRACT, EventKind, PartyRole
from ..models import CaseEvent, CaseParty, ConversionCase
from ..rules import roles_in
from .agreements import enter_agreements_in_force
from .ledger import UnableToMoveCase, lock_case, require_move, write_event
from .placing import lead_owner_of, place_in_industries, place_with_owner

CODE_PREFIX = "AL"
HUNDRED = Decimal("100.00")


@dataclass(frozen=True)
class PartyEntry:
    """A party as a form or an import names it."""

    role: PartyRole
    organization: Organization | None = None
    name: str = ""
    user: User | None = None
    share: Decimal | None = None
    contact_name: str = ""
    contact_email: str = ""


@transaction.atomic
def open_case(
    *,
    actor: User | None,
    title: str,
    parties: Sequence[PartyEntry],
    opened_on: date,
    page: ListingPage | None = None,
    need: Need | None = None,
    interest: Interest | None = None,
    broker: User | None = None,
    mode: str = "",
    source_id: str = "",
) -> ConversionCase:
    """Open a case with its first event; ``actor`` acts for one of the parties, or is its broker.

    Raises ``UnableToMoveCase`` without an owner and a taker, for shares that do not add up, for
    a stranger, for a day in the future, and for an interest that is not in talks between the
    parties or has its case already.
    """
    _require_parties(parties)
    if interest:
        interest = _lock_interest(interest, actor, parties)
    if opened_on > timezone.localdate():
        raise UnableToMoveCase(_("The day lies in the future."))
    organizations = {entry.organization.pk for entry in parties if entry.organization}
    is_party = actor is None or bool(organizations & actor.office_organization_ids)
    if not is_party and actor != broker:
        raise UnableToMoveCase(_("Only a party of the case, or its broker, opens it."))
    [code] = assign_code(prefix=CODE_PREFIX, year=opened_on.year)
    case = ConversionCase.objects.create(
        code=code,
        title=title[:200],
        page=page,
        need=need,
        interest=interest,
        listing_code=page.code if page else "",
        broker=broker,
        source_id=source_id,
        stage_since=opened_on,
        opened_on=opened_on,
    )
    case.lead_owner_id = lead_owner_of([_add(case, entry, opened_on) for entry in parties])
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.OPENED,
        occurred_on=opened_on,
        payload={
            "listing": case.listing_code,
            "need": need.code if need else "",
            "interest": interest.code if interest else "",
            "mode": mode,
            "parties": [[entry.role, _name_of(entry)] for entry in parties],
        },
    )
    place_in_industries([case.pk])
    case = enter_agreements_in_force(case)
    record(actor=actor, action="cases.open_case", target=case)
    tell_parties(case, actor, gettext_lazy("A conversion case was opened"))
    return case


def _lock_interest(
    interest: Interest, actor: User | None, parties: Sequence[PartyEntry]
) -> Interest:
    """Return the interest that the case takes over, locked against a second case."""
    locked = Interest.objects.select_for_update().get(pk=interest.pk)
    known = ConversionCase.objects.filter(interest=locked).first()
    if known:
        raise UnableToMoveCase(
            _("This interest has its case already: %(case)s.") % {"case": known.code}
        )
    both = {locked.sender_organization_id, locked.receiver_organization_id}
    named = {entry.organization.pk for entry in parties if entry.organization}
    may_start = locked.state == InterestState.ANSWERED and (
        actor is None or can_start_case(actor, locked)
    )
    if not (may_start and both <= named):
        raise UnableToMoveCase(
            _("A case follows an interest in talks, with both of its sides as parties.")
        )
    return locked


def _require_parties(parties: Sequence[PartyEntry]) -> None:
    roles = {entry.role for entry in parties}
    if not {PartyRole.OWNER, PartyRole.TAKER} <= roles:
        raise UnableToMoveCase(_("A case needs an owner and a taker of the result."))
    for role in (PartyRole.OWNER, PartyRole.TAKER):
        shares = [entry.share for entry in parties if entry.role == role]
        given = [share for share in shares if share is not None]
        if given and (len(given) < len(shares) or sum(given) != HUNDRED):
            raise UnableToMoveCase(_("Shares of owners, and of takers, add up to 100 per cent."))


def _name_of(entry: PartyEntry) -> str:
    return entry.organization.name if entry.organization else ""


def _add(case: ConversionCase, entry: PartyEntry, on: date) -> CaseParty:
    return CaseParty.objects.create(
        case=case,
        role=entry.role,
        organization=entry.organization,
        name=entry.name,
        user=entry.user,
        share=entry.share,
        contact_name=entry.contact_name,
        contact_email=entry.contact_email,
        joined_on=on,
    )


@transaction.atomic
def add_party(
    *,
    actor: User,
    case: ConversionCase,
    entry: PartyEntry,
    occurred_on: date,
    version: int | None = None,
) -> CaseParty:
    """Let an organization or completer join. Raises ``UnableToMoveCase`` as ``make_move`` does."""
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PARTY_ADDED, occurred_on)
    if entry.organization and case.parties.present().filter(
        role=entry.role, organization=entry.organization
    ):
        raise UnableToMoveCase(_("This organization takes part in this role already."))
    party = _add(case, entry, occurred_on)
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.PARTY_ADDED,
        occurred_on=occurred_on,
        payload={"party": party.pk, "role": entry.role, "organization": _name_of(entry)},
    )
    place_with_owner(case)
    return party


@transaction.atomic
def remove_party(
    *,
    actor: User,
    case: ConversionCase,
    party: CaseParty,
    occurred_on: date,
    version: int | None = None,
) -> CaseEvent:
    """Let a party leave before the contract; an owner and a taker have to stay."""
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PARTY_LEFT, occurred_on)
    others = case.parties.present().filter(role=party.role).exclude(pk=party.pk)
    if party.role in {PartyRole.OWNER, PartyRole.TAKER} and not others.exists():
        raise UnableToMoveCase(_("A case needs an owner and a taker of the result."))
    CaseParty.objects.filter(pk=party.pk, case=case).update(left_on=occurred_on)
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.PARTY_LEFT,
        occurred_on=occurred_on,
        payload={"party": party.pk, "role": party.role},
    )
    place_with_owner(case)
    return event


@transaction.atomic
def succeed_party(
    *,
    actor: User,
    case: ConversionCase,
    party: CaseParty,
    successor: Organization,
    occurred_on: date,
    version: int | None = None,
) -> CaseParty:
    """Put the organization that a party was merged into in its place, with role and share.

    Rights and duties pass on with a merger or division (权利义务承继, Civil Code art. 67), so a
    contract does not bar this. Raises ``UnableToMoveCase`` as ``add_party`` does.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PARTY_SUCCEEDED, occurred_on)
    if party.case_id != case.pk or party.left_on or party.organization is None:
        raise UnableToMoveCase(_("Only an organization that takes part can be succeeded."))
    if case.parties.present().filter(role=party.role, organization=successor):
        raise UnableToMoveCase(_("This organization takes part in this role already."))
    party.left_on = occurred_on
    party.save(update_fields=["left_on"])
    entry = PartyEntry(
        role=PartyRole(party.role),
        organization=successor,
        share=party.share,
        contact_name=party.contact_name,
        contact_email=party.contact_email,
    )
    following = _add(case, entry, occurred_on)
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.PARTY_SUCCEEDED,
        occurred_on=occurred_on,
        payload={
            "party": party.pk,
            "successor": following.pk,
            "role": party.role,
            "organization": successor.name,
        },
    )
    place_with_owner(case)
    return following


@transaction.atomic
def assign_broker(*, actor: User, case: ConversionCase, broker: User | None) -> None:
    """Name the broker of a case, or none, before its contract."""
    case = lock_case(case)
    if not roles_in(actor, case) or case.stage not in BEFORE_CONTRACT:
        raise UnableToMoveCase(_("The parties name the broker before the contract."))
    case.broker = broker
    case.save(update_fields=["broker"])
    record(actor=actor, action="cases.assign_broker", target=case)


def tell_parties(
    case: ConversionCase, actor: User | None, title: str | Promise, body: str = ""
) -> None:
    """Tell the offices of the other parties' organizations."""
    organizations = case.parties.present().values("organization")
    offices = Membership.objects.office().filter(organization__in=organizations)
    people = User.objects.filter(pk__in=offices.values("user"))
    for person in people.exclude(pk=actor.pk if actor else 0):
        notify(
            user=person,
            kind="case-moved",
            title=title,
            body=f"{case.code} {case.title}\n{body}".strip(),
            url=case.get_absolute_url(),
        )
