"""Cases of the years before the portal, one row each (历史案例导入)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from achievements.imports.importers import (
    NEW,
    UNCHANGED,
    Column,
    Importer,
    Report,
    Row,
    UnableToImport,
)
from achievements.imports.parsers import choice_parser, parse_date, parse_text
from portal.accounts.identifiers import normalize_credit_code
from portal.accounts.models import Organization

from .enums import ConversionMode, EventKind, PartyRole
from .models import Contract, ContractType, ConversionCase
from .services import CaseDraft, PartyEntry, Step, UnableToMoveCase, add_cases
from .services.contracts import REGISTRATION_DIGITS

_MONEY = re.compile(r"^(\d{1,15}(?:\.\d{1,6})?)(亿|万)?元?$", re.ASCII)
_UNITS = {"亿": Decimal(100_000_000), "万": Decimal(10_000), None: Decimal(1)}
CENT = Decimal("0.01")
# Each date of a row, in the order in which they follow one another.
DAYS = ("opened_on", "signed_on", "registered_on", "received_on", "accepted_on")


def parse_money(text: str) -> Decimal | None:
    """Yuan to the cent from ``1200000.50``, ``1,200,000``, ``120万``; nothing is None."""
    compact = re.sub(r"[\s,，¥￥]", "", unicodedata.normalize("NFKC", text))
    if not compact:
        return None
    found = _MONEY.match(compact)
    amount = Decimal(found[1]) * _UNITS[found[2]] if found else None
    if amount is None or amount != amount.quantize(CENT):
        raise ValidationError(
            _("“%(text)s” is no amount; write 500000, 500000.50 or 50万.") % {"text": text}
        )
    return amount.quantize(CENT)


def parse_registration_number(text: str) -> str:
    number = "".join(text.split())
    if number and not (number.isdigit() and len(number) in REGISTRATION_DIGITS):
        raise ValidationError(_("A registration number has 16 digits, an older one 14."))
    return number


class CaseImporter(Importer):
    """Signed cases as registers and spreadsheets hold them; both sides by code, or a name."""

    kind = "cases"
    columns = (
        Column("source_id", ("来源编号", "source id"), parse_text, required=True),
        Column("title", ("项目名称", "title"), parse_text, required=True),
        Column("owner", ("权利方信用代码", "owner code"), normalize_credit_code, required=True),
        Column("taker", ("受让方信用代码或名称", "taker code or name"), parse_text, required=True),
        Column("mode", ("转化方式", "mode"), choice_parser(ConversionMode), required=True),
        Column("type", ("合同类型", "contract type"), choice_parser(ContractType), required=True),
        Column("opened_on", ("意向日期", "opened on"), parse_date),
        Column("signed_on", ("签订日期", "signed on"), parse_date, required=True),
        Column("valid_to", ("合同截止日期", "valid to"), parse_date),
        Column("total", ("合同总额（元）", "合同总额", "total"), parse_money, required=True),
        Column("technology", ("技术交易额（元）", "技术交易额", "technology amount"), parse_money),
        Column("number", ("登记编号", "registration number"), parse_registration_number),
        Column("registered_on", ("登记日期", "registered on"), parse_date),
        Column("received", ("到账金额（元）", "到账金额", "received"), parse_money),
        Column("received_on", ("到账日期", "received on"), parse_date),
        Column("accepted_on", ("验收日期", "accepted on"), parse_date),
    )

    def compare(self, rows: list[Row], organization: Organization | None = None) -> None:
        known = set(
            ConversionCase.objects.exclude(source_id="").values_list("source_id", flat=True)
        )
        numbers = set(Contract.objects.values_list("registration_number", flat=True))
        codes = {row.values["owner"] for row in rows}
        codes |= {normalize_credit_code(row.values["taker"]) for row in rows}
        self.organizations = {
            organization.credit_code: organization
            for organization in Organization.objects.filter(credit_code__in=codes)
        }
        for row in rows:
            row.outcome = UNCHANGED if row.values["source_id"] in known else NEW
            self._check_parties(row)
            self._check_figures(row)
            self._check_days(row)
            if row.outcome == NEW and row.values.get("number") in numbers - {""}:
                row.errors[self.heading("number")] = _(
                    "Another contract has this registration number already."
                )

    def _check_parties(self, row: Row) -> None:
        if row.values["owner"] not in self.organizations:
            row.errors[self.heading("owner")] = _(
                "No organization of the portal has this code. Register it first."
            )

    def _check_figures(self, row: Row) -> None:
        total, values = row.values["total"], row.values
        technology, received = values.get("technology"), values.get("received")
        if total is None:
            row.errors[self.heading("total")] = _("Please fill this in.")
            return
        if technology is not None and technology > total:
            row.errors[self.heading("technology")] = _(
                "The technology amount lies between zero and the total."
            )
        if received is not None and received > total:
            row.errors[self.heading("received")] = _("More than the contract's amount.")
        if (received is None) != (values.get("received_on") is None):
            row.errors[self.heading("received_on")] = _("Amount and day of a payment go together.")

    def _check_days(self, row: Row) -> None:
        before: date | None = None
        for name in DAYS:
            day = row.values.get(name)
            if day is None:
                continue
            if day > timezone.localdate():
                row.errors[self.heading(name)] = _("This day has not come yet.")
            elif before and day < before and name in {"signed_on", "accepted_on"}:
                row.errors[self.heading(name)] = _("This day lies before %(day)s.") % {
                    "day": before
                }
            before = max(before or day, day)
        signed, valid_to = row.values.get("signed_on"), row.values.get("valid_to")
        if signed and valid_to and valid_to < signed:
            row.errors[self.heading("valid_to")] = _("This day lies before %(day)s.") % {
                "day": signed
            }

    @transaction.atomic
    def write_cases(self, report: Report, *, progress=lambda done, total: None) -> dict[str, int]:
        """Write all rows of a clean report, or none. Raises ``UnableToImport``."""
        if report.refused:
            raise UnableToImport(
                _("%(count)d rows are wrong; correct them first, nothing was written.")
                % {"count": len(report.refused)}
            )
        drafts = [self._draft(row) for row in report.rows if row.outcome == NEW]
        try:
            add_cases(actor=None, drafts=drafts, is_guarded=False, progress=progress)
        except UnableToMoveCase as error:
            raise UnableToImport(str(error)) from None
        return {name: report.count(name) for name in (NEW, UNCHANGED)}

    def _draft(self, row: Row) -> CaseDraft:
        values = row.values
        signed, total = values["signed_on"], values["total"]
        technology = values.get("technology")
        taker = self.organizations.get(normalize_credit_code(values["taker"]))
        return CaseDraft(
            title=values["title"],
            source_id=values["source_id"],
            opened_on=values.get("opened_on") or signed,
            parties=[
                PartyEntry(PartyRole.OWNER, self.organizations[values["owner"]]),
                PartyEntry(PartyRole.TAKER, taker, name="" if taker else values["taker"][:120]),
            ],
            steps=list(self._steps(values)),
            contract={
                "name": values["title"][:200],
                "type": values["type"],
                "valid_from": signed,
                "valid_to": values.get("valid_to") or signed,
                "total_amount": total,
                "technology_amount": total if technology is None else technology,
            },
        )

    def _steps(self, values: dict[str, Any]):
        signed, total = values["signed_on"], values["total"]
        opened = values.get("opened_on") or signed
        yield Step(EventKind.TALKS_BEGUN, opened)
        yield Step(EventKind.DECIDED, signed, {"mode": values["mode"]})
        yield Step(EventKind.CONTRACT_SIGNED, signed, {"contract_total": str(total)})
        if values.get("number"):
            registered = values.get("registered_on") or signed
            yield Step(EventKind.REGISTRATION_SUBMITTED, registered)
            payload = {"registration_number": values["number"]}
            yield Step(EventKind.CONTRACT_REGISTERED, registered, payload)
        yield Step(EventKind.PERFORMANCE_BEGUN, signed)
        if values.get("received"):
            amount = {"amount": str(values["received"])}
            yield Step(EventKind.PAYMENT_RECEIVED, values["received_on"], amount)
        if values.get("accepted_on"):
            yield Step(EventKind.ACCEPTED, values["accepted_on"])
