"""What people would have got by booking for themselves, on the same wishes (先到先得模拟)."""

from collections import Counter
from collections.abc import Iterable

from events.scheduling.instance import Instance, Schedule


def first_come_first_served(
    instance: Instance, order: Iterable[int], most: int | None = None
) -> Schedule:
    """Give each meeting, in this order, the first slot in which its people and a table are free.

    ``most`` is how many meetings a person may have. Meetings at a booth need that booth, all
    others one of the common tables; nothing is moved afterwards.
    """
    taken: set[tuple[int, int]] = set()  # a person and a slot
    full: Counter[int] = Counter()  # common tables in use, by slot
    booths: set[tuple[int, int]] = set()
    held: Counter[int] = Counter()
    slot_of: dict[int, int] = {}
    for number in order:
        people, booth = instance.meetings[number].people, instance.booths[number]
        if most is not None and any(held[who] >= most for who in people):
            continue
        for slot in sorted(instance.possible_slots[number]):
            is_full = (
                full[slot] >= instance.capacity[slot] if booth is None else (booth, slot) in booths
            )
            if is_full or any((who, slot) in taken for who in people):
                continue
            slot_of[number] = slot
            taken.update((who, slot) for who in people)
            held.update(people)
            if booth is None:
                full[slot] += 1
            else:
                booths.add((booth, slot))
            break
    return Schedule(slot_of)
