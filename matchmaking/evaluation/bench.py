"""How long entropy weights and TOPSIS take over many objects, by wall clock."""

import random
import time

from .methods import Criterion, Table, entropy_closeness, rank

OBJECTS, INDICATORS, AT_MOST_SECONDS = 5_000, 30, 2.0


def make_table(objects: int = OBJECTS, indicators: int = INDICATORS, seed: int = 1) -> Table:
    """A made-up table, the same for the same seed: a fifth costs, one value in fifty missing."""
    chance = random.Random(seed)  # noqa: S311  the same table every time
    criteria = [Criterion(str(place), 1, is_cost=place % 5 == 0) for place in range(indicators)]
    rows = [
        tuple(
            None if chance.random() < 0.02 else chance.lognormvariate(3, 1)
            for _place in range(indicators)
        )
        for _object in range(objects)
    ]
    return Table(tuple(criteria), tuple(rows))


def measure(objects: int = OBJECTS, indicators: int = INDICATORS) -> dict[str, float | bool | str]:
    """Rank the made-up table once; the figure as ``docs/bench.json`` keeps it."""
    table = make_table(objects, indicators)
    started = time.perf_counter()
    rank(entropy_closeness(table))
    seconds = time.perf_counter() - started
    return {
        "value": round(seconds, 3),
        "at_most": AT_MOST_SECONDS,
        "unit": "s",
        "is_met": seconds <= AT_MOST_SECONDS,
    }
