"""The demo city as a stranger starts it, on a port and in a folder of its own."""

import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from .processes import free_port, wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 240
STOP_SECONDS = 30


@dataclass(frozen=True)
class City:
    url: str
    folder: Path


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """A running portal with its worker and beat: ``url`` and its data's ``folder``."""
    folder, port = tmp_path_factory.mktemp("city"), free_port()
    log = folder / "city.log"
    url = f"http://localhost:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
                "PORTAL_VAR": str(folder / "var"),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _is_up(process, url, log), "the demo city", START_SECONDS)
        yield City(url, folder / "var")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _is_up(process: subprocess.Popen, url: str, log: Path) -> bool:
    if process.poll() is not None:
        pytest.fail(f"the demo city did not start:\n{log.read_text()}")
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
