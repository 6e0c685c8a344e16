"""Brokers: introductions with a mandate, hand-over, and whom the clock calls."""

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.enums import MembershipState, PortalRole
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import OPEN_STATES, Mandate, Party
from ..models import BrokerAssignment, Interest, Introduction
from ..rules import can_hand_over, can_introduce
from .changes import UnableToChangeInterest, lock, require, tell_side


def brokers_for(interest: Interest) -> QuerySet[User]:
    """Active brokers who belong to neither side, the least loaded first."""
    sides = [interest.sender_organization_id, interest.receiver_organization_id]
    concerned = User.objects.filter(
        memberships__organization__in=sides, memberships__state=MembershipState.ACTIVE
    )
    return (
        User.objects.filter(is_active=True, role_grants__role=PortalRole.BROKER)
        .exclude(pk__in=concerned.values("pk"))
        .annotate(
            load=Count("brokered_interests", filter=Q(brokered_interests__state__in=OPEN_STATES))
        )
        .order_by("load", "pk")
    )


def assign_broker(
    interest: Interest, broker: User, *, assigned_by: User | None, reason: str = ""
) -> None:
    """Give a locked interest to a broker and keep since when."""
    interest.broker = broker
    interest.save(update_fields=["broker"])
    BrokerAssignment.objects.create(
        interest=interest, broker=broker, assigned_by=assigned_by, reason=reason
    )


@transaction.atomic
def introduce(*, actor: User, interest: Interest, mandate: str, note: str) -> Introduction:
    """Put a broker's introduction of both sides on record, with its time and mandate."""
    interest = lock(interest)
    require(can_introduce(actor, interest))
    if not note.strip():
        raise UnableToChangeInterest(_("Please write what the introduction consists of."))
    introduction = Introduction.objects.create(
        interest=interest, broker=actor, mandate=Mandate(mandate), note=note.strip()[:500]
    )
    record(
        actor=actor,
        action="interests.introduce",
        target=interest,
        organization_id=interest.receiver_organization_id,
        mandate=mandate,
    )
    title = gettext_lazy("A broker has introduced you to each other")
    for side in (Party.SENDER, Party.RECEIVER):
        tell_side(interest, side, kind="interest-introduced", title=title)
    return introduction


@transaction.atomic
def hand_over(*, actor: User, interest: Interest, broker: User, reason: str) -> Interest:
    """Give an interest to another broker; who had it before stays in its history."""
    interest = lock(interest)
    require(can_hand_over(actor, interest))
    if broker.pk == interest.broker_id or not brokers_for(interest).filter(pk=broker.pk).exists():
        raise UnableToChangeInterest(
            _("Please choose another active broker who belongs to neither side.")
        )
    if not reason.strip():
        raise UnableToChangeInterest(_("Please write why you hand it over."))
    assign_broker(interest, broker, assigned_by=actor, reason=reason.strip()[:300])
    record(
        actor=actor,
        action="interests.hand_over",
        target=interest,
        organization_id=interest.receiver_organization_id,
    )
    title = gettext_lazy("An interest was handed over to you")
    tell_side(interest, Party.BROKER, kind="interest-handed-over", title=title, body=reason)
    return interest
