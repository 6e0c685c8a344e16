"""What the tests of the workers share."""

import shutil

import pytest

from tests.conftest import sqlite_template, use_database


@pytest.fixture
def portal(tmp_path, request, django_db_blocker):
    """Environment of a portal of its own: database, broker folder, search index."""
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.fail("this test brings its own SQLite database")
        before = connection.settings_dict["NAME"]
        template = sqlite_template(request.config.cache.mkdir("database"))
        use_database(before)
    shutil.copy(template, tmp_path / "portal.sqlite3")
    (tmp_path / "broker" / "queue").mkdir(parents=True)
    (tmp_path / "broker" / "control").mkdir()
    return {"PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
