"""A real Celery worker does what was sent before and while it ran, over both brokers."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.services.processes import wait_until

ROOT = Path(__file__).parents[2]
SEND = """
from datetime import timedelta
from django.utils import timezone
from matchmaking.models import Need
from matchmaking.tasks import task_sweep
from portal.accounts.models import Organization
from portal.taxonomy.models import District
company, _new = Organization.objects.get_or_create(
    name="湖畔电子有限公司", defaults={"kind": "ENTERPRISE", "district": District.objects.first()})
Need.objects.create(code="XQ-2026-0000{number}", organization=company, title="过期的需求",
    state="PUBLISHED", valid_until=timezone.localdate() - timedelta(days=1))
task_sweep.delay()
"""


def send(environment, number):
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", SEND.replace("{number}", str(number))],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
    )


def states(environment):
    database = Path(environment["PORTAL_VAR"]) / "portal.sqlite3"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT state FROM matchmaking_need ORDER BY id")
        return [state for (state,) in rows]


def check(portal, start_worker):
    send(portal, 1)
    start_worker(**portal)
    wait_until(lambda: states(portal) == ["EXPIRED"], "what waited is done", 60)
    send(portal, 2)
    wait_until(lambda: states(portal) == ["EXPIRED"] * 2, "what comes is done", 60)


def test_a_worker_over_the_broker_of_files(portal, start_worker):
    check({**portal, "PORTAL_BROKER": "filesystem://"}, start_worker)


def test_a_worker_over_redis(portal, start_worker, redis_socket):
    check({**portal, "PORTAL_BROKER": f"redis+socket://{redis_socket}"}, start_worker)


def test_a_killed_worker_leaves_its_work_to_the_next(portal, start_worker, redis_socket):
    environment = {**portal, "PORTAL_BROKER": f"redis+socket://{redis_socket}"}
    start_worker(**environment).kill()
    send(environment, 1)
    start_worker(**environment)
    wait_until(lambda: states(environment) == ["EXPIRED"], "the next one does it", 60)
