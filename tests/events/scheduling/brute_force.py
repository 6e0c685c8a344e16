"""Tiny fairs, and everything about them by trying every schedule. Shares no code with events."""

from itertools import product

from hypothesis import strategies as st

from events.scheduling.instance import Instance, Meeting


def is_valid(instance, slot_of) -> bool:
    """Every rule, read off a grid of people and slots."""
    places = [
        (person, slot) for n, slot in slot_of.items() for person in instance.meetings[n].people
    ]
    common = [
        slot
        for n, slot in slot_of.items()
        if not any(person in instance.home_tables for person in instance.meetings[n].people)
    ]
    booths = []
    for n, slot in slot_of.items():
        homes = [instance.home_tables.get(person) for person in instance.meetings[n].people]
        if any(home is not None for home in homes):
            booths.append((next(home for home in homes if home is not None), slot))
    shared = [t for t in range(instance.tables) if t not in instance.home_tables.values()]
    return (
        len(places) == len(set(places))
        and len(booths) == len(set(booths))
        and not set(booths) & instance.lost_tables
        and all(slot in instance.free[person] for person, slot in places)
        and all(
            common.count(slot) <= sum((t, slot) not in instance.lost_tables for t in shared)
            for slot in range(instance.slots)
        )
        and all(_is_valid_meeting(instance, slot_of, n) for n in range(len(instance.meetings)))
        and (instance.fairness is None or _spread(instance, slot_of) <= instance.fairness)
    )


def _is_valid_meeting(instance, slot_of, n) -> bool:
    meeting = instance.meetings[n]
    if n not in slot_of:
        return not instance.every_meeting and not meeting.held
    return (
        slot_of[n] in meeting.slots
        and (not meeting.held or slot_of[n] == meeting.told)
        and all(e not in slot_of or slot_of[e] < slot_of[n] for e in meeting.after)
    )


def breaks_of(instance, slot_of) -> list[int]:
    """Runs of idle slots that have a meeting of the same person on both sides, from strings.

    A bar before the first slot of a day parts the days.
    """
    counts = []
    for person in range(instance.people):
        fair = [
            ("|" if slot in instance.day_starts else "") + "." for slot in range(instance.slots)
        ]
        for n, slot in slot_of.items():
            if person in instance.meetings[n].people:
                fair[slot] = fair[slot].replace(".", "x")
        days = [day.strip(".") for day in "".join(fair).split("|")]
        counts.append(len([run for day in days for run in day.split("x") if run]))
    return counts


def _spread(instance, slot_of) -> int:
    counts = breaks_of(instance, slot_of)
    return max(counts) - min(counts)


def schedules(instance):
    """Every valid schedule."""
    options = [(None, *range(instance.slots)) for _meeting in instance.meetings]
    for choice in product(*options):
        slot_of = {n: slot for n, slot in enumerate(choice) if slot is not None}
        if is_valid(instance, slot_of):
            yield slot_of


def weight_of(instance, slot_of) -> int:
    return sum(instance.meetings[n].weight for n in slot_of)


def best(instance) -> tuple[int, int] | None:
    """The largest weight and with it the fewest breaks; None where nothing is valid."""
    figures = [
        (weight_of(instance, slot_of), -sum(breaks_of(instance, slot_of)))
        for slot_of in schedules(instance)
    ]
    if not figures:
        return None
    weight, breaks = max(figures)
    return weight, -breaks


@st.composite
def tiny_fairs(draw, *, most_meetings=4, told=False):
    people = draw(st.integers(2, 4))
    slots = draw(st.integers(1, 4))
    tables = draw(st.integers(1, 3))
    numbers = st.integers(0, slots - 1)
    everybody = list(range(people))
    size = draw(st.integers(1, most_meetings))

    def meeting(place):
        pair = draw(st.lists(st.sampled_from(everybody), min_size=2, max_size=3, unique=True))
        at = draw(numbers) if told and draw(st.booleans()) else None
        return Meeting(
            people=tuple(pair[: draw(st.sampled_from([2, 2, 2, 3]))]),
            slots=frozenset(draw(st.sets(numbers, min_size=1)) | ({at} - {None})),
            weight=draw(st.sampled_from([1, 3])),
            after=frozenset(draw(st.sets(st.integers(0, place - 1), max_size=1)) if place else ()),
            told=at,
            held=at is not None and draw(st.integers(0, 3)) == 0,
        )

    return Instance(
        name="tiny",
        slots=slots,
        tables=tables,
        free=tuple(
            frozenset(draw(st.sets(numbers, min_size=min(2, slots)))) for _person in everybody
        ),
        meetings=tuple(meeting(place) for place in range(size)),
        every_meeting=draw(st.booleans()),
        fairness=draw(st.sampled_from([None, None, 0, 1])),
        empty_day=draw(st.sampled_from([0, 0, 1])),
        home_tables=draw(
            st.dictionaries(st.sampled_from(everybody), st.integers(0, tables - 1), max_size=2)
        ),
        lost_tables=frozenset(
            draw(st.sets(st.tuples(st.integers(0, tables - 1), numbers), max_size=2))
        ),
        day_starts=frozenset(draw(st.sets(numbers, max_size=2))),
    )
