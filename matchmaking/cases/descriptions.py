"""A case's entries in words: what each payload says, and what became of a wrong one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, pgettext

from .enums import (
    ConversionMode,
    EventKind,
    LicenceKind,
    Ownership,
    PartyRole,
    PricingRoute,
    TerminationReason,
    TrackState,
)
from .models import CaseEvent, CaseFile, CaseParty, ContractType

Names = Mapping[int, str]
Row = tuple[str, str]


def write_money(amount: Any) -> str:
    """Write an amount of yuan exactly, to the cent."""
    if amount in {None, ""}:
        return "—"
    return _("CNY %(amount)s") % {"amount": f"{Decimal(amount):,.2f}"}


def write_day(value: Any) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return date_format(day, "Y-m-d")


def party_names(parties: Iterable[CaseParty], *, shows_people: bool) -> dict[int, str]:
    """Party → what this reader may call it: completers by number unless persons are shown."""
    names, completers = {}, 0
    for party in parties:
        names[party.pk] = str(party)
        if party.role == PartyRole.COMPLETER:
            completers += 1
            if not shows_people:
                names[party.pk] = _("Completer %(number)d") % {"number": completers}
    return names


def _yes_no(value: Any, _names: Names) -> str:
    return pgettext("answer", "Yes") if value else pgettext("answer", "No")


def _text(value: Any, _names: Names) -> str:
    return str(value)


def _money(value: Any, _names: Names) -> str:
    return write_money(value)


def _day(value: Any, _names: Names) -> str:
    return write_day(value)


def _party(value: Any, names: Names) -> str:
    return names.get(value, str(value))


def _parties(value: Any, names: Names) -> str:
    return "、".join(_party(each, names) for each in value)


def _opening(value: Any, _names: Names) -> str:
    return "、".join(name for _role, name in value if name)


def _entry(value: Any, _names: Names) -> str:
    return _("Entry %(number)s") % {"number": value}


def _choice(choices: type[TextChoices]) -> Callable[[Any, Names], str]:
    def write(value: Any, _names: Names) -> str:
        return str(choices(value).label) if value in choices.values else str(value)

    return write


Field = tuple[str | Promise, Callable[[Any, Names], str]]
FIELDS: dict[str, Field] = {
    "listing": (gettext_lazy("Listing"), _text),
    "need": (gettext_lazy("Need"), _text),
    "interest": (gettext_lazy("Interest"), _text),
    "parties": (gettext_lazy("Parties"), _opening),
    "party": (gettext_lazy("Party"), _party),
    "successor": (gettext_lazy("Successor"), _party),
    "role": (gettext_lazy("Role"), _choice(PartyRole)),
    "organization": (gettext_lazy("Organization"), _text),
    "mode": (gettext_lazy("Mode of conversion"), _choice(ConversionMode)),
    "licence_kind": (gettext_lazy("Kind of licence"), _choice(LicenceKind)),
    "decided_by": (gettext_lazy("Decided by"), _text),
    "owner": (gettext_lazy("Co-owner"), _party),
    "route": (gettext_lazy("Pricing route"), _choice(PricingRoute)),
    "name": (gettext_lazy("Name of the result"), _text),
    "price": (gettext_lazy("Price"), _money),
    "price_venue": (gettext_lazy("Place of the listing or auction"), _text),
    "base_price": (gettext_lazy("Base price"), _money),
    "own_venue": (gettext_lazy("Place in the own unit"), _text),
    "market_venue": (gettext_lazy("Technology market"), _text),
    "is_related": (gettext_lazy("Related party"), _yes_no),
    "related_note": (gettext_lazy("Relation"), _text),
    "publicity": (gettext_lazy("Publicity"), _entry),
    "objection": (gettext_lazy("Objection"), _entry),
    "reasons": (gettext_lazy("Reasons"), _text),
    "ends_on": (gettext_lazy("Ends on"), _day),
    "completers": (gettext_lazy("Completers"), _parties),
    "completer": (gettext_lazy("Completer"), _party),
    "terms": (gettext_lazy("Terms"), _text),
    "answer_until": (gettext_lazy("Answer until"), _day),
    "type": (gettext_lazy("Type of contract"), _choice(ContractType)),
    "before": (gettext_lazy("Amount before"), _money),
    "contract_total": (gettext_lazy("Total of the contract"), _money),
    "technology_amount": (gettext_lazy("Technology amount"), _money),
    "ownership": (gettext_lazy("Later results"), _choice(Ownership)),
    "valid_to": (gettext_lazy("Valid until"), _day),
    "registration_number": (gettext_lazy("Registration number"), _text),
    "filing_number": (gettext_lazy("Filing number"), _text),
    "amount": (gettext_lazy("Amount"), _money),
    "reference": (gettext_lazy("Receipt or invoice number"), _text),
    "programme": (gettext_lazy("Programme"), _text),
    "granted_by": (gettext_lazy("Granted by"), _text),
    "document_number": (gettext_lazy("Number of the notice"), _text),
    "income": (gettext_lazy("Income"), _money),
    "costs": (gettext_lazy("Costs"), _money),
    "taxes": (gettext_lazy("Taxes"), _money),
    "net": (gettext_lazy("Net income"), _money),
    "pool": (gettext_lazy("Reward pool"), _money),
    "below_floor_reason": (gettext_lazy("Why less than the floor"), _text),
    "people": (gettext_lazy("Persons rewarded"), _text),
    "is_below_floor": (gettext_lazy("Below the floor"), _yes_no),
    "agreement": (gettext_lazy("Confidentiality agreement"), _text),
    "nda_until": (gettext_lazy("In force until"), _day),
    "trial_until": (gettext_lazy("Trial until"), _day),
    "trial_is_insured": (gettext_lazy("Insured"), _yes_no),
    "result": (gettext_lazy("Result"), _choice(TrackState)),
    "milestone": (gettext_lazy("Milestone"), _text),
    "year": (gettext_lazy("Year"), _text),
    "output": (gettext_lazy("Output value"), _money),
    "sales": (gettext_lazy("New sales"), _money),
    "tax": (gettext_lazy("New tax"), _money),
    "jobs": (gettext_lazy("New jobs"), _text),
    "reason": (gettext_lazy("Reason"), _choice(TerminationReason)),
    "note": (gettext_lazy("Remark"), _text),
}


def describe_payload(payload: Mapping[str, Any], names: Names) -> list[Row]:
    """Say a payload in words, in the order of ``FIELDS``; what has no words stands as it is."""
    known = [name for name in FIELDS if _is_said(payload.get(name))]
    rows = [(str(FIELDS[name][0]), FIELDS[name][1](payload[name], names)) for name in known]
    others = [name for name in payload if name not in FIELDS and _is_said(payload[name])]
    return [
        *((label, text) for label, text in rows if text),
        *((n, str(payload[n])) for n in others),
    ]


def _is_said(value: Any) -> bool:
    return value not in ("", None, [])


def describe_event(event: CaseEvent, names: Names) -> list[Row]:
    """What an entry says beyond its kind and day."""
    if event.kind != EventKind.CORRECTED:
        return describe_payload(event.payload, names)
    correction = event.payload
    rows = [
        (_("Concerns"), _entry(correction["corrects"], names)),
        (_("Reason"), str(correction["reason"])),
    ]
    return [*rows, *_changes(correction, names)]


def _changes(correction: Mapping[str, Any], names: Names) -> list[Row]:
    if correction.get("is_void"):
        return [(_("Effect"), _("The entry is void"))]
    rows = [(_("Day"), write_day(correction["occurred_on"]))] if correction["occurred_on"] else []
    return [*rows, *describe_payload(correction["payload"], names)]


@dataclass(frozen=True)
class Correction:
    """What a later entry says of a wrong one."""

    sequence: int
    reason: str
    is_void: bool
    rows: list[Row]


@dataclass(frozen=True)
class LedgerEntry:
    """An entry as the case's page shows it."""

    event: CaseEvent
    rows: list[Row]
    files: list[CaseFile] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)

    @property
    def is_void(self) -> bool:
        return bool(self.corrections) and self.corrections[-1].is_void

    @property
    def may_be_corrected(self) -> bool:
        return self.event.kind != EventKind.CORRECTED and not self.is_void


def ledger_entries(
    events: Iterable[CaseEvent],
    files: Iterable[CaseFile],
    names: Names,
    *,
    shows_rewards: bool = True,
) -> list[LedgerEntry]:
    """Return the entries, the latest first, each with its papers and corrections.

    ``events`` may be the end of a ledger: a correction of an earlier entry stands for itself.
    """
    found = {}
    for event in events:
        is_closed = event.kind == EventKind.REWARD_FIXED and not shows_rewards
        rows = [] if is_closed else describe_event(event, names)
        found[event.sequence] = LedgerEntry(event, rows)
    for file in files:
        found[file.sequence].files.append(file)
    for entry in list(found.values()):
        if entry.event.kind == EventKind.CORRECTED and entry.event.payload["corrects"] in found:
            said = entry.event.payload
            correction = Correction(
                sequence=entry.event.sequence,
                reason=said["reason"],
                is_void=bool(said["is_void"]),
                rows=_changes(said, names),
            )
            found[said["corrects"]].corrections.append(correction)
    return sorted(found.values(), key=lambda entry: -entry.event.sequence)
