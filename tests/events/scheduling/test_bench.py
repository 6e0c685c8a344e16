"""The measuring itself, on small fairs; and, where the benchmark is at hand, its optima."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from events.scheduling.bench import BEGIN, END
from events.scheduling.checker import find_violations
from events.scheduling.fair_file import write_fair
from events.scheduling.limits import Limits
from events.scheduling.made_up import make_fair
from events.scheduling.progress import Status
from events.scheduling.reading import read_instance
from events.scheduling.solver import solve
from tests.events.scheduling.test_files import DZN

SMALL_FAIR = {"people": 24, "slots": 6, "tables": 8, "requests": 50}


def test_figures_and_rows_are_written(tmp_path, capsys):
    (tmp_path / "fairs").mkdir()
    (tmp_path / "fairs" / "small.json").write_text(write_fair(make_fair(**SMALL_FAIR)))
    (tmp_path / "fairs" / "few.original.dzn").write_text(DZN)
    page, output = tmp_path / "page.md", tmp_path / "bench.json"
    page.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n")
    output.write_text('{"figures": {"other": 1}}')

    with suppress(SystemExit):  # how good the figures are is the machine's matter
        call_command(
            "bench_schedule", people=60, seconds=3, workers=1, each=1, fairs=tmp_path / "fairs",
            output=output, table=page, json=True,
        )  # fmt: skip

    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {
        "schedule_weight_proved", "schedule_breaks_left", "schedule_memory",
    }  # fmt: skip
    assert json.loads(output.read_text())["figures"] == figures | {"other": 1}
    before, *rows, after = page.read_text().replace(BEGIN, "").replace(END, "").split("\n")[:-1]
    assert (before, after) == ("Before", "After")
    named = [row for row in rows if row.startswith(("| few", "| made-up"))]
    assert [row.split(" | ")[0] for row in named] == ["| few.original", "| made-up-24"]
    assert "| 1 | 1 | proved |" in named[0]
    assert named[1].endswith("| yes |")


def benchmark() -> list[Path]:
    """The folder that PORTAL_FAIRS_DATA names; the benchmark is no part of the project."""
    return [Path(os.environ[name]) for name in ["PORTAL_FAIRS_DATA"] if os.environ.get(name)]


if benchmark():

    @pytest.mark.parametrize(
        ("name", "optimum"), [("tic-12", 0), ("tic-13crafb", 0), ("forumt-14", 5)]
    )
    def test_published_optima_are_proved(name, optimum):
        instance = read_instance(benchmark()[0] / "b2b" / f"{name}.original.dzn")

        found = solve(instance, Limits(seconds=60, workers=2))

        assert (found.status, found.breaks) == (Status.OPTIMAL, optimum)
        assert find_violations(instance, found.schedule) == []

    @pytest.mark.parametrize(
        "name", ["tic-12.fixed040-Forb", "tic-13.forb0003", "forum-13crafb.prec25"]
    )
    def test_infeasible_variants_are_proved_so(name):
        instance = read_instance(benchmark()[0] / "b2b" / f"{name}.dzn")

        assert solve(instance, Limits(seconds=30, workers=2)).status is Status.INFEASIBLE

    def test_the_weight_of_an_oversubscribed_fair_is_proved():
        instance = read_instance(benchmark()[0] / "oversubscribed" / "skewed-small.json")

        found = solve(instance, Limits(effort=5, workers=1))

        assert found.weight == found.weight_bound == 306
        assert found.breaks <= 24
