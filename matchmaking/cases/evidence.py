"""What proves a contract where a subsidy is asked for, and what is missing (交易补贴佐证).

After the city's rules for subsidies: contract, invoice, bank receipt, delivery, acceptance, and
that the parties are not related.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.enums import MembershipState
from portal.accounts.models import Membership

from .descriptions import write_money
from .enums import EventKind, EvidenceKind, PartyRole
from .ledger import standing_entries
from .models import CaseFile, Contract, ConversionCase, PricePublicity

TITLES: dict[str, str | Promise] = {
    EvidenceKind.CONTRACT: gettext_lazy("Contract and its registration"),
    EvidenceKind.INVOICE: gettext_lazy("Invoices"),
    EvidenceKind.RECEIPT: gettext_lazy("Money received"),
    EvidenceKind.DELIVERY: gettext_lazy("Delivery of the result"),
    EvidenceKind.ACCEPTANCE: gettext_lazy("Acceptance by the taker"),
}


@dataclass
class Proof:
    """One point of the sheet: what was entered, the papers for it, and what is missing."""

    title: str | Promise
    facts: list[str] = field(default_factory=list)
    files: list[CaseFile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def evidence_of(case: ConversionCase) -> list[Proof]:
    """Return the sheet's points in the order in which the rules name them."""
    standing = list(standing_entries(case.events.order_by("sequence")))
    valid = {entry.sequence for entry in standing}
    files = [file for file in case.files.order_by("pk") if file.sequence in valid]
    proofs = {
        kind: Proof(title, files=[file for file in files if file.kind == kind])
        for kind, title in TITLES.items()
    }
    contract = case.contracts.order_by("pk").last()
    _prove_contract(proofs[EvidenceKind.CONTRACT], contract)
    _prove_money(proofs, case)
    days = {entry.kind: entry.on for entry in standing}
    _prove_steps(proofs, days)
    related = Proof(_("Related-party test"), facts=list(related_signs(case)))
    if related.facts:
        related.missing.append(_("Explain the relation; related deals are not subsidised."))
    else:
        related.facts.append(_("No sign of a relation between owner and taker."))
    return [*proofs.values(), related]


def _prove_contract(proof: Proof, contract: Contract | None) -> None:
    if contract is None:
        proof.missing.append(_("No contract is signed."))
        return
    proof.facts.append(
        _("“%(name)s”, signed on %(day)s, %(amount)s")
        % {
            "name": contract.name,
            "day": contract.signed_on,
            "amount": write_money(contract.total_amount),
        }
    )
    if contract.registration_number:
        proof.facts.append(
            _("Registration number %(number)s") % {"number": contract.registration_number}
        )
    else:
        proof.missing.append(_("The contract is not registered."))
    if not proof.files:
        proof.missing.append(_("The contract's text is not uploaded."))


def _prove_money(proofs: dict[str, Proof], case: ConversionCase) -> None:
    receipts, invoices = proofs[EvidenceKind.RECEIPT], proofs[EvidenceKind.INVOICE]
    payments = list(case.payments.order_by("received_on", "pk"))
    for payment in payments:
        parts = (str(payment.received_on), write_money(payment.amount), payment.reference)
        receipts.facts.append(" · ".join(part for part in parts if part))
    if not payments:
        receipts.missing.append(_("No money is entered as received."))
    proven = {file.sequence for file in receipts.files}
    for payment in payments:
        if payment.sequence not in proven:
            receipts.missing.append(
                _("No bank receipt for %(amount)s of %(day)s.")
                % {"amount": write_money(payment.amount), "day": payment.received_on}
            )
    if case.contract_total is not None and case.received < case.contract_total:
        receipts.missing.append(
            _("%(amount)s of the contract's amount has not arrived.")
            % {"amount": write_money(case.contract_total - case.received)}
        )
    if not invoices.files:
        invoices.missing.append(_("No invoice is uploaded."))


def _prove_steps(proofs: dict[str, Proof], days: dict[EventKind, date]) -> None:
    delivery, acceptance = proofs[EvidenceKind.DELIVERY], proofs[EvidenceKind.ACCEPTANCE]
    if EventKind.PERFORMANCE_BEGUN in days:
        delivery.facts.append(
            _("Performance begun on %(day)s") % {"day": days[EventKind.PERFORMANCE_BEGUN]}
        )
    if not delivery.files:
        delivery.missing.append(_("No paper proves the delivery; enter it with a milestone."))
    if EventKind.ACCEPTED in days:
        acceptance.facts.append(_("Accepted on %(day)s") % {"day": days[EventKind.ACCEPTED]})
        if not acceptance.files:
            acceptance.missing.append(_("The acceptance certificate is not uploaded."))
    else:
        acceptance.missing.append(_("The taker has not accepted the result yet."))


def related_signs(case: ConversionCase) -> Iterator[str]:
    """Signs that owner and taker are related; none proves anything by itself."""
    present = case.present_parties()
    sides = {
        role: {
            party.organization.merged_into_id or party.organization_id
            for party in present
            if party.role == role and party.organization
        }
        for role in (PartyRole.OWNER, PartyRole.TAKER)
    }
    if sides[PartyRole.OWNER] & sides[PartyRole.TAKER]:
        yield _("Owner and taker are the same organization.")
    completers = {p.user_id for p in present if p.role == PartyRole.COMPLETER and p.user_id}
    members = Membership.objects.filter(
        organization__in=sides[PartyRole.TAKER], user__in=completers, state=MembershipState.ACTIVE
    )
    if completers and members.exists():
        yield _("A completer is a member of the taker's organization.")
    publicity = PricePublicity.objects.filter(case=case, is_related=True).order_by("-pk").first()
    if publicity:
        yield _("The publicity marks a related party: %(note)s") % {"note": publicity.related_note}
