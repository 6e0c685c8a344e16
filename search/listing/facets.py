"""A facet is one object that knows its form field, its filter, its aggregation and its display."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Label = str | Promise
CHOICES_AT_MOST = 50
MISSING = "none"


@dataclass(frozen=True)
class Facet:
    """A facet over coded values (筛选项).

    ``name`` is the query parameter; ``field`` the document's field. ``display`` turns ids into
    labels in one call; a value asked for that it does not name is dropped. ``order`` is ``count``,
    ``key``, ``-key`` or ``display`` (the order in which ``display`` names them).
    """

    name: str
    field: str
    label: Label
    display: Callable[[list[str]], Mapping[str, Label]] | None = None
    order: str = "count"
    size: int = 30
    is_single: bool = False

    def chosen(self, parameters: QueryDict) -> list[str]:
        """The values asked for, in order, each once, none absurd."""
        values = [value for value in parameters.getlist(self.name) if 0 < len(value) <= 64]
        unique = list(dict.fromkeys(values))[:CHOICES_AT_MOST]
        if self.display and unique:
            named = self.display(unique)
            unique = [value for value in unique if value in named]
        return unique[:1] if self.is_single else unique

    def filter(self, chosen: Sequence[str]) -> dict:
        return {"terms": {self.field: list(chosen)}}

    def aggregation(self) -> dict:
        return {"terms": {"field": self.field, "size": self.size}}

    def aggregations(self) -> dict[str, dict]:
        """What to ask for, by name; the facet's own name first."""
        return {self.name: self.aggregation()}

    def counts_in(self, answers: dict[str, dict]) -> dict[str, int]:
        """Value → number of documents, out of a whole search's aggregations."""
        return self.counts(_inner(answers[self.name]))

    def counts(self, answer: dict) -> dict[str, int]:
        """Value → number of documents, out of this facet's part of an answer."""
        return {
            str(bucket["key"]): bucket["doc_count"]
            for bucket in answer["buckets"]
            if bucket["key"] != ""
        }

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        named = self.display(list(values)) if self.display and values else {}
        return {value: str(named.get(value, value)) for value in values}

    def arranged(self, counts: dict[str, int], labels: dict[str, str]) -> list[str]:
        if self.order in {"key", "-key"}:
            return sorted(counts, reverse=self.order == "-key")
        if self.order == "display" and self.display:
            places = {value: place for place, value in enumerate(self.display(list(counts)))}
            return sorted(counts, key=lambda value: (places.get(value, len(places)), value))
        return sorted(counts, key=lambda value: (-counts[value], labels[value]))


def _inner(answer: dict) -> dict:
    """An aggregation without the filter of the other facets around it."""
    return answer.get("inner", answer)


@dataclass(frozen=True)
class Interval:
    """One step of a range facet: ``low`` included, ``high`` not; None is open."""

    key: str
    label: Label
    low: float | None = None
    high: float | None = None

    def clause(self, field_name: str) -> dict:
        bounds = {"gte": self.low, "lt": self.high}
        return {"range": {field_name: {k: v for k, v in bounds.items() if v is not None}}}


@dataclass(frozen=True)
class RangeFacet(Facet):
    """A facet over numbers in steps; ``?price=3000-7000`` asks for a range of one's own.

    ``missing_label`` names an option of its own for listings that state no number.
    """

    intervals: Sequence[Interval] = field(default=())
    missing_label: Label = ""

    def interval(self, key: str) -> Interval | None:
        for interval in self.intervals:
            if interval.key == key:
                return interval
        low, dash, high = key.partition("-")
        if not dash or not (low or high):
            return None
        try:
            bounds = [float(edge) if edge else None for edge in (low, high)]
        except ValueError:
            return None
        if any(edge is not None and not 0 <= edge < 1e15 for edge in bounds):
            return None
        return Interval(key, _range_label(*bounds), *bounds)

    def _intervals(self, keys: Sequence[str]) -> list[Interval]:
        return [interval for key in keys if (interval := self.interval(key))]

    def chosen(self, parameters: QueryDict) -> list[str]:
        keys = super().chosen(parameters)
        return [
            key for key in keys if self.interval(key) or (key == MISSING and self.missing_label)
        ]

    def filter(self, chosen: Sequence[str]) -> dict:
        clauses = [interval.clause(self.field) for interval in self._intervals(chosen)]
        if MISSING in chosen:
            clauses.append({"bool": {"must_not": [{"exists": {"field": self.field}}]}})
        return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}

    def aggregations(self) -> dict[str, dict]:
        found = super().aggregations()
        if self.missing_label:
            found[self._missing_name] = {"missing": {"field": self.field}}
        return found

    @property
    def _missing_name(self) -> str:
        return f"{self.name}_{MISSING}"

    def counts_in(self, answers: dict[str, dict]) -> dict[str, int]:
        counts = super().counts_in(answers)
        if self.missing_label:
            counts[MISSING] = _inner(answers[self._missing_name])["doc_count"]
        return counts

    def aggregation(self) -> dict:
        ranges = [
            {
                "key": interval.key,
                **{
                    name: edge
                    for name, edge in (("from", interval.low), ("to", interval.high))
                    if edge is not None
                },
            }
            for interval in self.intervals
        ]
        return {"range": {"field": self.field, "ranges": ranges}}

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        named = {interval.key: str(interval.label) for interval in self._intervals(values)}
        return named | {key: str(self.missing_label) for key in values if key == MISSING}

    def arranged(self, counts: dict[str, int], labels: dict[str, str]) -> list[str]:
        known = [interval.key for interval in self.intervals if interval.key in counts]
        return known + [key for key in counts if key not in known]


def _range_label(low: float | None, high: float | None) -> str:
    if low is None:
        return _("below %(high)s") % {"high": f"{high:,g}"}
    if high is None:
        return _("%(low)s and more") % {"low": f"{low:,g}"}
    return _("%(low)s to %(high)s") % {"low": f"{low:,g}", "high": f"{high:,g}"}


@dataclass(frozen=True)
class Sort:
    """One way to order a list: a numeric or date field, ``-`` before it to turn it round."""

    key: str
    field: str
    label: Label

    def clauses(self) -> list:
        if self.field == "_score":
            return ["_score", {"published_at": "desc"}, {"sort_id": "asc"}]
        order = "desc" if self.field.startswith("-") else "asc"
        name = self.field.removeprefix("-")
        return [{name: {"order": order, "missing": "_last"}}, {"sort_id": "asc"}]
