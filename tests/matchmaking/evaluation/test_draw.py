"""The draw of experts: repeatable by anybody, recusals kept out, nobody draws twice."""

import hashlib
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, strategies as st

from achievements.models import AchievementPage, Completer
from ip.models import PatentInventor
from matchmaking.evaluation import services
from matchmaking.evaluation.draw import replay_draw
from matchmaking.evaluation.models import Assignment, Draw, expert_code
from matchmaking.evaluation.queries import recusals_of
from portal.audit.models import AuditEvent
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.evaluation import Evaluation

POOL = [f"E{number:06d}" for number in range(1, 8)]


def test_the_draw_is_what_sha256_alone_gives():
    by_hand = sorted(POOL, key=lambda code: hashlib.sha256(f"42\n{code}".encode()).hexdigest())

    assert replay_draw("42", POOL, [], 3) == by_hand[:3]
    assert replay_draw("42", POOL, [], 3) == ["E000007", "E000004", "E000001"]


def test_the_recused_are_never_drawn_and_the_others_keep_their_order():
    everybody = replay_draw("42", POOL, [], 7)

    without = replay_draw("42", POOL, [everybody[1]], 7)
    assert without == [code for code in everybody if code != everybody[1]]


@given(st.text(max_size=20), st.sets(st.sampled_from(POOL)), st.integers(0, 9), st.randoms())
def test_the_order_of_the_pool_does_not_matter(seed, recusals, count, chance):
    mixed = [*POOL, POOL[0]]
    chance.shuffle(mixed)

    drawn = replay_draw(seed, mixed, recusals, count)
    assert drawn == replay_draw(seed, POOL, recusals, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(POOL) - len(recusals))
    assert not set(drawn) & recusals


@pytest.fixture
def evaluation(db):
    return Evaluation()


def reasons(evaluation):
    subject = evaluation.subjects[0]
    return {
        key: list(map(str, each)) for key, each in recusals_of(evaluation.round)[subject.pk].items()
    }


def test_experts_of_the_same_unit_are_recused(evaluation):
    evaluation.enter()
    expert = evaluation.experts[0]
    MembershipFactory(user=expert, organization=evaluation.institutes[0].organization)

    assert reasons(evaluation) == {expert.pk: ["SAME_UNIT"]}
    assert recusals_of(evaluation.round)[evaluation.subjects[1].pk] == {}


def test_who_shares_an_achievement_with_the_unit_is_recused_for_three_years(evaluation):
    evaluation.enter()
    institute, expert = evaluation.institutes[0], evaluation.experts[0]
    page = institute.published()
    for user in (institute.researcher, expert):
        Completer.objects.create(page=page, user=user, name=user.name)

    assert reasons(evaluation) == {expert.pk: ["COAUTHOR"]}

    AchievementPage.objects.filter(pk=page.pk).update(
        first_published_at=timezone.now() - timedelta(days=3 * 365 + 2)
    )
    assert reasons(evaluation) == {}


def test_who_shares_a_patent_with_the_unit_is_recused_for_three_years(evaluation):
    evaluation.enter()
    institute = evaluation.institutes[0]
    today = timezone.localdate()
    for number, (expert, filed) in enumerate(
        zip(evaluation.experts[:2], (today - timedelta(days=90), date(2019, 3, 1)), strict=True)
    ):
        patent = institute.patent(number + 1, filed=filed)
        for user in (institute.colleague, expert):
            PatentInventor.objects.create(patent=patent, user=user, name=user.name)

    assert reasons(evaluation) == {evaluation.experts[0].pk: ["COAUTHOR"]}


def test_declared_interests_recuse(evaluation):
    evaluation.enter()
    expert, institute = evaluation.experts[0], evaluation.institutes[0]
    services.declare_interest(
        actor=expert,
        member=evaluation.member(expert),
        organizations=[institute.organization],
        note="曾任顾问",
    )

    assert reasons(evaluation) == {expert.pk: ["DECLARED"]}
    assert evaluation.member(expert).declared_at is not None


def test_an_achievement_recuses_its_completing_units_and_its_inventors(db):
    evaluation = Evaluation(ready_made="achievement-value")
    institute, expert = evaluation.institutes[0], evaluation.experts[0]
    page = institute.published()
    patent = institute.patent(filed=timezone.localdate() - timedelta(days=400))
    page.patent_links.create(patent=patent)
    PatentInventor.objects.create(patent=patent, user=expert, name=expert.name)
    page.completing_units.create(organization=evaluation.institutes[1].organization)
    page.save()
    MembershipFactory(
        user=evaluation.experts[1], organization=evaluation.institutes[1].organization
    )
    services.enter_subjects(
        actor=evaluation.commission, round_=evaluation.round, object_ids=[page.pk]
    )
    services.add_to_pool(
        actor=evaluation.commission, round_=evaluation.round, experts=evaluation.experts
    )

    assert reasons(evaluation) == {
        expert.pk: ["COAUTHOR"],
        evaluation.experts[1].pk: ["SAME_UNIT"],
    }


