"""Simulated annealing over breaks with the weight held, or over weight.

Its moves keep every rule. *Exchange* swaps two slots along a Kempe chain: the meetings of both
slots that hang together through their people. Only people at a chain's ends see their busy slots
change, so its price is known at once. *Replace* lets a meeting that waits come in for one of equal
weight with a person in common. *Insert*, where weight is sought, pushes out whatever is in the way.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from .board import NOWHERE, Board

LONGEST_CHAIN = 40
REPLACING = 0.35
FROM_BREAKS, TRIES = 0.5, 5
LOOK_UP = 1024


@dataclass(frozen=True)
class Cooling:
    """From which temperature to which; a rise in cost by the temperature passes one time in e.

    ``worth`` is the price of one unit of weight that does not take place, in breaks; without it
    the weight is held. ``pull`` is the price of a meeting that is not where people were told.
    """

    hot: float
    cold: float
    worth: int = 0
    pull: int = 0


BREAKS = Cooling(hot=0.8, cold=0.12)
WEIGHT = Cooling(hot=15, cold=2, worth=20)
CHANGES = Cooling(hot=12, cold=1, worth=60, pull=10)


@dataclass
class Annealing:
    """One search over a board; ``best`` is the cheapest list of slots seen, ``cost`` its price."""

    board: Board
    random: random.Random
    cooling: Cooling = BREAKS
    target: int = 0

    def __post_init__(self) -> None:
        self.cost = self.now = self.price()
        self.best = self.board.slot_of[:]

    def price(self) -> int:
        lost = sum(self.board.weight[each] for each in self.board.waiting)
        away = self.board.away(enumerate(self.board.slot_of))
        return self.board.cost() + self.cooling.worth * lost + self.cooling.pull * away

    def run(self, moves: int, goes_on: Callable[[], bool]) -> int:
        """Cool down over so many tries, and say how many were made.

        Ends early at the target, or when ``goes_on``, which is asked now and then, says no.
        """
        chance = self.random.random
        hot, cold = self.cooling.hot, self.cooling.cold
        come = self._insert if self.cooling.worth else self._replace
        temperature = hot
        for done in range(moves):
            if done % LOOK_UP == 0:
                if self.cost <= self.target or not goes_on():
                    return done
                temperature = hot * (cold / hot) ** (done / moves)
            if self.board.waiting and chance() < REPLACING:
                come(temperature)
            else:
                self._exchange(temperature)
        return moves

    def return_to_best(self) -> None:
        self.board.put({n: slot for n, slot in enumerate(self.best) if slot != NOWHERE})
        self.now = self.cost

    def _accept(self, change: int) -> None:
        self.now += change
        if self.now < self.cost:
            self.cost = self.now
            self.best = self.board.slot_of[:]

    def _passes(self, change: int, temperature: float) -> bool:
        return change <= 0 or self.random.random() < math.exp(-change / temperature)

    def _exchange(self, temperature: float) -> None:
        board = self.board
        meeting, there = self._pick_exchange()
        here = board.slot_of[meeting]
        if here in {NOWHERE, there}:
            return
        chain = board.chain(meeting, here, there, LONGEST_CHAIN)
        if chain is None or not board.allows_exchange(chain, here, there):
            return
        both, costs, busy = 1 << here | 1 << there, board.costs, board.busy
        change = 0
        for seat in chain.ends:
            if seat < board.people:
                change += costs[busy[seat] ^ both] - costs[busy[seat]]
        if self.cooling.pull:
            change += self._pulled(dict.fromkeys(chain.leaving, there))
            change += self._pulled(dict.fromkeys(chain.coming, here))
        if self._passes(change, temperature):
            board.exchange(chain, here, there)
            self._accept(change)

    def _pulled(self, moved: dict[int, int]) -> int:
        board = self.board
        before = board.away((each, board.slot_of[each]) for each in moved)
        return self.cooling.pull * (board.away(moved.items()) - before)

    def _pick_exchange(self) -> tuple[int, int]:
        """A meeting and a slot it could go to, often of somebody who has breaks."""
        board, chance = self.board, self.random.random
        people = board.invited
        person = people[int(chance() * len(people))]
        if chance() < FROM_BREAKS:
            for _try in range(TRIES):
                if board.costs[board.busy[person]]:
                    break
                person = people[int(chance() * len(people))]
        mine = board.meetings_of[person]
        meeting = mine[int(chance() * len(mine))]
        choices = board.choices[meeting]
        return meeting, choices[int(chance() * len(choices))] if choices else NOWHERE

    def _replace(self, temperature: float) -> None:
        """Let a waiting meeting take the place, or another slot, of one of equal weight."""
        board, chance = self.board, self.random.random
        place = int(chance() * len(board.waiting))
        comes = board.waiting[place]
        party = board.parties[comes]
        shared = party[int(chance() * len(party))]
        here = int(chance() * len(board.used))
        goes = board.at[shared][here]
        if goes == NOWHERE or board.kind[goes] != board.kind[comes]:
            return
        slots = board.slots_for(comes, goes, here)
        if not slots:
            return
        for _skipped in range(int(chance() * slots.bit_count())):
            slots &= slots - 1
        self._try(place, (slots & -slots).bit_length() - 1, (goes,), temperature)

    def _insert(self, temperature: float) -> None:
        """Let a waiting meeting take place whatever it pushes out; for searches over weight."""
        board, chance = self.board, self.random.random
        place = int(chance() * len(board.waiting))
        comes = board.waiting[place]
        choices = board.choices[comes]
        there = choices[int(chance() * len(choices))]
        pushed = {board.at[seat][there] for seat in board.parties[comes]} - {NOWHERE}
        if all(board.kind[each] > 0 for each in pushed):
            self._try(place, there, tuple(pushed), temperature)

    def _try(self, place: int, there: int, pushed: tuple[int, ...], temperature: float) -> None:
        """Let the meeting that waits at ``place`` take place, and those ``pushed`` wait."""
        board = self.board
        comes = board.waiting[place]
        if not board.allows_swap(comes, there, pushed):
            return
        busy, costs = board.busy, board.costs
        after = board.busy_after(comes, there, pushed)
        change = self.cooling.worth * (
            sum(board.weight[each] for each in pushed) - board.weight[comes]
        )
        for seat, mask in after.items():
            if seat < board.people:
                change += costs[mask] - costs[busy[seat]]
        if self.cooling.pull:
            change += self._pulled(dict.fromkeys(pushed, NOWHERE) | {comes: there})
        if self._passes(change, temperature):
            board.swap(place, there, pushed, after)
            self._accept(change)
