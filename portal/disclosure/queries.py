from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import OVERSEERS, VerificationLevel
from portal.accounts.models import Membership, User, Visitor

from .enums import AgreementState, Basis, FieldGroup, Level, RequestState
from .kinds import kind_of, without_groups
from .models import (
    AccessRequest,
    AgreementListing,
    ConfidentialityAgreement,
    DisclosureConsent,
    GroupLevel,
    Reading,
)

Levels = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Access:
    """What one reader has of one listing: groups above public, read and withheld.

    ``read`` and ``withheld`` map groups to their levels. ``basis`` says why the first are read, in
    the name of ``organization_id``; it is None for the owner's side, whose readings nobody logs.
    """

    withheld: Mapping[str, int] = field(default_factory=dict)
    read: Mapping[str, int] = field(default_factory=dict)
    basis: Basis | None = None
    organization_id: int | None = None

    @property
    def lines(self) -> list[tuple[FieldGroup, Level]]:
        """The withheld groups with the level at which each opens."""
        return [(each, Level(self.withheld[each])) for each in FieldGroup if each in self.withheld]


def levels_of(codes: Iterable[str]) -> Levels:
    """Return ``{code: {group: level}}`` of everything above public, in one query."""
    found: Levels = {}
    closed = GroupLevel.objects.filter(listing__in=list(codes), level__gt=Level.PUBLIC)
    for code, group, level in closed.values_list("listing", "group", "level"):
        found.setdefault(code, {})[group] = level
    return found


def open_parts(listings: Iterable[Any]) -> list[Any]:
    """The listings as everybody may read them, closed groups left empty; in one query.

    What is a part already stays as it is.
    """
    rows = list(listings)
    levels = levels_of(each.code for each in rows if not hasattr(each, "access"))
    return [
        each if hasattr(each, "access") else _part(each, Access(levels.get(each.code, {})))
        for each in rows
    ]


def open_part(listing: Any) -> Any:
    """One listing as everybody may read it."""
    return open_parts([listing])[0]


def parts_for(user: Visitor, listings: Sequence[Any]) -> list[Any]:
    """The listings as ``user`` may read them today; each says by ``access`` what it holds."""
    levels = levels_of(each.code for each in listings)
    closed = [each for each in listings if each.code in levels]
    rights = _rights(user, closed)
    return [_part(each, _access(user, each, levels, rights)) for each in listings]


def whole(listing: Any, *, basis: Basis) -> Any:
    """The listing with everything, for the platform's people who check or repair it."""
    return _part(listing, Access(read=levels_of([listing.code]).get(listing.code, {}), basis=basis))


def _part(listing: Any, access: Access) -> Any:
    part = without_groups(listing, frozenset(access.withheld))
    part.access = access
    return part


@dataclass(frozen=True)
class _Rights:
    consents: dict[str, int] = field(default_factory=dict)
    agreements: dict[tuple[str, int], int] = field(default_factory=dict)
    requests: dict[str, set[str]] = field(default_factory=dict)


def _rights(user: Visitor, listings: Sequence[Any]) -> _Rights:
    """What opens these listings to ``user``, at most three queries however many there are."""
    if not listings or not user.is_authenticated:
        return _Rights()
    codes, own = [each.code for each in listings], user.organization_ids
    requests: dict[str, set[str]] = {}
    if not user.roles.isdisjoint(OVERSEERS):
        granted = AccessRequest.objects.in_force().filter(requester=user, subject__in=codes)
        for request in granted:
            requests.setdefault(request.subject, set()).update(request.group_list)
    if not own:
        return _Rights(requests=requests)
    given = DisclosureConsent.objects.in_force().filter(listing__in=codes, organization__in=own)
    covered = AgreementListing.objects.filter(
        listing__in=codes, agreement__in=ConfidentialityAgreement.objects.in_force()
    ).values_list("listing", "agreement__proposer", "agreement__counterparty")
    agreements = {}
    for code, proposer, counterparty in covered:
        for reader, owner in ((proposer, counterparty), (counterparty, proposer)):
            if reader in own:
                agreements[code, owner] = reader
    return _Rights(dict(given.values_list("listing", "organization")), agreements, requests)


def _access(user: Visitor, listing: Any, levels: Levels, rights: _Rights) -> Access:
    closed = levels.get(listing.code, {})
    owner = listing.organization.pk
    if not closed or (user.is_authenticated and owner in user.organization_ids):
        return Access()
    reach, basis, organization_id = _reach(user, listing.code, owner, rights)
    asked = rights.requests.get(listing.code, set())
    read = {group: level for group, level in closed.items() if level <= reach or group in asked}
    withheld = {group: level for group, level in closed.items() if group not in read}
    if any(level > reach for level in read.values()):
        basis, organization_id = Basis.REQUEST, None
    return Access(withheld, read, basis, organization_id)


