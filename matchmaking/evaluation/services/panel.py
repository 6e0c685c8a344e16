"""The experts of a round: pool, declared interests, the draw, blind scores."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.enums import PortalRole
from portal.accounts.models import Organization, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..draw import replay_draw
from ..enums import AssignmentState, RoundState, SubjectState
from ..models import Assignment, Draw, PoolMember, Round, Score, Subject, expert_code
from ..queries import recusals_of
from ..queries.recusals import Recusals
from ..rules import can_declare_interest, can_judge_subject, can_score
from .base import (
    UnableToEvaluate,
    lock_round,
    lock_subject,
    record_subject,
    require,
    required_text,
)
from .results import require_in_scale

POOL_STATES = (RoundState.CALL, RoundState.SELF_REPORT, RoundState.FORMAL_CHECK)


@transaction.atomic
def add_to_pool(*, actor: User, round_: Round, experts: Collection[User]) -> None:
    """Put people into the pool before the draw and ask them for their interests.

    Whoever runs rounds is no expert in one.
    """
    round_ = lock_round(actor, round_, *POOL_STATES)
    require(not round_.seed)
    for expert in experts:
        if PortalRole.COMMISSION in expert.roles or not expert.is_active:
            raise UnableToEvaluate(
                _("%(name)s cannot be an expert in this round.") % {"name": expert}
            )
        _member, created = PoolMember.objects.get_or_create(round=round_, expert=expert)
        if created:
            record(actor=actor, action="evaluation.add_to_pool", target=round_, member=expert.pk)
            notify(
                user=expert,
                kind="evaluation-pool",
                title=gettext_lazy("You are in an evaluation's pool: please declare interests"),
                body=round_.label,
                url=tasks_address(),
            )


def tasks_address() -> str:
    from django.urls import reverse

    return reverse("evaluation:tasks")


@transaction.atomic
def remove_from_pool(*, actor: User, member: PoolMember) -> None:
    round_ = lock_round(actor, member.round, *POOL_STATES)
    require(not round_.seed)
    record(
        actor=actor, action="evaluation.remove_from_pool", target=round_, member=member.expert_id
    )
    member.delete()


@transaction.atomic
def declare_interest(
    *, actor: User, member: PoolMember, organizations: Collection[Organization], note: str = ""
) -> PoolMember:
    """Name the organizations that one must not judge; none is a declaration too."""
    round_ = Round.objects.select_for_update().get(pk=member.round_id)
    member = PoolMember.objects.select_for_update().get(pk=member.pk)
    member.round = round_
    require(can_declare_interest(actor, member))
    member.interests.set(organizations)
    member.interest_note, member.declared_at = note.strip()[:300], timezone.now()
    member.save()
    record(
        actor=actor,
        action="evaluation.declare_interest",
        target=round_,
        count=len(organizations),
    )
    return member


@transaction.atomic
def draw_experts(*, actor: User, round_: Round, seed: str = "") -> list[Draw]:
    """Draw the experts of every object at once, so that nobody draws until it suits.

    ``seed`` is best a number that nobody chose, announced beforehand; without one the portal
    takes a random one. Raises UnableToEvaluate where a pool is too small.
    """
    round_ = lock_round(actor, round_, RoundState.FORMAL_CHECK)
    if round_.seed:
        raise UnableToEvaluate(_("The experts are drawn already."))
    round_.seed = seed.strip()[:80] or secrets.token_hex(16)
    recusals = recusals_of(round_)
    draws = []
    for subject in round_.subjects.taking_part().order_by("number"):
        subject.round = round_
        seed = f"{round_.seed}/{subject.number}"
        draws.append(_draw(subject, seed, recusals, actor, round_.experts_per_subject))
    short = [draw for draw in draws if len(draw.drawn) < draw.count]
    if short or not draws:
        names = "、".join(draw.subject.label for draw in short[:3])
        raise UnableToEvaluate(
            _("Too few experts are free to judge: %(names)s. Please add to the pool.")
            % {"names": names or "–"}
        )
    round_.save()
    record(
        actor=actor,
        action="evaluation.draw_experts",
        target=round_,
        seed=round_.seed,
        count=len(draws),
    )
    return draws


def _draw(subject: Subject, seed: str, recusals: Recusals, actor: User, count: int) -> Draw:
    """Write a draw down and give its experts their tasks."""
    round_ = subject.round
    people = {expert_code(pk): pk for pk in round_.pool.values_list("expert", flat=True)}
    excluded = {
        expert_code(pk): [str(reason) for reason in reasons]
        for pk, reasons in recusals.get(subject.pk, {}).items()
    }
    drawn = replay_draw(seed, people, excluded, count)
    draw = Draw.objects.create(
        subject=subject,
        seed=seed,
        pool=sorted(people),
        recusals=excluded,
        count=count,
        drawn=drawn,
        drawn_by=actor,
    )
    for code in drawn:
        Assignment.objects.create(subject=subject, expert_id=people[code])
    return draw


@transaction.atomic
def draw_replacement(*, actor: User, subject: Subject) -> Draw:
    """Draw one more expert for an object, of those that it has not had, with the next seed."""
    subject = lock_subject(subject)
    round_ = subject.round
    require(
        can_judge_subject(actor, subject)
        and round_.state in {RoundState.FORMAL_CHECK, RoundState.SCORING}
        and bool(round_.seed)
        and subject.state not in {SubjectState.EXCLUDED, SubjectState.WITHDRAWN}
    )
    recusals = recusals_of(round_)
    for expert in subject.assignments.values_list("expert", flat=True):
        recusals.setdefault(subject.pk, {}).setdefault(expert, [])
    seed = f"{round_.seed}/{subject.number}/{subject.draws.count() + 1}"
    draw = _draw(subject, seed, recusals, actor, count=1)
    if not draw.drawn:
        raise UnableToEvaluate(_("Nobody of the pool is left for this object."))
    record_subject(subject, actor, "draw_replacement", seed=seed)
    if round_.state == RoundState.SCORING:
        tell_expert(subject.assignments.select_related("expert").latest("pk"))
    return draw


def tell_expert(task: Assignment) -> None:
    notify(
        user=task.expert,
        kind="evaluation-task",
        title=gettext_lazy("Please score for an evaluation"),
        body=task.subject.round.label,
        url=tasks_address(),
        dedupe_key=f"evaluation-task:{task.subject.round_id}:{task.expert_id}",
    )


def _lock_task(task: Assignment) -> Assignment:
    subject = lock_subject(task.subject)
    locked = Assignment.objects.select_for_update().get(pk=task.pk)
    locked.subject = subject
    return locked


@transaction.atomic
def save_scores(
    *,
    actor: User,
    task: Assignment,
    scores: Mapping[int, Mapping[str, Any]],
    opinion: str = "",
    submit: bool = False,
) -> Assignment:
    """Keep scores as ``{indicator: {value, comment}}``; ``submit`` hands them in for good.

    Raises UnableToEvaluate for a score outside of its scale, and on handing in where one is
    missing.
    """
    task = _lock_task(task)
    require(can_score(actor, task))
    leaves = {leaf.pk: leaf for leaf in task.subject.round.scheme.scored_leaves}
    for pk, given in scores.items():
        require(pk in leaves)
        require_in_scale(leaves[pk], given.get("value"))
        Score.objects.update_or_create(
            assignment=task,
            indicator=leaves[pk],
            defaults={
                "value": given.get("value"),
                "comment": (given.get("comment") or "").strip(),
            },
        )
    task.opinion = opinion.strip()
    if submit:
        done = set(task.scores.filter(value__isnull=False).values_list("indicator", flat=True))
        missing = [leaf.label for pk, leaf in leaves.items() if pk not in done]
        if missing:
            raise UnableToEvaluate(
                _("Please score as well: %(names)s.") % {"names": "、".join(missing)}
            )
        task.state, task.submitted_at = AssignmentState.SUBMITTED, timezone.now()
        record_subject(task.subject, actor, "submit_scores")
    task.save()
    return task


@transaction.atomic
def decline_task(*, actor: User, task: Assignment, reason: str) -> Assignment:
    """An expert steps back from an object, before or while scoring; the scores are not counted."""
    task = _lock_task(task)
    round_state = task.subject.round.state
    require(
        task.expert_id == actor.pk
        and task.state == AssignmentState.OPEN
        and round_state in {RoundState.FORMAL_CHECK, RoundState.SCORING}
    )
    task.decline_reason = required_text(reason, _("Please say why."))[:300]
    task.state = AssignmentState.DECLINED
    task.save()
    record_subject(task.subject, actor, "decline_task", reason=task.decline_reason)
    return task
