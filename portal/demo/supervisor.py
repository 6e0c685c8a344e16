"""Start the web server, the Celery worker and beat as children that never outlive their parent."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
START_SECONDS = 60
STOP_SECONDS = 8


class UnableToStart(Exception):
    """The demo cannot start; the message says what to do."""


@dataclass(frozen=True)
class Child:
    name: str
    command: list[str]


def children(port: int) -> list[Child]:
    python = sys.executable
    return [
        Child(
            "web",
            [
                python,
                "-m",
                "waitress",
                f"--listen=127.0.0.1:{port}",
                "--threads=8",
                "portal.wsgi:application",
            ],
        ),
        Child(
            "worker",
            [
                *[python, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "2"],
                *["--loglevel=WARNING", "--without-gossip", "--without-mingle"],
            ],
        ),
        Child("beat", [python, "-m", "celery", "-A", "portal", "beat", "--loglevel=WARNING"]),
    ]


def check_port(port: int) -> None:
    """Raise ``UnableToStart`` when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise UnableToStart(
                f"Port {port} is in use. Choose another one: make demo PORT={port + 1}"
            ) from None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, however it dies."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def start(child: Child, environment: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(  # noqa: S603  fixed commands
        child.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  single-threaded here
    )


def stop(processes: dict[str, subprocess.Popen]) -> None:
    """End the children politely, then for good."""
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


def wait_for_page(url: str, processes: dict[str, subprocess.Popen]) -> None:
    """Return when the first page answers; raise ``UnableToStart`` when a child ends before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        complain_if_ended(processes)
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise UnableToStart(f"The first page did not answer within {START_SECONDS} seconds.")


def complain_if_ended(processes: dict[str, subprocess.Popen]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise UnableToStart(f"The {name} process ended with code {process.returncode}.")