def test_each_object_gets_its_draw_written_down_so_that_it_can_be_repeated(evaluation):
    evaluation.to("FORMAL_CHECK")
    MembershipFactory(
        user=evaluation.experts[0], organization=evaluation.institutes[0].organization
    )

    services.draw_experts(actor=evaluation.commission, round_=evaluation.round, seed=" 20260701 ")

    draws = Draw.objects.order_by("subject__number")
    assert [draw.seed for draw in draws] == ["20260701/1", "20260701/2"]
    for draw in draws:
        assert draw.drawn == replay_draw(draw.seed, draw.pool, draw.recusals, draw.count)
        experts = Assignment.objects.filter(subject=draw.subject).values_list("expert", flat=True)
        assert sorted(map(expert_code, experts)) == sorted(draw.drawn)
    assert draws[0].recusals == {expert_code(evaluation.experts[0].pk): ["SAME_UNIT"]}
    event = AuditEvent.objects.get(action="evaluation.draw_experts")
    assert event.payload == {"seed": "20260701", "count": 2}


def test_nobody_draws_again_until_it_suits(evaluation):
    evaluation.to("FORMAL_CHECK")
    services.draw_experts(actor=evaluation.commission, round_=evaluation.round)

    with pytest.raises(services.UnableToEvaluate, match="已抽取"):
        services.draw_experts(actor=evaluation.commission, round_=evaluation.round)
    assert len(evaluation.reload().round.seed) == 32


def test_a_pool_that_is_too_small_draws_nobody(db):
    evaluation = Evaluation(experts=2).to("FORMAL_CHECK")

    with pytest.raises(services.UnableToEvaluate, match="可抽专家不足"):
        services.draw_experts(actor=evaluation.commission, round_=evaluation.round)
    assert [Draw.objects.count(), evaluation.reload().round.seed] == [0, ""]


def test_after_the_draw_pool_and_interests_are_closed(evaluation):
    evaluation.to("FORMAL_CHECK")
    services.draw_experts(actor=evaluation.commission, round_=evaluation.round)
    evaluation.reload()
    member = evaluation.member(evaluation.experts[0])

    with pytest.raises(services.UnableToEvaluate):
        services.add_to_pool(
            actor=evaluation.commission, round_=evaluation.round, experts=[UserFactory()]
        )
    with pytest.raises(services.UnableToEvaluate):
        services.remove_from_pool(actor=evaluation.commission, member=member)
    with pytest.raises(services.UnableToEvaluate):
        services.declare_interest(actor=evaluation.experts[0], member=member, organizations=[])


def test_who_runs_rounds_is_no_expert(evaluation):
    with pytest.raises(services.UnableToEvaluate, match="不能担任"):
        services.add_to_pool(
            actor=evaluation.commission, round_=evaluation.round, experts=[evaluation.commission]
        )


def test_a_member_of_the_pool_can_be_taken_out_before_the_draw(evaluation):
    evaluation.enter()
    services.remove_from_pool(
        actor=evaluation.commission, member=evaluation.member(evaluation.experts[0])
    )

    assert evaluation.round.pool.count() == 4


def test_nobody_declares_for_another_expert(evaluation):
    evaluation.enter()
    with pytest.raises(services.UnableToEvaluate):
        services.declare_interest(
            actor=evaluation.experts[1],
            member=evaluation.member(evaluation.experts[0]),
            organizations=[],
        )


def test_a_replacement_is_drawn_with_the_next_seed_of_those_not_had_yet(evaluation):
    evaluation.to("SCORING")
    task = evaluation.tasks[0]
    services.decline_task(actor=task.expert, task=task, reason="刚受聘为该院顾问")

    draw = services.draw_replacement(actor=evaluation.commission, subject=task.subject)

    assert draw.seed == "2026-07-01/1/2"
    assert draw.drawn == replay_draw(draw.seed, draw.pool, draw.recusals, 1)
    had = Assignment.objects.filter(subject=task.subject).values_list("expert", flat=True)
    assert len(set(had)) == 4
    services.draw_replacement(actor=evaluation.commission, subject=task.subject)
    with pytest.raises(services.UnableToEvaluate, match="已无可抽"):
        services.draw_replacement(actor=evaluation.commission, subject=task.subject)


def test_only_who_runs_rounds_draws(evaluation):
    evaluation.to("FORMAL_CHECK")
    with pytest.raises(services.UnableToEvaluate):
        services.draw_experts(actor=evaluation.experts[0], round_=evaluation.round)
    with pytest.raises(services.UnableToEvaluate):
        services.draw_replacement(actor=evaluation.commission, subject=evaluation.subjects[0])
