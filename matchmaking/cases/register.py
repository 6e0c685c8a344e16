"""Contracts as rows for the official register of technology contracts (技术合同认定登记)."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .models import CaseParty, Contract, ConversionCase

Read = Callable[[Contract], Any]


def _side(party: CaseParty) -> dict[str, str]:
    organization = party.organization
    return {
        "name": organization.name if organization else party.name,
        "code": (organization.credit_code or "") if organization else "",
        "region": organization.district.code if organization else "",
    }


# The official form is in Chinese, whatever the reader's language.
COLUMNS: tuple[tuple[str, Read], ...] = (
    ("合同登记编号", lambda contract: contract.registration_number),
    ("项目名称", lambda contract: contract.name),
    ("合同类型", lambda contract: contract.get_type_display()),
    ("签订日期", lambda contract: contract.signed_on),
    ("合同有效期起", lambda contract: contract.valid_from),
    ("合同有效期止", lambda contract: contract.valid_to),
    ("卖方名称", lambda contract: _side(contract.seller)["name"]),
    ("卖方统一社会信用代码", lambda contract: _side(contract.seller)["code"]),
    ("卖方行政区划", lambda contract: _side(contract.seller)["region"]),
    ("买方名称", lambda contract: _side(contract.buyer)["name"]),
    ("买方统一社会信用代码", lambda contract: _side(contract.buyer)["code"]),
    ("买方行政区划", lambda contract: _side(contract.buyer)["region"]),
    ("合同成交金额（元）", lambda contract: contract.total_amount),
    ("技术交易额（元）", lambda contract: contract.technology_amount),
    ("支付方式", lambda contract: contract.get_payment_terms_display()),
    ("提成约定", lambda contract: contract.royalty),
    ("技术领域", lambda contract: contract.technical_field and contract.technical_field.name),
    ("涉及知识产权", lambda contract: contract.get_ip_type_display()),
    ("计划来源", lambda contract: contract.plan_source),
    ("社会经济目标", lambda contract: contract.social_goal),
    ("服务的国民经济行业", lambda contract: contract.served_industry),
    ("预计新增投入（元）", lambda contract: contract.expected_input),
    ("预计新增产值（元）", lambda contract: contract.expected_output),
    ("登记日期", lambda contract: contract.registered_on),
    ("案例编号", lambda contract: contract.case.code),
)


def contract_rows(case: ConversionCase) -> list[list[Any]]:
    contracts = case.contracts.select_related(
        "case", "technical_field", "seller__organization__district", "buyer__organization__district"
    )
    return [[read(contract) for _label, read in COLUMNS] for contract in contracts.order_by("pk")]


def contract_table(case: ConversionCase) -> bytes:
    """Return a workbook with one row for each contract; no text in it is read as a formula."""
    book, content = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("技术合同")
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=label) for label, _read in COLUMNS]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in contract_rows(case):
        sheet.append([_cell(sheet, value) for value in row])
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value or None if isinstance(value, str) else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"
    if isinstance(value, Decimal):
        cell.number_format = "0.00"
    return cell
