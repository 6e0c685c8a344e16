"""A version is calculated by a process of its own, which may be stopped or killed at any time."""

import json
import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.registration.models import Availability
from events.scheduling.checker import find_violations
from events.scheduling.fair_file import write_fair
from events.scheduling.instance import Instance, Meeting
from events.scheduling.progress import BestOnDisk
from events.timetable.choosing import choose_meetings
from events.timetable.process import run
from events.timetable.runs import SolveFolder
from events.timetable.services import (
    UnableToSchedule,
    can_go_on,
    go_on_solving,
    is_silent,
    solve_version,
    start_solving,
    stop_solving,
    sweep_solves,
)
from portal.jobs.models import Job
from portal.jobs.services import JobCancelled, cancel_job, run_job
from tests.factories.fairs import fresh
from tests.factories.schedules import QUICK, Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def begin(made, seconds=QUICK, **values):
    return start_solving(actor=made.owner, fair=made.fair, seconds=seconds, **values)


def solve(made, **values):
    version = begin(made, **values)
    run_job(job_id=version.job_id, work=solve_version)
    return fresh(version)


def test_a_solve_gives_a_draft_that_is_proved_and_measured():
    made = Timetable()
    made.everybody_meets()

    version = solve(made)

    assert (version.state, version.status, version.number) == ("DRAFT", "OPTIMAL", 1)
    assert (version.weight, version.weight_bound, version.breaks, version.bound) == (4, 4, 0, 0)
    assert version.planned.count() == 4
    assert version.metrics["meetings"] == 4
    assert version.metrics["must"] == version.metrics["requested_must"] == 0
    assert version.job.state == "SUCCEEDED"


def test_nobody_gets_more_meetings_than_the_fair_allows_and_the_heavier_ones_stay():
    made = Timetable(companies=1, teams=3)
    must = made.wish(made.companies[0], made.teams[0], priority="MUST")
    for team in made.teams[1:]:
        made.wish(made.companies[0], team)
    fair = made.fair
    fair.max_meetings = 2
    fair.save()

    version = solve(made)

    planned = set(version.planned.values_list("request", flat=True))
    assert len(planned) == 2
    assert must.pk in planned
    assert (version.weight, version.weight_bound, version.status) == (4, 4, "OPTIMAL")


def test_locked_meetings_stay_when_it_is_solved_again():
    made = Timetable()
    version = made.square()
    kept = version.planned.order_by("pk").first()
    kept.slot, kept.is_locked = made.slots[3], True
    kept.save()

    again = solve(made, base=version)

    held = again.planned.get(request=kept.request)
    assert (held.slot, held.table, held.is_locked) == (made.slots[3], kept.table, True)
    assert again.base == version


def test_it_asks_for_something_to_schedule():
    made = Timetable()

    with pytest.raises(UnableToSchedule):
        begin(made)


def test_one_solve_at_a_time():
    made = Timetable()
    made.everybody_meets()
    begin(made)

    with pytest.raises(UnableToSchedule):
        begin(made)


@pytest.mark.parametrize("state", ["BOOKING", "CLOSED", "CANCELLED"])
def test_only_between_the_last_request_and_the_end(state):
    made = Timetable(state=state)
    made.everybody_meets()

    with pytest.raises(UnableToSchedule):
        begin(made)


def test_members_who_do_not_run_the_fair_cannot():
    made = Timetable()
    made.everybody_meets()

    with pytest.raises(UnableToSchedule):
        start_solving(actor=made.hall.member, fair=made.fair, seconds=QUICK)


class Long:
    """A solve that would take long, watched in a thread of its own until something is found."""

    def __init__(self, made):
        self.version = begin(made, seconds=120)
        self.folder = SolveFolder(self.version)

    def once_found(self, act):
        """Do ``act`` with the process's id as soon as there is a schedule."""

        def wait():
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                progress = self.folder.best()
                if progress and progress.schedule and progress.schedule.slot_of:
                    act(int((self.folder.path / "pid").read_text()))
                    return
                time.sleep(0.05)

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            run_job(job_id=self.version.job_id, work=solve_version)
        finally:
            thread.join()
        return fresh(self.version)


@pytest.fixture
def crowded():
    """Breaks that nobody can rule out quickly: it runs until it is stopped."""
    made = Timetable(companies=8, teams=8)
    made.hall.add_session("下午场", 14, slots=8)
    made.everybody_meets()
    Availability.objects.bulk_create(
        Availability(registration=person, slot=slot, state="BUSY")
        for row, person in enumerate([*made.companies, *made.teams])
        for column, slot in enumerate(made.slots)
        if (row * 7 + column * 5) % 4 == 0
    )
    return made


def test_a_killed_solver_leaves_the_best_says_so_and_the_next_goes_on_from_it(crowded, client):
    long = Long(crowded)

    with pytest.raises(UnableToSchedule):
        long.once_found(lambda pid: os.kill(pid, signal.SIGKILL))

    version = fresh(long.version)
    assert (version.state, version.job.state) == ("DRAFT", "FAILED")
    assert version.was_interrupted
    assert version.planned.count() > 0
    assert version.planned.filter(table=None).count() == 0
    assert can_go_on(version)
    weight = version.weight
    client.force_login(crowded.owner)
    address = reverse("timetable:version", args=[crowded.fair.code, version.number])
    assert "求解进程中断" in client.get(address).content.decode()

    task = long.folder.path / "task.json"
    task.write_text(json.dumps(json.loads(task.read_text()) | {"seconds": 1}))
    go_on_solving(actor=crowded.owner, version=version)
    version = fresh(version)
    run_job(job_id=version.job_id, work=solve_version)
    version = fresh(version)
    assert (version.state, version.was_interrupted) == ("DRAFT", False)
    assert version.weight >= weight


