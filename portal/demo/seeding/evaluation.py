"""Evaluation rounds of the demo city: two archived, one in publicity, two running."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from achievements.models import Expert
from matchmaking.evaluation import services
from matchmaking.evaluation.enums import (
    Answer,
    AssignmentState,
    IndicatorKind,
    Method,
    RoundState as State,
    SubjectState,
)
from matchmaking.evaluation.indicators import query_of
from matchmaking.evaluation.models import (
    Assignment,
    Indicator,
    Moderation,
    PoolMember,
    ReportedValue,
    Round,
    Scheme,
    Score,
    Subject,
)
from matchmaking.evaluation.objects import source_of
from matchmaking.evaluation.queries import spreads_of
from portal.accounts.enums import PortalRole
from portal.accounts.models import User

from .remarks import (
    BEFORE,
    CORRECTION,
    DECISION,
    MODERATION,
    NOTICE,
    OBJECTION,
    OPINIONS,
    REPLY,
    remark_on,
)

OBJECTS, POOL = 12, 9
SCHEMES = ("institute-conversion", "achievement-value", "transfer-office", "exemplary-case")
REPORTED_STATES = (State.SELF_REPORT, State.CALL)


@dataclass(frozen=True)
class Plan:
    """One round: what it evaluates, how many days ago it began and how far it has come."""

    scheme: Scheme
    title: str
    title_en: str
    year: int
    began: int
    state: State
    first: int = 0
    must_hold: tuple[int, ...] = ()


def seed_evaluation(staff: dict[str, User], home: int) -> None:
    """Write schemes and rounds; ``home`` is the organization of the sign-ins of an institute."""
    actor = staff[PortalRole.COMMISSION]
    schemes = [_publish(actor, code) for code in SCHEMES]
    for plan in _plans(schemes, timezone.localdate().year, home):
        RoundSeeder(plan, actor, home).seed()


def _publish(actor: User, code: str) -> Scheme:
    scheme = services.create_scheme(actor=actor, ready_made=code)
    if code == "transfer-office":
        scheme.method = Method.TOPSIS
        services.edit_scheme(actor=actor, scheme=scheme)
    return services.publish_scheme(actor=actor, scheme=scheme)


def _plans(schemes: Sequence[Scheme], year: int, home: int) -> list[Plan]:
    institutes, achievements, offices, cases = schemes
    mine, my_cases = (_own_objects(scheme, home) for scheme in (achievements, cases))
    return [
        Plan(
            institutes,
            f"{year - 1}年度高校院所成果转化绩效评估",
            f"Conversion performance of institutes {year - 1}",
            year - 1,
            300,
            State.ARCHIVED,
            must_hold=(home,),
        ),
        Plan(
            achievements,
            f"{year - 1}年度科技成果价值评估（第一批）",
            f"Value of achievements {year - 1}, first batch",
            year - 1,
            240,
            State.ARCHIVED,
            must_hold=mine[:1],
        ),
        Plan(
            offices,
            f"{year}年度技术转移机构评估",
            f"Transfer offices {year}",
            year,
            90,
            State.PUBLICITY,
            must_hold=(home,),
        ),
        Plan(
            institutes,
            f"{year}年度高校院所成果转化绩效评估",
            f"Conversion performance of institutes {year}",
            year,
            45,
            State.SCORING,
            must_hold=(home,),
        ),
        Plan(
            achievements,
            f"{year}年度科技成果价值评估（第一批）",
            f"Value of achievements {year}, first batch",
            year,
            12,
            State.SELF_REPORT,
            first=OBJECTS,
            must_hold=mine,
        ),
        Plan(
            cases,
            f"{year}年典型转化案例评选",
            f"Exemplary conversion cases {year}",
            year,
            20,
            State.SELF_REPORT,
            must_hold=my_cases,
        ),
    ]


def _own_objects(scheme: Scheme, home: int) -> tuple[int, ...]:
    source = source_of(scheme.object_type)
    assert source is not None
    return tuple(each.object_id for each in source.candidates(organization_ids=[home])[:2])


class RoundSeeder:
    """Lives one round through in bulk, the same every time; only draw and seal are services'."""

    def __init__(self, plan: Plan, actor: User, home: int) -> None:
        self.plan, self.actor, self.home = plan, actor, home
        self.chance = random.Random(plan.title)  # noqa: S311  the same city every time
        self.leaves = plan.scheme.leaves

    def day(self, after: int) -> date:
        return timezone.localdate() + timedelta(days=after - self.plan.began)

    def moment(self, after: int) -> datetime:
        return timezone.now() + timedelta(days=after - self.plan.began)

    def seed(self) -> None:
        running = self.plan.state in {State.SCORING, State.SELF_REPORT}
        report, score, answer = (20, 60, 75) if running else (20, 40, 55)
        self.round = Round.objects.create(
            scheme=self.plan.scheme,
            title=self.plan.title,
            title_en=self.plan.title_en,
            year=self.plan.year,
            notice=NOTICE,
            report_until=self.day(report),
            score_until=self.day(score),
            answer_until=self.day(answer),
            state=State.FORMAL_CHECK,
            created_by=self.actor,
        )
        self._enter()
        self._pool()
        self._report()
        if self.plan.state != State.SELF_REPORT:
            services.draw_experts(actor=self.actor, round_=self.round, seed=self._lots())
            self.round.refresh_from_db()
            self._score()
        if not running:
            self._settle()
        if self.plan.state == State.ARCHIVED:
            self._archive()
        else:
            Round.objects.filter(pk=self.round.pk).update(state=self.plan.state)
        Round.objects.filter(pk=self.round.pk).update(created_at=self.moment(0))

    def _enter(self) -> None:
        source = source_of(self.plan.scheme.object_type)
        assert source is not None
        found = source.candidates()
        must = [each for each in found if each.object_id in self.plan.must_hold]
        rest = [each for each in found if each not in must]
        self.chance.shuffle(rest)
        taken = must + rest[self.plan.first : self.plan.first + OBJECTS - len(must)]
        reported = self.plan.state not in REPORTED_STATES
        Subject.objects.bulk_create(
            Subject(
                round=self.round,
                number=number,
                object_id=each.object_id,
                label_zh=each.label,
                label_en=each.label_en,
                organization_id=each.organization_id,
                state=SubjectState.ACCEPTED if reported else self._early_state(each),
                submitted_at=self.moment(18) if reported else None,
            )
            for number, each in enumerate(taken, start=1)
        )
        self.subjects = list(self.round.subjects.order_by("number"))

    def _early_state(self, candidate) -> SubjectState:
        """While reports are written some are there; those of the sign-ins are still to write."""
        if candidate.organization_id != self.home and self.chance.random() < 0.4:
            return SubjectState.SUBMITTED
        return SubjectState.OPEN

    def _pool(self) -> None:
        experts = Expert.objects.order_by("pk").values_list("user", flat=True)[:POOL]
        PoolMember.objects.bulk_create(
            PoolMember(round=self.round, expert_id=user, declared_at=self.moment(15))
            for user in experts
        )

    def _report(self) -> None:
        start, end = date(self.plan.year, 1, 1), date(self.plan.year, 12, 31)
        ids = [subject.object_id for subject in self.subjects]
        rows = []
        for leaf in self.leaves:
            query = query_of(leaf.query)
            measures = query.ask(ids, start, end) if query else {}
            for subject in self.subjects:
                measure = measures.get(subject.object_id)
                row = ReportedValue(subject=subject, indicator=leaf)
                if measure:
                    row.value, row.base = measure.value, measure.base
                    self._before_the_portal(row)
                elif leaf.kind == IndicatorKind.EVIDENCE and subject.state != SubjectState.OPEN:
                    row.value = self._figure(leaf)
                    row.statement = f"见附件《{leaf.name}》证明材料，经本单位财务与科研部门核对。"
                rows.append(row)
        self._correct(rows)
        ReportedValue.objects.bulk_create(rows)

    def _before_the_portal(self, row: ReportedValue) -> None:
        """Of years before the portal the ledger has nothing: the annual reports fill the gap."""
        if self.plan.year < timezone.localdate().year and row.indicator.unit != "%":
            figure = self._figure(row.indicator) or row.value
            row.original, row.value, row.reason = row.value, figure, BEFORE

    def _figure(self, leaf: Indicator) -> float | None:
        """A believable figure, or now and then none where the score can do without."""
        if leaf.missing != "REFUSE" and self.chance.random() < 0.06:
            return None
        return float(round((leaf.high or 30) * self.chance.uniform(0.25, 1.1)))

    def _correct(self, rows: list[ReportedValue]) -> None:
        """In finished rounds one figure was corrected by the commission."""
        for row in rows if self.plan.state not in REPORTED_STATES else []:
            if row.indicator.unit == "万元" and row.value:
                row.original, row.value = row.value, round(0.9 * row.value, 1)
                row.reason = CORRECTION
                return

    def _lots(self) -> str:
        """The numbers of a public drawing of lots that was announced beforehand."""
        numbers = sorted(self.chance.sample(range(1, 34), 6))
        return f"公开摇号 {' '.join(f'{number:02d}' for number in numbers)}"

    def _score(self) -> None:
        level = {subject.pk: self.chance.uniform(62, 90) for subject in self.subjects}
        tasks = list(
            Assignment.objects.filter(subject__round=self.round).order_by("subject__number", "pk")
        )
        running = self.plan.state == State.SCORING
        scores = []
        for number, task in enumerate(tasks):
            done = not running or (number % 5 != 0 and task.expert_id not in self._sign_ins())
            if not done:
                continue
            task.state, task.submitted_at = AssignmentState.SUBMITTED, self.moment(35)
            task.opinion = self.chance.choice(OPINIONS)
            scores += [
                self._one_score(task, leaf, level[task.subject_id], is_odd=number == 4)
                for leaf in self.leaves
                if leaf.kind == IndicatorKind.SCORE
            ]
        Assignment.objects.bulk_update(tasks, ["state", "submitted_at", "opinion"])
        Score.objects.bulk_create(scores)

    def _sign_ins(self) -> set[int]:
        members = User.objects.filter(memberships__organization=self.home)
        return set(members.values_list("pk", flat=True))

    def _one_score(self, task: Assignment, leaf: Indicator, level: float, *, is_odd: bool) -> Score:
        value = min(98, max(35, level + self.chance.gauss(0, 5) - 38 * is_odd))
        return Score(
            assignment=task,
            indicator=leaf,
            value=round(value),
            comment=remark_on(leaf.name, value, self.chance),
        )

    def _settle(self) -> None:
        """Moderate, announce, hear the units, decide and publish."""
        Moderation.objects.bulk_create(
            Moderation(
                subject=spread.subject,
                indicator=spread.indicator,
                value=round(sorted(spread.values)[len(spread.values) // 2]),
                reason=MODERATION,
                decided_by=self.actor,
            )
            for spread in spreads_of(self.round)
            if spread.is_wide
        )
        services.compute_results(self.round)
        self.round.subjects.update(answer=Answer.CONFIRMED)
        unhappy = self.round.subjects.exclude(organization=self.home).order_by("-rank").first()
        if unhappy:
            unhappy.answer, unhappy.objection, unhappy.reply = Answer.DISMISSED, OBJECTION, REPLY
            unhappy.save()
        self.round.decision = DECISION
        self.round.decided_at = self.moment(60)
        archived = self.plan.state == State.ARCHIVED
        self.round.published_at = self.moment(62) if archived else timezone.now()
        last = self.day(73) if archived else timezone.localdate() + timedelta(days=8)
        self.round.publicity_until = last
        self.round.state = State.PUBLICITY
        self.round.save()

    def _archive(self) -> None:
        services.archive_round(actor=self.actor, round_=self.round)
        Round.objects.filter(pk=self.round.pk).update(archived_at=self.moment(75))
