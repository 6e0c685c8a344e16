"""What the doors of the demo's fairs wrote down: gates, who stood there, scans, contacts."""

import random
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.gates.enums import Direction, ExchangeState, GateKind, Method, Result
from events.gates.models import CheckIn, ContactExchange, Duty, Gate
from events.gates.services import default_gate, digest_of
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, User
from portal.accounts.queries import current_text

RUSH = timedelta(minutes=75)
WELCOME_SPEECH = timedelta(minutes=90)


def seed_doors(fair: Fair, owner: User, chance: random.Random) -> None:
    """Give a fair that is over, or tomorrow, its doors; the same fair gets the same scans."""
    if fair.state not in {FairState.CLOSED, FairState.SCHEDULING}:
        return
    seeder = DoorSeeder(fair, owner, chance)
    if fair.state == FairState.CLOSED:
        seeder.scan_people()
        seeder.exchange_contacts()


class DoorSeeder:
    """Writes the doors of one fair in a few bulk inserts."""

    def __init__(self, fair: Fair, owner: User, chance: random.Random) -> None:
        self.fair, self.owner, self.chance = fair, owner, chance
        self.scans: list[CheckIn] = []
        main = default_gate(fair)
        self.entrance = Gate.objects.create(fair=fair, **main)
        self.forum = Gate.objects.create(
            fair=fair,
            name="主题报告厅",
            name_en="Talks",
            kind=GateKind.SESSION,
            opens_at=fair.page.starts_at,
            closes_at=fair.page.starts_at + timedelta(hours=3),
        )
        self.duties = Duty.objects.bulk_create(
            Duty(
                fair=fair,
                name=name,
                digest=digest_of(f"{fair.code}-{chance.getrandbits(128):032x}"),
                expires_at=fair.page.ends_at,
                named_by=owner,
                named_at=fair.page.starts_at - timedelta(days=2),
            )
            for name in ("东门志愿者", "报告厅志愿者")
        )

    def scan_people(self) -> None:
        people = list(self.fair.registrations.order_by("pk"))
        came = [each for each in people if each.state == RegistrationState.CHECKED_IN]
        for number, person in enumerate(came):
            self._visit(number, person)
        self._oddities(came)
        CheckIn.objects.bulk_create(self.scans)

    def _visit(self, number: int, person: Registration) -> None:
        """In between the opening and the speeches; some hear the talks, some go out at noon."""
        arrived = self.entrance.opens_at + RUSH * (self.chance.random() ** 0.6) * 1.4
        self._scan(self.entrance, person, arrived, offline=number % 11 == 5)
        if number % 3 == 0:
            begins = self.forum.opens_at + WELCOME_SPEECH * self.chance.random()
            self._scan(self.forum, person, max(begins, arrived + timedelta(minutes=3)))
        if number % 4 == 1:
            noon = self._at(time(12, 5)) + timedelta(minutes=self.chance.randrange(15))
            self._scan(self.entrance, person, noon, direction=Direction.OUT)
            back = noon + timedelta(minutes=40 + self.chance.randrange(20))
            self._scan(self.entrance, person, back)

    def _oddities(self, came: list[Registration]) -> None:
        """What happens at every door: a ticket held up twice, a foreign one, two devices."""
        first, second, third = came[:3]
        late = self.fair.page.starts_at + timedelta(minutes=50)
        self._scan(self.entrance, first, late, result=Result.ALREADY_IN)
        self._scan(self.entrance, None, late + timedelta(minutes=2), result=Result.UNKNOWN_CODE)
        self._scan(self.entrance, None, late + timedelta(minutes=9), result=Result.WRONG_EVENT)
        self._scan(self.entrance, third, late + timedelta(minutes=4), offline=True)
        self._scan(
            self.forum,
            second,
            self.forum.closes_at + timedelta(minutes=5),
            result=Result.OUTSIDE_TIME,
        )

    def _at(self, clock: time) -> datetime:
        day = timezone.localtime(self.fair.page.starts_at)
        return day.replace(hour=clock.hour, minute=clock.minute)

    def _scan(
        self,
        gate: Gate,
        person: Registration | None,
        at: datetime,
        *,
        direction: Direction = Direction.IN,
        result: Result = Result.OK,
        offline: bool = False,
    ) -> None:
        alone = {Result.UNKNOWN_CODE, Result.WRONG_EVENT, Result.OUTSIDE_TIME}
        self.scans.append(
            CheckIn(
                gate=gate,
                registration=person,
                at=at,
                received_at=at + timedelta(minutes=35) if offline else at,
                direction=direction,
                method=self.chance.choice((Method.QR, Method.QR, Method.QR, Method.TYPED)),
                nonce=str(UUID(int=self.chance.getrandbits(128))),
                duty=self.duties[gate == self.forum],
                result=result,
                standing=result if result in alone else Result.OK,
                offline=offline,
            )
        )

    def exchange_contacts(self) -> None:
        """Some exchanged contacts, one turned it down, one still waits."""
        people = self.fair.registrations.filter(
            state=RegistrationState.CHECKED_IN, person__isnull=False
        )
        chosen = list(people.order_by("pk")[:16])
        states = [*[ExchangeState.CONFIRMED] * 6, ExchangeState.DECLINED, ExchangeState.ASKED]
        rows = ContactExchange.objects.bulk_create(
            ContactExchange(
                fair=self.fair,
                asking=one,
                asked=other,
                low=one.pk,
                high=other.pk,
                state=state,
                asked_at=self._at(time(11)),
                answered_at=None if state == ExchangeState.ASKED else self._at(time(11, 2)),
            )
            for one, other, state in zip(chosen[::2], chosen[1::2], states, strict=False)
        )
        text = current_text(ConsentPurpose.SHARE_CONTACT)
        Consent.objects.bulk_create(
            Consent(
                user=giver.person,
                text=text,
                recipient=taker.organization,
                subject=row.consent_subject,
                channel="demo",
            )
            for row in rows
            for giver, taker in self._givers(row)
        )

    def _givers(self, row: ContactExchange) -> list[tuple[Registration, Registration]]:
        sides = [(row.asking, row.asked)]
        if row.state == ExchangeState.CONFIRMED:
            sides.append((row.asked, row.asking))
        return sides
