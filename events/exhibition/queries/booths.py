"""Which booth suits an exhibitor, and what speaks against one."""

from dataclasses import dataclass

from ..enums import PLACED_STATES, Concern, ExhibitorState
from ..geometry import are_neighbours
from ..models import Booth, Exhibitor, Hall


def may_have_booth(exhibitor: Exhibitor) -> bool:
    return exhibitor.state in PLACED_STATES | {ExhibitorState.ACCEPTED}


@dataclass(frozen=True)
class Option:
    """A free booth for an exhibitor, with what speaks against it."""

    booth: Booth
    concerns: list[Concern]


@dataclass(frozen=True)
class Surroundings:
    """What one exhibitor wishes of neighbours, and everybody else with a booth, by booth."""

    taken: dict[int, Exhibitor]
    wanted: frozenset[int]
    unwanted: frozenset[int]


def booth_options(exhibitor: Exhibitor) -> list[Option]:
    """Free booths, those without concerns first, then the smallest that is large enough."""
    halls = Hall.objects.filter(fair=exhibitor.fair_id)
    booths = list(Booth.objects.filter(hall__in=halls).select_related("hall"))
    around = _surroundings(exhibitor)
    free = [
        booth for booth in booths if booth.pk not in around.taken and booth.pk != exhibitor.booth_id
    ]
    options = [Option(booth, _concerns(exhibitor, booth, around)) for booth in free]
    return sorted(
        options,
        key=lambda option: (
            len(option.concerns),
            option.booth.area,
            option.booth.hall.order,
            option.booth.code,
        ),
    )


def booth_concerns(exhibitor: Exhibitor, booth: Booth) -> list[Concern]:
    """What speaks against this booth for this exhibitor."""
    return _concerns(exhibitor, booth, _surroundings(exhibitor))


def _surroundings(exhibitor: Exhibitor) -> Surroundings:
    others = Exhibitor.objects.filter(fair=exhibitor.fair_id, booth__isnull=False)
    others = others.exclude(pk=exhibitor.pk).select_related("booth").prefetch_related("unwanted")
    return Surroundings(
        {other.booth.pk: other for other in others if other.booth},
        frozenset(exhibitor.wanted.values_list("pk", flat=True)),
        frozenset(exhibitor.unwanted.values_list("pk", flat=True)),
    )


def _concerns(exhibitor: Exhibitor, booth: Booth, around: Surroundings) -> list[Concern]:
    beside = [
        other
        for other in around.taken.values()
        if other.booth
        and other.booth.hall_id == booth.hall_id
        and are_neighbours(other.booth, booth)
    ]
    names = {other.organization_id for other in beside}
    placed = {other.organization_id for other in around.taken.values()}
    checks = {
        Concern.SMALL: booth.area < exhibitor.wished_area,
        Concern.POWER: booth.power_kw < exhibitor.wished_power,
        Concern.UNWANTED: bool(around.unwanted & names),
        Concern.UNWELCOME: any(
            exhibitor.organization_id == each.pk
            for other in beside
            for each in other.unwanted.all()
        ),
        Concern.APART: bool(around.wanted & placed) and not around.wanted & names,
    }
    return [concern for concern, holds in checks.items() if holds]
