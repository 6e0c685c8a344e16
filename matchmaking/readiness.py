"""How ready a need is to be matched: named checks, each with its points and what to do."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from .models import Need, NeedTarget

MINIMUM_PROBLEM_LENGTH = 80
_NUMBER = re.compile(r"\d")
_PRODUCT_WISH = re.compile(r"(采购|购买|求购|订购|需要一台|想买|想找一[台套])")


@dataclass(frozen=True)
class Check:
    """One question to a need; ``points`` count when it is passed."""

    name: str
    label: str
    passed: bool
    points: int
    advice: str


@dataclass(frozen=True)
class Readiness:
    """The answer to all questions; ``score`` is 0–100."""

    checks: list[Check]

    @property
    def score(self) -> int:
        return sum(check.points for check in self.checks if check.passed)

    @property
    def line(self) -> int:
        return settings.NEED_READINESS_LINE

    @property
    def is_ready(self) -> bool:
        """Whether the need may go to the platform; below the line a broker repairs it."""
        return self.score >= self.line


def assess_need(need: Need, targets: list[NeedTarget] | None = None) -> Readiness:
    """Ask every question of a need; ``targets`` stand for its own where given."""
    if targets is None:
        targets = list(need.targets.all())
    return Readiness([*_ask_of_the_text(need, targets), *_ask_of_the_terms(need)])


def _ask_of_the_text(need: Need, targets: list[NeedTarget]) -> list[Check]:
    quantified = any(_NUMBER.search(target.value) for target in targets)
    names_product = bool(_PRODUCT_WISH.search(f"{need.title} {need.problem}"))
    return [
        Check(
            "targets",
            _("Quantified target"),
            quantified,
            25,
            _("Name at least one figure that a solution must reach, with its unit."),
        ),
        Check(
            "length",
            _("The problem is described"),
            len(need.problem) >= MINIMUM_PROBLEM_LENGTH,
            20,
            _("Say in at least 80 characters what happens, where, and since when."),
        ),
        Check(
            "problem",
            _("A problem, not a product"),
            bool(need.problem) and not names_product,
            15,
            _("Say what is to be solved rather than which product you would buy."),
        ),
        Check(
            "current",
            _("Today's solution"),
            len(need.current_solution) >= 15,
            10,
            _("Say what you use today and where it fails."),
        ),
        Check(
            "constraints",
            _("Conditions"),
            bool(need.constraints.strip()),
            10,
            _("Name site, size, certification or raw material that are given."),
        ),
    ]


def _ask_of_the_terms(need: Need) -> list[Check]:
    return [
        Check(
            "budget",
            _("Budget"),
            need.budget_min is not None or need.budget_max is not None,
            10,
            _("Give a range; it need not be exact."),
        ),
        Check(
            "deadline",
            _("Deadline"),
            need.deadline is not None,
            5,
            _("Say by when it is needed."),
        ),
        Check(
            "decision",
            _("Who decides"),
            bool(need.decision_maker.strip()),
            5,
            _("Name the post that approves the budget."),
        ),
    ]
