"""How good schedules get and how fast, file by file and on a large made-up fair."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .checker import find_violations
from .instance import Instance
from .limits import Limits
from .made_up import make_fair
from .progress import Progress, Status
from .reading import read_instance
from .solver import solve

PEOPLE, SKEW = 1000, 0.4
STAGE_1_SECONDS, SHARE_OF_BREAKS, MEMORY_MB = 60, 0.4, 2000
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass
class Measurement:
    """One solve: when it had a schedule, the most weight, the best value, and its end."""

    instance: Instance
    last: Progress | None = None
    first: Progress | None = None
    heaviest: Progress | None = None
    improved: float = 0.0
    seen: tuple[int, int] = field(default=(-1, 0))

    def hear(self, progress: Progress) -> None:
        self.last = progress
        if progress.weight is None or progress.breaks is None:
            return
        self.first = self.first or progress
        if self.heaviest is None and progress.weight == progress.weight_bound:
            self.heaviest = progress
        found = (progress.weight, -progress.breaks)
        if found > self.seen:
            self.seen, self.improved = found, progress.seconds

    def is_valid(self) -> bool:
        schedule = self.last.schedule if self.last else None
        return schedule is None or not find_violations(self.instance, schedule)

    def row(self) -> str:
        last = self.last
        assert last is not None
        proof = "proved" if last.status is Status.OPTIMAL else _spare(last)
        if last.status in {Status.INFEASIBLE, Status.UNKNOWN}:
            proof = "proved infeasible" if last.status is Status.INFEASIBLE else "nothing found"
        weight = "" if self.instance.every_meeting else f"{last.weight} of {last.weight_bound}"
        cells = [
            self.instance.name,
            weight,
            _shown(last.breaks),
            _shown(last.bound if last.schedule else None),
            proof,
            _seconds(self.first.seconds if self.first else None),
            _seconds(self.improved if last.schedule else None),
            _seconds(last.seconds),
            "yes" if self.is_valid() else "NO",
        ]
        return f"| {' | '.join(cells)} |"


def measure_file(path: Path, limits: Limits) -> Measurement:
    return _measure(read_instance(path), limits)


def measure_made_up(
    limits: Limits, people: int = PEOPLE
) -> dict[str, dict[str, float | bool | str]]:
    """The figures of the large fair as ``docs/bench.json`` keeps them."""
    fair = make_fair(people=people, tables=people // 4, requests=3 * people, skew=SKEW)
    found = _measure(fair, limits)
    assert found.last is not None
    heaviest = found.heaviest
    proved = heaviest.seconds if heaviest else float(limits.seconds or 0)
    begun = heaviest.breaks if heaviest else None
    share = (found.last.breaks or 0) / begun if begun else 1.0
    memory = sum(
        resource.getrusage(who).ru_maxrss / 1024 * count
        for who, count in (
            (resource.RUSAGE_SELF, 1),
            (resource.RUSAGE_CHILDREN, limits.workers),
        )
    )
    is_right = found.is_valid() and heaviest is not None
    return {
        "schedule_weight_proved": _figure(proved, STAGE_1_SECONDS, "s", is_right=is_right),
        "schedule_breaks_left": _figure(share, SHARE_OF_BREAKS, "ratio", is_right=is_right),
        "schedule_memory": _figure(memory, MEMORY_MB, "MB", is_right=is_right),
    }


def fair_files(folder: Path) -> Iterator[Path]:
    """Every fair below a folder: originals of the benchmark first, then by name."""
    files = [path for path in folder.rglob("*") if path.suffix in {".dzn", ".json"}]
    yield from sorted(files, key=lambda path: (path.suffix, "original" not in path.name, path))


def write_table(page: Path, found: list[Measurement]) -> None:
    """Put the rows between the page's two marks."""
    head = (
        "| File | Weight | Breaks | Bound | | First schedule | Best found after | Ended after |"
        " Valid |\n|---|---|---|---|---|---|---|---|---|"
    )
    before, _begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _old, _end, after = rest.partition(END)
    table = "\n".join([head, *(each.row() for each in found)])
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _measure(instance: Instance, limits: Limits) -> Measurement:
    found = Measurement(instance)
    solve(instance, limits, tell=found.hear)
    return found


def _figure(
    value: float, at_most: float, unit: str, *, is_right: bool
) -> dict[str, float | bool | str]:
    return {
        "value": round(value, 3),
        "at_most": at_most,
        "unit": unit,
        "is_met": is_right and value <= at_most,
    }


def _spare(progress: Progress) -> str:
    share = progress.gap_percent
    return "" if share is None else f"at most {share:.0f} % fewer"


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"
