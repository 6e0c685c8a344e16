"""A schedule is published while the worker is killed and Redis loses everything."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import pytest
from celery import Celery
from django.db import connections, transaction

from events.fairs.services import add_tables
from tests.conftest import use_database
from tests.factories.schedules import Timetable
from tests.services.processes import wait_until
from tests.services.redis import find_program, make_folder, redis

ROOT = Path(__file__).parents[2]
PAIRS = 45
PUBLISH = """
from events.timetable.models import ScheduleVersion
from events.timetable.services import publish_version
version = ScheduleVersion.objects.get()
publish_version(actor=version.fair.created_by, version=version)
"""


@pytest.fixture
def planned(portal, django_db_blocker):
    """A fair with a draft in which everybody meets one other person; returns the portal."""
    from django.db import connection

    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        use_database(Path(portal["PORTAL_VAR"]) / "portal.sqlite3")
        try:
            with transaction.atomic():
                made = Timetable(companies=PAIRS, teams=PAIRS)
                add_tables(actor=made.owner, fair=made.fair, letter="B", count=8)
                pairs = zip(made.companies, made.teams, strict=True)
                requests = [made.wish(*pair) for pair in pairs]
                made.version({each: divmod(place, 12) for place, each in enumerate(requests)})
        finally:
            connections.close_all()
            use_database(before)
    return portal


def rows(portal, query):
    database = Path(portal["PORTAL_VAR"]) / "portal.sqlite3"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def told(portal):
    query = "SELECT registration_id FROM registration_delivery WHERE key LIKE 'schedule:%'"
    return [person for (person,) in rows(portal, query)]


def kill_while_telling(portal, worker):
    """Take the database away in the middle, so that the worker is killed between two people."""
    database = Path(portal["PORTAL_VAR"]) / "portal.sqlite3"
    with sqlite3.connect(database, timeout=0.02, isolation_level=None) as connection:
        wait_until(lambda: len(told(portal)) >= 2, "the first are told", 60)
        for _attempt in range(5_000):  # short ones: a patient one would wait until all are told
            with suppress(sqlite3.OperationalError):
                connection.execute("BEGIN IMMEDIATE")
                break
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
        connection.execute("ROLLBACK")
    return len(told(portal))


def test_nobody_is_told_twice_and_nobody_forgotten(planned, start_worker, tmp_path_factory):
    program, folder = find_program(), make_folder(tmp_path_factory)
    environment = {**planned, "PORTAL_BROKER": f"redis+socket://{folder}/redis.sock"}
    with redis(program, folder=folder):
        worker = start_worker(**environment)
        publishing = [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH]
        whole = {**os.environ, **environment}
        with subprocess.Popen(publishing, cwd=ROOT, env=whole) as publisher:
            assert 0 < kill_while_telling(planned, worker) < 2 * PAIRS
            assert publisher.wait(60) == 0
        start_worker(**environment)

    with redis(program, folder=folder):
        beat = Celery("beat", broker=environment["PORTAL_BROKER"], set_as_current=False)
        with beat.connection_for_write() as connection:
            beat.send_task("timetable.sweep", queue="portal", connection=connection)
        wait_until(lambda: len(told(planned)) >= 2 * PAIRS, "all are told", 60)
        waiting = "SELECT count(*) FROM timetable_notice WHERE told_at IS NULL"
        wait_until(lambda: rows(planned, waiting) == [(0,)], "nobody waits", 20)
        with beat.connection_for_write() as connection:
            beat.send_task("notifications.deliver", queue="portal", connection=connection)
        untried = "SELECT count(*) FROM notifications_outgoingmail WHERE attempts = 0"
        wait_until(lambda: rows(planned, untried) == [(0,)], "each mail is tried", 20)

    assert set(Counter(told(planned)).values()) == {1}
    messages = "SELECT user_id FROM notifications_notification WHERE kind = 'fair-schedule'"
    assert sorted(Counter(rows(planned, messages)).values()) == [1] * 2 * PAIRS
    mails = rows(planned, "SELECT recipients FROM notifications_outgoingmail")
    assert sorted(Counter(mails).values()) == [1] * 2 * PAIRS
    files = (Path(planned["PORTAL_VAR"]) / "mail").iterdir()
    assert max(Counter(message_from_bytes(each.read_bytes())["To"] for each in files).values()) == 1
