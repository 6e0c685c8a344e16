"""The technology contract: signing, amending, registering, being paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User

from ..enums import ConversionMode, EventKind, PartyRole
from ..models import (
    Contract,
    ContractType,
    ConversionCase,
    FollowUp,
    Instalment,
    Payment,
)
from .cases import tell_parties
from .ledger import UnableToMoveCase, lock_case, require_move, write_event
from .pricing import as_money

FOLLOW_UP_MONTHS = (3, 6, 12, 24)
REGISTRATION_DIGITS = (14, 16)
TYPES_OF_MODE = {
    ConversionMode.TRANSFER: "TRANSFER_",
    ConversionMode.LICENCE: "LICENCE_",
    ConversionMode.DEVELOPMENT: "DEVELOPMENT_",
    ConversionMode.CONSULTING: "CONSULTING",
    ConversionMode.SERVICE: "SERVICE",
}


@dataclass(frozen=True)
class InstalmentEntry:
    due_on: date
    amount: Decimal
    condition: str = ""


@transaction.atomic
def sign_contract(
    *,
    actor: User,
    case: ConversionCase,
    contract: Contract,
    instalments: Sequence[InstalmentEntry] = (),
    files: Iterable[File] = (),
    version: int | None = None,
) -> Contract:
    """Sign the contract of a case; ``contract`` comes unsaved, its seller and buyer are parties.

    Follow-ups at 3, 6, 12 and 24 months are entered with it. Raises ``UnableToMoveCase`` as
    ``make_move`` does, for a technology amount beyond the total (a plan's instalments, too), for
    a type that does not go with the mode, and ``ValidationError`` by field.
    """
    case = lock_case(case, version)
    on = contract.signed_on
    require_move(actor, case, EventKind.CONTRACT_SIGNED, on)
    _require_contract(case, contract, instalments)
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.CONTRACT_SIGNED,
        occurred_on=on,
        payload={
            "type": contract.type,
            "contract_total": as_money(contract.total_amount, least=Decimal(0)),
            "technology_amount": as_money(contract.technology_amount, least=Decimal(0)),
            "ownership": contract.ownership,
            "valid_to": contract.valid_to.isoformat(),
        },
        files=files,
    )
    contract.case, contract.sequence = case, event.sequence
    contract.full_clean()
    contract.save()
    _store_plan(contract, instalments)
    FollowUp.objects.bulk_create(
        [
            FollowUp(case=case, months=months, due_on=on + relativedelta(months=months))
            for months in FOLLOW_UP_MONTHS
        ]
    )
    tell_parties(case, actor, gettext_lazy("The contract is signed"))
    return contract


def _require_contract(
    case: ConversionCase, contract: Contract, instalments: Sequence[InstalmentEntry]
) -> None:
    parties = {party.pk: party.role for party in case.parties.present()}
    if parties.get(contract.seller_id) != PartyRole.OWNER:
        raise UnableToMoveCase(_("The seller is an owner of the result."))
    if parties.get(contract.buyer_id) != PartyRole.TAKER:
        raise UnableToMoveCase(_("The buyer is a taker of the result."))
    beginning = TYPES_OF_MODE.get(ConversionMode(case.mode)) if case.mode else None
    if beginning and not contract.type.startswith(beginning):
        raise UnableToMoveCase(
            _("“%(type)s” does not go with “%(mode)s”.")
            % {"type": ContractType(contract.type).label, "mode": case.get_mode_display()}
        )
    _require_amounts(contract.total_amount, contract.technology_amount, instalments)


def _require_amounts(
    total: Decimal, technology: Decimal, instalments: Sequence[InstalmentEntry]
) -> None:
    if not 0 <= technology <= total:
        raise UnableToMoveCase(_("The technology amount lies between zero and the total."))
    if sum((entry.amount for entry in instalments), Decimal(0)) > total:
        raise UnableToMoveCase(_("The instalments come to more than the contract's amount."))


def _store_plan(contract: Contract, instalments: Sequence[InstalmentEntry]) -> None:
    contract.instalments.all().delete()
    Instalment.objects.bulk_create(
        [
            Instalment(
                contract=contract,
                due_on=entry.due_on,
                amount=Decimal(as_money(entry.amount)),
                condition=entry.condition[:120],
            )
            for entry in instalments
        ]
    )


@transaction.atomic
def amend_contract(
    *,
    actor: User,
    contract: Contract,
    occurred_on: date,
    total_amount: Decimal,
    technology_amount: Decimal,
    reason: str,
    instalments: Sequence[InstalmentEntry] = (),
    files: Iterable[File] = (),
    version: int | None = None,
) -> Contract:
    """Change a contract's amounts and plan by an amendment. Raises ``UnableToMoveCase``."""
    case = lock_case(contract.case, version)
    require_move(actor, case, EventKind.CONTRACT_AMENDED, occurred_on)
    _require_amounts(total_amount, technology_amount, instalments)
    if not reason.strip():
        raise UnableToMoveCase(_("Please write what the amendment changes."))
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.CONTRACT_AMENDED,
        occurred_on=occurred_on,
        payload={
            "contract_total": as_money(total_amount, least=Decimal(0)),
            "technology_amount": as_money(technology_amount, least=Decimal(0)),
            "before": str(contract.total_amount),
            "reason": reason.strip()[:500],
        },
        files=files,
    )
    contract.refresh_from_db()
    contract.total_amount, contract.technology_amount = total_amount, technology_amount
    contract.full_clean()
    contract.save()
    _store_plan(contract, instalments)
    return contract


