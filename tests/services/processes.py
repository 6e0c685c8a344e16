"""What every real service needs: a reason when it is not installed, a port, an ordinary user."""

import os
import pwd
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SERVICE_USER = "nobody"


def require(found, reason: str) -> None:
    """Skip with the reason when a service is not installed; in CI a skip is a failure."""
    if not found:
        pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Return when the condition holds; raise ``TimeoutError`` naming what was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} seconds")
        time.sleep(0.05)


def ordinary_user(folder: Path) -> dict:
    """Arguments of ``subprocess`` that run a server which refuses to run as root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam(SERVICE_USER)
    shutil.chown(folder, SERVICE_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
