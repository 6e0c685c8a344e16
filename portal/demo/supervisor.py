"""Start the web server, the Celery worker and beat as children that never outlive their parent."""

import contextlib
import ctypes
import errno
import functools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
START_SECONDS = 60
STOP_SECONDS = 8
LOG_BYTES = 5_000_000
BUILD_BYTES = 100_000_000
RUN_BYTES = 20_000_000
DISK_ERRORS = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}


class UnableToStart(Exception):
    """The demo cannot start; the message says what to do."""


@dataclass(frozen=True)
class Child:
    name: str
    command: list[str]


def children(port: int) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "portal"]
    return [
        Child(
            "web",
            [
                *[sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}"],
                *["--threads=8", "portal.wsgi:application"],
            ],
        ),
        Child(
            "worker",
            [
                *[*celery, "worker", "-P", "threads", "-c", "2", "--loglevel=WARNING"],
                *["--without-gossip", "--without-mingle"],
            ],
        ),
        Child("beat", [*celery, "beat", "--loglevel=WARNING"]),
    ]


def check_port(text: str) -> int:
    """Return the number of a port that can be listened on.

    Raises UnableToStart when there is none.
    """
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise UnableToStart(f"{text} is no port. Choose another one: make demo PORT=8000")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            trouble = "is in use" if error.errno == errno.EADDRINUSE else "is not allowed here"
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise UnableToStart(
                f"Port {port} {trouble}. Choose another one: make demo PORT={other}"
            ) from None
    return port


def check_space(folder: Path, needed: int) -> None:
    """Raise ``UnableToStart`` when the disk is too full to work in the folder."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UnableToStart(
            f"The disk of {folder} is full: {needed // 10**6} MB are needed, "
            f"{free // 10**6} MB are free. Free some space or set PORTAL_VAR to another folder."
        )


def is_disk_trouble(error: Exception, folder: Path) -> bool:
    """Tell a disk that cannot be written from a mistake of ours.

    Libraries that lose a file half-way complain of anything, so an error on a full disk counts.
    """
    code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
    return (
        isinstance(error, OSError)
        or code in DISK_ERRORS
        or shutil.disk_usage(folder).free < RUN_BYTES
    )


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def log_of(name: str, folder: Path) -> Path:
    return folder / "log" / f"{name}.log"


def start(child: Child, environment: dict[str, str], folder: Path) -> subprocess.Popen:
    """Start a child; what it says goes to its log in the folder."""
    log = log_of(child.name, folder)
    log.parent.mkdir(exist_ok=True)
    trim(log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  fixed commands
            child.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=functools.partial(die_with, os.getpid()),  # noqa: PLW1509  one thread here
        )


def trim(log: Path) -> None:
    """Move a log that has grown too long aside; its writer goes on in the emptied file."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        with contextlib.suppress(OSError):
            shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)


def stop(processes: dict[str, subprocess.Popen]) -> None:
    """End the children politely, then for good; impatience does not hinder it."""
    for impatience in (signal.SIGINT, signal.SIGTERM):
        signal.signal(impatience, signal.SIG_IGN)
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_page(url: str, processes: dict[str, subprocess.Popen], folder: Path) -> None:
    """Return when the first page answers; raise ``UnableToStart`` when a child ends before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        complain_if_ended(processes, folder)
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise UnableToStart(
        f"The first page did not answer within {START_SECONDS} seconds; "
        f"{log_of('web', folder)} may say why."
    )


def watch(processes: dict[str, subprocess.Popen], folder: Path) -> None:
    """Keep the logs short until a child ends, then raise ``UnableToStart``."""
    while True:
        complain_if_ended(processes, folder)
        for name in processes:
            trim(log_of(name, folder))
        time.sleep(0.5)


def complain_if_ended(processes: dict[str, subprocess.Popen], folder: Path) -> None:
    for name, process in processes.items():
        code = process.poll()
        if code is not None:
            end = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            raise UnableToStart(f"The {name} process {end}; {log_of(name, folder)} may say why.")
