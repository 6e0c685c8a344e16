"""The short version for everybody: no person, and no group of fewer than three organizations.

What is left out of a share, or of the whole of a table, holds three organizations as well, or
nothing: otherwise the rest would tell what the number hides.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from matchmaking.oversight.suppression import LEAST, REST, Cell, merge_small

from .cuts import CUTS, parts_of
from .definitions import figures_of
from .enums import Kind
from .facts import Facts
from .numbers import Figure


@dataclass(frozen=True)
class PublicPart:
    """A line of a public table: how many people, and nothing that leads to them."""

    label: str
    count: int


def sides_of(kind: str, records: list[int], facts: Facts) -> list[set[Hashable]]:
    """Whose people stand in these records: for what two people do, on either side of it."""
    wanted = set(records)
    if kind == Kind.REQUEST:
        rows = [each for each in facts.requests if each.pk in wanted]
        sides = [[each.asking for each in rows], [each.asked for each in rows]]
    elif kind == Kind.MEETING:
        seated = [[each.person for each in facts.seats_of[pk]] for pk in wanted]
        sides = [
            [pk for each in seated for pk in each[:1]],
            [pk for each in seated for pk in each[1:]],
        ]
    elif kind == Kind.SEAT:
        sides = [[each.person for each in facts.seats if each.pk in wanted]]
    elif kind == Kind.LEAD:
        leads = [each for each in facts.leads if each.pk in wanted]
        exhibitors = facts.owners_of(each.exhibitor for each in leads)
        return [exhibitors, facts.organizations_of(each.person for each in leads)]
    elif kind == Kind.EXHIBITOR:
        return [facts.owners_of(records)]
    else:
        sides = [records]
    return [facts.organizations_of(side) for side in sides]


def may_be_known(figure: Figure, facts: Facts) -> bool:
    """Whether nobody learns from the number what one or two organizations did."""
    kind, part = figure.number.kind, figure.part
    rest = sorted(set(figure.whole or []) - set(part))
    sides = [side for each in (part, rest) if each for side in sides_of(kind, each, facts)]
    return all(len(side) >= LEAST for side in sides)


def public_figures(facts: Facts) -> list[Figure]:
    """The numbers of the short version that may be known, in the order of the report.

    A count of nothing is left out: it tells of what the fair was not for.
    """
    return [
        figure
        for figure in figures_of(facts).values()
        if figure.number.is_public and _tells(figure) and may_be_known(figure, facts)
    ]


def _tells(figure: Figure) -> bool:
    return figure.value is not None and bool(figure.value or figure.whole)


def public_parts(key: str, facts: Facts, rest_label: str) -> list[PublicPart]:
    """A table of who came, small parts put together; empty where even the whole is too small."""
    cut, came = CUTS[key], {each.pk for each in facts.came}
    cells, labels = [], {REST: rest_label}
    for part in parts_of(cut, facts):
        records = [pk for pk in part.records if pk in came]
        whose = facts.organizations_of(records)
        cells.append(
            Cell(part.key, len(records), Decimal(len(records)), sellers=whose, buyers=whose)
        )
        labels[part.key] = part.label
    kept = merge_small(cell for cell in cells if cell.count)
    return [PublicPart(labels[cell.key], cell.count) for cell in kept]


def may_show_amount(facts: Facts) -> bool:
    """A sum of contracts that tells nobody's price: three sellers and three buyers at least."""
    whole = Cell(REST)
    for each in facts.signed:
        whole = whole.add(Cell(REST, sellers=set(each.owners), buyers=set(each.takers)))
    return whole.is_safe
