"""What came of meetings: whether they were held, what people say, what began there.

A meeting was held when its host said so or began it. Where no button was pressed its people decide:
held as soon as one of them names an outcome of it, not held when all who answered say that it did
not take place. Of a meeting that nobody spoke of nothing is known, and it counts nowhere.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from events.fairs.enums import UNPUBLISHED_STATES, FairState
from events.fairs.models import Fair
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting, Seat
from events.registration.enums import ADMITTED_STATES, RegistrationState
from events.registration.models import Registration
from events.registration.queries import own_registrations
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import CaseParty, ConversionCase
from matchmaking.oversight.suppression import Cell
from portal.accounts.models import User

from .enums import FollowUpState, Outcome, Stage
from .models import Feedback, FollowUp
from .rules import SECOND_AFTER_DAYS

PRESSED = frozenset({MeetingState.STARTED, MeetingState.HELD})
AMOUNT_DAYS = 365  # contracts count for a fair that are signed within so many days after it


def _said() -> QuerySet[Feedback]:
    return Feedback.objects.filter(meeting=OuterRef("pk"))


def with_word(meetings: QuerySet[Meeting] | None = None) -> QuerySet:
    """Annotate ``word``: HELD, NOT_HELD, or empty where nothing is known."""
    meetings = Meeting.objects.active() if meetings is None else meetings
    took_place = Exists(_said().exclude(outcome=Outcome.NOT_HELD))
    return meetings.annotate(
        word=Case(
            When(state__in=PRESSED, then=Value(MeetingState.HELD.value)),
            When(state=MeetingState.NOT_HELD, then=Value(MeetingState.NOT_HELD.value)),
            When(state=MeetingState.CANCELLED, then=Value("")),
            When(took_place, then=Value(MeetingState.HELD.value)),
            When(Exists(_said()), then=Value(MeetingState.NOT_HELD.value)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def held_meetings() -> QuerySet:
    return with_word().filter(word=MeetingState.HELD)


def day_after(days: int, path: str = "") -> TruncDate:
    """The day so many days after the fair's end."""
    ends = F(f"{path}page__ends_at") + Value(timedelta(days=days))
    return TruncDate(ExpressionWrapper(ends, output_field=DateTimeField()))


def cases_begun_at(meeting: Any, path: str = "") -> QuerySet[ConversionCase]:
    """Cases linked to a meeting, and those that go on from an interest which began there.

    ``path`` leads from the meeting to what is asked for: ``__fair`` for all cases of a fair.
    """
    return ConversionCase.objects.filter(
        Q(**{f"meeting_outcome__meeting{path}": meeting})
        | Q(**{f"interest__meeting_outcome__meeting{path}": meeting})
    )


def with_agreement(meetings: QuerySet) -> QuerySet:
    """Annotate ``is_agreed``: a contract was signed in time, or a side says so at the second time.

    In time is within 180 days after the fair.
    """
    stated = _said().filter(stage=Stage.SECOND, outcome=Outcome.AGREEMENT)
    signed = cases_begun_at(OuterRef("pk")).filter(signed_on__lte=OuterRef("in_time"))
    rows = meetings.annotate(in_time=day_after(SECOND_AFTER_DAYS, "fair__"))
    return rows.annotate(is_agreed=Q(Exists(stated)) | Q(Exists(signed)))


def contracted(fairs: QuerySet[Fair]) -> QuerySet:
    """Annotate ``amount``: contracts signed within twelve months after each fair, in yuan."""
    cases = cases_begun_at(OuterRef("pk"), "__fair").filter(signed_on__lte=OuterRef("until"))
    total = cases.order_by().values(one=Value(1)).annotate(total=Sum("contract_total"))
    rows = fairs.annotate(until=day_after(AMOUNT_DAYS))
    money = DecimalField(max_digits=18, decimal_places=2)
    return rows.annotate(
        amount=Coalesce(Subquery(total.values("total")), Value(0), output_field=money)
    )


def own_after_fair(user: User, fair: Fair) -> Registration | None:
    """The person's registration for which there are meetings to speak of."""
    found = Registration.objects.filter(fair=fair, person=user.pk, state__in=ADMITTED_STATES)
    return found.select_related("person", "organization").first()


