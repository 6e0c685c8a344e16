"""Halls and booths: nothing overlaps, nothing leaves the hall, the route runs past every stop."""

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from events.exhibition import services
from events.exhibition.drawing import wrap
from events.exhibition.geometry import (
    Area,
    aisle_way,
    are_neighbours,
    free_spot,
    gap,
    lies_in,
    overlap,
    walk,
)
from events.exhibition.models import Booth, Hall
from events.exhibition.services import UnableToExhibit
from events.fairs import services as fairs
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.exhibition import Show
from tests.factories.fairs import fresh, in_days

CELLS = st.integers(min_value=0, max_value=12)
SIDES = st.integers(min_value=1, max_value=5)
AREAS = st.builds(Area, CELLS, CELLS, SIDES, SIDES)


def cells(area):
    return {
        (x, y)
        for x in range(area.x, area.x + area.width)
        for y in range(area.y, area.y + area.depth)
    }


@given(AREAS, AREAS)
def test_two_areas_overlap_when_they_share_a_cell(one, other):
    assert overlap(one, other) == bool(cells(one) & cells(other))
    assert overlap(one, other) == overlap(other, one)


@given(AREAS, AREAS)
def test_the_gap_is_the_smallest_number_of_cells_between(one, other):
    apart = min(max(abs(a - c), abs(b - d)) for a, b in cells(one) for c, d in cells(other))

    assert gap(one, other) == max(apart - 1, 0)


@given(st.lists(st.tuples(SIDES, SIDES), max_size=12))
@settings(max_examples=50)
def test_free_spots_never_overlap_and_stay_inside(sizes):
    taken = []
    for width, depth in sizes:
        spot = free_spot(taken, width=width, depth=depth, hall_width=12, hall_depth=9)
        if spot:
            taken.append(spot)

    assert sum(len(cells(each)) for each in taken) == len(set().union(*map(cells, taken)))
    assert all(lies_in(each, 12, 9) for each in taken)


@pytest.mark.parametrize(("x", "expected"), [(3, True), (4, True), (5, False)])
def test_an_aisle_of_two_metres_parts_neighbours(x, expected):
    assert are_neighbours(Area(0, 0, 3, 3), Area(x, 0, 3, 3)) is expected


def test_one_walks_along_a_row_and_back_along_the_next():
    booths = [Area(x, y, 3, 3) for y in (0, 6, 12) for x in (8, 0, 4)]

    assert [(each.x, each.y) for each in walk(booths)] == [
        (0, 0),
        (4, 0),
        (8, 0),
        (8, 6),
        (4, 6),
        (0, 6),
        (0, 12),
        (4, 12),
        (8, 12),
    ]


def test_the_way_goes_round_booths_by_its_corners():
    first, wall, last = Area(0, 1, 1, 1), Area(2, 0, 1, 3), Area(4, 1, 1, 1)

    assert aisle_way([first, last], [first, wall, last], 5, 4) == [
        (0, 2),
        (1, 2),
        (1, 3),
        (4, 3),
        (4, 2),
    ]
    assert aisle_way([first, last], [first, wall, last], 5, 3) == []
    assert aisle_way([first], [first], 5, 4) == []


@given(st.lists(AREAS, min_size=2, max_size=9))
def test_the_way_crosses_no_booth(areas):
    booths = []
    for area in areas:
        if not any(overlap(area, other) for other in booths):
            booths.append(area)
    corners = aisle_way(booths, booths, 18, 18)

    for (x, y), (to_x, to_y) in pairwise(corners):
        assert x == to_x or y == to_y
        leg = Area(min(x, to_x), min(y, to_y), abs(x - to_x) + 1, abs(y - to_y) + 1)
        assert lies_in(leg, 18, 18)
        assert not any(overlap(leg, booth) for booth in booths)


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("湖畔材料", 3, ["湖畔材料"]),
        ("杭州集野数字商务研究院", 3, ["杭州集野数", "字商务研究", "院"]),
        ("杭州集野数字商务研究院", 2, ["杭州集野数", "字商务研…"]),
        ("Lakeside Water Lab", 3, ["Lakeside", "Water Lab"]),
        ("Commercialisation", 2, ["Commercia", "lisation"]),
    ],
)
def test_a_name_is_cut_to_its_booth(name, lines, expected):
    assert wrap(name, 60, lines) == expected


pytestmark = [pytest.mark.django_db, pytest.mark.database]


def places(show):
    return {code: (x, y) for code, x, y in show.hall.booths.values_list("code", "x", "y")}


def test_a_booth_is_put_where_there_is_room():
    show = Show()

    booth = services.add_booth(
        actor=show.owner, hall=show.hall, code="B01", x=17, y=9, width=3, depth=3, power_kw=10
    )

    assert (booth.x, booth.y, booth.power_kw) == (17, 9, 10)
    assert AuditEvent.objects.latest("pk").action == "exhibition.add_booth"


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [(2, 2, "A01"), (3, 0, "A02"), (18, 0, "超出"), (0, 10, "超出"), (2, 5, "A06")],
)
def test_a_booth_neither_overlaps_nor_leaves_the_hall(x, y, message):
    show = Show()

    with pytest.raises(UnableToExhibit, match=message):
        services.add_booth(actor=show.owner, hall=show.hall, code="B01", x=x, y=y, width=3, depth=3)
    assert show.hall.booths.count() == 6


