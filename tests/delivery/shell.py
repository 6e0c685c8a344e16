"""What a person has: a shell to type into, and a disk that may be small, full or read-only."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 240
GONE_SECONDS = 2
DROPPED = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "DJANGO_SETTINGS_MODULE", "RESET", "PORT"}
needs_mount = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can mount a disk for this test: sudo make test"
)


def environment(**changes):
    """Return the surroundings of a person's shell, without those of this run."""
    kept = {key: value for key, value in os.environ.items() if key not in DROPPED}
    return kept | {key: str(value) for key, value in changes.items()}


def run(*command, folder=ROOT, **changes):
    """Type a command and wait for its end."""
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def started(*command, folder=ROOT, **changes):
    """Type a command and go on while it runs; it never runs longer than its time."""
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    guard = signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.alarm(SECONDS)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)
        signal.alarm(0)
        signal.signal(signal.SIGALRM, guard)


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


@contextmanager
def mounted(folder, *arguments):
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *arguments, folder], check=True, timeout=10)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True, timeout=10)


def small_disk(folder, megabytes):
    """Put an empty disk of this size at the folder."""
    return mounted(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")


@contextmanager
def read_only(folder):
    """Let nobody write into the folder, not even root."""
    with mounted(folder, "--bind", folder):
        subprocess.run(["mount", "-o", "remount,ro,bind", folder, folder], check=True, timeout=10)
        yield folder


def fill(disk):
    """Leave no room on a disk, also while somebody else writes to it."""
    step, filled = shutil.disk_usage(disk).free, 0
    with (disk / "ballast").open("wb") as ballast:
        while step >= 4096:
            try:
                os.posix_fallocate(ballast.fileno(), filled, step)
                filled += step
            except OSError:
                step //= 2


def empty(disk):
    """Make room again."""
    (disk / "ballast").unlink()


@contextmanager
def filled(disk):
    fill(disk)
    try:
        yield
    finally:
        empty(disk)