@transaction.atomic
def register_contract(
    *,
    actor: User,
    contract: Contract,
    number: str,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> Contract:
    """Enter the number that the registration office gave: 16 digits, older ones have 14."""
    case = lock_case(contract.case, version)
    require_move(actor, case, EventKind.CONTRACT_REGISTERED, occurred_on)
    number = "".join(number.split())
    if not (number.isascii() and number.isdigit() and len(number) in REGISTRATION_DIGITS):
        raise UnableToMoveCase(_("A registration number has 16 digits, an older one 14."))
    if Contract.objects.filter(registration_number=number).exclude(pk=contract.pk).exists():
        raise UnableToMoveCase(_("Another contract has this registration number already."))
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.CONTRACT_REGISTERED,
        occurred_on=occurred_on,
        payload={"registration_number": number},
        files=files,
    )
    contract.refresh_from_db()
    contract.registration_number, contract.registered_on = number, occurred_on
    contract.save(update_fields=["registration_number", "registered_on"])
    return contract


@transaction.atomic
def file_licence(
    *,
    actor: User,
    contract: Contract,
    occurred_on: date,
    filing_number: str = "",
    files: Iterable[File] = (),
    version: int | None = None,
) -> Contract:
    """Record that a licence was filed (许可备案; Rules for the Patent Law art. 15)."""
    case = lock_case(contract.case, version)
    require_move(actor, case, EventKind.LICENCE_FILED, occurred_on)
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.LICENCE_FILED,
        occurred_on=occurred_on,
        payload={"filing_number": filing_number.strip()[:60]},
        files=files,
    )
    contract.refresh_from_db()
    contract.licence_filed_on = occurred_on
    contract.save(update_fields=["licence_filed_on"])
    return contract


@transaction.atomic
def receive_payment(
    *,
    actor: User,
    case: ConversionCase,
    amount: Decimal,
    occurred_on: date,
    reference: str = "",
    files: Iterable[File] = (),
    version: int | None = None,
) -> Payment:
    """Record money that was received, in yuan with at most two decimals (到账).

    Raises ``UnableToMoveCase`` for more than the contract's amount: amend the contract first.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PAYMENT_RECEIVED, occurred_on)
    text = as_money(amount)
    total = case.contract_total
    if total is not None and case.received + Decimal(text) > total and not _pays_royalty(case):
        raise UnableToMoveCase(
            _("That is more than the contract's amount. Amend the contract first.")
        )
    payload: dict[str, Any] = {"amount": text, "reference": reference.strip()[:80]}
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.PAYMENT_RECEIVED,
        occurred_on=occurred_on,
        payload=payload,
        files=files,
    )
    payment = Payment.objects.create(
        case=case,
        sequence=event.sequence,
        received_on=occurred_on,
        amount=Decimal(text),
        reference=payload["reference"],
    )
    tell_parties(case, actor, gettext_lazy("A payment was recorded"), text)
    return payment


def _pays_royalty(case: ConversionCase) -> bool:
    return case.contracts.filter(payment_terms__in=["ROYALTY", "ENTRY_AND_ROYALTY"]).exists()
