import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from events.scheduling.checker import find_violations, measure
from events.scheduling.instance import BadInstance, Instance, Schedule
from events.scheduling.late_changes import solve_changes
from events.scheduling.limits import Limits
from events.scheduling.progress import BadProgress, BestOnDisk, Method, Progress
from events.scheduling.reading import read_instance
from events.scheduling.solver import solve


class Command(BaseCommand):
    help = (
        "Schedule the meetings of a fair, read from a .dzn or JSON file; see docs/scheduling.md. "
        "With --seed, --effort and --workers 1 a run repeats exactly; limits by the clock "
        "(--seconds) and several workers cannot, because they depend on how fast the machine is. "
        "Stop it with SIGTERM or Ctrl-C: the best schedule so far is printed. "
        "Exit 2 where the file is malformed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--seconds", type=float, default=60, metavar="S")
        parser.add_argument(
            "--effort", type=float, metavar="E", help="instead of seconds: repeats exactly"
        )
        parser.add_argument("--workers", type=int, default=2, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="K")
        parser.add_argument(
            "--fairness", type=int, metavar="D", help="largest difference between people's breaks"
        )
        parser.add_argument(
            "--few-changes",
            action="store_true",
            help="hold what the file says people were told, as far as possible",
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="keep the best schedule in this file")
        parser.add_argument("--stop-file", type=Path, help="end as soon as this file exists")
        parser.add_argument("--resume", action="store_true", help="begin with what --output holds")

    def handle(self, *, file: Path, **options):
        if options["workers"] < 1 or options["seconds"] <= 0 or (options["effort"] or 1) <= 0:
            raise CommandError("--workers, --seconds and --effort take numbers above 0.")
        try:
            instance = read_instance(file, options["fairness"])
        except BadInstance as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        limits = Limits(options["seconds"], options["effort"], options["workers"], options["seed"])
        best = BestOnDisk(options["output"]) if options["output"] else None
        start = _schedule_to_begin_with(best, instance) if best and options["resume"] else None
        tell = best.write if best else _keep_quiet
        with _stops(options["stop_file"]) as is_stopped:
            if options["few_changes"]:
                progress = solve_changes(instance, limits, tell=tell, stopped=is_stopped)
            else:
                progress = solve(instance, limits, tell=tell, stopped=is_stopped, start=start)
        facts = _facts(instance, progress)
        self.stdout.write(json.dumps(facts) if options["json"] else _as_text(facts))
        if facts["valid"] is False:
            sys.exit(1)


def _schedule_to_begin_with(best: BestOnDisk, instance: Instance) -> Schedule | None:
    other = f"{best.path}: expected what --output keeps of this fair; leave --resume out"
    try:
        before = best.read()
    except BadProgress as error:
        raise CommandError(other, returncode=2) from error
    if before is None or before.schedule is None:
        return None
    if find_violations(instance, before.schedule):
        raise CommandError(other, returncode=2)
    return before.schedule


def _keep_quiet(_progress: Progress) -> None:
    pass


@contextmanager
def _stops(file: Path | None) -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop, by SIGTERM, SIGINT or the file."""
    asked: list[int] = []
    usual = {
        number: signal.signal(number, lambda number, _frame: asked.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield lambda: bool(asked) or (file is not None and file.exists())
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def _facts(instance, progress: Progress) -> dict[str, object]:
    schedule = progress.schedule
    facts: dict[str, object] = {
        "status": progress.status.value,
        "breaks": progress.breaks,
        "bound": progress.bound,
        "seconds": progress.seconds,
        "valid": None if schedule is None else not find_violations(instance, schedule),
        "method": progress.method.value,
    }
    if not instance.every_meeting:
        facts |= {
            "meetings": None if schedule is None else len(schedule.slot_of),
            "weight": progress.weight,
            "weight_bound": progress.weight_bound,
        }
    if progress.method is Method.CHANGES and schedule is not None:
        figures = measure(instance, schedule)
        facts |= {"moved": figures.moved, "changed_people": figures.changed_people}
    return facts


def _as_text(facts: dict[str, object]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value is not None)
