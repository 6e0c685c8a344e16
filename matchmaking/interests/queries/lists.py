from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import ConsentPurpose, PortalRole
from portal.accounts.models import Consent, Organization, User
from portal.accounts.rules import can_oversee
from portal.disclosure.queries import opened_by_request

from ..enums import OPEN_STATES, InterestState, Party, TargetKind
from ..models import Interest, InterestMessage, InterestQuerySet, Introduction
from ..rules import can_read_body, can_see_desk, can_see_receiver


def accepted_interests(user: User) -> QuerySet[Interest]:
    """Interests in talks of one's organizations or mandates: what a case may start from."""
    return (
        Interest.objects.filter(state=InterestState.ANSWERED)
        .filter(
            Q(sender_organization__in=user.organization_ids)
            | Q(receiver_organization__in=user.organization_ids)
            | Q(broker=user)
        )
        .with_names()
        .order_by("-accepted_at", "-pk")
    )


def to_answer(user: User) -> QuerySet[Interest]:
    """Unanswered interests that ``user`` may answer (``can_accept``), the most urgent first."""
    wrote_page = Q(page__owner=user) & ~Q(kind=TargetKind.NEED)
    concerned = wrote_page | Q(need__author=user, kind=TargetKind.NEED)
    return (
        Interest.objects.filter(state=InterestState.SENT)
        .filter(
            Q(receiver_organization__in=user.office_organization_ids)
            | (concerned & Q(receiver_organization__in=user.organization_ids))
        )
        .exclude(sender=user)
        .with_names()
        .order_by("due_on", "pk")
    )


def overdue_of(broker: User) -> QuerySet[Interest]:
    """Interests that a broker looks after and nobody has answered."""
    if not broker.has_role(PortalRole.BROKER):
        return Interest.objects.none()
    waiting = Interest.objects.filter(broker=broker, state=InterestState.SENT)
    return waiting.with_names().order_by("due_on", "pk")


def shelves_of(user: User) -> dict[str, tuple[str, InterestQuerySet]]:
    """The lists of interests that are this person's: key → (label, interests), open ones first."""
    interests = Interest.objects.for_user(user).with_names()
    shelves = {}
    if user.organization_ids:
        received = interests.filter(receiver_organization__in=user.organization_ids)
        shelves["received"] = _("Received interests"), received
        sent = interests.filter(sender_organization__in=user.organization_ids)
        shelves["sent"] = _("Sent interests"), sent
    if can_see_desk(user):
        mine = interests.filter(broker=user)
        shelves["desk"] = _("Broker's desk"), mine
    if can_oversee(user):
        shelves["all"] = _("All interests"), interests
    is_open = Case(When(state__in=OPEN_STATES, then=0), default=1, output_field=IntegerField())
    return {
        key: (label, rows.order_by(is_open, "-state", "due_on", "pk"))
        for key, (label, rows) in shelves.items()
    }


def broker_loads() -> QuerySet[User]:
    """Active brokers with their open and overdue interests and the introductions they made."""
    mine = "brokered_interests"
    late = {f"{mine}__state": InterestState.SENT, f"{mine}__due_on__lt": timezone.localdate()}
    made = Introduction.objects.filter(broker=OuterRef("pk")).order_by().values("broker")
    return (
        User.objects.filter(is_active=True, role_grants__role=PortalRole.BROKER)
        .annotate(
            open_interests=Count(mine, filter=Q(**{f"{mine}__state__in": OPEN_STATES})),
            overdue_interests=Count(mine, filter=Q(**late)),
            introduced=Coalesce(Subquery(made.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("-open_interests", "pk")
    )


def thread_of(interest: Interest, user: User) -> list[InterestMessage]:
    """The messages sent so far, oldest first; each says by ``body_is_open`` what ``user`` reads.

    ``writer`` names who wrote it, as far as the reader may know the organization.
    """
    messages = (
        interest.messages.filter(sent_at__isnull=False)
        .select_related("author", "interest")
        .prefetch_related("files")
        .order_by("sent_at", "pk")
    )
    hides_receiver = not can_see_receiver(user, interest)
    opened = opened_by_request(user, interest.code)
    found = list(messages)
    for message in found:
        message.interest = interest
        message.body_is_open = can_read_body(user, message, opened)
        is_hidden = message.author is None or (hides_receiver and message.side == Party.RECEIVER)
        message.writer = "" if is_hidden else str(message.author)
    return found


@dataclass(frozen=True)
class Contact:
    name: str
    email: str
    phone: str
    organization: str


def contacts_of(interest: Interest, user: User) -> list[Contact]:
    """Contact data that the two sides have given each other, once both agreed to talk.

    Shown to the side that was named as recipient, as long as the consent is in force.
    """
    if interest.accepted_at is None:
        return []
    sender, receiver = interest.sender_organization, interest.receiver_organization
    given = []
    if interest.sender_shares_contact and receiver.pk in user.organization_ids:
        given.append((interest.sender, sender, receiver))
    if interest.receiver_shares_contact and sender.pk in user.organization_ids:
        given.append((interest.answered_by, receiver, sender))
    return [
        Contact(person.name, person.email, person.phone, organization.label)
        for person, organization, recipient in given
        if person and _agrees(person, recipient)
    ]


def _agrees(person: User, recipient: Organization) -> bool:
    consents = Consent.objects.in_force().filter(user=person, recipient=recipient)
    return consents.filter(text__purpose=ConsentPurpose.SHARE_CONTACT).exists()


def timeline_of(interest: Interest) -> list[dict]:
    """The steps of an interest, oldest first, as the timeline shows them."""
    steps = [_step(interest.sent_at, _("Sent"), "")]
    for each in interest.assignments.select_related("broker", "assigned_by"):
        title = _("Handed over to") if each.assigned_by else _("Term passed, given to broker")
        steps.append(_step(each.assigned_at, f"{title} {each.broker}", each.reason))
    steps += [
        _step(made.made_at, _("Introduced by a broker"), made.note, made.get_mandate_display())
        for made in interest.introductions.order_by("made_at")
    ]
    if interest.accepted_at:
        steps.append(_step(interest.accepted_at, _("Accepted to talk"), ""))
    if interest.ended_at:
        reason = interest.get_decline_reason_display() if interest.decline_reason else ""
        text = interest.decline_comment or interest.closing_note
        steps.append(_step(interest.ended_at, interest.get_state_display(), text, reason))
    return sorted(steps, key=itemgetter("when"))


def _step(when: datetime, title: str, text: str, who: str = "") -> dict:
    return {"when": when, "title": title, "text": text, "who": who}
