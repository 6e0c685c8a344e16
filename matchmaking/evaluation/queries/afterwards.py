"""Whether a score told beforehand what a number of the ledger showed afterwards (事后检验)."""

from dataclasses import dataclass
from datetime import date

from ..enums import RoundState
from ..indicators import LedgerQuery, outcomes_for
from ..methods import Correlation, spearman
from ..models import Round, Scheme, Subject


@dataclass(frozen=True)
class Afterwards:
    """One finished round against one number of the year after it."""

    round: Round
    query: LedgerQuery
    correlation: Correlation


def afterwards(scheme: Scheme) -> list[Afterwards]:
    """Every finished round of any version against each registered outcome, the latest first.

    Empty while no outcome is registered for the scheme's type of object.
    """
    outcomes = outcomes_for(scheme.object_type)
    if not outcomes:
        return []
    rounds = Round.objects.filter(scheme__code=scheme.code, state=RoundState.ARCHIVED)
    found = []
    for round_ in rounds.order_by("-year", "-pk"):
        scores: dict[int, float] = {
            subject.object_id: subject.score
            for subject in Subject.objects.filter(round=round_)
            if subject.score is not None
        }
        start, end = date(round_.year + 1, 1, 1), date(round_.year + 1, 12, 31)
        for query in outcomes:
            measures = query.ask(list(scores), start, end)
            pairs = [
                (scores[key], measure.value)
                for key, measure in measures.items()
                if key in scores and measure.value is not None
            ]
            correlation = spearman([one for one, _two in pairs], [two for _one, two in pairs])
            found.append(Afterwards(round_, query, correlation))
    return found
