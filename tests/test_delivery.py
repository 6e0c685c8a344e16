"""The commands a stranger types, run as they are written."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 150
GONE_SECONDS = 2


def environment(**changes):
    """Return the surroundings of a person's shell, without those of this run."""
    dropped = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "DJANGO_SETTINGS_MODULE", "RESET", "PORT"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return kept | {key: str(value) for key, value in changes.items()}


def run(*command, **changes):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(pid):
    """Return the ids of every process below this one."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True, timeout=10
    )
    parents = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    found, front = set(), {pid}
    while front:
        front = {child for child, parent in parents.items() if parent in front} - found
        found |= front
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def survivors(pids):
    """Return who is left when the time to go is over."""
    deadline = time.monotonic() + GONE_SECONDS
    left = set(pids)
    while left and time.monotonic() < deadline:
        left = {pid for pid in left if is_alive(pid)}
    return left


def start_demo(folder, port, **changes):
    """Type ``make demo`` and read until the address is printed."""
    process = subprocess.Popen(
        ["make", "-o", "install", "demo", f"PORT={port}"],
        cwd=ROOT,
        env=environment(PORTAL_VAR=folder, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    guard = signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.alarm(START_SECONDS)
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "The portal is at" in line:
                return process, "".join(lines)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, guard)
    process.wait(10)
    pytest.fail(f"the demo did not start: {''.join(lines)}")


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "var"


def test_killed_parent_leaves_no_process(demo_folder):
    interrupt_a_first_build(demo_folder)
    process, output = start_demo(demo_folder, free_port())
    family = descendants(process.pid)

    process.kill()
    left = survivors(family)
    process.communicate(timeout=10)

    assert output.count("Building the demo city") == 1
    assert len(family) == 4
    assert left == set()


def test_second_start_keeps_the_data_and_interrupt_stops_whole(demo_folder):
    process, output = start_demo(demo_folder, free_port(), RESET=0)
    family = descendants(process.pid)

    second = run(
        *[sys.executable, "manage.py", "demo", "--port", str(free_port())], PORTAL_VAR=demo_folder
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"CommandError: Another portal runs in {demo_folder}. "
        "Stop it or set PORTAL_VAR to another folder.\n"
    )

    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)

    assert output.count("Building the demo city") == 0
    assert survivors(family) == set()


def interrupt_a_first_build(folder):
    """Kill the demo in the middle of its seed; the next start must not trust what is left."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(free_port())],
        cwd=ROOT,
        env=environment(PORTAL_VAR=folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    database = folder / "portal.sqlite3"
    deadline = time.monotonic() + START_SECONDS
    while not (database.exists() and database.stat().st_size > 1_000_000):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.kill()
    process.wait(10)


def test_a_database_of_somebody_else_is_not_thrown_away(tmp_path):
    database = tmp_path / "portal.sqlite3"
    database.write_text("precious")

    result = run(
        *[sys.executable, "manage.py", "demo", "--port", str(free_port())], PORTAL_VAR=tmp_path
    )

    assert result.returncode == 1
    assert result.stderr.startswith(f"CommandError: {database} was not made by the demo.")
    assert database.read_text() == "precious"


def test_busy_port_is_named_in_one_line(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        result = run(
            sys.executable, "manage.py", "demo", "--port", str(port), PORTAL_VAR=tmp_path / "var"
        )

    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: Port {port} is in use. Choose another one: make demo PORT={port + 1}\n"
    )
    assert not (tmp_path / "var").exists()


def test_folder_that_cannot_be_written_is_named_in_one_line():
    result = run(
        *[sys.executable, "manage.py", "demo", "--port", str(free_port())], PORTAL_VAR="/proc/var"
    )

    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: /proc/var cannot be written")
    assert result.stderr.count("\n") == 1


def test_missing_venv_module_names_the_package(tmp_path):
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)

    result = run("deploy/install", "base", PYTHON=python)

    assert result.returncode == 1
    assert result.stderr == (
        f"install: {python} cannot make a virtual environment; "
        "on Debian: apt install python3-venv\n"
    )


def test_missing_python_names_the_package(tmp_path):
    result = run("deploy/install", "base", PYTHON=tmp_path / "python3")

    assert result.returncode == 1
    assert result.stderr == (
        f"install: no Python 3.11 or newer found at {tmp_path / 'python3'}; "
        "on Debian: apt install python3 python3-venv\n"
    )


def test_production_settings_pass_the_deployment_checks():
    result = run(
        *[sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        DJANGO_SETTINGS_MODULE="portal.settings.production",
        PORTAL_SECRET_KEY="only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        PORTAL_HOSTS="portal.example.org",
    )

    assert (result.returncode, result.stderr) == (0, "")
