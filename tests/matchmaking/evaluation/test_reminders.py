"""Reminders three days ahead, once each, and the bench of the methods."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.tasks import task_remind
from portal.notifications.models import Notification
from tests.factories.evaluation import Evaluation


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
