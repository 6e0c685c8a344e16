"""Cases of earlier years from a table: a report per row, all or nothing, again without harm."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from matchmaking.cases.ledger import fold
from matchmaking.cases.models import ConversionCase
from tests.factories.accounts import OrganizationFactory, make_credit_code

pytestmark = pytest.mark.django_db
OWNER, TAKER = make_credit_code(8001), make_credit_code(8002)
HEAD = (
    "来源编号,项目名称,权利方信用代码,受让方信用代码或名称,转化方式,合同类型,意向日期,签订日期,"
    "合同总额（元）,技术交易额（元）,登记编号,到账金额（元）,到账日期,验收日期"
)
GOOD = (
    f"A1,导热膜许可,{OWNER},{TAKER},许可,技术许可（专利实施）,2021-02-01,2021年5月6日,"
    "120万,1000000.50,2021330100000123,600000,2021-07-01,2022-03-04"
)


@pytest.fixture(autouse=True)
def organizations():
    OrganizationFactory(credit_code=OWNER, name="湖畔材料研究院")
    OrganizationFactory(credit_code=TAKER, name="湖畔电子有限公司")


@pytest.fixture
def table(tmp_path):
    def write(*lines, encoding="utf-8"):
        path = tmp_path / "cases.csv"
        path.write_text("\n".join([HEAD, *lines]), encoding=encoding)
        return path

    return write


def test_a_dry_run_reports_and_writes_nothing(table, capsys):
    call_command("import_cases", table(GOOD))

    assert capsys.readouterr().out.splitlines() == [
        "1 new, 0 unchanged",
        "A dry run: nothing was written. Add --commit to write.",
    ]
    assert ConversionCase.objects.count() == 0


def test_a_row_becomes_a_case_with_its_history(table):
    call_command("import_cases", table(GOOD, encoding="gb18030"), commit=True)

    case = ConversionCase.objects.get()
    assert (case.code, case.stage, case.signed_on, case.contract_total, case.received) == (
        "AL-2021-000001",
        "ACCEPTED",
        date(2021, 5, 6),
        Decimal("1200000.00"),
        Decimal("600000.00"),
    )
    assert case.contracts.get().registration_number == "2021330100000123"
    assert case.contracts.get().technology_amount == Decimal("1000000.50")
    assert fold(case.events.order_by("sequence")) == case.state


def test_a_table_may_be_imported_again(table, capsys):
    call_command("import_cases", table(GOOD), commit=True)
    capsys.readouterr()
    call_command("import_cases", table(GOOD, GOOD.replace("A1", "A2").replace("0123", "0124")))

    assert capsys.readouterr().out.splitlines()[0] == "1 new, 1 unchanged"


def test_a_taker_outside_of_the_portal_is_kept_by_name(table):
    call_command("import_cases", table(GOOD.replace(TAKER, "外地某公司")), commit=True)

    assert str(ConversionCase.objects.get().parties.get(role="TAKER")) == "外地某公司"


@pytest.mark.parametrize(
    "change",
    [
        (OWNER, make_credit_code(8009), "权利方信用代码", "平台上没有这个代码的机构"),
        ("120万", "12.345元", "合同总额（元）", "不是金额"),
        ("120万", "", "合同总额（元）", "请填写此项。"),
        ("1000000.50", "1200000.01", "技术交易额（元）", "应在零和合同总额之间"),
        ("2021330100000123", "12345", "登记编号", "16位数字"),
        ("600000", "1200001", "到账金额（元）", "超过合同总额"),
        (",2021-07-01,", ",,", "到账日期", "应同时填写"),
        ("2021年5月6日", "2020-12-01", "签订日期", "早于2021-02-01"),
        ("2022-03-04", "2999-01-01", "验收日期", "尚未到来"),
        ("技术许可（专利实施）", "买卖", "合同类型", "不在可选范围内"),
    ],
)
def test_a_wrong_row_says_what_to_do_and_nothing_is_written(table, capsys, change):
    old, new, heading, message = change
    lines = table(GOOD.replace("A1", "A0").replace("0123", "0199"), GOOD.replace(old, new))
    with pytest.raises(CommandError, match="1 rows are wrong; nothing was written"):
        call_command("import_cases", lines, commit=True, json=True)

    errors = json.loads(capsys.readouterr().out)["errors"]
    assert list(errors) == ["3"]
    assert message in errors["3"][heading]
    assert ConversionCase.objects.count() == 0


def test_a_source_id_stands_once_in_a_table(table, capsys):
    with pytest.raises(CommandError):
        call_command("import_cases", table(GOOD, GOOD), json=True)

    assert json.loads(capsys.readouterr().out)["errors"] == {"3": {"来源编号": "与第2行重复。"}}
