"""Halls and their booths; that booths do not overlap is checked here, under a lock."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.fairs.services.changes import lock as lock_fair
from portal.accounts.models import User
from portal.audit.services import record

from ..geometry import Area, Rectangle, free_spot, lies_in, overlap
from ..models import Booth, Hall
from ..rules import can_edit_halls
from .changes import UnableToExhibit, require

MOST_CELLS, MOST_HALLS, MOST_BOOTHS = 120, 12, 400


def _record(actor: User, fair: Fair, action: str, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"exhibition.{action}",
        target=fair,
        organization_id=fair.organizer_id,
        **payload,
    )


def _lock_hall(actor: User, hall: Hall) -> Hall:
    """The fair's row, then the hall's: one edits the plan of a hall at a time."""
    fair = lock_fair(hall.fair)
    require(can_edit_halls(actor, fair))
    locked = Hall.objects.select_for_update().get(pk=hall.pk)
    locked.fair = fair
    return locked


@transaction.atomic
def add_hall(
    *, actor: User, fair: Fair, name: str, width: int, depth: int, name_en: str = ""
) -> Hall:
    fair = lock_fair(fair)
    require(can_edit_halls(actor, fair))
    _check_cells(width, depth)
    halls = list(fair.halls.all())
    if len(halls) >= MOST_HALLS:
        raise UnableToExhibit(_("A fair has at most %(most)d halls.") % {"most": MOST_HALLS})
    _check_name(halls, name)
    hall = Hall.objects.create(
        fair=fair, name=name, name_en=name_en, width=width, depth=depth, order=len(halls)
    )
    _record(actor, fair, "add_hall", label=name)
    return hall


@transaction.atomic
def edit_hall(
    *, actor: User, hall: Hall, name: str, width: int, depth: int, name_en: str = ""
) -> Hall:
    """Rename or resize. Raises where a booth would no longer lie inside."""
    hall = _lock_hall(actor, hall)
    _check_cells(width, depth)
    _check_name(hall.fair.halls.exclude(pk=hall.pk), name)
    outside = [booth.code for booth in hall.booths.all() if not lies_in(booth, width, depth)]
    if outside:
        raise UnableToExhibit(
            _("These booths would lie outside: %(codes)s. Move them first.")
            % {"codes": "、".join(sorted(outside))}
        )
    hall.name, hall.name_en, hall.width, hall.depth = name, name_en, width, depth
    hall.save()
    _record(actor, hall.fair, "edit_hall", label=name)
    return hall


@transaction.atomic
def remove_hall(*, actor: User, hall: Hall) -> None:
    """Take a hall out with its booths. Raises where somebody has been given one of them."""
    hall = _lock_hall(actor, hall)
    if hall.booths.filter(exhibitor__isnull=False).exists():
        raise UnableToExhibit(_("Exhibitors have booths in this hall: give them others first."))
    name = hall.name
    hall.delete()
    _record(actor, hall.fair, "remove_hall", label=name)


@transaction.atomic
def add_booth(
    *,
    actor: User,
    hall: Hall,
    code: str,
    x: int,
    y: int,
    width: int,
    depth: int,
    power_kw: Decimal = Decimal(0),
    notes: str = "",
) -> Booth:
    """Put one booth on the plan. Raises where it would overlap another or leave the hall."""
    hall = _lock_hall(actor, hall)
    _check_code(hall, code)
    _check_place(hall, Area(x, y, width, depth), hall.booths.all())
    booth = Booth.objects.create(
        hall=hall,
        code=code,
        x=x,
        y=y,
        width=width,
        depth=depth,
        power_kw=power_kw,
        notes=notes,
    )
    _record(actor, hall.fair, "add_booth", label=code)
    return booth


@transaction.atomic
def add_booths(
    *,
    actor: User,
    hall: Hall,
    letter: str,
    count: int,
    width: int,
    depth: int,
    power_kw: Decimal = Decimal(0),
) -> list[Booth]:
    """Add ``count`` booths numbered on from the last of ``letter``, each where there is room."""
    hall = _lock_hall(actor, hall)
    taken: list[Rectangle] = list(hall.booths.all())
    known = _codes(hall)
    numbers = (f"{letter}{number:02d}" for number in range(1, MOST_BOOTHS + 1))
    codes = [code for code in numbers if code not in known][:count]
    booths: list[Booth] = []
    for code in codes:
        spot = free_spot(
            taken, width=width, depth=depth, hall_width=hall.width, hall_depth=hall.depth
        )
        if spot is None:
            raise UnableToExhibit(
                _("There is room for %(count)d more booths of this size, not for more.")
                % {"count": len(booths)}
            )
        taken.append(spot)
        booths.append(
            Booth(
                hall=hall,
                code=code,
                x=spot.x,
                y=spot.y,
                width=width,
                depth=depth,
                power_kw=power_kw,
            )
        )
    Booth.objects.bulk_create(booths)
    _record(actor, hall.fair, "add_booths", count=len(booths))
    return booths


@transaction.atomic
def move_booth(*, actor: User, booth: Booth, x: int, y: int) -> Booth:
    hall = _lock_hall(actor, booth.hall)
    booth = hall.booths.get(pk=booth.pk)
    _check_place(hall, Area(x, y, booth.width, booth.depth), hall.booths.exclude(pk=booth.pk))
    booth.x, booth.y = x, y
    booth.save(update_fields=["x", "y"])
    _record(actor, hall.fair, "move_booth", label=booth.code, x=x, y=y)
    return booth


@transaction.atomic
def edit_booth(
    *,
    actor: User,
    booth: Booth,
    code: str,
    x: int,
    y: int,
    width: int,
    depth: int,
    power_kw: Decimal,
    notes: str = "",
) -> Booth:
    hall = _lock_hall(actor, booth.hall)
    booth = hall.booths.get(pk=booth.pk)
    if code != booth.code:
        _check_code(hall, code)
    _check_place(hall, Area(x, y, width, depth), hall.booths.exclude(pk=booth.pk))
    booth.code, booth.x, booth.y, booth.width, booth.depth = code, x, y, width, depth
    booth.power_kw, booth.notes = power_kw, notes
    booth.save()
    _record(actor, hall.fair, "edit_booth", label=code)
    return booth


@transaction.atomic
def remove_booth(*, actor: User, booth: Booth) -> None:
    """Take a booth off the plan. Raises where somebody has been given it."""
    hall = _lock_hall(actor, booth.hall)
    booth = hall.booths.get(pk=booth.pk)
    if hasattr(booth, "exhibitor"):
        raise UnableToExhibit(
            _("%(code)s is given to %(name)s: give them another booth first.")
            % {"code": booth.code, "name": booth.exhibitor.organization.label}
        )
    code = booth.code
    booth.delete()
    _record(actor, hall.fair, "remove_booth", label=code)


def _check_cells(width: int, depth: int) -> None:
    if not (1 <= width <= MOST_CELLS and 1 <= depth <= MOST_CELLS):
        raise UnableToExhibit(
            _("A hall measures between 1 and %(most)d cells each way.") % {"most": MOST_CELLS}
        )


def _check_name(halls: Iterable[Hall], name: str) -> None:
    if any(hall.name == name for hall in halls):
        raise UnableToExhibit(_("There is a hall of this name already."))


def _codes(hall: Hall) -> set[str]:
    """Numbers are unique in the whole fair: visitors look for them."""
    return set(Booth.objects.filter(hall__fair=hall.fair_id).values_list("code", flat=True))


def _check_code(hall: Hall, code: str) -> None:
    if code in _codes(hall):
        raise UnableToExhibit(_("There is a booth %(code)s already.") % {"code": code})


def _check_place(hall: Hall, area: Rectangle, others: Iterable[Booth]) -> None:
    if not lies_in(area, hall.width, hall.depth):
        raise UnableToExhibit(_("The booth would leave the hall."))
    met = [booth.code for booth in others if overlap(area, booth)]
    if met:
        raise UnableToExhibit(
            _("The booth would overlap %(codes)s.") % {"codes": "、".join(sorted(met))}
        )
