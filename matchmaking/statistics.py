"""How often what was shown was accepted: precision by month, rank and industry (匹配精度)."""

import re
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from .models import Impression, Verdict

ACCEPTED_LEVEL = 3
TOO_FEW = 5
MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
BANDS = (("1-5", 1, 5), ("6-10", 6, 10), ("11-20", 11, 20))


@dataclass(frozen=True)
class Precision:
    """``accepted`` of ``shown`` matches; ``key`` filters the records behind it."""

    key: str
    label: str
    shown: int
    judged: int
    accepted: int

    @property
    def percent(self) -> int | None:
        """Accepted in per cent of shown; None where too few were shown to tell."""
        return round(100 * self.accepted / self.shown) if self.shown >= TOO_FEW else None


def impressions() -> QuerySet:
    """Every shown match with ``judged``, ``accepted`` (by the need's side), ``band``, ``month``."""
    verdicts = Verdict.objects.counted().filter(need=OuterRef("need"), page=OuterRef("page"))
    bands = [When(shown_rank__lte=high, then=Value(key)) for key, _low, high in BANDS]
    return Impression.objects.annotate(
        judged=Exists(verdicts),
        accepted=Exists(verdicts.filter(level__gte=ACCEPTED_LEVEL)),
        band=Case(*bands, default=Value(""), output_field=CharField()),
        month=TruncMonth("shown_at"),
    )


def filtered(rows: QuerySet, *, month: str = "", band: str = "", industry: str = "") -> QuerySet:
    """The records behind one number; a filter that means nothing finds nothing."""
    if month:
        found = MONTH.fullmatch(month)
        if not found:
            return rows.none()
        rows = rows.filter(shown_at__year=int(found[1]), shown_at__month=int(found[2]))
    if band:
        rows = rows.filter(band=band)
    if industry:
        rows = rows.filter(need__industries__code=industry)
    return rows


def _counts() -> dict:
    return {
        "shown": Count("pk", distinct=True),
        "n_judged": Count("pk", filter=Q(judged=True), distinct=True),
        "n_accepted": Count("pk", filter=Q(accepted=True), distinct=True),
    }


def overall() -> Precision:
    row = impressions().aggregate(**_counts())
    return Precision("", "", row["shown"], row["n_judged"], row["n_accepted"])


def by_month() -> list[Precision]:
    rows = impressions().values("month").annotate(**_counts()).order_by("month")
    return [_precision(f"{row['month']:%Y-%m}", f"{row['month']:%Y-%m}", row) for row in rows]


def by_band() -> list[Precision]:
    rows = impressions().exclude(band="").values("band").annotate(**_counts())
    found = {row["band"]: row for row in rows}
    return [
        _precision(key, f"{low}–{high}", found[key]) for key, low, high in BANDS if key in found
    ]


def by_industry(labels: dict[str, str]) -> list[Precision]:
    """``labels`` names the industries by code, in their order."""
    rows = impressions().values("need__industries__code").annotate(**_counts())
    found = {row["need__industries__code"]: row for row in rows}
    return [_precision(code, label, found[code]) for code, label in labels.items() if code in found]


def _precision(key: str, label: str, row: dict) -> Precision:
    return Precision(key, label, row["shown"], row["n_judged"], row["n_accepted"])
