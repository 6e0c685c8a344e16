"""Fixtures for every test, and the rule that CI skips nothing."""

import gc
import hashlib
import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation

from tests.services.postgresql import TEMPLATE

pytest.register_assert_rewrite("tests.demo")  # checks that the city's test shares out
ROOT = Path(__file__).parents[1]
DECIDES_TEMPLATE = (
    "requirements/base.txt",
    "portal/settings/base.py",
    "portal/site/services.py",
    "portal/site/notices.py",
    "tests/services/pages.py",
)
LONGEST = (
    "tests/e2e/test_pages.py",
    "tests/e2e/test_the_ledger.py",
    "tests/e2e/test_the_fair.py",
    "tests/test_garbage.py",
    "tests/demo/",
    "tests/search/",
    "tests/achievements/test_admin_urls.py",
    "tests/test_roles.py",
    "tests/test_query_counts.py",
)
pytest_plugins = [
    "tests.services.browser",
    "tests.services.city",
    "tests.services.elasticsearch",
    "tests.services.movable",
    "tests.services.redis",
    "tests.services.worker",
]


def pytest_addoption(parser):
    parser.addoption(
        "--record-answers",
        action="store_true",
        help="write the real engine's answers down for the contract suite",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database, which runs on PostgreSQL as well, and a room's pages.

    On PostgreSQL each page is opened by the test of garbage, which walks all of them; what a page
    says, and how many queries it takes, is the same on both. Files that take longest come first, so
    that two processes end at the same time.
    """
    items.sort(key=lambda item: _place_in_line(item.nodeid))
    for item in items:
        if {"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("database")
        if "client" in item.fixturenames:
            item.add_marker("page")


def pytest_collection_finish():
    """What is imported stays: looking through it again and again for garbage takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _place_in_line(nodeid: str) -> int:
    starts = (place for place, path in enumerate(LONGEST) if nodeid.startswith(path))
    return next(starts, len(LONGEST))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI everything must have been installed: a skip is a failure."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr[-1]}"


def template_key() -> str:
    """Changes with anything that the migrated database depends on."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]):
        digest.update(path.read_bytes())
    for name in DECIDES_TEMPLATE:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, tmp_path_factory):
    """Give the run a database copied from a migrated template, made once per set of migrations."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            name = tmp_path_factory.mktemp("database") / "test.sqlite3"
            shutil.copy(sqlite_template(request.config.cache.mkdir("database")), name)
            use_database(name)
        else:
            copy_postgresql_template(os.environ.get("PYTEST_XDIST_WORKER", "main"))
        yield
        connections.close_all()


def use_database(name) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(name)


def sqlite_template(folder: Path) -> Path:
    """The migrated file with the site's pages, which nearly every test needs.

    Made under another name, so that a half-made one is never used.
    """
    from tests.services.pages import make_pages

    template = folder / f"{template_key()}.sqlite3"
    if not template.exists():
        half_made = folder / f"{os.getpid()}.sqlite3"
        use_database(half_made)
        call_command("migrate", verbosity=0)
        make_pages()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        half_made.rename(template)
    return template


def copy_postgresql_template(worker: str) -> None:
    own = f"test_{worker}"
    use_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {own}")
        cursor.execute(f"CREATE DATABASE {own} TEMPLATE {TEMPLATE}")
    use_database(own)


@pytest.fixture(autouse=True)
def _first_language(settings):
    """Begin in Chinese: a request for an English page leaves its language to the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _own_search_index(settings):
    """Give each test an embedded engine of its own."""
    from search.client import forget_client
    from search.services.rebuild import forget_known_indexes

    forget_client()
    forget_known_indexes()
