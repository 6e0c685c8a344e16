"""How many tables each slot of a fair will need (预计洽谈位需求), against those there are."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.fairs.enums import OPENED_STATES, FairState, SlotKind
from events.fairs.models import Fair, Slot
from events.fairs.ties import Load, load_of

from .enums import AvailabilityState, RegistrationState
from .models import Availability, Registration

# About every second request is turned down; a scheduler wants 10 to 20 % more tables than
# meetings (domain reference §1.1, scheduling vendor and b2match's capacity rules).
ACCEPTED_SHARE = Fraction(1, 2)
SPARE = Fraction(115, 100)
TOLD_STATES = OPENED_STATES | {FairState.SCHEDULE_PUBLISHED, FairState.CANCELLED}


@dataclass(frozen=True)
class SlotDemand:
    """A slot with the tables it needs and those there are."""

    slot: Slot
    needed: int
    tables: int

    @property
    def is_short(self) -> bool:
        return self.needed > self.tables


@dataclass(frozen=True)
class TableDemand:
    """Every slot that people meet in, and in words what the numbers rest on."""

    basis: str | Promise
    slots: list[SlotDemand]

    @property
    def short(self) -> list[SlotDemand]:
        return [each for each in self.slots if each.is_short]


def table_demand(fair: Fair) -> TableDemand | None:
    """What is known best: the meetings told, else the requests, else how many are free.

    None where nobody meets at tables.
    """
    if not fair.has_meetings:
        return None
    slots = list(
        Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
        .select_related("session")
        .order_by("starts_at", "pk")
    )
    load, tables = load_of(fair), fair.tables.count()
    if fair.state in TOLD_STATES:
        basis, needed = _("Meetings that people have been told of."), load.placed
    else:
        most = {slot: people // 2 for slot, people in _free_people(fair, slots).items()}
        if load.agreed or load.open:
            basis = _(
                "What is agreed and half of the open requests, spread over the slots, with 15 % "
                "to spare."
            )
            needed = _expected(load, most)
        else:
            basis = _("At most, if everybody who is free met somebody: two people take one table.")
            needed = most
    return TableDemand(basis, [SlotDemand(slot, needed.get(slot.pk, 0), tables) for slot in slots])


def _free_people(fair: Fair, slots: list[Slot]) -> dict[int, int]:
    """Admitted people in roles that meet who are free, by slot."""
    roles = {role for pair in fair.pairs.all() for role in (pair.asking, pair.asked)}
    able = Registration.objects.filter(
        fair=fair, state=RegistrationState.APPROVED, role__in=roles
    ).count()
    rows = Availability.objects.filter(
        slot__in=slots,
        state=AvailabilityState.BUSY,
        registration__state=RegistrationState.APPROVED,
        registration__role__in=roles,
    ).values("slot")
    busy = {row["slot"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}
    return {slot.pk: able - busy.get(slot.pk, 0) for slot in slots}


def _expected(load: Load, most: dict[int, int]) -> dict[int, int]:
    """Meetings to come spread like the free people, at most one table for two of them."""
    to_come = SPARE * (load.agreed - sum(load.placed.values()) + ACCEPTED_SHARE * load.open)
    room = sum(most.values()) or 1
    return {
        slot: max(load.placed.get(slot, 0), min(most[slot], load.placed.get(slot, 0) + extra))
        for slot in most
        for extra in [ceil(to_come * most[slot] / room)]
    }