def _reach(
    user: Visitor, code: str, owner: int, rights: _Rights
) -> tuple[Level, Basis | None, int | None]:
    """The highest level that ``user`` has reached with a listing, why, and for whom."""
    if (code, owner) in rights.agreements:
        return Level.NDA, Basis.NDA, rights.agreements[code, owner]
    if code in rights.consents:
        return Level.CONSENT, Basis.CONSENT, rights.consents[code]
    if not user.is_authenticated:
        return Level.PUBLIC, None, None
    for membership in user.active_memberships:
        organization = membership.organization
        is_verified = organization.verification_level >= VerificationLevel.CONTACT
        if is_verified and organization.pk in user.organization_ids:
            return Level.VERIFIED, Basis.VERIFIED, organization.pk
    return Level.PUBLIC, None, None


def opened_by_request(user: Visitor, subject: str) -> set[int]:
    """The organizations whose confidential messages in a thread a request opens to ``user``."""
    if not user.is_authenticated or user.roles.isdisjoint(OVERSEERS):
        return set()
    granted = AccessRequest.objects.in_force().filter(requester=user, subject=subject)
    return set(granted.values_list("owner_organization", flat=True))


def levels_table(listing: Any) -> list[tuple[FieldGroup, Level]]:
    """Every group of a listing with its level, in the order of the enumeration."""
    levels = levels_of([listing.code]).get(listing.code, {})
    groups = kind_of(listing).groups
    return [(each, Level(levels.get(each, Level.PUBLIC))) for each in FieldGroup if each in groups]


def readings_for(user: User, *, listing: str = "") -> QuerySet[Reading]:
    """Who read what of the listings of ``user``'s organizations, the latest first."""
    found = Reading.objects.filter(owner_organization__in=user.organization_ids)
    if listing:
        found = found.filter(listing=listing)
    return found.select_related("user", "organization").order_by("-read_at", "-pk")


def has_read_today(user: User, listing: str, group: str) -> bool:
    """Tell whether today's log says already that ``user`` read this group."""
    lines = Reading.objects.filter(user=user, listing=listing, read_on=timezone.localdate())
    return lines.filter(groups__contains=group).exists()


def consents_between(listings: Iterable[str], organizations: Iterable[int]) -> QuerySet:
    """The consents that any of these organizations has asked for these listings, newest first."""
    return (
        DisclosureConsent.objects.filter(listing__in=listings, organization__in=organizations)
        .select_related("organization", "owner_organization")
        .order_by("-asked_at", "-pk")
    )


def agreements_between(first: int, second: int) -> QuerySet[ConfidentialityAgreement]:
    """The agreements between two organizations, newest first."""
    pair = Q(proposer=first, counterparty=second) | Q(proposer=second, counterparty=first)
    agreements = ConfidentialityAgreement.objects.filter(pair).prefetch_related("listings")
    return agreements.order_by("-proposed_at", "-pk")


@dataclass(frozen=True)
class Question:
    """What an office has to decide on: what it is about, where, since when, who asks."""

    kind: str
    about: str
    key: str
    since: datetime
    who: str

    @property
    def url(self) -> str:
        arguments = {"pk" if self.kind == "consent" else "code": self.key}
        return reverse(f"disclosure:{self.kind}", kwargs=arguments)

    @property
    def label(self) -> str:
        labels = {"consent": _("Consent to disclosure"), "request": _("Access request")}
        return labels.get(self.kind, _("Confidentiality agreement"))


def questions_to(user: User) -> list[Question]:
    """What waits for the offices of ``user``, the oldest first; in one query."""
    own = user.office_organization_ids
    if not own:
        return []
    consents = DisclosureConsent.objects.filter(
        owner_organization__in=own, granted_at=None, refused_at=None
    )
    agreements = ConfidentialityAgreement.objects.filter(
        Q(proposer__in=own, proposer_confirmed_at=None)
        | Q(counterparty__in=own, counterparty_confirmed_at=None),
        state=AgreementState.PROPOSED,
    )
    requests = AccessRequest.objects.filter(owner_organization__in=own, state=RequestState.ASKED)
    found = _questions(consents, "consent", "listing", "pk", "asked_at", "organization__name")
    return [
        Question(*row)
        for row in found.union(
            _questions(agreements, "agreement", "code", "code", "proposed_at", "proposer__name"),
            _questions(requests, "request", "subject_label", "code", "asked_at", "requester__name"),
        ).order_by("since")
    ]


def _questions(rows: QuerySet, kind: str, *names: str) -> QuerySet:
    """The rows as the fields of a question, by the names of what it is made of."""
    about, key, since, who = names
    columns = {
        "kind": Value(kind, output_field=CharField()),
        "about": F(about),
        "key": Cast(key, CharField()),
        "since": F(since),
        "who": F(who),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def people_of(organization_id: int, author: User | None = None) -> list[User]:
    """Whom a question about disclosure reaches: the office, and the author as long as a member."""
    members = Membership.objects.active().filter(
        organization_id=organization_id, user__is_active=True
    )
    office = Membership.objects.office().values("pk")
    concerned = members.filter(Q(pk__in=office) | Q(user=author)).select_related("user")
    return [membership.user for membership in concerned.order_by("pk")]
