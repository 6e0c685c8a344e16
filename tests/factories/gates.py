"""A fair on its day, with gates, people at them, and tickets."""

from uuid import uuid4

from django.utils import timezone

from events.gates.models import Gate
from events.gates.rules import Operator
from events.gates.services import check_in, default_gate, save_gate
from tests.factories.fairs import Hall


def nonce():
    return str(uuid4())


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
