"""A fair on its day, with gates, people at them, and tickets."""

from io import BytesIO
from itertools import product
from uuid import uuid4

from django.utils import timezone
from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from events.gates.models import CheckIn, ContactExchange, Duty, Gate
from events.gates.rules import Operator
from events.gates.services import check_in, default_gate, digest_of, save_gate
from events.meetings.models import Meeting, Seat
from tests.factories.fairs import Hall


def nonce():
    return str(uuid4())


def photo_of(text):
    """A badge on a table, askew, as a phone takes it; blank without a text."""
    photo = Image.new("L", (2400, 1800), 120)
    if text:
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        size = code.getModuleCount()
        badge = Image.new("L", (size + 8, size + 8), 255)
        for row, column in product(range(size), repeat=2):
            badge.putpixel((column + 4, row + 4), 0 if code.isDark(row, column) else 255)
        badge = badge.resize((700, 700)).rotate(17, expand=True, fillcolor=120)
        photo.paste(badge, (800, 500))
    file = BytesIO()
    photo.save(file, "JPEG")
    return file.getvalue()


class Entrance:
    """The gate of a fair that opened this morning; ``hall`` made the fair and its people."""

    def __init__(self, time_machine, **values):
        self.hall = Hall(**values)
        self.clock = time_machine
        self.fair = self.hall.fair
        self.gate = self.add(**default_gate(self.fair))
        self.office = Operator(user=self.hall.owner, duty=None)

    def add(self, **values) -> Gate:
        given = {**default_gate(self.fair), **values}
        return save_gate(actor=self.hall.owner, fair=self.fair, values=given)

    def open(self):
        """Move the clock to the beginning of the fair, when its gate has been open for a while."""
        self.clock.move_to(self.fair.page.starts_at)
        return self

    def close(self):
        self.clock.move_to(self.gate.closes_at + timezone.timedelta(minutes=1))

    def scan(self, registration, *, gate=None, operator=None, **values):
        given = {"code": registration.ticket, "method": "QR", "nonce": nonce(), **values}
        return check_in(operator=operator or self.office, gate=gate or self.gate, **given)


def fill_doors(hall, own, count):
    """As many gates, duties, scans that disagree, meetings, exchanges with ``own`` as wanted."""
    fair, slot, now = hall.fair, hall.slots[0], timezone.now()
    made = fair.gates.count()
    gates = Gate.objects.bulk_create(
        Gate(fair=fair, **{**default_gate(fair), "name": f"{number}号门"})
        for number in range(made, count)
    )
    duties = Duty.objects.bulk_create(
        Duty(
            fair=fair,
            name=gate.name,
            digest=digest_of(gate.name),
            expires_at=fair.page.ends_at,
            named_by=hall.owner,
        )
        for gate in gates
    )
    others = fair.registrations.exclude(pk=own.pk).order_by("pk")[made:count]
    CheckIn.objects.bulk_create(
        CheckIn(
            gate=gate,
            registration=other,
            at=now,
            method="QR",
            nonce=nonce(),
            duty=duty,
            result="OK",
            standing="OK",
        )
        for gate, duty, other in zip(gates, duties, others, strict=True)
        for _time in range(2)
    )
    meetings = Meeting.objects.bulk_create(
        Meeting(fair=fair, slot=slot, table=table)
        for table in fair.tables.order_by("code")[made:count]
    )
    Seat.objects.bulk_create(
        Seat(meeting=meeting, registration=other, slot=slot)
        for meeting, other in zip(meetings, others, strict=True)
    )
    ContactExchange.objects.bulk_create(
        ContactExchange(
            fair=fair,
            asking=own,
            asked=other,
            low=min(own.pk, other.pk),
            high=max(own.pk, other.pk),
            state="CONFIRMED",
        )
        for other in others
    )
