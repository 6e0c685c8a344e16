"""``make demo`` as a stranger types it, on a good day and on the bad ones."""

import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from portal.demo.signins import demo_sign_ins
from tests.delivery.shell import (
    SECONDS,
    descendants,
    filled,
    needs_mount,
    read_only,
    run,
    small_disk,
    started,
    survivors,
)
from tests.services.processes import free_port, wait_until

BUILDING = "Building the demo city; this takes about a minute …\n"
BUILT = re.compile(re.escape(BUILDING) + r"(\d+ [a-z]+(, \d+ [a-z]+)*\n)+")
LONG_LOG = 6_000_000


def demo(folder, port="", **changes):
    """Type the command and wait for its end."""
    port = str(port or free_port())
    return run(sys.executable, "manage.py", "demo", "--port", port, PORTAL_VAR=folder, **changes)


def building(folder):
    command = [sys.executable, "manage.py", "demo", "--port", free_port()]
    return started(*command, PORTAL_VAR=folder)


def running(folder, port, **changes):
    return started("make", "-o", "install", "demo", f"PORT={port}", PORTAL_VAR=folder, **changes)


def read_greeting(process):
    """Read what is printed until the last sign-in."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "\n" and "Sign-ins:\n" in lines:
            return "".join(lines)
    return pytest.fail(f"the demo did not start: {''.join(lines)}{process.stderr.read()}")


def greeting(port):
    people = "".join(
        f"  {email:<28} {password}   {role} {hint}\n"
        for role, email, password, hint in demo_sign_ins()
    )
    return (
        f"\nThe portal is at http://localhost:{port}/  (Ctrl-C stops it)\n\nSign-ins:\n{people}\n"
    )


def worker_of(family):
    """Return the id of the Celery worker among the processes."""
    (pid,) = (pid for pid in family if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return pid


def wait_while_running(process, condition, what):
    wait_until(lambda: process.poll() is not None or condition(), what, SECONDS)
    assert process.poll() is None, process.stderr.read()


def size_of(path):
    return path.stat().st_size if path.exists() else 0


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """One disk for the city of this module; where root can mount one, tests may fill it."""
    folder = tmp_path_factory.mktemp("disk")
    if os.geteuid():
        yield folder
    else:
        with small_disk(folder, 200):
            yield folder


@needs_mount
def test_a_disk_that_fills_under_the_building_is_named(disk):
    folder = disk / "var"
    with building(folder) as process:
        wait_while_running(process, lambda: any(folder.glob("media/*/*")), "pictures")
        with filled(disk):
            output, complaint = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert output.startswith(BUILDING)
    assert complaint.startswith(f"CommandError: {folder} cannot be written (")
    assert complaint.endswith("Free some space or set PORTAL_VAR to a folder of your own.\n")
    assert complaint.count("\n") == 1


@needs_mount
def test_a_full_disk_is_named_before_anything_is_built(disk):
    with filled(disk):
        result = demo(disk / "var")

    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(
        rf"CommandError: The disk of {disk}/var is full: 100 MB are needed, \d+ MB are free\. "
        r"Free some space or set PORTAL_VAR to another folder\.\n",
        result.stderr,
    )


def test_a_killed_parent_leaves_no_process(disk):
    folder, port = disk / "var", free_port()
    database = folder / "portal.sqlite3"
    with building(folder) as process:
        assert process.stdout.readline() == BUILDING
        wait_while_running(process, lambda: size_of(database) > 1_000_000, "tables")
        process.kill()

    with running(folder, port) as process:
        output = read_greeting(process)
        family = descendants(process.pid)
        process.kill()
        left = survivors(family)
        rest = process.communicate(timeout=SECONDS)

    assert BUILT.fullmatch(output.removesuffix(greeting(port)))
    assert len(family) == 4
    assert left == set()
    assert rest == ("", "")


def test_a_second_start_keeps_the_data_and_interrupt_stops_whole(disk):
    folder, port = disk / "var", free_port()
    log = folder / "log" / "web.log"
    os.truncate(log, LONG_LOG)
    with running(folder, port, RESET=0) as process:
        output = read_greeting(process)
        family = descendants(process.pid)

        second = demo(folder)
        assert second.returncode == 1
        assert second.stderr == (
            f"CommandError: Another portal runs in {folder}. "
            "Stop it or set PORTAL_VAR to another folder.\n"
        )

        os.killpg(process.pid, signal.SIGINT)
        rest = process.communicate(timeout=SECONDS)

    assert output == greeting(port)
    assert rest == ("\nStopping …\n", "")
    assert survivors(family) == set()
    assert size_of(log) < LONG_LOG
    assert size_of(log.with_suffix(".log.1")) == LONG_LOG


def test_a_child_that_dies_is_named_with_its_log(disk):
    folder = disk / "var"
    with running(folder, free_port()) as process:
        read_greeting(process)
        family = descendants(process.pid)
        os.kill(worker_of(family), signal.SIGKILL)
        _, complaint = process.communicate(timeout=SECONDS)

    assert process.returncode == 2  # make's word for a command that ended with an error
    assert complaint.splitlines()[0] == (
        "CommandError: The worker process was killed by signal 9; "
        f"{folder / 'log' / 'worker.log'} may say why."
    )
    assert survivors(family) == set()


@needs_mount
def test_a_full_disk_is_named_before_the_portal_starts(disk):
    with filled(disk):
        result = demo(disk / "var")

    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: The disk of {disk / 'var'} is full: 20 MB are needed, 0 MB are free. "
        "Free some space or set PORTAL_VAR to another folder.\n"
    )


@needs_mount
def test_a_city_on_a_read_only_disk_is_named(disk):
    with read_only(disk):
        result = demo(disk / "var")

    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: {disk / 'var'} cannot be written ([Errno 30] Read-only file system: "
        f"'{disk / 'var' / 'lock'}'). "
        "Free some space or set PORTAL_VAR to a folder of your own.\n"
    )


def test_a_lost_database_is_built_again(disk):
    folder = disk / "var"
    (folder / "portal.sqlite3").unlink()
    with building(folder) as process:
        assert process.stdout.readline() == BUILDING
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert complaint == "CommandError: Interrupted; run the same command again.\n"


def test_a_database_of_somebody_else_is_not_thrown_away(tmp_path):
    database = tmp_path / "portal.sqlite3"
    database.write_text("precious")

    result = demo(tmp_path)

    assert result.returncode == 1
    assert result.stderr.startswith(f"CommandError: {database} was not made by the demo.")
    assert database.read_text() == "precious"


def test_a_busy_port_is_named_in_one_line(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        result = demo(tmp_path / "var", port)

    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: Port {port} is in use. Choose another one: make demo PORT={port + 1}\n"
    )
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_a_port_that_is_none_is_named_in_one_line(tmp_path, port):
    result = run(sys.executable, "manage.py", "demo", PORTAL_VAR=tmp_path / "var", PORT=port)

    assert result.returncode == 1
    assert result.stderr == (
        f"CommandError: {port} is no port. Choose another one: make demo PORT=8000\n"
    )
    assert not (tmp_path / "var").exists()


def test_a_folder_that_cannot_be_made_is_named_in_one_line():
    result = demo("/proc/var")

    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: /proc/var cannot be written")
    assert result.stderr.count("\n") == 1


def test_production_settings_pass_the_deployment_checks():
    result = run(
        *[sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        DJANGO_SETTINGS_MODULE="portal.settings.production",
        PORTAL_SECRET_KEY="only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        PORTAL_HOSTS="portal.example.org",
    )

    assert (result.returncode, result.stderr) == (0, "")
