"""What falls due in a case, derived from where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import RuleCode, Track, TrackState
from .guards import needs_reward
from .models import ContractType, ConversionCase, LawRule
from .queries import circumstances_of

# Track, the states in which its day counts, the fact that holds the day.
DAYS = (
    (Track.PUBLICITY, {TrackState.RUNNING, TrackState.OBJECTED}, "publicity_ends"),
    (Track.FIRST_REFUSAL, {TrackState.NOTIFIED}, "refusal_until"),
    (Track.NDA, {TrackState.SIGNED}, "nda_until"),
    (Track.TRIAL, {TrackState.RUNNING}, "trial_until"),
    (Track.REWARDS, {TrackState.PUBLIC}, "reward_publicity_ends"),
)
NDA_NOTICE_DAYS = 60
LABELS = {
    "publicity_ends": _("Price publicity ends"),
    "refusal_until": _("Completers answer until"),
    "nda_until": _("Non-disclosure ends"),
    "trial_until": _("Trial use ends"),
    "reward_publicity_ends": _("Reward publicity ends"),
}


@dataclass(frozen=True)
class Due:
    label: str | Promise
    on: date


def dues_of(case: ConversionCase, rules: Mapping[str, LawRule]) -> list[Due]:
    """Return what falls due in a case, the next first; ``rules`` are those in force."""
    if not case.is_open:
        return []
    found = [*_track_days(case), *_months_after(case, rules), *_instalment(case)]
    return sorted(found, key=lambda due: due.on)


def _track_days(case: ConversionCase) -> Iterator[Due]:
    """Days that tracks run to; an agreement's end is worth a notice shortly before only."""
    state = case.state
    for track, states, fact in DAYS:
        day = state.day(fact)
        if day is None or state.track(track) not in states:
            continue
        left = (day - timezone.localdate()).days
        if track != Track.NDA or 0 <= left <= NDA_NOTICE_DAYS:
            yield Due(LABELS[fact], day)


def _months_after(case: ConversionCase, rules: Mapping[str, LawRule]) -> Iterator[Due]:
    """A patent licence's filing after it takes effect, a reward's payment after first income."""
    state = case.state
    filing, reward = rules.get(RuleCode.LICENCE_FILING), rules.get(RuleCode.REWARD)
    for contract in case.contracts.all():
        is_patent = contract.type == ContractType.LICENCE_PATENT
        if filing and is_patent and contract.licence_filed_on is None:
            months = relativedelta(months=filing.parameters["months"])
            yield Due(_("File the licence until"), contract.valid_from + months)
    days = [payment.received_on for payment in case.payments.all()]
    is_paid = state.track(Track.REWARDS) == TrackState.PAID
    if reward and days and not is_paid and needs_reward(state, circumstances_of(case)):
        months = relativedelta(months=reward.parameters["pay_months"])
        yield Due(_("Pay the reward until"), min(days) + months)


def _instalment(case: ConversionCase) -> Iterator[Due]:
    """The first instalment that the money received so far does not cover."""
    promised = Decimal(0)
    for contract in case.contracts.all():
        for instalment in sorted(contract.instalments.all(), key=lambda each: each.due_on):
            promised += instalment.amount
            if promised > case.received:
                yield Due(_("Instalment due"), instalment.due_on)
                return
