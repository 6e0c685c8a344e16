"""Numbers from the ledger that schemes may use: the registry, and those of the rooms below.

A room above registers its own with ``register_query``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from achievements.models import AchievementPage
from ip.models import AchievementPatent, PatentHolder, PatentPage

from ..models import Verdict
from ..statistics import ACCEPTED_LEVEL
from .enums import ObjectType

FEW = 5
type_words = str | Promise


@dataclass(frozen=True)
class Measure:
    """``base`` is the denominator of a share; ``value`` is None where there is none."""

    value: float | None
    base: int | None = None


Ask = Callable[[Collection[int], date, date], dict[int, Measure]]


@dataclass(frozen=True)
class LedgerQuery:
    """One registered number: ``ask`` answers for many objects over a period, ends included.

    An object that is not in the answer has no such number, which is not zero. ``is_outcome``
    numbers are what a score may be compared with afterwards.
    """

    key: str
    label: type_words
    formula: type_words
    unit: type_words
    source: type_words
    object_types: tuple[str, ...]
    ask: Ask
    is_outcome: bool = False


_queries: dict[str, LedgerQuery] = {}


def register_query(
    key: str,
    *,
    label: type_words,
    formula: type_words,
    unit: type_words,
    source: type_words,
    object_types: tuple[str, ...],
    is_outcome: bool = False,
) -> Callable[[Ask], Ask]:
    """Register the decorated function as a number of the ledger."""

    def keep(ask: Ask) -> Ask:
        _queries[key] = LedgerQuery(
            key, label, formula, unit, source, object_types, ask, is_outcome
        )
        return ask

    return keep


def query_of(key: str) -> LedgerQuery | None:
    return _queries.get(key)


def queries_for(object_type: str) -> list[LedgerQuery]:
    return [each for each in _queries.values() if object_type in each.object_types]


def outcomes_for(object_type: str) -> list[LedgerQuery]:
    return [each for each in queries_for(object_type) if each.is_outcome]


def is_small(base: int | None) -> bool:
    """Whether a share rests on too few records to tell much."""
    return base is not None and base < FEW


UNITS = (ObjectType.INSTITUTE, ObjectType.BROKER)
PORTAL = _("records of this portal")


def counted(ids: Collection[int], rows: dict[int, int]) -> dict[int, Measure]:
    """A count that found nothing is a true zero."""
    return {pk: Measure(float(rows.get(pk, 0))) for pk in ids}


@register_query(
    "achievements_published",
    label=_("Achievements published"),
    formula=_("achievements of the unit first published in the period"),
    unit=_("items"),
    source=PORTAL,
    object_types=UNITS,
)
def achievements_published(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = AchievementPage.objects.filter(
        institute__organization__in=ids, first_published_at__date__range=(start, end)
    )
    found = rows.order_by().values_list("institute__organization").annotate(Count("pk"))
    return counted(ids, dict(found))


@register_query(
    "patents_offered",
    label=_("Patents offered"),
    formula=_("patent pages of the unit first published in the period"),
    unit=_("items"),
    source=PORTAL,
    object_types=UNITS,
)
def patents_offered(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = PatentPage.objects.filter(
        institute__organization__in=ids, first_published_at__date__range=(start, end)
    )
    found = rows.order_by().values_list("institute__organization").annotate(Count("pk"))
    return counted(ids, dict(found))


@register_query(
    "patents_granted",
    label=_("Patents granted"),
    formula=_("patents recorded here, held by the unit and granted in the period"),
    unit=_("items"),
    source=_("patent records, compared with the register where marked so"),
    object_types=UNITS,
)
def patents_granted(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = PatentHolder.objects.filter(organization__in=ids, patent__granted_on__range=(start, end))
    found = rows.values_list("organization").annotate(Count("patent", distinct=True))
    return counted(ids, dict(found))


@register_query(
    "needs_matched",
    label=_("Needs for which a listing was accepted"),
    formula=_("needs whose company judged a listing of the unit relevant in the period"),
    unit=_("items"),
    source=PORTAL,
    object_types=UNITS,
)
def needs_matched(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    owner = _owners(ids)
    needs: dict[int, set[int]] = {}
    for page, level, need in _verdicts(owner, start, end):
        if level >= ACCEPTED_LEVEL:
            needs.setdefault(owner[page], set()).add(need)
    return counted(ids, {pk: len(found) for pk, found in needs.items()})


@register_query(
    "verdicts_accepted",
    label=_("Matches accepted"),
    formula=_("verdicts “relevant” or better ÷ verdicts on the unit's listings in the period"),
    unit="%",
    source=PORTAL,
    object_types=UNITS,
)
def verdicts_accepted(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    owner = _owners(ids)
    rows = [(owner[page], level) for page, level, _need in _verdicts(owner, start, end)]
    return _shares(rows)


@register_query(
    "achievement_patents",
    label=_("Patents granted behind the achievement"),
    formula=_("patents linked to the achievement and granted by the end of the period"),
    unit=_("items"),
    source=PORTAL,
    object_types=(ObjectType.ACHIEVEMENT,),
)
def achievement_patents(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    granted = Q(patent__granted_on__lte=end)
    rows = AchievementPatent.objects.filter(granted, page__in=ids).order_by()
    return counted(ids, dict(rows.values_list("page").annotate(Count("patent", distinct=True))))


@register_query(
    "achievement_accepted",
    label=_("Matches of the achievement accepted"),
    formula=_("verdicts “relevant” or better ÷ verdicts on the achievement in the period"),
    unit="%",
    source=PORTAL,
    object_types=(ObjectType.ACHIEVEMENT,),
)
def achievement_accepted(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = _verdicts(dict.fromkeys(ids, 0), start, end)
    return _shares([(page, level) for page, level, _need in rows])


def _owners(organization_ids: Collection[int]) -> dict[int, int]:
    """Listing → organization, of achievements and patent pages."""
    found: dict[int, int] = {}
    for model in (AchievementPage, PatentPage):
        rows = model.objects.filter(institute__organization__in=organization_ids)
        found |= dict(rows.order_by().values_list("pk", "institute__organization"))
    return found


def _verdicts(pages: Collection[int], start: date, end: date) -> list[tuple[int, int, int]]:
    rows = Verdict.objects.counted().filter(page__in=pages, created_at__date__range=(start, end))
    return list(rows.values_list("page", "level", "need"))


def _shares(rows: list[tuple[int, int]]) -> dict[int, Measure]:
    levels: dict[int, list[int]] = {}
    for pk, level in rows:
        levels.setdefault(pk, []).append(level)
    return {
        pk: Measure(100 * sum(level >= ACCEPTED_LEVEL for level in each) / len(each), len(each))
        for pk, each in levels.items()
    }
