"""Whom one may ask, how requests stand, and what the organizer sees of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.utils import timezone

from events.fairs.enums import ENDED_STATES, SlotKind
from events.fairs.models import Fair, MeetingSession, Slot
from events.fairs.ties import Load
from events.registration.enums import AvailabilityState, EntryKind
from events.registration.models import Availability, Entry, Registration
from events.registration.queries import visible_people
from portal.accounts.models import User, Visitor

from .enums import OPEN_STATES, RequestState, Shelf
from .models import Meeting, MeetingRequest, NoMeet, Seat
from .rules import ASKING_STATES, PRESENT_STATES
from .times import have_common_slot, slots_for

SHOWN = {"shows_name": True}  # an annotation of ``visible_people``


def askable_people(own: Registration, user: Visitor, now: datetime) -> QuerySet[Registration]:
    """Whom somebody may ask: by role, as the list shows them, with a slot in common.

    Nobody of the own organization, and nobody where either has said not to want to meet.
    """
    roles = own.fair.pairs.filter(asking=own.role).values("asked")
    people = visible_people(user, own.fair, now).filter(role__in=roles, state__in=PRESENT_STATES)
    people = people.exclude(pk=own.pk)
    if own.organization_id:
        people = people.exclude(organization=own.organization_id)
    refused = NoMeet.objects.filter(
        Q(from_registration=own, to_registration=OuterRef("pk"))
        | Q(from_registration=OuterRef("pk"), to_registration=own)
    )
    return have_common_slot(own, people.filter(~Exists(refused)))


def search_people(people: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """Those in whose shown words every word of the text stands; hidden names are not searched."""
    for word in text.split()[:6]:
        entries = Entry.objects.filter(registration=OuterRef("pk")).filter(
            Q(title__icontains=word) | Q(summary__icontains=word)
        )
        shown = (
            Q(name__icontains=word)
            | Q(headline__icontains=word)
            | Q(introduction__icontains=word)
            | Q(Exists(entries))
        )
        named = Q(organization__name__icontains=word) | Q(organization_name__icontains=word)
        people = people.filter(named | (Q(**SHOWN) & shown))
    return people


def who_bring(people: QuerySet[Registration], kind: str) -> QuerySet[Registration]:
    """Those who show that they bring or seek something."""
    entries = Entry.objects.filter(registration=OuterRef("pk"), kind=EntryKind(kind))
    return people.filter(Exists(entries), **SHOWN)


def free_in(
    people: QuerySet[Registration], own: Registration, session: MeetingSession
) -> QuerySet[Registration]:
    """Those who can meet ``own`` in a session."""
    theirs = Availability.objects.filter(
        slot=OuterRef("pk"), registration=OuterRef(OuterRef("pk")), state=AvailabilityState.BUSY
    )
    slots = slots_for([own]).order_by().filter(session=session)
    return people.filter(Exists(slots.filter(~Exists(theirs))))


def not_asked_yet(people: QuerySet[Registration], own: Registration) -> QuerySet[Registration]:
    """Those with whom there never was a request in either direction."""
    between = MeetingRequest.objects.of(own)
    people = people.exclude(pk__in=between.values("from_registration"))
    return people.exclude(pk__in=between.values("to_registration"))


@dataclass(frozen=True)
class Quota:
    """Requests that somebody has open, of those that the fair allows."""

    sent: int
    most: int

    @property
    def left(self) -> int:
        return max(self.most - self.sent, 0)


def quota_of(own: Registration) -> Quota:
    """What was declined, ran out or was taken back counts no longer."""
    sent = MeetingRequest.objects.filter(from_registration=own, state__in=OPEN_STATES)
    return Quota(sent.count(), own.fair.max_requests_out)


def requests_on(own: Registration, shelf: str) -> QuerySet[MeetingRequest]:
    """One's requests, those that wait for an answer first.

    What comes from people whom one does not want to meet is out of sight.
    """
    found = MeetingRequest.objects.with_people()
    if shelf == Shelf.SENT:
        found = found.filter(from_registration=own)
    elif shelf == Shelf.MUTUAL:
        found = found.of(own).mutual()
    else:
        refused = NoMeet.objects.filter(from_registration=own).values("to_registration")
        found = found.filter(to_registration=own).exclude(from_registration__in=refused)
    waiting = Case(When(state=RequestState.SENT, then=0), default=1, output_field=IntegerField())
    return found.order_by(waiting, "-created_at", "-pk")


def shelf_counts(own: Registration) -> dict[str, int]:
    """What the tabs say: unanswered ones received, open ones sent, mutual ones."""
    received = requests_on(own, Shelf.RECEIVED).filter(state=RequestState.SENT)
    sent = requests_on(own, Shelf.SENT).filter(state__in=OPEN_STATES)
    return {
        Shelf.RECEIVED: received.count(),
        Shelf.SENT: sent.count(),
        Shelf.MUTUAL: requests_on(own, Shelf.MUTUAL).count(),
    }


def with_other(
    requests: Iterable[MeetingRequest], own: Registration, user: Visitor, now: datetime
) -> list[MeetingRequest]:
    """Give each request its ``other``; a name shows by who asked, by agreeing, or by consent."""
    rows = list(requests)
    for row in rows:
        is_sent = row.from_registration_id == own.pk
        row.other = row.to_registration if is_sent else row.from_registration
        row.other.shows_name = row.is_agreed or not is_sent
    show_names([row.other for row in rows if not row.other.shows_name], own, user, now)
    return rows


def show_names(
    people: Iterable[Registration], own: Registration, user: Visitor, now: datetime
) -> None:
    """Let those show their names who agreed to that towards participants."""
    rows = list(people)
    if not rows:
        return
    shown = visible_people(user, own.fair, now).filter(pk__in=[each.pk for each in rows], **SHOWN)
    agreed = set(shown.values_list("pk", flat=True))
    for each in rows:
        each.shows_name = each.pk in agreed


def request_between(own: Registration, other: Registration) -> MeetingRequest | None:
    """The open request between two people, else the last one."""
    between = MeetingRequest.objects.of(own).of(other).with_people()
    is_open = Case(When(state__in=OPEN_STATES, then=0), default=1, output_field=IntegerField())
    return between.order_by(is_open, "-pk").first()


def open_between(own: Registration, people: Sequence[Registration]) -> dict[int, MeetingRequest]:
    """Open requests with some people, by the other's id."""
    between = MeetingRequest.objects.open().filter(
        Q(from_registration=own, to_registration__in=people)
        | Q(to_registration=own, from_registration__in=people)
    )
    sides = ((row, row.from_registration_id, row.to_registration_id) for row in between)
    return {asked if asks == own.pk else asks: row for row, asks, asked in sides}


