"""The list that a device takes along to go on without network.

It holds of each ticket a salted digest, initials, role and state: who finds the device learns no
name and no code. The salt is that of one gate and one day. Its token is signed here and comes
back with the scans, so that only scans on a list of this portal are taken.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.registration.enums import RegistrationState
from events.registration.models import Registration

from .enums import Direction, Method, Result
from .models import CheckIn, Gate
from .standing import Stand, stand_of

SALT = "events.gates.list"
LONGEST = 7 * 24 * 3600  # seconds in which a list's scans are taken
NONCE_LENGTH = 36
GONE = frozenset({RegistrationState.WITHDRAWN, RegistrationState.EXPIRED})


class UnableToReadScan(ValueError):
    """A scan is not in the form that the page writes."""


@dataclass(frozen=True)
class OfflineScan:
    """One scan as a device kept it."""

    nonce: str
    ticket: str
    at: datetime
    direction: Direction
    method: Method
    result: Result
    forced: bool


def salt_of(gate: Gate, day: str) -> str:
    return salted_hmac(SALT, f"{gate.pk}:{day}", algorithm="sha256").hexdigest()[:32]


def digest_ticket(salt: str, ticket: str) -> str:
    return hashlib.sha256(f"{salt}{ticket}".encode()).hexdigest()


def initials(name: str) -> str:
    """The surname's first character of a Chinese name, the letters of another."""
    words = name.split()
    if len(words) > 1:
        return "".join(f"{word[0].upper()}." for word in words)[:8]
    return f"{name[:1]}＊" if name else "—"


def ticket_standing(registration: Registration, fair: Fair) -> Result:
    """What the register says of a ticket of this fair, whatever the time."""
    if fair.state == FairState.CANCELLED or registration.state in GONE:
        return Result.CANCELLED
    return Result.OK if registration.is_admitted else Result.NOT_APPROVED


def make_list(gate: Gate, now: datetime) -> dict[str, Any]:
    """The list of one gate for one day as it goes out; ``people`` is the text that was digested."""
    day = timezone.localdate(now).isoformat()
    salt, stands = salt_of(gate, day), stands_at(gate)
    people = {
        digest_ticket(salt, each.ticket): [
            initials(each.name),
            str(each.get_role_display()),
            str(ticket_standing(each, gate.fair)),
            since.isoformat() if (since := _since(stands.get(each.pk))) else "",
        ]
        for each in Registration.objects.filter(fair=gate.fair_id).sent().order_by("pk")
    }
    text = json.dumps(people, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "token": signing.dumps({"gate": gate.pk, "day": day, "digest": digest}, salt=SALT),
        "gate": gate.pk,
        "day": day,
        "salt": salt,
        "opens_at": gate.opens_at.isoformat(),
        "closes_at": gate.closes_at.isoformat(),
        "now": now.isoformat(),
        "digest": digest,
        "people": text,
    }


def _since(stand: Stand | None) -> datetime | None:
    return stand.since if stand and stand.is_in else None


def stands_at(gate: Gate) -> dict[int, Stand]:
    """Registration → how it stands at a gate, of all that were held up there."""
    scans: dict[int, list[CheckIn]] = {}
    for row in CheckIn.objects.of_tickets().filter(gate=gate):
        scans.setdefault(row.registration_id or 0, []).append(row)
    return {pk: stand_of(rows) for pk, rows in scans.items()}


def read_token(gate: Gate, token: str) -> date:
    """The day of a list of this gate. Raises ``UnableToReadScan`` for any other or an old one."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LONGEST)
    except signing.BadSignature as error:
        raise UnableToReadScan("list") from error
    if content["gate"] != gate.pk:
        raise UnableToReadScan("gate")
    return date.fromisoformat(content["day"])


def read_scan(row: Mapping[str, Any]) -> OfflineScan:
    """Read what a device sent. Raises ``UnableToReadScan`` naming the part that is wrong."""
    try:
        nonce, ticket = str(row["nonce"]), str(row["ticket"])
        at = parse_datetime(str(row["at"]))
        direction, method = Direction(row["direction"]), Method(row["method"])
        result, forced = Result(row["result"]), row["forced"] is True
    except (KeyError, ValueError, TypeError) as error:
        raise UnableToReadScan(str(error)) from error
    if not 8 <= len(nonce) <= NONCE_LENGTH or len(ticket) != 64 or at is None or at.tzinfo is None:
        raise UnableToReadScan("nonce, ticket or time")
    return OfflineScan(nonce, ticket, at, direction, method, result, forced)
