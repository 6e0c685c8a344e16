"""Pages from the scoring to the publicity, and that more objects cost no more queries."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matchmaking.evaluation import services
from tests.factories.evaluation import Evaluation, address

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF"


def test_an_expert_declares_scores_and_sees_nobody_elses_scores(visit, evaluation):
    evaluation.enter()
    expert = evaluation.experts[0]
    member = evaluation.member(expert)
    assert "待申报" in visit.get(expert, "tasks")
    visit.get(expert, "interests", member.pk)
    visit.post(expert, "interests", member.pk, note="无")
    assert evaluation.member(expert).declared_at is not None
    evaluation.to("SCORING")
    mine, other = evaluation.tasks[0], evaluation.tasks[1]
    evaluation.score(other, 37)

    page = visit.get(mine.expert, "score", mine.pk)
    assert ["财务决算表" in page, "37" in page, other.expert.name in page] == [True, False, False]
    leaves = evaluation.scheme.scored_leaves
    data = {f"value_{leaf.pk}": "82" for leaf in leaves} | {"opinion": "总体良好"}
    too_high = {**data, f"value_{leaves[0].pk}": "101"}
    assert visit.post(mine.expert, "score", mine.pk, do="save", **too_high).status_code == 422
    visit.post(mine.expert, "score", mine.pk, do="submit", **data)
    assert evaluation.tasks[0].state == "SUBMITTED"
    visit.sign_in(mine.expert)
    assert visit.client.get(address("score", other.pk)).status_code == 404
    assert visit.client.post(address("score", mine.pk), data).status_code == 404
    assert "82" in visit.get(mine.expert, "score", mine.pk)


def test_an_expert_steps_back_and_another_is_drawn(visit, evaluation):
    task = evaluation.to("SCORING").tasks[0]
    visit.post(task.expert, "score", task.pk, do="decline", text="刚受聘为顾问")
    visit.post(evaluation.commission, "subject-action", task.subject_id, "replace")

    states = [each.state for each in evaluation.tasks if each.subject_id == task.subject_id]
    assert sorted(states) == ["DECLINED", "OPEN", "OPEN", "OPEN"]


def test_wide_spreads_are_moderated_on_their_page(visit, evaluation):
    evaluation.to("MODERATION", marks=(40, 80, 90))
    actor, round_ = evaluation.commission, evaluation.round
    page = visit.get(actor, "moderate", round_.pk)
    assert ["40 / 80 / 90" in page or "90 / 80 / 40" in page or "/" in page] == [True]
    for subject in evaluation.subjects:
        for leaf in evaluation.scheme.scored_leaves:
            visit.post(
                actor, "moderate", round_.pk,
                subject=subject.pk, leaf=leaf.pk, value="", reason="均值合理",
            )  # fmt: skip
    visit.post(actor, "round-action", round_.pk, "announce")
    assert evaluation.reload().round.state == "CONFIRMATION"
    assert "均值合理" in visit.get(actor, "moderate", round_.pk)


def test_results_show_ranks_and_what_moves(visit, evaluation):
    assert "暂无数据" in visit.get(evaluation.commission, "results", evaluation.round.pk)
    evaluation.to("CONFIRMATION")

    page = visit.get(evaluation.commission, "results", evaluation.round.pk)
    assert [word in page for word in ("各方法下的名次", "TOPSIS·熵权", "种权重变化", "<svg")] == [
        True
    ] * 4
    assert ("有变动" in page) or ("名次均不变" in page)


def test_the_unit_sees_its_result_from_the_announcement_on_and_answers(visit, evaluation):
    evaluation.to("MODERATION")
    subject, other = evaluation.subjects
    office, actor = evaluation.office(subject), evaluation.commission
    assert "评估结果" not in visit.get(office, "subject", subject.pk)
    services.announce_results(actor=actor, round_=evaluation.round)
    assert "确认结果" in visit.get(office, "subject", subject.pk)

    visit.post(office, "subject-action", subject.pk, "object", text="漏计一笔")
    visit.post(actor, "subject-action", subject.pk, "reply", outcome="dismiss", text="次年到账")
    assert "次年到账" in visit.get(office, "subject", subject.pk)
    visit.post(actor, "subject-action", other.pk, "override", grade="nonsense", text="x")
    visit.post(actor, "subject-action", other.pk, "override", grade="GOOD", text="综合考虑")
    visit.post(evaluation.office(other), "subject-action", other.pk, "confirm")
    assert [each.answer for each in evaluation.subjects] == ["DISMISSED", "CONFIRMED"]
    assert "综合考虑" in visit.get(actor, "subject", other.pk)


def test_silence_and_withdrawal_have_their_forms(visit, evaluation):
    evaluation.to("SELF_REPORT")
    subject = evaluation.subjects[1]
    visit.post(
        evaluation.office(subject), "subject-action", subject.pk, "withdraw", text="机构合并"
    )
    assert evaluation.subjects[1].state == "WITHDRAWN"
    first = evaluation.subjects[0]
    evaluation.report(first, income=10)
    services.start_check(actor=evaluation.commission, round_=evaluation.round)
    services.check_subject(actor=evaluation.commission, subject=first, outcome="ACCEPTED")
    evaluation.subjects_checked = True
    services.draw_experts(actor=evaluation.commission, round_=evaluation.reload().round)
    services.start_scoring(actor=evaluation.commission, round_=evaluation.round)
    evaluation.to("CONFIRMATION")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        visit.post(evaluation.commission, "subject-action", first.pk, "deem", text="逾期")
    assert evaluation.subjects[0].answer == "DEEMED"


def test_the_board_leads_from_step_to_step(visit, evaluation):
    actor, round_ = evaluation.commission, evaluation.round
    seen = []
    for state, action in [
        ("CALL", "reports"),
        ("SELF_REPORT", "check"),
        ("FORMAL_CHECK", "scoring"),
        ("SCORING", "moderation"),
        ("MODERATION", "announce"),
    ]:
        evaluation.to(state)
        page = visit.get(actor, "round", round_.pk)
        seen.append(address("round-action", round_.pk, action) in page)
    evaluation.to("CONFIRMATION")
    visit.post(actor, "round-action", round_.pk, "reopen", text="核对")
    visit.post(actor, "round-action", round_.pk, "announce")
    for subject in evaluation.subjects:
        services.confirm_result(actor=evaluation.office(subject), subject=subject)
    visit.post(actor, "round-action", round_.pk, "decide", text="同意评估结果。")
    visit.post(actor, "round-action", round_.pk, "publicity")

    assert seen == [True] * 5
    assert evaluation.reload().round.state == "PUBLICITY"
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        visit.post(actor, "round-action", round_.pk, "archive")
        assert "记入审计日志" in visit.get(actor, "round", round_.pk)
    visit.sign_in(actor)
    bundle = visit.client.get(address("archive-file", round_.pk))
    assert b'"format": 1' in b"".join(bundle.streaming_content)


def test_what_does_not_go_is_said_and_unknown_steps_do_not_exist(visit, evaluation):
    actor, round_ = evaluation.commission, evaluation.round
    said = visit.post(actor, "round-action", round_.pk, "reports").content.decode()
    assert "还没有列入被评对象" in said
    assert visit.post(actor, "round-action", round_.pk, "nonsense").status_code == 404
    visit.post(actor, "round-action", round_.pk, "cancel", text="方案调整")
    assert "方案调整" in visit.get(actor, "round", round_.pk)


def test_a_round_is_public_from_its_publicity_on(visit, client, evaluation):
    evaluation.decide()
    assert client.get(address("public-round", evaluation.round.pk)).status_code == 404
    services.start_publicity(actor=evaluation.commission, round_=evaluation.round)

    assert evaluation.round.title in visit.get(None, "published")
    page = visit.get(None, "public-round", evaluation.round.pk)
    assert ["湖畔材料研究院" in page, "2026-07-01/1" in page, "同意评估结果" in page] == [True] * 3
    for expert in evaluation.experts:
        assert expert.name not in page


def test_what_waits_stands_on_the_start_page_and_in_the_navigation(visit, client, evaluation):
    evaluation.to("SELF_REPORT")
    subject = evaluation.subjects[0]
    client.force_login(evaluation.office(subject))
    home = client.get(reverse("workspace:home")).content.decode()
    assert [subject.get_absolute_url() in home, address("own") in home] == [True, True]
    evaluation.to("SCORING")
    task = evaluation.tasks[0]
    client.force_login(task.expert)
    assert address("score", task.pk) in client.get(reverse("workspace:home")).content.decode()
    client.force_login(evaluation.commission)
    assert address("rounds") in client.get(reverse("workspace:home")).content.decode()


@pytest.mark.parametrize("name", ["round", "results", "moderate", "panel", "enter", "own", "tasks"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_there_in_both_languages(client, evaluation, name, language):
    evaluation.enter()
    client.force_login(evaluation.commission)
    args = [] if name in {"own", "tasks"} else [evaluation.round.pk]
    assert client.get(language + address(name, *args)).status_code == 200


def names_of(count):
    return [f"测试研究院{number}号" for number in range(count)]


def questions(client, evaluation):
    evaluation.publish()
    subject, task = evaluation.subjects[0], evaluation.tasks[0]
    pages = {
        "rounds": (evaluation.commission, address("rounds")),
        "round": (evaluation.commission, address("round", evaluation.round.pk)),
        "panel": (evaluation.commission, address("panel", evaluation.round.pk)),
        "moderate": (evaluation.commission, address("moderate", evaluation.round.pk)),
        "results": (evaluation.commission, address("results", evaluation.round.pk)),
        "subject": (evaluation.commission, address("subject", subject.pk)),
        "own": (evaluation.institutes[0].owner, address("own")),
        "tasks": (task.expert, address("tasks")),
        "score": (task.expert, address("score", task.pk)),
        "schemes": (None, address("schemes")),
        "scheme": (None, address("scheme", evaluation.scheme.pk)),
        "published": (None, address("published")),
        "public": (None, address("public-round", evaluation.round.pk)),
    }
    found = {}
    for name, (user, page) in pages.items():
        client.logout()
        if user:
            client.force_login(user)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        found[name] = len(queries)
    return found


def test_pages_ask_the_same_number_of_questions_for_one_object_as_for_eight(client):
    few = questions(client, Evaluation(institutes=names_of(1)))
    many = questions(client, Evaluation(institutes=names_of(8)))

    assert {name: n for name, n in many.items() if n > 30} == {}
    assert {name: (few[name], n) for name, n in many.items() if n > few[name]} == {}
