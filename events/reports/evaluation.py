"""Fairs as objects of the commission's evaluation, with the numbers of their reports."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair
from matchmaking.evaluation.enums import ObjectType
from matchmaking.evaluation.indicators import Measure, register_query
from matchmaking.evaluation.objects import Candidate, Ids, register_objects
from matchmaking.evaluation.ready_made import register_ready_made

from .definitions import NUMBERS
from .enums import Unit
from .facts import read_facts
from .numbers import figure_of
from .ready_made import FAIRS as SCHEME
from .rules import FINAL_STATES

FAIRS = (ObjectType.FAIR,)
SOURCE = _("registrations, requests, meetings and feedback of the fair")
UNITS: dict[str, str | Promise] = {
    Unit.SHARE: "%",
    Unit.MEAN: _("meetings per person"),
    Unit.MONEY: _("yuan"),
    Unit.COUNT: _("items"),
}
# With what a fair's score may be compared afterwards.
OUTCOMES = {"yield", "contracts"}
KEYS = (
    "show_up",
    "acceptance",
    "must_meet",
    "mean",
    "feedback",
    "possible",
    "yield",
    "contracts",
    "cost_per_meeting",
)


class Fairs:
    """Fairs that are over; their people are those who planned them."""

    def candidates(
        self, *, organization_ids: Ids | None = None, object_ids: Ids | None = None
    ) -> list[Candidate]:
        fairs = Fair.objects.published().filter(state__in=FINAL_STATES)
        if organization_ids is not None:
            fairs = fairs.filter(organizer__in=organization_ids)
        if object_ids is not None:
            fairs = fairs.filter(pk__in=object_ids)
        rows = fairs.order_by("page__starts_at", "pk")
        return [
            Candidate(pk, title, title_en, organizer)
            for pk, title, title_en, organizer in rows.values_list(
                "pk", "page__title", "page__title_en", "organizer_id"
            )
        ]

    def units(self, object_ids: Ids) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        rows = Fair.co_organizers.through._default_manager.filter(fair__in=object_ids)
        for fair, organization in rows.values_list("fair_id", "organization_id"):
            found[fair].add(organization)
        return found

    def people(self, object_ids: Ids) -> dict[int, set[int]]:
        rows = Fair.objects.filter(pk__in=object_ids).values_list(
            "pk", "created_by", "submitted_by"
        )
        return {pk: {who for who in planners if who} for pk, *planners in rows}


def _ask(key: str) -> Callable[[Collection[int], date, date], dict[int, Measure]]:
    def ask(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
        """Fairs that ended in the period; one without such a number is not in the answer."""
        number = NUMBERS[key]
        ended = Fair.objects.filter(pk__in=ids, page__ends_at__date__range=(start, end))
        found: dict[int, Measure] = {}
        for pk, facts in read_facts(list(ended.with_page())).items():
            if number.needs not in facts.has:
                continue
            figure = figure_of(number, facts)
            if figure.value is not None:
                base = None if figure.whole is None else len(figure.whole)
                found[pk] = Measure(float(figure.value), base)
        return found

    return ask


register_objects(ObjectType.FAIR, Fairs())
register_ready_made(SCHEME)
for key in KEYS:
    register_query(
        f"fair_{key}",
        label=NUMBERS[key].label,
        formula=NUMBERS[key].formula,
        unit=UNITS[NUMBERS[key].unit],
        source=SOURCE,
        object_types=FAIRS,
        is_outcome=key in OUTCOMES,
    )(_ask(key))
