"""What the tests of the fairs share."""

import shutil
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from tests.conftest import copy_postgresql_template, sqlite_template, use_database


@pytest.fixture(autouse=True)
def without_second_step(settings):
    """It has tests of its own."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("RequireMFAMiddleware")
    ]


@contextmanager
def _another(name):
    before = connection.settings_dict["NAME"]
    use_database(name)
    try:
        yield
    finally:
        connections.close_all()
        use_database(before)


@pytest.fixture
def committed_database(request, django_db_setup, django_db_blocker, tmp_path):
    """A database of its own whose transactions are real, for what runs at the same time."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            template = sqlite_template(request.config.cache.mkdir("database"))
            name = shutil.copy(template, tmp_path / "race.sqlite3")
            with _another(name):
                yield
        else:
            before = connection.settings_dict["NAME"]
            copy_postgresql_template("race")
            yield
            connections.close_all()
            use_database(before)
