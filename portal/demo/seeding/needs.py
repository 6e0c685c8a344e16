import random
from datetime import timedelta

from django.utils import timezone

from matchmaking.enums import Grade, NeedState, VerdictReason
from matchmaking.models import Impression, Need, NeedProposal, NeedTarget, Verdict
from matchmaking.readiness import assess_need
from portal.accounts.enums import PortalRole
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField
from portal.taxonomy.services import assign_code

PLAIN_FIELDS = ("title", "kind", "problem", "current_solution", "constraints", "decision_maker")


def seed_needs(rows: list[dict], organizations: dict, users: dict, staff: dict) -> None:
    """Write the needs in every state, dated back as the content says."""
    for row in rows:
        need = _create_need(row, organizations, users)
        _move_to_state(need, row, staff)


def seed_judgements(rows: list[dict], users: dict, achievements: dict) -> None:
    """Let companies have seen and judged matches over the last months, for the statistics.

    What fits was shown high and mostly accepted; of what else the industry offers some was shown
    lower and mostly refused. Fewer than five verdicts a need: the order stays the method's own.
    """
    chance = random.Random(len(rows))  # noqa: S311  the same city every time
    needs = {need.title: need for need in Need.objects.filter(published_at__isnull=False)}
    industries = {
        key: {term.pk for term in page.industries.all()} for key, page in achievements.items()
    }
    for row in rows:
        need = needs.get(row["title"])
        if need is None:
            continue
        fitting = [achievements[key] for key in row.get("fits") or [] if key in achievements]
        wanted = {term.pk for term in need.industries.all()}
        others = [
            page
            for key, page in achievements.items()
            if page not in fitting and industries[key] & wanted
        ]
        shown = fitting + chance.sample(others, min(len(others), 3))
        assert need.published_at is not None
        moment = need.published_at + timedelta(days=1)
        for rank, page in enumerate(shown, start=1):
            Impression.objects.create(
                need=need,
                page=page,
                shown_rank=rank + (rank > len(fitting)) * chance.randrange(3),
                grade=Grade.GOOD if page in fitting else Grade.FAIR,
                shown_at=moment,
            )
        for page in shown[:4]:
            fits = chance.random() < (0.85 if page in fitting else 0.3)
            Verdict.objects.create(
                need=need,
                page=page,
                user=users[row["author"]],
                level=chance.choice((3, 4) if fits else (1, 2)),
                reason=VerdictReason.FITS if fits else VerdictReason.OTHER_PROBLEM,
                shown_rank=1,
            )


def _create_need(row: dict, organizations: dict, users: dict) -> Need:
    today = timezone.localdate()
    [code] = assign_code(prefix="XQ")
    need = Need.objects.create(
        code=code,
        organization=organizations[row["organization"]],
        author=users[row["author"]],
        title_en=row.get("title_en") or "",
        budget_min=row.get("budget_min"),
        budget_max=row.get("budget_max"),
        deadline=today + timedelta(days=row["deadline_days"]) if row.get("deadline_days") else None,
        keywords="，".join(row.get("keywords") or []),
        confidentiality=row["confidentiality"],
        **{name: row.get(name) or "" for name in PLAIN_FIELDS},
    )
    NeedTarget.objects.bulk_create(
        NeedTarget(need=need, sort_order=order, **target)
        for order, target in enumerate(row["targets"])
    )
    need.industries.set(Industry.objects.filter(code__in=row["industries"]))
    need.technical_fields.set(TechnicalField.objects.filter(code__in=row["fields"]))
    need.modes.set(CooperationMode.objects.filter(code__in=row["modes"]))
    need.directed_to.set(organizations[key] for key in row.get("directed_to") or [])
    return need


def _move_to_state(need: Need, row: dict, staff: dict) -> None:
    now = timezone.now()
    published = now - timedelta(days=row["days_ago"], hours=2)
    state = row["state"]
    changes = {"state": state, "readiness": assess_need(need).score}
    if state != NeedState.DRAFT:
        changes["submitted_at"] = published
    if state in {NeedState.PUBLISHED, NeedState.CLOSED, NeedState.EXPIRED}:
        days = -3 if state == NeedState.EXPIRED else 180 - row["days_ago"] % 150
        changes |= {
            "published_at": published,
            "confirmed_at": published,
            "valid_until": timezone.localdate() + timedelta(days=days),
        }
    if state == NeedState.CLOSED:
        changes |= {"closed_at": now, "outcome": row.get("outcome") or "SOLVED_HERE"}
    if state == NeedState.RETURNED:
        changes["return_reason"] = "请写明现有方案的不足和目标数值。"
    if state in {NeedState.AT_BROKER, NeedState.PROPOSED}:
        changes["broker"] = staff[PortalRole.BROKER]
    Need.objects.filter(pk=need.pk).update(**changes)
    if state == NeedState.PROPOSED and row.get("broker_rewrite"):
        NeedProposal.objects.create(
            need=need,
            broker=staff[PortalRole.BROKER],
            content=row["broker_rewrite"],
            note="已把指标写成可检验的数值，请逐项确认。",
        )