def meetings_to_speak_of(own: Registration, now: datetime) -> QuerySet:
    """One's meetings whose time has come, in the order of the day, with what oneself said."""
    begun = Q(starts_at__lte=now) | Q(starts_at=None) | ~Q(state=MeetingState.ARRANGED)
    seats = Seat.objects.select_related("registration__organization").order_by("pk")
    found = with_word(Meeting.objects.active().filter(begun, seats__registration=own).with_place())
    return (
        found.select_related("request__about")
        .order_by("starts_at", "pk")
        .prefetch_related(
            Prefetch("seats", seats),
            Prefetch("feedback", Feedback.objects.filter(registration=own), "own_feedback"),
        )
    )


def others_of(meeting: Meeting, own: Registration) -> list[Registration]:
    return [seat.registration for seat in meeting.seats.all() if seat.registration_id != own.pk]


def feedback_of(own: Registration) -> dict[int, Feedback]:
    """What somebody said last of each meeting."""
    rows = Feedback.objects.filter(registration=own).order_by("stage")
    return {row.meeting_id: row for row in rows}


def owed_seats(stage: Stage, now: datetime) -> QuerySet[Seat]:
    """Seats of people who have not said in this stage what came of the meeting.

    Of a meeting that was not held nobody is asked anything.
    """
    given = Feedback.objects.filter(
        meeting=OuterRef("meeting"), registration=OuterRef("registration"), stage=stage
    )
    ahead = Q(meeting__state=MeetingState.ARRANGED, meeting__starts_at__gt=now)
    seats = Seat.objects.filter(
        ~Exists(given),
        is_held=True,
        registration__state__in=ADMITTED_STATES,
        meeting__fair__purged_at=None,
    ).exclude(ahead)
    seats = seats.exclude(meeting__state__in=[MeetingState.CANCELLED, MeetingState.NOT_HELD])
    seats = seats.exclude(meeting__fair__state__in=[*UNPUBLISHED_STATES, FairState.CANCELLED])
    limit = now - timedelta(days=SECOND_AFTER_DAYS)
    if stage == Stage.FIRST:
        return seats.filter(meeting__fair__page__ends_at__gt=limit)
    known_missed = with_word(Meeting.objects.filter(pk=OuterRef("meeting"))).filter(
        word=MeetingState.NOT_HELD
    )
    return seats.filter(~Exists(known_missed), meeting__fair__page__ends_at__lte=limit)


def people_to_ask(fair: Fair, stage: Stage, now: datetime) -> QuerySet[Registration]:
    owed = owed_seats(stage, now).filter(meeting__fair=fair)
    found = Registration.objects.filter(pk__in=owed.values("registration"))
    return found.select_related("person", "fair__page").order_by("pk")


def fairs_to_ask_about(stage: Stage, now: datetime, within: timedelta) -> QuerySet[Fair]:
    """Fairs of which people are asked about now: not those whose time for it is long past."""
    due = now if stage == Stage.FIRST else now - timedelta(days=SECOND_AFTER_DAYS)
    fairs = Fair.objects.filter(page__ends_at__lte=due, page__ends_at__gt=due - within)
    owed = owed_seats(stage, now).values("meeting__fair")
    return fairs.filter(pk__in=owed).select_related("page").order_by("pk")


def registrations_that_wait(user: User, now: datetime) -> QuerySet[Registration]:
    """The person's registrations with a place on offer, or with meetings not spoken of."""
    waits = Q(state=RegistrationState.OFFERED)
    for stage in Stage:
        waits |= Q(pk__in=owed_seats(stage, now).values("registration"))
    return own_registrations(user).filter(waits).order_by("fair__page__starts_at", "pk")


def follow_ups_of(user: User) -> QuerySet[FollowUp]:
    """Those of the person's meetings, of both sides, open ones first by their day."""
    is_open = Case(When(state=FollowUpState.OPEN, then=Value(0)), default=Value(1))
    mine = Seat.objects.filter(registration__person=user.pk).values("meeting")
    found = FollowUp.objects.filter(meeting__in=mine).select_related(
        "owner__organization", "meeting__fair__page"
    )
    return found.order_by(is_open, "due_on", "pk")


def follow_ups_to_do(user: User, until: date) -> QuerySet[FollowUp]:
    """What this person has to do by then, the most pressing first."""
    return follow_ups_of(user).filter(
        owner__person=user.pk, state=FollowUpState.OPEN, due_on__lte=until
    )


