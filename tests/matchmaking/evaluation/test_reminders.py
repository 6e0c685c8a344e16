"""Reminders three days ahead, once each, and the bench of the methods."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.models import Round
from matchmaking.evaluation.tasks import task_remind
from matchmaking.oversight.duties import Calendar, reach_of
from matchmaking.oversight.enums import DutyKind
from portal.notifications.models import Notification
from tests.factories.evaluation import Evaluation, make_commission


def told(kind):
    return Notification.objects.filter(kind=kind).count()


def in_days(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


@pytest.fixture
def evaluation(db):
    return Evaluation()


def test_units_are_reminded_of_their_report_once(evaluation):
    evaluation.to("SELF_REPORT")
    evaluation.report(evaluation.subjects[0], income=10)
    assert task_remind() == 0
    with in_days(8):
        assert [task_remind(), task_remind()] == [1, 1]
    assert told("evaluation-report-due") == 2  # owner and editor of the other institute


def test_experts_are_reminded_once_a_round(evaluation):
    evaluation.to("SCORING")
    evaluation.score(evaluation.tasks[0], 80)
    with in_days(18):
        assert [services.remind_of_deadlines() for _each in range(2)] == [5, 5]
    waiting = {task.expert_id for task in evaluation.tasks if task.state == "OPEN"}
    assert told("evaluation-task-due") == len(waiting)


def test_units_are_reminded_of_their_answer(evaluation):
    evaluation.to("CONFIRMATION")
    subject = evaluation.subjects[0]
    services.confirm_result(actor=evaluation.office(subject), subject=subject)
    with in_days(28):
        services.remind_of_deadlines()
    assert told("evaluation-answer-due") == 2


def test_the_bench_prints_its_figure(capsys):
    call_command("bench_evaluation", "--objects", "50", "--indicators", "4", "--json")

    figure = json.loads(capsys.readouterr().out)["entropy_topsis"]
    assert [figure["at_most"], figure["unit"], figure["is_met"]] == [2.0, "s", True]


def test_reports_and_answers_stand_among_the_units_duties(evaluation):
    office = evaluation.institutes[0].owner
    kinds = frozenset({DutyKind.EVALUATION})

    def due():
        found = Calendar(reach_of(office), kinds).first(9)
        return [(each.due_on, each.title, each.url) for each in found]

    seen = [due()]
    evaluation.to("SELF_REPORT")
    subject = evaluation.subjects[0]
    seen.append(due())
    evaluation.to("SCORING")
    seen.append(due())
    evaluation.to("CONFIRMATION")
    seen.append(due())
    services.confirm_result(actor=office, subject=subject)
    seen.append(due())

    told = (subject.label_zh, subject.get_absolute_url())
    round_ = Round.objects.get()
    assert seen == [[], [(round_.report_until, *told)], [], [(round_.answer_until, *told)], []]
    assert Calendar(reach_of(make_commission()), kinds).count() == {DutyKind.EVALUATION: 1}
