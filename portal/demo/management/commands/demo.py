import fcntl
import os
import shutil
import signal
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
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument(
            "--reset", action="store_true", default=os.environ.get("RESET", "") not in {"", "0"}
        )

    def handle(self, *, port, reset, **options):
        if parent := os.environ.pop("PORTAL_PARENT", ""):
            supervisor.die_with(int(parent))  # a killed make takes the portal along
        for ending in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores SIGINT
            signal.signal(ending, signal.default_int_handler)
        folder = Path(settings.VAR_DIR)
        try:
            number = supervisor.check_port(port)
            with self._locked(folder):
                self._prepare(folder, reset)
                supervisor.check_port(port)  # building takes long enough for another to take it
                self._run(folder, number)
        except supervisor.UnableToStart as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted; run the same command again.", returncode=130) from None
        except Exception as error:
            if not supervisor.is_disk_trouble(error, folder):
                raise
            raise CommandError(
                f"{folder} cannot be written ({error}). "
                "Free some space or set PORTAL_VAR to a folder of your own."
            ) from None

    @contextmanager
    def _locked(self, folder: Path):
        """Let one portal at a time work in the folder.

        Raises UnableToStart when another one does.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise supervisor.UnableToStart(
                    f"Another portal runs in {folder}. Stop it or set PORTAL_VAR to another folder."
                ) from None
            yield

    def _prepare(self, folder: Path, reset: bool) -> None:
        """Build the city unless a finished one is there; a half-made one is thrown away.

        Raises UnableToStart when there is a database that this command did not make.
        """
        database, ready, building = folder / DATABASE, folder / READY, folder / BUILDING
        if database.exists() and not (ready.exists() or building.exists() or reset):
            raise supervisor.UnableToStart(
                f"{database} was not made by the demo. Move it away, set PORTAL_VAR "
                "to another folder, or throw it away with RESET=1."
            )
        if ready.exists() and database.exists() and not reset:
            supervisor.check_space(folder, supervisor.RUN_BYTES)
            call_command("migrate", verbosity=0)
            return
        building.touch()
        self._throw_away(folder)
        supervisor.check_space(folder, supervisor.BUILD_BYTES)
        self.stdout.write("Building the demo city; this takes about a minute …")
        self.stdout.flush()
        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=self.stdout)
        connections.close_all()
        shutil.rmtree(folder / "broker", ignore_errors=True)
        ready.touch()
        building.unlink()

    def _throw_away(self, folder: Path) -> None:
        """Remove the city, its mark of readiness first."""
        for name in (READY, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (folder / name).unlink(missing_ok=True)
        for name in ("search", "media", "private", "mail", "broker"):
            shutil.rmtree(folder / name, ignore_errors=True)

    def _run(self, folder: Path, port: int) -> None:
        address = f"http://localhost:{port}/"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "PORTAL_BASE_URL": address.rstrip("/"),
        }
        processes = {}
        try:
            for name in ("queue", "control"):
                (settings.BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
            for child in supervisor.children(port):
                processes[child.name] = supervisor.start(child, environment, folder)
            supervisor.wait_for_page(address, processes, folder)
            self._greet(address)
            supervisor.watch(processes, folder)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
            self.stdout.flush()
        finally:
            supervisor.stop(processes)

    def _greet(self, address: str) -> None:
        self.stdout.write(f"\nThe portal is at {address}  (Ctrl-C stops it)\n\nSign-ins:")
        for role, email, password, hint in demo_sign_ins():
            self.stdout.write(f"  {email:<28} {password}   {role} {hint}")
        self.stdout.write("")
        self.stdout.flush()