def cases_to_link(user: User, meeting: Meeting) -> QuerySet[ConversionCase]:
    """Cases for a party of which the person acts, opened since the meeting, that began nowhere yet.

    Only those in which the organizations that met both take part.
    """
    begins = meeting.starts_at or meeting.fair.page.starts_at
    found = ConversionCase.objects.filter(
        opened_on__gte=timezone.localdate(begins), meeting_outcome=None
    ).exclude(interest__meeting_outcome__isnull=False)
    acting = CaseParty.objects.present().filter(organization__in=user.office_organization_ids)
    found = found.filter(Q(broker=user.pk) | Q(pk__in=acting.values("case")))
    for seat in meeting.seats.select_related("registration__organization"):
        found = found.filter(pk__in=_parties_like(seat.registration).values("case"))
    return found.order_by("-opened_on", "-pk")


def _parties_like(registration: Registration) -> QuerySet[CaseParty]:
    """Parties that are a registered person's organization; one without a record by its name."""
    present = CaseParty.objects.present().filter(role__in=[PartyRole.OWNER, PartyRole.TAKER])
    if registration.organization_id:
        return present.filter(organization=registration.organization_id)
    named = Q(name=registration.organization_name) | Q(
        organization__name=registration.organization_name
    )
    return present.filter(named) if registration.organization_name else present.none()


def outcome_counts(fair: Fair) -> dict[int, Counter[str]]:
    """How often people gave each answer, by stage."""
    rows = Feedback.objects.filter(meeting__fair=fair).values_list("stage", "outcome")
    found: dict[int, Counter[str]] = {stage: Counter() for stage in Stage}
    for stage, outcome in rows:
        found[stage][outcome] += 1
    return found


def word_counts(fair: Fair) -> Counter[str]:
    """Meetings held, not held, and of which nothing is known."""
    return Counter(
        with_word(Meeting.objects.active().filter(fair=fair)).values_list("word", flat=True)
    )


def asked_seats(fair: Fair) -> int:
    """How many answers there could be: a seat each of the meetings that were not called off."""
    return Seat.objects.filter(meeting__fair=fair, is_held=True).count()


def meetings_by_outcome(fair: Fair, outcome: str = "") -> QuerySet:
    """The fair's meetings with what each side said, for those who run it."""
    found = with_word(Meeting.objects.active().filter(fair=fair).with_place())
    if outcome:
        found = found.filter(Exists(_said().filter(outcome=outcome)))
    seats = Seat.objects.select_related("registration__organization").order_by("pk")
    found = found.prefetch_related(Prefetch("seats", seats), "feedback", "outcomes")
    return found.order_by("starts_at", "pk")


def shared_comments(fair: Fair) -> QuerySet[Feedback]:
    """Comments that their authors let the organizer read."""
    found = Feedback.objects.filter(meeting__fair=fair, shares_comment=True).exclude(comment="")
    return found.select_related("registration__organization").order_by("-given_at", "-pk")


def amount_of(fair: Fair, *, is_full: bool) -> Any:
    """What the fair's cases were signed for, None where that would tell of single contracts.

    With fewer than three sellers or buyers behind it only who oversees reads it.
    """
    [row] = contracted(Fair.objects.filter(pk=fair.pk))
    if is_full:
        return row.amount
    cases = cases_begun_at(fair, "__fair").filter(signed_on__lte=row.until)
    sides = CaseParty.objects.present().filter(case__in=cases, organization__isnull=False)
    cell = Cell(fair.pk)
    for role, organization in sides.values_list("role", "organization"):
        if role == PartyRole.OWNER:
            cell.sellers.add(organization)
        elif role == PartyRole.TAKER:
            cell.buyers.add(organization)
    return row.amount if cell.is_safe else None


def purged_words() -> QuerySet[Fair]:
    """Fairs whose retention is over and of which words about people are still there."""
    said = Feedback.objects.exclude(comment="").values("meeting__fair")
    noted = FollowUp.objects.filter(~Q(note="") | Q(state=FollowUpState.OPEN))
    found = Q(pk__in=said) | Q(pk__in=noted.values("meeting__fair"))
    return Fair.objects.filter(found, purged_at__isnull=False).order_by("pk")


def due_follow_ups(today: date) -> QuerySet[FollowUp]:
    """Open ones whose day has come; a reminder that is a week late reminds of nothing."""
    found = FollowUp.objects.filter(
        state=FollowUpState.OPEN,
        due_on__lte=today,
        due_on__gt=today - timedelta(days=7),
        meeting__fair__purged_at=None,
    )
    return found.select_related("owner__person", "owner__fair__page", "meeting").order_by("pk")