def test_a_number_is_given_once_in_the_whole_fair():
    show = Show()
    other = services.add_hall(actor=show.owner, fair=show.fair, name="二号厅", width=9, depth=9)

    with pytest.raises(UnableToExhibit, match="A01"):
        services.add_booth(actor=show.owner, hall=other, code="A01", x=0, y=0, width=3, depth=3)


def test_a_booth_moves_only_to_free_cells():
    show = Show()
    booth = show.booths[0]

    with pytest.raises(UnableToExhibit, match="A02"):
        services.move_booth(actor=show.owner, booth=booth, x=2, y=0)
    services.move_booth(actor=show.owner, booth=booth, x=1, y=0)

    assert places(show)["A01"] == (1, 0)


def test_a_booth_is_changed_against_all_others():
    show = Show()
    values = {"code": "A01", "x": 0, "y": 0, "power_kw": 5, "notes": "靠水源"}

    with pytest.raises(UnableToExhibit, match="A02"):
        services.edit_booth(actor=show.owner, booth=show.booths[0], width=5, depth=3, **values)
    with pytest.raises(UnableToExhibit, match="A02"):
        services.edit_booth(
            actor=show.owner, booth=show.booths[0], width=3, depth=3, **values | {"code": "A02"}
        )
    services.edit_booth(actor=show.owner, booth=show.booths[0], width=3, depth=5, **values)

    booth = fresh(show.booths[0])
    assert (booth.depth, booth.notes, booth.size) == (5, "靠水源", "3 × 5 m")


def test_several_booths_are_laid_where_there_is_room_or_none_at_all():
    show = Show()

    added = services.add_booths(
        actor=show.owner, hall=show.hall, letter="A", count=2, width=3, depth=2
    )

    assert [each.code for each in added] == ["A07", "A08"]
    before = show.hall.booths.count()
    with pytest.raises(UnableToExhibit):
        services.add_booths(
            actor=show.owner, hall=show.hall, letter="C", count=60, width=3, depth=3
        )
    assert show.hall.booths.count() == before


def test_a_hall_shrinks_no_further_than_its_booths():
    show = Show()

    with pytest.raises(UnableToExhibit, match="A05"):
        services.edit_hall(actor=show.owner, hall=show.hall, name="一号厅", width=18, depth=12)
    services.edit_hall(actor=show.owner, hall=show.hall, name="主厅", width=19, depth=9)

    assert (fresh(show.hall).name, fresh(show.hall).depth) == ("主厅", 9)


@pytest.mark.parametrize(("width", "depth"), [(0, 5), (5, 0), (121, 5)])
def test_a_hall_has_a_sensible_size(width, depth):
    show = Show()

    with pytest.raises(UnableToExhibit):
        services.add_hall(actor=show.owner, fair=show.fair, name="x", width=width, depth=depth)


def test_two_halls_of_a_fair_have_two_names():
    show = Show()

    with pytest.raises(UnableToExhibit):
        services.add_hall(actor=show.owner, fair=show.fair, name="一号厅", width=5, depth=5)


def test_what_is_given_is_not_taken_out():
    show = Show()
    exhibitor = show.placed(show.booths[0])

    with pytest.raises(UnableToExhibit, match=exhibitor.organization.name):
        services.remove_booth(actor=show.owner, booth=show.booths[0])
    with pytest.raises(UnableToExhibit):
        services.remove_hall(actor=show.owner, hall=show.hall)
    services.remove_booth(actor=show.owner, booth=show.booths[1])

    assert show.hall.booths.count() == 5


def test_an_empty_hall_goes_with_its_booths():
    show = Show()

    services.remove_hall(actor=show.owner, hall=show.hall)

    assert (Hall.objects.count(), Booth.objects.count()) == (0, 0)


def test_only_the_organizer_edits_the_plan_and_only_until_the_fair_is_over():
    show = Show()
    booth = show.booths[0]
    doors = [
        lambda actor: services.add_hall(actor=actor, fair=show.fair, name="x", width=5, depth=5),
        lambda actor: services.edit_hall(actor=actor, hall=show.hall, name="x", width=20, depth=12),
        lambda actor: services.remove_hall(actor=actor, hall=show.hall),
        lambda actor: services.add_booth(
            actor=actor, hall=show.hall, code="Z", x=17, y=9, width=1, depth=1
        ),
        lambda actor: services.add_booths(
            actor=actor, hall=show.hall, letter="Z", count=1, width=1, depth=1
        ),
        lambda actor: services.move_booth(actor=actor, booth=booth, x=0, y=1),
        lambda actor: services.edit_booth(
            actor=actor, booth=booth, code="A01", x=0, y=0, width=3, depth=3, power_kw=1
        ),
        lambda actor: services.remove_booth(actor=actor, booth=booth),
    ]
    for door in doors:
        for actor in (UserFactory(), show.member, show.reviewer, show.office()):
            with pytest.raises(UnableToExhibit):
                door(actor)
    show.to("CLOSED")
    for door in doors:
        with pytest.raises(UnableToExhibit):
            door(show.owner)

    assert places(show)["A01"] == (0, 0)


def test_a_fair_planned_after_this_one_has_its_halls():
    show = Show()
    services.add_award(actor=show.owner, fair=show.fair, name="最具应用价值")
    show.placed()

    copy = fairs.copy_fair(actor=show.owner, fair=show.fair, title="第二届", starts_at=in_days(400))

    hall = copy.halls.get()
    assert (hall.name, hall.booths.count(), copy.exhibitors.count()) == ("一号厅", 6, 0)
    assert copy.awards.get().name == "最具应用价值"