def test_stopping_ends_it_with_the_best_so_far(crowded):
    long = Long(crowded)

    version = long.once_found(lambda _pid: long.folder.stop())

    assert (version.state, version.job.state) == ("DRAFT", "SUCCEEDED")
    assert version.planned.count() > 0


def test_a_worker_that_died_is_noticed_and_the_best_taken():
    made = Timetable()
    made.everybody_meets()
    version = begin(made)
    Job.objects.filter(pk=version.job_id).update(state="RUNNING", started_at=timezone.now())
    run(SolveFolder(version).path)  # the process had found something when both were killed
    version = fresh(version)

    assert not is_silent(version)
    later = timezone.now() + timedelta(minutes=2)
    assert is_silent(version, later)
    assert sweep_solves(now=later) == 1
    assert sweep_solves(now=later) == 0

    version = fresh(version)
    assert (version.state, version.job.state) == ("DRAFT", "CANCELLED")
    assert version.planned.count() == 4


def test_stopping_what_is_dead_already_takes_the_best(time_machine):
    made = Timetable()
    made.everybody_meets()
    version = begin(made)
    Job.objects.filter(pk=version.job_id).update(state="RUNNING", started_at=timezone.now())
    run(SolveFolder(version).path)
    time_machine.move_to(timezone.now() + timedelta(minutes=1))

    version = stop_solving(actor=made.owner, version=version)

    assert (version.state, version.planned.count()) == ("DRAFT", 4)


def test_stopping_what_still_waits_for_a_worker_makes_room_for_another():
    made = Timetable()
    made.everybody_meets()
    version = begin(made)

    stopped = stop_solving(actor=made.owner, version=version)
    run_job(job_id=version.job_id, work=solve_version)

    assert (stopped.state, stopped.planned.count()) == ("DRAFT", 0)
    assert fresh(version).planned.count() == 0
    begin(made)


def test_a_second_delivery_of_the_task_does_nothing():
    made = Timetable()
    made.everybody_meets()
    version = solve(made)
    before = list(version.planned.values_list("pk", flat=True))

    run_job(job_id=version.job_id, work=solve_version)

    assert list(version.planned.values_list("pk", flat=True)) == before


def test_a_version_moved_by_hand_does_not_go_on():
    made = Timetable()
    version = made.square()
    SolveFolder(version).path.mkdir(parents=True)
    (SolveFolder(version).path / "task.json").write_text("{}")
    assert can_go_on(version)

    version.method = "manual"

    assert not can_go_on(version)


@pytest.fixture
def star(tmp_path):
    """One person wanted by three, who may have two meetings; the second one weighs most."""

    def make(**values):
        everywhere = frozenset(range(3))
        instance = Instance(
            name="star",
            slots=3,
            tables=2,
            free=(everywhere,) * 4,
            meetings=tuple(
                Meeting((0, other), everywhere, weight)
                for other, weight in [(1, 1), (2, 5), (3, 2)]
            ),
        )
        task = {"seconds": QUICK, "most": 2, "workers": 1, "seed": 1, "few_changes": False}
        (tmp_path / "fair.json").write_text(write_fair(instance))
        (tmp_path / "task.json").write_text(json.dumps(task | values))
        return instance, tmp_path

    return make


def test_within_the_limit_the_process_claims_only_what_holds_for_the_whole_fair(star):
    instance, folder = star()

    run(folder)

    found = BestOnDisk(folder / "best.json").read()
    assert set(found.schedule.slot_of) == {1, 2}
    assert (found.weight, found.weight_bound, found.status) == (7, 7, "OPTIMAL")
    assert find_violations(instance, found.schedule) == []


def test_what_was_not_chosen_comes_in_where_chosen_meetings_left_room(tmp_path):
    """Three who all want each other do not fit into two slots; then a fourth has room."""
    two = frozenset(range(2))
    wishes = [((0, 1), 5), ((1, 2), 6), ((0, 2), 5), ((0, 3), 1)]
    meetings = tuple(Meeting(people, two, weight) for people, weight in wishes)
    instance = Instance("triangle", 2, 2, (two,) * 4, meetings)
    task = {"seconds": QUICK, "most": 2, "workers": 1, "seed": 1, "few_changes": False}
    (tmp_path / "fair.json").write_text(write_fair(instance))
    (tmp_path / "task.json").write_text(json.dumps(task))

    found = run(tmp_path)

    assert found == BestOnDisk(tmp_path / "best.json").read()
    assert (found.weight, found.weight_bound, found.status) == (12, 16, "FEASIBLE")
    assert find_violations(instance, found.schedule) == []


def test_held_meetings_that_clash_are_left_to_the_checker():
    everywhere = frozenset(range(2))
    held = [Meeting((0, other), everywhere, told=0, held=True) for other in (1, 2)]
    instance = Instance("clash", 2, 2, (everywhere,) * 3, tuple(held))

    assert choose_meetings(instance, most=1).is_all


def test_cancelling_the_job_ends_the_process(crowded):
    version = begin(crowded, seconds=120)
    job = cancel_job(job=version.job)

    with pytest.raises(JobCancelled):
        solve_version(job)

    assert fresh(version).state == "DRAFT"
    with pytest.raises(ProcessLookupError):
        os.kill(int((SolveFolder(version).path / "pid").read_text()), 0)


def test_a_run_that_was_stopped_before_it_began_keeps_what_there_was(star):
    _instance, folder = star()
    run(folder)
    before = BestOnDisk(folder / "best.json").read()
    (folder / "stop").touch()

    run(folder)

    assert BestOnDisk(folder / "best.json").read().weight == before.weight
