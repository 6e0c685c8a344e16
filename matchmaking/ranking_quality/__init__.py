"""How good the ranking is, measured on needs whose candidates experts labelled."""

from .evaluation import evaluate
from .files import BadJudgements, Judgements, read_judgements

__all__ = ["BadJudgements", "Judgements", "evaluate", "read_judgements"]
