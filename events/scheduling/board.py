"""A schedule as the search changes it: who is where, as bit masks of busy slots.

A booth counts as one more person, who is at one meeting at a time and has no breaks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .instance import Instance, Schedule

NOWHERE = -1
UNFAIR, MOST_KNOWN = 3, 500_000


def count_breaks(busy: int) -> int:
    """Breaks in one day of somebody whose busy slots are the bits of ``busy``."""
    return (busy & ~(busy << 1)).bit_count() - 1 if busy else 0


class Costs(dict[int, int]):
    """What a mask of busy slots costs: its breaks, those over the bound on fairness dearly."""

    def __init__(self, instance: Instance, unfair: int) -> None:
        super().__init__()
        self.unfair = unfair
        self.fairness = instance.fairness
        self.empty_day = instance.empty_day
        self.days = [sum(1 << slot for slot in day) for day in instance.days]

    def __missing__(self, busy: int) -> int:
        breaks = sum(count_breaks(busy & day) for day in self.days)
        over = 0 if self.fairness is None else max(0, breaks - self.fairness)
        if len(self) >= MOST_KNOWN:
            self.clear()
        cost = self[busy] = breaks + self.unfair * over if busy else self.empty_day
        return cost


@dataclass(slots=True)
class Chain:
    """Meetings that swap two slots; ``ends`` are at one of them only, ``more`` tables needed."""

    leaving: list[int]
    coming: list[int]
    ends: set[int]
    more: int


class Board:
    """The state of a search; ``slot_of`` a meeting is ``NOWHERE`` while it does not take place."""

    def __init__(self, instance: Instance, schedule: Schedule, unfair: int = UNFAIR) -> None:
        self.people = instance.people
        size = len(instance.meetings)
        booths = sorted(set(instance.home_tables.values()))
        seats = {booth: instance.people + place for place, booth in enumerate(booths)}
        self.has_booths = bool(booths)
        self.parties = [
            (*meeting.people, seats[booth]) if booth is not None else meeting.people
            for meeting, booth in zip(instance.meetings, instance.booths, strict=True)
        ]
        self.meetings_of = instance.meetings_of
        self.invited = [who for who, theirs in enumerate(self.meetings_of) if theirs]
        self.at_common_table = [int(booth is None) for booth in instance.booths]
        self.capacity = instance.capacity
        self.possible = [sum(1 << slot for slot in slots) for slots in instance.possible_slots]
        self.choices = [sorted(slots) for slots in instance.possible_slots]
        # Only meetings of the same kind replace each other: the weight never changes.
        self.kind = [
            -number if meeting.held else meeting.weight
            for number, meeting in enumerate(instance.meetings)
        ]
        self.weight = [meeting.weight for meeting in instance.meetings]
        self.told = [meeting.told for meeting in instance.meetings]
        self.earlier: list[frozenset[int]] = [meeting.after for meeting in instance.meetings]
        self.later: list[set[int]] = [set() for _meeting in range(size)]
        for number, earlier in enumerate(self.earlier):
            for each in earlier:
                self.later[each].add(number)
        self.ordered = {n for n in range(size) if self.earlier[n] or self.later[n]}
        self.costs = Costs(instance, unfair)
        self.put(schedule.slot_of)

    def put(self, slot_of: dict[int, int]) -> None:
        """Start from this schedule, which has to keep every rule."""
        seats = max((seat for party in self.parties for seat in party), default=-1) + 1
        seats = max(seats, self.people)
        self.slot_of = [slot_of.get(number, NOWHERE) for number in range(len(self.parties))]
        self.at = [[NOWHERE] * len(self.capacity) for _seat in range(seats)]
        self.busy = [0] * seats
        self.used = [0] * len(self.capacity)
        for number, slot in slot_of.items():
            self.used[slot] += self.at_common_table[number]
            for seat in self.parties[number]:
                self.at[seat][slot] = number
                self.busy[seat] |= 1 << slot
        self.waiting = [
            number
            for number, slot in enumerate(self.slot_of)
            if slot == NOWHERE and self.possible[number]
        ]

    def cost(self) -> int:
        return sum(self.costs[self.busy[person]] for person in self.invited)

    def away(self, slots: Iterable[tuple[int, int]]) -> int:
        """How many of these meetings would not be where people were told."""
        told = self.told
        return sum(told[each] is not None and told[each] != slot for each, slot in slots)

    def keeps_order(self, moved: dict[int, int]) -> bool:
        """Whether precedences hold once the meetings in ``moved`` are in their new slots."""
        for number, slot in moved.items():
            if slot == NOWHERE:
                continue
            for other in self.earlier[number]:
                if moved.get(other, self.slot_of[other]) >= slot:
                    return False
            for other in self.later[number]:
                if NOWHERE != moved.get(other, self.slot_of[other]) <= slot:
                    return False
        return True

    def chain(self, meeting: int, here: int, there: int, longest: int) -> Chain | None:
        """The Kempe chain of a meeting; None where somebody could not follow, or it is longer."""
        parties, at, possible = self.parties, self.at, self.possible
        leaving, coming = [meeting], list[int]()
        ends: set[int] = set()
        seen, queue = {meeting}, [(meeting, there)]
        while queue:
            moved, to = queue.pop()
            back = here if to == there else there
            for seat in parties[moved]:
                pushed = at[seat][to]
                if pushed == NOWHERE:
                    ends.add(seat)
                elif pushed not in seen:
                    if not possible[pushed] >> back & 1 or len(seen) >= longest:
                        return None
                    seen.add(pushed)
                    queue.append((pushed, back))
                    (coming if back == here else leaving).append(pushed)
        return Chain(leaving, coming, ends, self._more(leaving) - self._more(coming))

    def _more(self, meetings: Sequence[int]) -> int:
        """Common tables that these meetings need in a slot."""
        if not self.has_booths:
            return len(meetings)
        return sum(self.at_common_table[each] for each in meetings)

    def allows_exchange(self, chain: Chain, here: int, there: int) -> bool:
        used, capacity, more = self.used, self.capacity, chain.more
        if more > 0 and used[there] + more > capacity[there]:
            return False
        if more < 0 and used[here] - more > capacity[here]:
            return False
        if self.ordered.isdisjoint(chain.leaving) and self.ordered.isdisjoint(chain.coming):
            return True
        return self.keeps_order(
            dict.fromkeys(chain.leaving, there) | dict.fromkeys(chain.coming, here)
        )

    def exchange(self, chain: Chain, here: int, there: int) -> None:
        """Everybody in the chain swaps the two slots."""
        both = 1 << here | 1 << there
        for seat in chain.ends:
            self.busy[seat] ^= both
        self.used[there] += chain.more
        self.used[here] -= chain.more
        self._clear(chain.leaving, here)
        self._clear(chain.coming, there)
        self._set(chain.leaving, there)
        self._set(chain.coming, here)

    def _clear(self, meetings: Sequence[int], slot: int) -> None:
        for each in meetings:
            self.slot_of[each] = NOWHERE
            for seat in self.parties[each]:
                self.at[seat][slot] = NOWHERE

    def _set(self, meetings: Sequence[int], slot: int) -> None:
        for each in meetings:
            self.slot_of[each] = slot
            for seat in self.parties[each]:
                self.at[seat][slot] = each

    def slots_for(self, comes: int, goes: int, here: int) -> int:
        """Slots, as bits, in which ``comes`` could be once ``goes`` is no longer ``here``."""
        slots, busy, at, bit = self.possible[comes], self.busy, self.at, 1 << here
        for seat in self.parties[comes]:
            slots &= ~busy[seat] | bit if at[seat][here] == goes else ~busy[seat]
        return slots

    def allows_swap(self, comes: int, there: int, pushed: tuple[int, ...]) -> bool:
        """Whether tables and precedences let ``comes`` be ``there`` without the ``pushed``."""
        if self.at_common_table[comes]:
            frees = sum(self.at_common_table[x] for x in pushed if self.slot_of[x] == there)
            if self.used[there] - frees >= self.capacity[there]:
                return False
        return comes not in self.ordered or self.keeps_order(
            dict.fromkeys(pushed, NOWHERE) | {comes: there}
        )

    def busy_after(self, comes: int, there: int, pushed: tuple[int, ...]) -> dict[int, int]:
        """The busy slots, as bits, of everybody whom a swap touches."""
        after: dict[int, int] = {}
        for each in pushed:
            bit = 1 << self.slot_of[each]
            for seat in self.parties[each]:
                after[seat] = after.get(seat, self.busy[seat]) & ~bit
        for seat in self.parties[comes]:
            after[seat] = after.get(seat, self.busy[seat]) | 1 << there
        return after

    def swap(self, place: int, there: int, pushed: tuple[int, ...], after: dict[int, int]) -> None:
        """Let the meeting waiting at ``place`` be ``there``, and those ``pushed`` wait."""
        comes = self.waiting[place]
        self.waiting[place] = self.waiting[-1]
        self.waiting.pop()
        self.waiting.extend(pushed)
        for each in pushed:
            self.used[self.slot_of[each]] -= self.at_common_table[each]
            self._clear((each,), self.slot_of[each])
        self.used[there] += self.at_common_table[comes]
        self._set((comes,), there)
        for seat, mask in after.items():
            self.busy[seat] = mask

    def schedule(self) -> Schedule:
        return Schedule({n: slot for n, slot in enumerate(self.slot_of) if slot != NOWHERE})
