"""A real Celery worker: over Redis, and over the broker of files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start_worker():
    """Return a function that starts a worker in an environment; it ends with the test."""
    processes = []

    def start(**environment) -> subprocess.Popen:
        process = subprocess.Popen(
            [
                *[sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads"],
                *["-c", "2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"],
            ],
            cwd=ROOT,
            env={**os.environ, **{key: str(value) for key, value in environment.items()}},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait(10)
