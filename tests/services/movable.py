"""The portal inside this process, on a database file of its own: its clock can be moved."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as current
from django.db import connection, connections
from django.test.testcases import LiveServerThread

MORNING = time(9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CODE_SECONDS, START_SECONDS = 30, 30
TEN_YEARS = 10 * 365 * 24 * 3600  # a browser that lives later than the portal must not ask again


@dataclass(frozen=True)
class MovablePortal:
    """A running portal; ``folder`` is laid out as its ``PORTAL_VAR`` would be."""

    url: str
    folder: Path
    clock: time_machine.Traveller

    @property
    def database(self) -> Path:
        return self.folder / "portal.sqlite3"

    def with_files(self) -> Path:
        """The folder, with the private files as they are now."""
        shutil.copytree(current.PRIVATE_ROOT, self.folder / "private", dirs_exist_ok=True)
        return self.folder

    def go_on_to(self, day: str) -> None:
        """Let the morning of ``day`` come; the portal's own clock never goes back."""
        morning = datetime.combine(datetime.fromisoformat(day).date(), MORNING)
        assert morning.timestamp() > datetime.now().timestamp(), f"{day} is over"
        self.clock.move_to(morning)

    def wait_for_next_code(self) -> None:
        """Codes of the second step are good once: let the next one come."""
        self.clock.shift(timedelta(seconds=CODE_SECONDS))


@pytest.fixture
def movable_portal(
    django_db_setup, django_db_blocker, settings, tmp_path
) -> Iterator[MovablePortal]:
    """Migrated and empty, on the morning of Monday, 3 March 2025; a thread of it listens."""
    settings.PASSWORD_DAYS = 0  # people would change their passwords every 90 days of the story
    settings.WHITENOISE_USE_FINDERS, settings.WHITENOISE_MAX_AGE = True, TEN_YEARS
    with django_db_blocker.unblock():
        pristine = connection.settings_dict["NAME"]
        connections.close_all()
        database = shutil.copy(pristine, tmp_path / "portal.sqlite3")
        connection.settings_dict["NAME"] = str(database)
        traveller = time_machine.travel(datetime(2025, 3, 3, 9, 30, tzinfo=MORNING.tzinfo))
        server = LiveServerThread("localhost", static_handler=lambda application: application)
        server.daemon = True
        server.start()
        try:
            server.is_ready.wait(START_SECONDS)
            assert server.error is None, server.error
            url = settings.WAGTAILADMIN_BASE_URL = f"http://localhost:{server.port}"
            yield MovablePortal(url, tmp_path, traveller.start())
        finally:
            traveller.stop()
            server.terminate()
            connections.close_all()
            connection.settings_dict["NAME"] = pristine
            shutil.rmtree(current.PRIVATE_ROOT, ignore_errors=True)
