"""The commission's numbers K1–K21; importing registers them (监管指标)."""

from . import money, process, results
from .registry import HAVE_WHOLE, KPIS, Dimension, Kpi, Unit, kpi

__all__ = [
    "HAVE_WHOLE",
    "KPIS",
    "Dimension",
    "Kpi",
    "Unit",
    "kpi",
    "money",
    "process",
    "results",
]
