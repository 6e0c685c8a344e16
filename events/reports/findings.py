"""What to change next time: a table of rules, each a number, its threshold and the action.

The thresholds are this portal's own choice. Only one rests on others' experience: about every
second request for a meeting is turned down (domain reference §1.1, note on scheduling vendors).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .numbers import Figure

FEW = 5  # records under which a share tells nothing


@dataclass(frozen=True)
class Rule:
    """Holds when the number is above ``limit``, or below it."""

    key: str
    is_above: bool
    limit: float
    finding: Promise
    action: Promise

    def holds(self, value: float) -> bool:
        return value > self.limit if self.is_above else value < self.limit


@dataclass(frozen=True)
class Finding:
    """A rule that holds, with the number it rests on."""

    rule: Rule
    figure: Figure

    @property
    def text(self) -> str:
        return str(self.rule.finding) % {"value": f"{self.figure.value:.0f}"}


def _above(key: str, limit: float, finding: Promise, action: Promise) -> Rule:
    return Rule(key, True, limit, finding, action)


def _below(key: str, limit: float, finding: Promise, action: Promise) -> Rule:
    return Rule(key, False, limit, finding, action)


RULES = (
    _below(
        "approval",
        60,
        _("Only %(value)s %% of those who registered were admitted."),
        _("Say in the announcement whom the fair is for, and admit only the roles that fit."),
    ),
    _below(
        "show_up",
        75,
        _("Only %(value)s %% of those who were admitted came."),
        _(
            "Remind people the day before with their meetings, make withdrawing easy, and let the "
            "waiting list move up until the evening before."
        ),
    ),
    _below(
        "complete",
        70,
        _("Only %(value)s %% of the profiles were complete."),
        _("Make post, one line and an offer or need a condition of admission."),
    ),
    _below(
        "acceptance",
        40,
        _("Only %(value)s %% of the requests were accepted."),
        _("Lower the quota of requests, and ask for a subject and a reason in each of them."),
    ),
    _above(
        "expired",
        15,
        _("%(value)s %% of the requests ran out without an answer."),
        _("Open requests earlier, or remind people of the answers that they owe more often."),
    ),
    _below(
        "must_meet",
        80,
        _("Only %(value)s %% of the must-meets were held."),
        _("Add slots or tables, or lower how many requests may be marked “must”."),
    ),
    _above(
        "not_held",
        10,
        _("%(value)s %% of the arranged meetings did not take place."),
        _("Remind people before each meeting, and fill tables that fall free on the spot."),
    ),
    _above(
        "alone",
        15,
        _("%(value)s %% of the people came and met nobody."),
        _("Before the fair, write to people without a request and suggest three partners."),
    ),
    _below(
        "feedback",
        50,
        _("Only %(value)s %% said afterwards how their meeting was."),
        _("Ask at the table, with the code on the table card, before people get up."),
    ),
    _below(
        "possible",
        25,
        _("Only %(value)s %% of the answers see a possible cooperation."),
        _("Look at why requests were made and declined, and invite by needs, not by lists."),
    ),
    _below(
        "sought_out",
        60,
        _("Only %(value)s %% of the exhibitors noted a visitor."),
        _(
            "Show exhibitors before the opening how tickets are scanned, and send visitors routes "
            "by industry."
        ),
    ),
)


def findings_of(figures: Mapping[str, Figure]) -> list[Finding]:
    """What holds for a fair, in the order of the report."""
    found = []
    for rule in RULES:
        figure = figures.get(rule.key)
        if figure is None or figure.value is None or len(figure.whole or []) < FEW:
            continue
        if rule.holds(float(figure.value)):
            found.append(Finding(rule, figure))
    return found