def refused_by(own: Registration) -> QuerySet[NoMeet]:
    found = NoMeet.objects.filter(from_registration=own)
    return found.select_related("to_registration__organization").order_by("-created_at", "-pk")


def meetings_of(own: Registration) -> QuerySet[Meeting]:
    """One's meetings by time, with who else sits there."""
    found = Meeting.objects.of(own).with_place().select_related("request__about")
    found = found.prefetch_related("seats__registration__organization")
    return found.order_by(F("slot__starts_at").asc(nulls_last=True), "pk")


def unanswered(fair: Fair) -> QuerySet[MeetingRequest]:
    """Requests whose answer is outstanding; who was refused in silence waits for none."""
    refused = NoMeet.objects.filter(
        from_registration=OuterRef("to_registration"),
        to_registration=OuterRef("from_registration"),
    )
    found = MeetingRequest.objects.filter(fair=fair, state=RequestState.SENT)
    return found.filter(~Exists(refused), expires_at__gt=timezone.now())


def people_without_request(fair: Fair) -> QuerySet[Registration]:
    """Admitted people who may ask, and have no open request in either direction."""
    asking = fair.pairs.values("asking")
    people = Registration.objects.filter(fair=fair, state__in=PRESENT_STATES, role__in=asking)
    own = MeetingRequest.objects.open().filter(
        Q(from_registration=OuterRef("pk")) | Q(to_registration=OuterRef("pk"))
    )
    return people.filter(~Exists(own))


def people_who_owe_answers(fair: Fair) -> QuerySet[Registration]:
    owed = unanswered(fair).values("to_registration")
    return Registration.objects.filter(fair=fair, state__in=PRESENT_STATES, pk__in=owed)


def states_of_requests(fair: Fair) -> Counter[str]:
    rows = fair.meeting_requests.values("state").annotate(number=Count("pk")).order_by()
    return Counter({row["state"]: row["number"] for row in rows})


def load_on(fair: Fair) -> Load:
    requests = MeetingRequest.objects.filter(fair=fair)
    rows = Meeting.objects.active().filter(fair=fair, slot__isnull=False).values("slot")
    placed = {row["slot"]: row["number"] for row in rows.annotate(number=Count("pk")).order_by()}
    return Load(requests.agreed().count(), unanswered(fair).count(), placed)


def fewest_tables(fair: Fair) -> int:
    """Tables without which what is agreed cannot all be held: meetings over slots, rounded up."""
    slots = Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING).count()
    agreed = MeetingRequest.objects.filter(fair=fair).agreed().count()
    return -(-agreed // slots) if slots else 0


def meetings_in_session(session: MeetingSession) -> int:
    return Meeting.objects.active().filter(slot__session=session).count()


def own_at_fair(user: User, fair: Fair) -> Registration | None:
    """The person's registration that asks and is asked for meetings, with what its pages show."""
    found = Registration.objects.filter(fair=fair, person=user.pk, state__in=PRESENT_STATES)
    return found.select_related("person", "organization", "fair__page").first()


def requests_to_answer(user: User) -> QuerySet[MeetingRequest]:
    """Requests that wait for this person, by the day on which they run out."""
    refused = NoMeet.objects.filter(
        from_registration=OuterRef("to_registration"),
        to_registration=OuterRef("from_registration"),
    )
    found = MeetingRequest.objects.with_people().filter(
        ~Exists(refused),
        to_registration__person=user,
        to_registration__state__in=PRESENT_STATES,
        state=RequestState.SENT,
        expires_at__gt=timezone.now(),
        fair__state__in=ASKING_STATES,
    )
    return found.order_by("expires_at", "pk")


def gone_people() -> QuerySet[Registration]:
    """Those who hold no place any more and have something open at a fair that is not over."""
    gone = Registration.objects.filter(approved_at=None).exclude(fair__state__in=ENDED_STATES)
    asks = MeetingRequest.objects.open().filter(
        Q(from_registration=OuterRef("pk")) | Q(to_registration=OuterRef("pk"))
    )
    seats = Seat.objects.filter(registration=OuterRef("pk"), is_held=True)
    return gone.filter(Exists(asks) | Exists(seats)).order_by("pk")
