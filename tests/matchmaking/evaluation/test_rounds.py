"""A round from call to archive: each step, each refusal, each override on record."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.enums import ALLOWED_TRANSITIONS, RoundState
from matchmaking.evaluation.models import Round
from matchmaking.evaluation.queries import sensitivity_of, table_of
from portal.audit.models import AuditEvent
from tests.factories.evaluation import Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation():
    return Evaluation()


def refused(match=None):
    return pytest.raises(services.UnableToEvaluate, match=match)


def test_the_whole_way(evaluation):
    evaluation.publish()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        archive = services.archive_round(actor=evaluation.commission, round_=evaluation.round)

    round_ = evaluation.reload().round
    steps = AuditEvent.objects.filter(
        action__startswith="evaluation.", target_label=str(round_)
    ).exclude(action__endswith="_pool")
    assert [event.action.split(".")[1] for event in steps.order_by("pk")] == [
        "open_round",
        "start_reports",
        "start_check",
        "draw_experts",
        "start_scoring",
        "start_moderation",
        "announce_results",
        "decide_round",
        "start_publicity",
        "archive_round",
    ]
    assert round_.state == "ARCHIVED"
    with archive.file.open("rb") as file:
        sealed = file.read()
    assert hashlib.sha256(sealed).hexdigest() == archive.digest == steps.last().payload["digest"]
    bundle = json.loads(sealed)
    assert bundle["round"]["seed"] == "2026-07-01"
    assert [each["rank"] for each in bundle["subjects"]] == [2, 1]
    assert [len(bundle[key]) for key in ("tasks", "scores", "draws")] == [6, 12, 2]


def test_every_state_but_the_ends_is_left_and_no_way_leads_out_of_an_end():
    ends = {state for state, following in ALLOWED_TRANSITIONS.items() if not following}

    assert ends == {"ARCHIVED", "CANCELLED"}
    assert set(ALLOWED_TRANSITIONS) == set(RoundState)
    reached = {state for following in ALLOWED_TRANSITIONS.values() for state in following}
    assert reached == set(RoundState) - {"CALL"}


def test_scores_ranks_and_grades_follow_the_scheme(evaluation):
    evaluation.to("CONFIRMATION")

    first, second = evaluation.subjects
    found = table_of(evaluation.round)
    assert [first.score, second.score] == [
        pytest.approx(score, abs=1e-4) for score in found.score(found.table)
    ]
    assert [first.rank, second.rank] == [2, 1]
    assert {first.answer, second.answer} == {"PENDING"}
    assert second.grade in {"EXCELLENT", "GOOD", "FAIR", "POOR"}


@pytest.mark.parametrize(
    ("method", "ranks", "has_grade"), [("TOPSIS", [2, 1], False), ("FUZZY", [1, 1], True)]
)
def test_the_other_methods_rank_as_well(method, ranks, has_grade):
    """Both objects fall into the same grades, so fuzzy evaluation sees no difference."""
    evaluation = Evaluation(method=method).to("CONFIRMATION")

    assert [subject.rank for subject in evaluation.subjects] == ranks
    assert [bool(subject.grade) for subject in evaluation.subjects] == [has_grade, has_grade]


def test_entropy_takes_the_weights_from_the_values():
    evaluation = Evaluation(weighting="ENTROPY").to("CONFIRMATION")

    found = table_of(evaluation.round)
    weights = dict(zip((leaf.name for leaf in found.leaves), found.weights_in_force(), strict=True))
    assert sum(weights.values()) == pytest.approx(100)
    assert weights["三种方式合同数"] == 0
    assert max(weights, key=weights.get) == "台账外到账金额"


def test_sensitivity_says_for_each_object_whether_its_rank_moves(evaluation):
    evaluation.to("MODERATION")

    found = sensitivity_of(table_of(evaluation.round))

    assert found.base == (2, 1)
    assert [found.moves(place) for place in (0, 1)] == [
        found.range_of(place) != (rank, rank) for place, rank in enumerate(found.base)
    ]
    assert len(found.variants) == 5 + 2 * len(evaluation.scheme.leaves)


def test_a_round_is_called_off_with_a_reason_before_its_decision(evaluation):
    evaluation.to("SCORING")
    with refused("说明原因"):
        services.cancel_round(actor=evaluation.commission, round_=evaluation.round, reason="")
    services.cancel_round(
        actor=evaluation.commission, round_=evaluation.round, reason="方案需重新论证"
    )
    assert evaluation.reload().round.state == "CANCELLED"


def test_a_decided_round_is_not_called_off(evaluation):
    evaluation.decide()
    with refused("不能直接进入"):
        services.cancel_round(actor=evaluation.commission, round_=evaluation.round, reason="x")


@pytest.mark.parametrize(
    "step",
    [
        services.start_reports,
        services.start_check,
        services.start_scoring,
        services.start_moderation,
        services.announce_results,
        services.start_publicity,
        services.archive_round,
    ],
)
def test_every_step_belongs_to_the_commission_and_to_its_state(evaluation, step):
    with refused():
        step(actor=evaluation.institutes[0].owner, round_=evaluation.round)
    Round.objects.update(state="CANCELLED")
    with refused():
        step(actor=evaluation.commission, round_=evaluation.round)
