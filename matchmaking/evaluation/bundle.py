"""Everything of a round that somebody needs to reckon it again, as plain data (归档内容)."""

import json
from typing import Any

from .models import Assignment, Draw, Evidence, Indicator, Moderation, ReportedValue, Round, Score

FORMAT = 1


def bundle_of(round_: Round) -> dict[str, Any]:
    """The round as JSON data; experts stand in it by the codes that the draw shows."""
    return {
        "format": FORMAT,
        "scheme": _scheme(round_),
        "round": {
            "id": round_.pk,
            "title": round_.title,
            "year": round_.year,
            "seed": round_.seed,
            "experts_per_subject": round_.experts_per_subject,
            "decision": round_.decision,
            "decided_at": _moment(round_.decided_at),
            "published_at": _moment(round_.published_at),
            "publicity_until": _moment(round_.publicity_until),
        },
        "subjects": _subjects(round_),
        "values": _rows(
            ReportedValue.objects.filter(subject__round=round_),
            ("subject", "indicator", "value", "base", "statement", "original", "reason"),
        ),
        "evidence": _rows(
            Evidence.objects.filter(subject__round=round_),
            ("subject", "indicator", "name", "digest"),
        ),
        "draws": _rows(
            Draw.objects.filter(subject__round=round_),
            ("subject", "seed", "pool", "recusals", "count", "drawn"),
        ),
        "tasks": [
            {
                "id": task.pk,
                "subject": task.subject_id,
                "expert": f"E{task.expert_id:06d}",
                "state": task.state,
                "opinion": task.opinion,
                "decline_reason": task.decline_reason,
            }
            for task in Assignment.objects.filter(subject__round=round_).order_by("pk")
        ],
        "scores": _rows(
            Score.objects.filter(assignment__subject__round=round_),
            ("assignment", "indicator", "value", "comment"),
        ),
        "moderations": _rows(
            Moderation.objects.filter(subject__round=round_),
            ("subject", "indicator", "value", "reason"),
        ),
    }


def _subjects(round_: Round) -> list[dict[str, Any]]:
    subjects = round_.subjects.select_related("organization").order_by("number")
    return [
        {
            "id": subject.pk,
            "number": subject.number,
            "object": subject.object_id,
            "label": subject.label_zh,
            "unit": subject.organization.name,
            "credit_code": subject.organization.credit_code,
            "state": subject.state,
            "score": subject.score,
            "rank": subject.rank,
            "grade": subject.grade,
            "override_reason": subject.override_reason,
            "answer": subject.answer,
            "objection": subject.objection,
            "reply": subject.reply,
        }
        for subject in subjects
    ]


def as_bytes(bundle: dict[str, Any]) -> bytes:
    """Canonical JSON: the same data are the same bytes."""
    return json.dumps(bundle, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _scheme(round_: Round) -> dict[str, Any]:
    scheme = round_.scheme
    return {
        "code": scheme.code,
        "version": scheme.version,
        "title": scheme.title,
        "method": scheme.method,
        "weighting": scheme.weighting,
        "comparisons": scheme.comparisons,
        "spread_limit": scheme.spread_limit,
        "indicators": [
            {**row, "weight": str(row["weight"])}
            for row in _rows(
                Indicator.objects.filter(scheme=scheme),
                (
                    "id",
                    "parent",
                    "name",
                    "kind",
                    "query",
                    "is_cost",
                    "unit",
                    "low",
                    "high",
                    "weight",
                    "missing",
                ),
            )
        ],
    }


def _rows(rows, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return list(rows.order_by("pk").values(*names))


def _moment(value) -> str | None:
    return value.isoformat() if value else None
