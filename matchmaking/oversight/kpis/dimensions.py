"""The columns that every number's records share: year, industry, district, institute.

A case, a listing and a need each count in one industry only, so that the parts of a table add up
to the whole.
"""

from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractYear


def flag(condition: Q | Combinable) -> Case:
    """1 where the condition holds, else 0."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def cut(rows: Any, *, day: str, **dimensions: Any) -> Any:
    """Annotate ``in_year`` and the given dimensions; ``day`` names a date of the record."""
    named = {f"in_{name}": value for name, value in dimensions.items()}
    return rows.order_by().annotate(in_day=F(day), in_year=ExtractYear(day), **named)


def cut_cases(rows: QuerySet, *, day: str, case: str = "") -> QuerySet:
    """The dimensions of records that belong to a case, by its first owner."""
    return cut(
        rows,
        day=day,
        industry=F(f"{case}industry"),
        district=F(f"{case}lead_owner__district__code"),
        institute=F(f"{case}lead_owner"),
    )


def cut_contracts(rows: QuerySet, *, side: str = "seller") -> QuerySet:
    """The dimensions of contracts; ``side`` says whose district counts."""
    return cut(
        rows,
        day="signed_on",
        industry=F("case__industry"),
        district=F(f"{side}__organization__district__code"),
        institute=F("seller__organization"),
    )
