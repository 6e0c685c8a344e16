import fcntl
import os
import shutil
import signal
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.demo import supervisor
from portal.demo.signins import demo_sign_ins

READY, BUILDING = "ready", "building"
DATABASE = "portal.sqlite3"


class Command(BaseCommand):
    """Run the demo city: migrate, fill, start web, worker and beat, stop whole on Ctrl-C."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--reset", action="store_true", default=os.environ.get("RESET", "") not in {"", "0"}
        )

    def handle(self, *, port, reset, **options):
        if os.environ.get("PORTAL_ATTACHED"):
            supervisor.die_with_parent()  # a killed make takes the portal along
        try:
            supervisor.check_port(port)
            with self._locked():
                self._prepare(reset)
                self._run(port)
        except supervisor.UnableToStart as error:
            raise CommandError(str(error)) from None
        except (OSError, sqlite3.OperationalError) as error:
            raise CommandError(
                f"{settings.VAR_DIR} cannot be written ({error}). "
                "Free some space or set PORTAL_VAR to a folder of your own."
            ) from None

    @contextmanager
    def _locked(self):
        """Let one portal at a time work in the folder.

        Raises UnableToStart when another one does.
        """
        folder = Path(settings.VAR_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise supervisor.UnableToStart(
                    f"Another portal runs in {folder}. Stop it or set PORTAL_VAR to another folder."
                ) from None
            yield

    def _prepare(self, reset: bool) -> None:
        """Build the city unless a finished one is there; a half-made one is thrown away.

        Raises UnableToStart when there is a database that this command did not make.
        """
        folder = Path(settings.VAR_DIR)
        is_ours = (folder / READY).exists() or (folder / BUILDING).exists()
        if (folder / DATABASE).exists() and not (is_ours or reset):
            raise supervisor.UnableToStart(
                f"{folder / DATABASE} was not made by the demo. Move it away, set PORTAL_VAR "
                "to another folder, or throw it away with RESET=1."
            )
        if reset or not (folder / READY).exists():
            (folder / BUILDING).write_text("")
            for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", READY):
                (folder / name).unlink(missing_ok=True)
            for name in ("search", "media", "private", "mail", "broker"):
                shutil.rmtree(folder / name, ignore_errors=True)
        if (folder / READY).exists():
            call_command("migrate", verbosity=0)
            return
        self.stdout.write("Building the demo city; this takes about half a minute …")
        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=self.stdout)
        connections.close_all()
        shutil.rmtree(folder / "broker", ignore_errors=True)
        (folder / READY).write_text("ok\n")
        (folder / BUILDING).unlink()

    def _run(self, port: int) -> None:
        address = f"http://localhost:{port}/"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "PORTAL_BASE_URL": address.rstrip("/"),
        }
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        processes = {}
        try:
            for folder in ("queue", "control"):
                (settings.BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
            for child in supervisor.children(port):
                processes[child.name] = supervisor.start(child, environment)
            supervisor.wait_for_page(address, processes)
            self._greet(address)
            while True:
                supervisor.complain_if_ended(processes)
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            supervisor.stop(processes)

    def _greet(self, address: str) -> None:
        self.stdout.write(f"\nThe portal is at {address}  (Ctrl-C stops it)\n\nSign-ins:")
        for role, email, password, hint in demo_sign_ins():
            self.stdout.write(f"  {email:<28} {password}   {role} {hint}")
        self.stdout.write("")
        self.stdout.flush()
