import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

START_SECONDS = 120
PAGES = ("", "achievements/", "patents/", "needs/", "search/?q=石墨烯", "organizations/")
ROLES = {"waitress": "web", "worker": "worker", "beat": "beat"}


class Command(BaseCommand):
    help = "Start the demo in a folder of its own, open pages, and say what memory it holds."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8079)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")

    def handle(self, *, port, output, **options):
        with tempfile.TemporaryDirectory(prefix="portal-memory-") as folder:
            environment = {**os.environ, "PORTAL_VAR": folder, "PORT": str(port)}
            demo = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            try:
                open_pages(f"http://127.0.0.1:{port}/", demo)
                figures = measure(demo.pid)
            finally:
                demo.send_signal(signal.SIGTERM)
                demo.wait(30)
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known["memory_mb"] = figures
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(", ".join(f"{name} {size} MB" for name, size in figures.items()))


def open_pages(address: str, demo: subprocess.Popen) -> None:
    """Wait for the first page, then open the others, each several times."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=10).read()  # noqa: S310  loopback
            break
        except OSError:
            if demo.poll() is not None or time.monotonic() > deadline:
                raise CommandError("The demo did not start; try make demo.") from None
            time.sleep(0.2)
    for page in PAGES * 5:
        path = urllib.parse.quote(page, safe="/?=")
        urllib.request.urlopen(address + path, timeout=30).read()  # noqa: S310  loopback


def measure(pid: int) -> dict[str, int]:
    """Megabytes by role (shared pages split between those who share them) and their sum."""
    sizes = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        role = next(name for word, name in ROLES.items() if word in command)
        rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
        (line,) = (line for line in rollup.splitlines() if line.startswith("Pss:"))
        sizes[role] = round(int(line.split()[1]) / 1024)
    return {**sizes, "sum": sum(sizes.values())}
