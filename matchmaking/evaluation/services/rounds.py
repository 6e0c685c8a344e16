"""A round from its call to its archive, one door for each step."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from portal.accounts.models import User
from portal.audit.services import record
from portal.workdays.queries import add_working_days

from ..enums import (
    SETTLED_ANSWERS,
    Answer,
    AssignmentState,
    IndicatorKind,
    RoundState,
    SchemeState,
    SubjectState,
)
from ..indicators import Measure, query_of
from ..models import Assignment, ReportedValue, Round, Subject
from ..objects import Candidate, source_of
from ..queries import open_spreads
from ..rules import can_judge_subject, can_run_evaluation, is_unit_office
from .base import (
    UnableToEvaluate,
    advance,
    lock_round,
    lock_subject,
    record_subject,
    require,
    required_text,
    tell_office,
)
from .results import compute_results

ENTRY_STATES = (RoundState.CALL, RoundState.SELF_REPORT)


@transaction.atomic
def open_round(*, actor: User, round_: Round) -> Round:
    """Open a round of a scheme in force with its call, as a form left it."""
    require(can_run_evaluation(actor))
    if round_.scheme.state != SchemeState.PUBLISHED:
        raise UnableToEvaluate(_("Only a scheme in force can be used. Please publish it first."))
    round_.state, round_.created_by = RoundState.CALL, actor
    round_.save(force_insert=True)
    record(actor=actor, action="evaluation.open_round", target=round_)
    return round_


@transaction.atomic
def enter_subjects(*, actor: User, round_: Round, object_ids: Collection[int]) -> list[Subject]:
    """Enter objects: the commission any, a unit's office those of its own; known ones are kept.

    Raises UnableToEvaluate for ids that are no candidates.
    """
    round_ = Round.objects.select_for_update().select_related("scheme").get(pk=round_.pk)
    runs = can_run_evaluation(actor)
    require(round_.state in ENTRY_STATES and (runs or round_.state == RoundState.CALL))
    source = source_of(round_.scheme.object_type)
    require(source is not None)
    assert source is not None
    own = None if runs else actor.office_organization_ids
    found = source.candidates(organization_ids=own, object_ids=object_ids)
    if {each.object_id for each in found} != set(object_ids):
        raise UnableToEvaluate(_("Something of what you chose cannot be entered (any more)."))
    return _enter(actor, round_, found)


def _enter(actor: User, round_: Round, found: list[Candidate]) -> list[Subject]:
    known = set(round_.subjects.values_list("object_id", flat=True))
    number = round_.subjects.aggregate(last=Max("number"))["last"] or 0
    entered = []
    for candidate in found:
        if candidate.object_id in known:
            continue
        number += 1
        subject = Subject.objects.create(
            round=round_,
            number=number,
            object_id=candidate.object_id,
            label_zh=candidate.label,
            label_en=candidate.label_en,
            organization_id=candidate.organization_id,
        )
        record_subject(subject, actor, "enter_subject")
        entered.append(subject)
    if round_.state == RoundState.SELF_REPORT:
        _fill_numbers(round_, entered)
        _call(entered)
    return entered


@transaction.atomic
def withdraw_subject(*, actor: User, subject: Subject, reason: str) -> Subject:
    """A unit withdraws its object before the experts score it."""
    subject = lock_subject(subject)
    require(
        is_unit_office(actor, subject)
        and subject.round.state
        in {RoundState.CALL, RoundState.SELF_REPORT, RoundState.FORMAL_CHECK}
        and subject.state != SubjectState.WITHDRAWN
    )
    subject.remark = required_text(reason, _("Please say why."))
    subject.state = SubjectState.WITHDRAWN
    subject.save()
    record_subject(subject, actor, "withdraw_subject", reason=subject.remark)
    return subject


@transaction.atomic
def start_reports(*, actor: User, round_: Round) -> Round:
    """Close the call: numbers of the ledger are filled in and the units asked to report."""
    round_ = lock_round(actor, round_, RoundState.CALL)
    subjects = list(round_.subjects.taking_part())
    if not subjects:
        raise UnableToEvaluate(_("Nothing has been entered yet."))
    advance(round_, RoundState.SELF_REPORT, actor, "start_reports", count=len(subjects))
    for subject in subjects:
        subject.round = round_
    _fill_numbers(round_, subjects)
    _call(subjects)
    return round_


def _call(subjects: list[Subject]) -> None:
    for subject in subjects:
        tell_office(subject, "evaluation-report", gettext_lazy("Please report for an evaluation"))


def _fill_numbers(round_: Round, subjects: list[Subject]) -> None:
    """Write down what the ledger says of the round's year; corrected values stay."""
    start, end = date(round_.year, 1, 1), date(round_.year, 12, 31)
    by_object = {subject.object_id: subject for subject in subjects}
    rows = []
    for leaf in round_.scheme.leaves:
        query = query_of(leaf.query)
        if leaf.kind != IndicatorKind.NUMBER or query is None:
            continue
        measures = query.ask(list(by_object), start, end)
        for object_id, subject in by_object.items():
            found = measures.get(object_id, Measure(None))
            rows.append(
                ReportedValue(subject=subject, indicator=leaf, value=found.value, base=found.base)
            )
    ReportedValue.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def start_check(*, actor: User, round_: Round) -> Round:
    """Close the self-reports; what was not handed in is returned or excluded one by one."""
    round_ = lock_round(actor, round_, RoundState.SELF_REPORT)
    advance(round_, RoundState.FORMAL_CHECK, actor, "start_check")
    return round_


