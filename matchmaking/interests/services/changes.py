"""What every door shares: the lock, the allowed moves, who is told."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, InterestState, Party
from ..models import Interest
from ..rules import owner_id_of


class UnableToChangeInterest(Exception):
    """The interest cannot be changed so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeInterest(
            _("You may not do this, or somebody else has moved the interest on meanwhile.")
        )


def lock(interest: Interest) -> Interest:
    return (
        Interest.objects.select_for_update(of=("self",))
        .select_related("page", "need", "sender_organization", "receiver_organization")
        .get(pk=interest.pk)
    )


def move(
    interest: Interest, state: InterestState, *, actor: User | None, action: str, **payload: Any
) -> None:
    """Save a locked interest in its new state. Raises ``UnableToChangeInterest``."""
    if state not in ALLOWED_TRANSITIONS[interest.state]:
        raise UnableToChangeInterest(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": interest.get_state_display(), "after": InterestState(state).label}
        )
    before, interest.state = interest.state, state
    interest.save()
    record(
        actor=actor,
        action=action,
        target=interest,
        organization_id=interest.receiver_organization_id,
        before=before,
        after=state,
        **payload,
    )


def note_first_reply(interest: Interest, now: datetime) -> None:
    if interest.first_reply_at is None:
        interest.first_reply_at = now


def people_of(interest: Interest, side: Party) -> list[User]:
    """Whom a message reaches: the organization's office and the person concerned, if a member.

    A sender who is still there is told alone; the office follows the list of its interests.
    """
    if side == Party.BROKER:
        return [interest.broker] if interest.broker else []
    if side == Party.RECEIVER:
        organization_id, person_id = interest.receiver_organization_id, owner_id_of(interest)
    else:
        organization_id, person_id = interest.sender_organization_id, interest.sender_id
    members = Membership.objects.active().filter(
        organization_id=organization_id, user__is_active=True
    )
    concerned = members.filter(user_id=person_id)
    if side == Party.RECEIVER or not concerned.exists():
        offices = Membership.objects.office().values("pk")
        concerned = members.filter(Q(user_id=person_id) | Q(pk__in=offices))
    found = concerned.select_related("user").order_by("pk")
    return [membership.user for membership in found]


def tell_side(
    interest: Interest,
    side: Party,
    *,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    besides: User | None = None,
    dedupe_key: str = "",
) -> None:
    """Tell one side about an interest; with a key each of its people once for ever."""
    for user in people_of(interest, side):
        if user != besides:
            tell(
                interest,
                user,
                kind=kind,
                title=title,
                body=body,
                dedupe_key=dedupe_key and f"{dedupe_key}:{user.pk}",
            )


def tell(
    interest: Interest,
    user: User,
    *,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    url: str = "",
    dedupe_key: str = "",
) -> None:
    notify(
        user=user,
        kind=kind,
        title=title,
        body=format_lazy("{}\n{}", interest.target_label, body) if body else interest.target_label,
        url=url or interest.get_absolute_url(),
        dedupe_key=dedupe_key or None,
    )
