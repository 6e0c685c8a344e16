"""A real PostgreSQL on a unix socket, for as long as a command runs.

``python -m tests.services.postgresql COMMAND …`` starts the server, runs the command with
``PORTAL_TEST_DATABASE=postgresql`` beside a database to copy, migrated and with the site's pages,
stops the server and ends with the command's exit status.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .processes import ordinary_user

INSTALL = "apt install postgresql"
# Without autovacuum: between tests that roll back it finds empty tables, and plans made for them
# join everything with everything.
OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=40",
    "autovacuum=off",
)
SECONDS = 60
TEMPLATE = "template_portal"
MAKE_PAGES = "from tests.services.pages import make_pages; make_pages()"


def find_programs() -> Path | None:
    """The newest installed server's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgresql(programs: Path, *, folder: Path) -> Iterator[Path]:
    """Run a server that trusts everybody who reaches its socket; yield the socket's folder."""
    who = {**ordinary_user(folder), "timeout": SECONDS, "cwd": folder}
    data = folder / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def run(program: str, *arguments) -> None:
        subprocess.run(
            [programs / program, *map(str, arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            **who,
        )

    if not (data / "PG_VERSION").exists():
        run("initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = [f"-k {folder}", "-c listen_addresses=''", *(f"-c {each}" for each in OPTIONS)]
    run("pg_ctl", "-D", data, "-w", "-l", folder / "server.log", "-o", " ".join(options), "start")
    try:
        run("createdb", "-h", folder, "-U", "portal", TEMPLATE)
        yield folder
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def main(command: list[str]) -> int:
    programs = find_programs()
    if programs is None:
        sys.stderr.write(f"PostgreSQL is not installed, its run is left out: {INSTALL}\n")
        return 1 if os.environ.get("CI") else 0
    with (
        tempfile.TemporaryDirectory(prefix="portal-postgresql-") as name,
        postgresql(programs, folder=Path(name)) as socket,
    ):
        environment = {
            **os.environ,
            "PORTAL_TEST_DATABASE": "postgresql",
            "PORTAL_DB_HOST": str(socket),
            "PORTAL_DB_NAME": TEMPLATE,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        }
        for arguments in (["migrate"], ["shell", "--command", MAKE_PAGES]):
            make_template = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
            subprocess.run(make_template, env=environment, check=True, timeout=SECONDS * 4)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
