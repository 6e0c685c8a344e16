"""Five hundred people at once: they register, ask, answer, book and cancel, as fast as they can."""

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from queue import Empty
from random import Random

from django.db import connection, connections
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.fairs.models import Fair
from events.meetings import services
from events.meetings.enums import MeetingState, RequestState
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.meetings.times import bookable_slots
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from events.registration.places import places_of
from events.registration.services import (
    UnableToRegister,
    begin_registration,
    edit_registration,
    submit_registration,
)
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import User

from .market import ROLES

AT_MOST = 1.0
ANALYZE_EVERY = 5  # seconds: what autovacuum does elsewhere
POPULAR = 40  # people of each role whom half of all requests go to
FIRST_SLOTS = 4  # the ones that everybody wants
CONSENTS = (ConsentPurpose.FAIR_ORGANIZER, ConsentPurpose.FAIR_PEERS)


@dataclass
class Tally:
    """What people were told: the last answer on each request and registration, times, failures.

    ``refused`` counts answers that say why something cannot be, as when a slot has just gone.
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    requests: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    registrations: dict[int, str] = field(default_factory=dict)
    refused: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, request: int, moment: datetime, state: str) -> None:
        """The later answer counts: each change of a request waits for the one before it."""
        known = self.requests.get(request)
        if known is None or known[0] < moment:
            self.requests[request] = (moment, state)

    def __add__(self, other: "Tally") -> "Tally":
        for name, spent in other.times.items():
            self.times[name] += spent
        for request, (moment, state) in other.requests.items():
            self.note(request, moment, state)
        self.registrations |= other.registrations
        self.refused += other.refused
        self.failures += other.failures
        return self


class Actor:
    """One of the people, who does the next sensible thing each time that it is their turn."""

    def __init__(self, number: int, user: User, fair: Fair, tally: Tally) -> None:
        self.user, self.fair, self.tally = user, fair, tally
        self.role = ROLES[number % len(ROLES)]
        self.random = Random(number)  # noqa: S311  the same crowd each time
        self.client: Client | None = None

    def take_turn(self) -> None:
        own = Registration.objects.filter(fair=self.fair, person=self.user).first()
        name, act = self._choose(own)
        started = time.perf_counter()
        try:
            act()
        except (services.UnableToMeet, UnableToRegister):
            self.tally.refused += 1
        except Exception as error:  # noqa: BLE001  whatever goes wrong is counted
            self.tally.failures.append(f"{name}: {error!r}"[:300])
        spent = time.perf_counter() - started
        self.tally.times[name].append(spent)

    def _choose(self, own: Registration | None) -> tuple[str, Callable[[], object]]:
        if own is None:
            return "begin", lambda: begin_registration(actor=self.user, fair=self.fair)
        if own.state == RegistrationState.DRAFT:
            if own.headline:
                return "register", lambda: self._register(own)
            return "fill in", lambda: self._fill_in(own)
        if own.state != RegistrationState.APPROVED:
            return "read registration", self._reader("registration:mine")
        luck = self.random.random()
        if luck < 0.2:
            name = self.random.choice(["people", "mine"])
            return f"read {name}", self._reader(f"meetings:{name}")
        return self._choose_among_requests(own, luck)

    def _choose_among_requests(
        self, own: Registration, luck: float
    ) -> tuple[str, Callable[[], object]]:
        if luck < 0.25:
            sent = MeetingRequest.objects.filter(from_registration=own, state=RequestState.SENT)
            if request := sent.first():
                return "take back", lambda: self._take_back(request)
        if luck < 0.3:
            held = Meeting.objects.of(own).filter(state=MeetingState.ARRANGED)
            if meeting := held.first():
                return "cancel", lambda: self._cancel(meeting)
        received = MeetingRequest.objects.filter(to_registration=own, state=RequestState.SENT)
        request = received.select_related("from_registration", "to_registration").first()
        if request and luck < 0.7:
            return self._answer(request)
        return self._ask(own)

    def _fill_in(self, own: Registration) -> None:
        values = {"role": self.role, "organization_name": self.user.name, "headline": "找导热膜"}
        edit_registration(actor=self.user, registration=own, values=values)

    def _register(self, own: Registration) -> None:
        sent = submit_registration(actor=self.user, registration=own, consents=CONSENTS)
        self.tally.registrations[sent.pk] = sent.state

    def _ask(self, own: Registration) -> tuple[str, Callable[[], object]]:
        others = Registration.objects.filter(fair=self.fair, state=RegistrationState.APPROVED)
        pks = list(others.exclude(role=own.role).order_by("pk").values_list("pk", flat=True))
        if self.random.random() < 0.5:
            pks = pks[:POPULAR]
        if not pks:
            return "read people", self._reader("meetings:people")
        other = others.get(pk=self.random.choice(pks))
        return "ask", lambda: self._hear(
            services.send_request(actor=self.user, registration=own, other=other)
        )

    def _answer(self, request: MeetingRequest) -> tuple[str, Callable[[], object]]:
        """As the page shows it: the slot is chosen from those that were free a moment ago."""
        people = (request.from_registration, request.to_registration)
        slots = bookable_slots(self.fair, people, timezone.now())[:FIRST_SLOTS]
        if not slots or self.random.random() < 0.2:
            return "decline", lambda: self._hear(
                services.decline_request(actor=self.user, request=request, reason="NO_TIME")
            )
        slot = self.random.choice(slots)
        return "accept and book", lambda: self._hear(
            services.accept_request(actor=self.user, request=request, slot=slot)
        )

    def _take_back(self, request: MeetingRequest) -> None:
        self._hear(services.withdraw_request(actor=self.user, request=request))

    def _cancel(self, meeting: Meeting) -> None:
        gone = services.cancel_meeting(actor=self.user, meeting=meeting, reason="改期")
        assert gone.request_id is not None
        self.tally.note(gone.request_id, gone.changed_at, RequestState.CANCELLED)

    def _hear(self, request: MeetingRequest) -> None:
        self.tally.note(request.pk, request.decided_at or request.created_at, request.state)

    def _reader(self, name: str) -> Callable[[], object]:
        if self.client is None:
            self.client = Client()
            self.client.force_login(self.user)
        client, url = self.client, reverse(name, args=[self.fair.code])

        def read() -> None:
            status = client.get(url).status_code
            if status != 200:
                raise RuntimeError(f"{url}: {status}")

        return read


def run_crowd(fair: Fair, people: list[User], *, processes: int, seconds: float) -> Tally:
    """Let everybody act by turns without a pause, over a connection for each process.

    They arrive during the first half, so that all kinds of acts meet one another.
    """
    connections.close_all()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    ends = time.perf_counter() + seconds
    numbered = list(enumerate(people))
    running = [
        context.Process(target=_act_for, args=(fair.pk, numbered[place::processes], ends, queue))
        for place in range(processes)
    ]
    for process in running:
        process.start()
    told: list[Tally] = []
    while len(told) < processes and time.perf_counter() < ends + 120:
        with suppress(Empty):
            told.append(queue.get(timeout=ANALYZE_EVERY))
        connection.cursor().execute("ANALYZE")
    if len(told) < processes:
        raise RuntimeError("Somebody does not come back.")
    for process in running:
        process.join(60)
    return sum(told, Tally())


def _act_for(
    fair_pk: int, people: list[tuple[int, User]], ends: float, queue: multiprocessing.Queue
) -> None:
    fair = Fair.objects.select_related("page").get(pk=fair_pk)
    tally = Tally()
    actors = [Actor(number, user, fair, tally) for number, user in people]
    begins = time.perf_counter()
    for place, actor in cycle(enumerate(actors)):
        passed = (time.perf_counter() - begins) / (ends - begins)
        if passed > 1:
            break
        if place <= 2 * passed * len(actors):
            actor.take_turn()
    connections.close_all()
    tally.times = dict(tally.times)
    queue.put(tally)


def count_double(fair: Fair) -> int:
    """People with two meetings in a slot, tables with two, meetings without their two people."""
    seats = Seat.objects.filter(meeting__fair=fair, is_held=True)
    booked = Meeting.objects.active().filter(fair=fair)
    return (
        _more_than_one(seats, "registration", "slot")
        + _more_than_one(booked, "table", "slot")
        + booked.annotate(held=Count("seats", filter=Q(seats__is_held=True)))
        .exclude(held=2)
        .count()
    )


def _more_than_one(rows, *names: str) -> int:
    return rows.values(*names).order_by().annotate(rows=Count("pk")).filter(rows__gt=1).count()


def count_overfull(fair: Fair) -> int:
    """Roles and the fair beyond their places, slots beyond the tables, people beyond their most."""
    places, tables = places_of(fair), fair.tables.count()
    roles = sum(places.held[role] > (most or 0) for role, most in places.limits.items())
    whole = int(places.total > (fair.capacity or 0))
    booked = Meeting.objects.active().filter(fair=fair).values("slot").order_by()
    slots = booked.annotate(rows=Count("pk")).filter(rows__gt=tables).count()
    seats = Seat.objects.filter(meeting__fair=fair, is_held=True).values("registration").order_by()
    people = seats.annotate(rows=Count("pk")).filter(rows__gt=fair.max_meetings).count()
    return roles + whole + slots + people


def count_lost(fair: Fair, tally: Tally) -> int:
    """Rows that differ from what people were told last, and requests nobody was told of.

    A request with a time has exactly one meeting.
    """
    stored = dict(MeetingRequest.objects.filter(fair=fair).values_list("pk", "state"))
    told = {pk: state for pk, (_moment, state) in tally.requests.items()}
    requests = sum(stored.get(pk) != told.get(pk) for pk in stored.keys() | told.keys())
    rows = Registration.objects.filter(fair=fair).exclude(state=RegistrationState.DRAFT)
    registered = dict(rows.values_list("pk", "state"))
    both = registered.keys() | tally.registrations.keys()
    people = sum(registered.get(pk) != tally.registrations.get(pk) for pk in both)
    timed = MeetingRequest.objects.filter(fair=fair, state=RequestState.SCHEDULED)
    active = Count("meetings", filter=~Q(meetings__state=MeetingState.CANCELLED))
    return requests + people + timed.annotate(active=active).exclude(active=1).count()


def percentile_95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