@transaction.atomic
def start_scoring(*, actor: User, round_: Round) -> Round:
    """Hand the accepted objects to their experts; a scheme without scores skips the step.

    Raises UnableToEvaluate while an object is unchecked or has too few experts.
    """
    round_ = lock_round(actor, round_, RoundState.FORMAL_CHECK)
    subjects = list(round_.subjects.taking_part())
    waiting = [each for each in subjects if each.state != SubjectState.ACCEPTED]
    if waiting or not subjects:
        raise UnableToEvaluate(
            _("Please accept, return or exclude each object first; open: %(names)s.")
            % {"names": _names(waiting)}
        )
    if not round_.scheme.scored_leaves:
        advance(round_, RoundState.MODERATION, actor, "start_moderation")
        return round_
    tasks = Assignment.objects.filter(subject__round=round_).exclude(state=AssignmentState.DECLINED)
    assigned = list(tasks.values_list("subject", flat=True))
    short = [each for each in subjects if assigned.count(each.pk) < round_.experts_per_subject]
    if short:
        raise UnableToEvaluate(
            _("Please draw the experts first; too few for: %(names)s.") % {"names": _names(short)}
        )
    advance(round_, RoundState.SCORING, actor, "start_scoring", count=len(subjects))
    _tell_experts(round_)
    return round_


def _names(subjects: list[Subject]) -> str:
    shown = "、".join(subject.label for subject in subjects[:3])
    rest = len(subjects) - 3
    if rest <= 0:
        return shown or "–"
    return shown + " " + ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest}


def _tell_experts(round_: Round) -> None:
    from .panel import tell_expert

    tasks = Assignment.objects.filter(subject__round=round_, state=AssignmentState.OPEN)
    for task in tasks.select_related("expert", "subject__round").order_by("expert", "pk"):
        tell_expert(task)


@transaction.atomic
def start_moderation(*, actor: User, round_: Round) -> Round:
    """Close the scoring; every task must be handed in or declined, one at least handed in."""
    round_ = lock_round(actor, round_, RoundState.SCORING)
    tasks = Assignment.objects.filter(subject__round=round_, subject__state=SubjectState.ACCEPTED)
    waiting = tasks.filter(state=AssignmentState.OPEN).count()
    if waiting:
        raise UnableToEvaluate(
            ngettext(
                "%(n)d scoring is not handed in yet.",
                "%(n)d scorings are not handed in yet.",
                waiting,
            )
            % {"n": waiting}
        )
    scored = set(tasks.submitted().values_list("subject", flat=True))
    bare = [each for each in round_.subjects.taking_part() if each.pk not in scored]
    if bare:
        raise UnableToEvaluate(
            _("Nobody has scored: %(names)s. Please draw another expert.") % {"names": _names(bare)}
        )
    advance(round_, RoundState.MODERATION, actor, "start_moderation")
    return round_


