"""The command: its JSON, its exit codes, and what is left after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from events.scheduling.checker import find_violations
from events.scheduling.fair_file import write_fair
from events.scheduling.made_up import make_fair
from events.scheduling.progress import BestOnDisk
from tests.events.scheduling.test_files import DZN

ROOT = Path(__file__).parents[3]
SMALL_FAIR = {"people": 24, "slots": 6, "tables": 8, "requests": 50}


@pytest.fixture
def fair(tmp_path):
    path = tmp_path / "fair.json"
    path.write_text(write_fair(make_fair(**SMALL_FAIR)))
    return path


@pytest.fixture
def run(capsys):
    def solve_meetings(path, *arguments):
        call_command("solve_meetings", str(path), "--json", *map(str, arguments))
        return json.loads(capsys.readouterr().out)

    return solve_meetings


def test_an_oversubscribed_fair(run, fair, tmp_path):
    output = tmp_path / "best.json"

    facts = run(fair, "--effort", "1", "--workers", "1", "--output", output)

    assert set(facts) == {
        "status", "breaks", "bound", "seconds", "valid", "method",
        "meetings", "weight", "weight_bound",
    }  # fmt: skip
    assert facts["status"] in {"OPTIMAL", "FEASIBLE"}
    assert facts["valid"] is True
    assert facts["weight"] == facts["weight_bound"]
    assert facts["bound"] <= facts["breaks"]
    schedule = best_in(output).schedule
    assert len(schedule.slot_of) == facts["meetings"]
    assert find_violations(make_fair(**SMALL_FAIR), schedule) == []


def test_a_benchmark_file_and_the_same_again(run, tmp_path):
    path = tmp_path / "made-up.dzn"
    path.write_text(DZN)

    first, second = (run(path, "--effort", "1", "--workers", "1") for _run in range(2))

    assert set(first) == {"status", "breaks", "bound", "seconds", "valid", "method"}
    assert (first["status"], first["breaks"], first["valid"]) == ("OPTIMAL", 1, True)
    assert first | {"seconds": 0} == second | {"seconds": 0}


def test_a_late_change(run, tmp_path):
    path = tmp_path / "told.json"
    requests = [
        {"people": [0, 1], "told": 0},
        {"people": [0, 2], "told": 1},
        {"people": [1, 2], "told": 2},
    ]
    ill = {"participants": 3, "slots": 3, "tables": 1, "unavailable": {"2": [1]}}
    path.write_text(json.dumps(ill | {"requests": requests}))

    facts = run(path, "--effort", "1", "--workers", "1", "--few-changes")

    assert (facts["method"], facts["status"], facts["weight"]) == ("changes", "OPTIMAL", 3)
    assert (facts["moved"], facts["changed_people"]) == (2, 3)


def test_an_infeasible_file(run, tmp_path):
    path = tmp_path / "full.dzn"
    path.write_text(DZN.replace("nTables = 1", "nTables = 0"))

    facts = run(path, "--seconds", "20")

    assert (facts["status"], facts["breaks"], facts["valid"]) == ("INFEASIBLE", None, None)


def test_a_malformed_file(tmp_path):
    path = tmp_path / "odd.dzn"
    path.write_text(DZN.replace("nTables = 1", "nTables = one"))

    done = subprocess.run(
        [sys.executable, "manage.py", "solve_meetings", str(path), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "line 4: expected a whole number at least 0 as the number of tables" in done.stderr


@pytest.mark.parametrize("option", ["--workers=0", "--seconds=0", "--effort=-1"])
def test_impossible_limits(fair, option):
    with pytest.raises(CommandError, match="take numbers above 0"):
        call_command("solve_meetings", str(fair), option)


def start(path, output):
    command = [sys.executable, "manage.py", "solve_meetings", str(path), "--json"]
    more = ["--seconds", "600", "--workers", "2", "--output", str(output)]
    return subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def wait_for(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def best_in(output):
    return BestOnDisk(output).read()


def in_second_stage(output):
    return output.exists() and best_in(output).stage == "breaks"


def state_and_parent(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return "Z", ""


def is_alive(pid):
    return state_and_parent(pid)[0] != "Z"


def children_of(pid):
    everybody = [int(each.name) for each in Path("/proc").glob("[0-9]*")]
    return [each for each in everybody if state_and_parent(each)[1] == str(pid)]


def test_a_kill_loses_nothing_and_leaves_nobody(run, fair, tmp_path):
    output = tmp_path / "best.json"
    process = start(fair, output)
    wait_for(lambda: in_second_stage(output) and children_of(process.pid))
    children = children_of(process.pid)

    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    kept = best_in(output)
    assert find_violations(make_fair(**SMALL_FAIR), kept.schedule) == []
    assert kept.weight == kept.weight_bound
    wait_for(lambda: not any(map(is_alive, children)))
    after = run(fair, "--effort", "0.1", "--workers", "1", "--output", output, "--resume")
    assert after["breaks"] <= kept.breaks


@pytest.mark.parametrize("kept", ["[]", "no json", "{}", None])
def test_what_was_kept_of_nothing_or_of_another_fair_is_not_resumed(run, fair, tmp_path, kept):
    output = tmp_path / "best.json"
    if kept is None:
        other = tmp_path / "other.json"
        other.write_text(write_fair(make_fair(**SMALL_FAIR | {"people": 30, "requests": 60})))
        run(other, "--effort", "0.1", "--workers", "1", "--output", output)
    else:
        output.write_text(kept)

    with pytest.raises(CommandError, match="expected what --output keeps of this fair") as caught:
        run(fair, "--output", output, "--resume")
    assert caught.value.returncode == 2


def test_sigterm_prints_the_best_so_far(fair, tmp_path):
    output = tmp_path / "best.json"
    process = start(fair, output)
    wait_for(lambda: in_second_stage(output))

    process.send_signal(signal.SIGTERM)
    said, _errors = process.communicate(timeout=30)

    facts = json.loads(said)
    assert process.returncode == 0
    assert facts["valid"] is True
    assert best_in(output).stage == "done"


def test_a_stop_file_ends_a_run(run, fair, tmp_path):
    (tmp_path / "stop").touch()

    facts = run(fair, "--seconds", "600", "--stop-file", tmp_path / "stop")

    assert facts["seconds"] < 60
    assert facts["valid"] is True


def test_starting_django_does_not_load_ortools():
    script = (
        "import sys, django; django.setup(); "
        "import events.scheduling.solver, events.scheduling.late_changes; "
        "print('ortools' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "False"
