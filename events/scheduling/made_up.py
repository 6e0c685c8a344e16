"""Made-up fairs for measurements and tests, the same for the same seed."""

import random

from .instance import Instance, Meeting

MUST, WANT = 3, 1


def make_fair(
    *,
    people: int = 1000,
    slots: int = 16,
    tables: int = 250,
    requests: int = 3000,
    seed: int = 1,
    skew: float = 0.8,
    away: float = 0.12,
    must: float = 0.3,
) -> Instance:
    """Two thirds enterprises, one third teams; a few teams get most of the accepted requests.

    ``skew`` is the exponent of the teams' Zipf popularity (0: all alike), ``away`` the share of
    slots in which a person is not there, ``must`` the share of requests that weigh three.
    """
    chance = random.Random(seed)  # noqa: S311  the same fair every time
    enterprises = people - people // 3
    teams = range(enterprises, people)
    popularity = [1 / (rank + 1) ** skew for rank in range(len(teams))]
    chance.shuffle(popularity)
    pairs: dict[tuple[int, int], int] = {}
    requests = min(requests, enterprises * len(teams) // 2)
    while len(pairs) < requests:
        team = chance.choices(teams, popularity)[0]
        weight = MUST if chance.random() < must else WANT
        pairs.setdefault((chance.randrange(enterprises), team), weight)
    everywhere = frozenset(range(slots))
    return Instance(
        name=f"made-up-{people}",
        slots=slots,
        tables=tables,
        free=tuple(
            frozenset(slot for slot in everywhere if chance.random() >= away)
            for _person in range(people)
        ),
        meetings=tuple(Meeting(pair, everywhere, weight) for pair, weight in sorted(pairs.items())),
    )
