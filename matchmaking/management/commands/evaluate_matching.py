import json
import math
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matcher import METHOD_VERSION
from matchmaking.ranking_quality import BadJudgements, evaluate, read_judgements
from search.client import SearchUnavailable

LABELS = {
    "ndcg_at_10": "NDCG@10",
    "map": "MAP",
    "pairwise": "pairwise accuracy",
    "recall_at_100": "recall@100",
    "relevant_strong": "fitting among those graded 强",
    "relevant_good": "fitting among those graded 较强",
    "relevant_fair": "fitting among those graded 一般",
    "relevant_weak": "fitting among those graded 弱",
}
PREFIXES = {"": "", "without_feedback_": "without feedback: ", "gain_": "gain: "}


class Command(BaseCommand):
    help = "Measure the matching on needs whose candidates experts labelled; see docs/matching.md."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--engine", choices=["embedded", "elasticsearch"])
        parser.add_argument("--feedback", type=int, default=0, metavar="K")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, folder: Path, engine, feedback: int, json: bool, **options):
        if feedback < 0:
            raise CommandError("--feedback takes the number of labels to give, 0 or more.")
        try:
            estimates = evaluate(read_judgements(folder), engine=engine, feedback=feedback)
        except BadJudgements as error:
            raise CommandError(str(error), returncode=2) from error
        except SearchUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        self.stdout.write(_as_json(estimates) if json else _as_text(estimates))


def _as_json(estimates) -> str:
    figures = {
        key: {name: None if math.isnan(number) else number for name, number in asdict(each).items()}
        for key, each in estimates.items()
    }
    return json.dumps({"method_version": METHOD_VERSION, **figures}, indent=1)


def _as_text(estimates) -> str:
    names = {
        prefix + key: said + label
        for prefix, said in PREFIXES.items()
        for key, label in LABELS.items()
    }
    return "\n".join(
        f"{names[key]:<36}{found.value:7.3f}  ({found.low:.3f} to {found.high:.3f}, "
        f"{found.needs} needs)"
        for key, found in estimates.items()
        if found.needs
    )