@transaction.atomic
def announce_results(*, actor: User, round_: Round) -> Round:
    """Reckon scores, ranks and grades and put them before the units."""
    round_ = lock_round(actor, round_, RoundState.MODERATION)
    spreads = open_spreads(round_)
    if spreads:
        raise UnableToEvaluate(
            ngettext(
                "%(n)d spread of scores is not moderated yet.",
                "%(n)d spreads of scores are not moderated yet.",
                len(spreads),
            )
            % {"n": len(spreads)}
        )
    compute_results(round_)
    advance(round_, RoundState.CONFIRMATION, actor, "announce_results")
    for subject in round_.subjects.taking_part().filter(answer=Answer.PENDING):
        subject.round = round_
        title = gettext_lazy("Please confirm your evaluation result, or object")
        tell_office(subject, "evaluation-result", title)
    return round_


@transaction.atomic
def reopen_moderation(*, actor: User, round_: Round, reason: str) -> Round:
    """Go back to moderation for what an objection showed; what counts again is announced anew."""
    round_ = lock_round(
        actor, round_, RoundState.CONFIRMATION, RoundState.DECIDED, RoundState.PUBLICITY
    )
    reason = required_text(reason, _("Please say why."))
    round_.publicity_until = None
    advance(round_, RoundState.MODERATION, actor, "reopen_moderation", reason=reason)
    return round_


@transaction.atomic
def decide_round(*, actor: User, round_: Round, decision: str) -> Round:
    """Decide on the results once every unit has answered and every objection has a reply."""
    round_ = lock_round(actor, round_, RoundState.CONFIRMATION)
    open_ = list(round_.subjects.taking_part().exclude(answer__in=SETTLED_ANSWERS))
    if open_:
        raise UnableToEvaluate(
            _("No result is decided without its unit's answer; open: %(names)s.")
            % {"names": _names(open_)}
        )
    round_.decision = required_text(decision, _("Please write the decision."))
    round_.decided_at = timezone.now()
    advance(round_, RoundState.DECIDED, actor, "decide_round")
    return round_


@transaction.atomic
def start_publicity(*, actor: User, round_: Round) -> Round:
    """Publish the results for the working days that ``EVALUATION_PUBLICITY_DAYS`` says."""
    round_ = lock_round(actor, round_, RoundState.DECIDED)
    round_.published_at = timezone.now()
    round_.publicity_until = add_working_days(
        timezone.localdate(), settings.EVALUATION_PUBLICITY_DAYS
    )
    advance(
        round_,
        RoundState.PUBLICITY,
        actor,
        "start_publicity",
        until=round_.publicity_until.isoformat(),
    )
    return round_


@transaction.atomic
def cancel_round(*, actor: User, round_: Round, reason: str) -> Round:
    """Call a round off before its decision."""
    round_ = lock_round(actor, round_, *RoundState)
    round_.cancel_reason = required_text(reason, _("Please say why."))
    advance(round_, RoundState.CANCELLED, actor, "cancel_round", reason=round_.cancel_reason)
    return round_


@transaction.atomic
def check_subject(*, actor: User, subject: Subject, outcome: str, remark: str = "") -> Subject:
    """Accept, return or exclude an object in the formal check; the latter two with a reason.

    Raises UnableToEvaluate for an object that was not reported, unless it is returned or
    excluded.
    """
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state == RoundState.FORMAL_CHECK
        and subject.state != SubjectState.WITHDRAWN
    )
    state = SubjectState(outcome)
    require(state in {SubjectState.ACCEPTED, SubjectState.RETURNED, SubjectState.EXCLUDED})
    if state == SubjectState.ACCEPTED and subject.state not in {
        SubjectState.SUBMITTED,
        SubjectState.EXCLUDED,
    }:
        raise UnableToEvaluate(_("It is not reported yet: return or exclude it."))
    if state != SubjectState.ACCEPTED:
        remark = required_text(remark, _("Please give the reason."))
    subject.state, subject.remark = state, remark.strip()
    subject.save()
    record_subject(subject, actor, "check_subject", outcome=state, reason=subject.remark)
    if state != SubjectState.ACCEPTED:
        title = gettext_lazy("The formal check has a remark on your self-report")
        tell_office(subject, "evaluation-check", title)
    return subject
