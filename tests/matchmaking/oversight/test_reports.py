"""Annual reports: figures from the ledger, changed with reasons only, signed off, taken in."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from matchmaking.cases import services as cases
from matchmaking.cases.enums import ConversionMode
from matchmaking.oversight.duties import Calendar, reach_of
from matchmaking.oversight.enums import DutyKind, ReportState
from matchmaking.oversight.indicators import INDICATORS
from matchmaking.oversight.models import AnnualReport
from matchmaking.oversight.services import (
    UnableToReport,
    accept_report,
    prepare_report,
    return_report,
    sign_off_report,
    state_figure,
    write_remarks,
)
from portal.accounts.enums import PortalRole
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.needs import Company
from tests.factories.oversight import bulk_contracts, make_overseer, signed_in

pytestmark = pytest.mark.django_db
OWN = [key for key, each in INDICATORS.items() if each.query is None]


@pytest.fixture(autouse=True)
def _in_spring():
    with time_machine.travel("2026-03-10T09:00:00+08:00", tick=False):
        yield


@pytest.fixture
def institute():
    return Institute()


def prepared(institute, year=2025):
    return prepare_report(actor=institute.owner, organization=institute.organization, year=year)


def complete(institute):
    report = prepared(institute)
    for key in OWN:
        state_figure(
            actor=institute.owner, report=report, key=key, value=Decimal(2), reason="人事处台账"
        )
    return report


def values(report):
    return {each.key: each.computed for each in report.figures.all()}


def refused(function, **kwargs):
    with pytest.raises(UnableToReport) as error:
        function(**kwargs)
    return str(error.value)


def test_figures_come_from_the_ledger_of_the_year(institute):
    licence = Deal(owner=institute, mode=ConversionMode.LICENCE).to_contract()
    licence.move("PERFORMANCE_BEGUN")
    licence.pay("400000")
    service = Deal(owner=institute, mode=ConversionMode.SERVICE).to_decision()
    service.sign(total_amount=Decimal(50_000), technology_amount=Decimal(50_000))
    earlier = Deal(owner=institute, on=date(2024, 3, 1)).to_contract()
    earlier.move("PERFORMANCE_BEGUN")
    earlier.next_day(300)
    earlier.pay("700000")
    Deal(owner=Institute("滨江力学研究所")).to_contract()

    found = values(prepared(institute))
    expected = {
        "three-count": 1,
        "three-amount": 1_000_000,
        "three-received": 1_100_000,
        "six-count": 2,
        "six-amount": 1_050_000,
        "six-received": 1_100_000,
        "transfer-count": 0,
        "transfer-received": 700_000,
        "licence-count": 1,
        "licence-received": 400_000,
        "service-amount": 50_000,
        "local": 1_050_000,
        "small": 0,
        "million": 1,
        "hundred-million": 0,
    }
    assert {key: found[key] for key in expected} == expected
    assert [found[key] for key in OWN] == [None] * len(OWN)


def test_rewards_of_the_year_by_group_and_person(institute):
    deal = Deal(owner=institute).to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay().fix_reward()
    cases.publicise_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day())
    cases.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(16))

    found = values(prepared(institute))
    assert found["reward"] == Decimal("623000.00")
    assert found["reward-main"] == Decimal("560700.00")
    assert found["reward-people"] == 3


def test_every_figure_opens_the_records_it_was_summed_from(institute):
    deal = Deal(owner=institute).to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay().fix_reward()
    cases.publicise_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day())
    cases.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(16))
    institute.published()
    report, client = prepared(institute), signed_in(institute.owner)
    for figure in report.figures.all():
        page = client.get(reverse("oversight:report-figure", args=[report.pk, figure.key]))
        records = page.context["page_obj"]
        if figure.computed is None:
            assert records is None
        else:
            assert sum(each.raw for each in records) == figure.computed, figure.key
    text = client.get(reverse("oversight:report-figure", args=[report.pk, "reward-people"]))
    assert "林知远" not in text.content.decode()


def test_taken_anew_the_figures_follow_the_ledger_and_stated_ones_stay(institute):
    report = prepared(institute)
    state_figure(
        actor=institute.owner,
        report=report,
        key="six-count",
        value=Decimal(7),
        reason="含平台外合同",
    )
    Deal(owner=institute).to_contract()
    again = prepared(institute)
    figure = again.figures.get(key="six-count")

    assert again.pk == report.pk
    assert (figure.computed, figure.stated, figure.value) == (1, 7, 7)


def test_who_prepares_what_for_which_year(institute):
    company = Company()
    assert "管理人员" in refused(
        prepare_report, actor=UserFactory(), organization=institute.organization, year=2025
    )
    assert "管理人员" in refused(
        prepare_report, actor=institute.researcher, organization=institute.organization, year=2025
    )
    assert "高等院校" in refused(
        prepare_report, actor=company.owner, organization=company.organization, year=2025
    )
    for year in (2014, 2026):
        assert "已经结束" in refused(
            prepare_report, actor=institute.owner, organization=institute.organization, year=year
        )


def test_another_value_needs_a_reason_and_can_be_taken_back(institute):
    report = prepared(institute)
    facts = {"actor": institute.owner, "report": report, "key": "six-count"}
    assert "理由" in refused(state_figure, **facts, value=Decimal(3), reason=" ")
    assert "范围" in refused(state_figure, **facts, value=Decimal(-1), reason="x")
    foreign = facts | {"actor": Institute("滨江力学研究所").owner}
    assert "管理人员" in refused(state_figure, **foreign, value=Decimal(3), reason="x")

    state_figure(**facts, value=Decimal(3), reason="含平台外合同")
    figure = state_figure(**facts, value=None, reason="")
    assert (figure.stated, figure.reason, figure.value) == (None, "", 0)


def test_the_database_refuses_a_change_without_reason(institute):
    figure = prepared(institute).figures.get(key="six-count")
    figure.stated = Decimal(3)
    with pytest.raises(IntegrityError), transaction.atomic():
        figure.save()


def test_a_report_is_signed_off_when_it_is_complete_and_still_true(institute):
    report = prepared(institute)
    assert "请先填写" in refused(sign_off_report, actor=institute.owner, report=report)
    report = complete(institute)
    Deal(owner=institute).to_contract()
    assert "重新取数" in refused(sign_off_report, actor=institute.owner, report=report)

    commission = make_overseer(PortalRole.COMMISSION)
    report = sign_off_report(actor=institute.owner, report=prepared(institute))
    assert (report.state, report.signed_off_by) == (ReportState.SIGNED_OFF, institute.owner)
    assert Notification.objects.filter(user=commission, kind="annual-report").count() == 1


def test_a_signed_off_report_is_changed_by_nobody(institute):
    report = sign_off_report(actor=institute.owner, report=complete(institute))
    facts = {"actor": institute.owner, "report": report}
    assert "退回" in refused(state_figure, **facts, key="local", value=Decimal(1), reason="x")
    assert "退回" in refused(write_remarks, **facts, remarks="x")
    assert "退回" in refused(sign_off_report, **facts)
    assert "退回" in refused(
        prepare_report, actor=institute.owner, organization=institute.organization, year=2025
    )


def test_the_commission_takes_in_or_returns_with_a_reason(institute):
    commission, auditor = make_overseer(PortalRole.COMMISSION), make_overseer()
    report = sign_off_report(actor=institute.owner, report=complete(institute))
    for person in (auditor, institute.owner):
        assert "主管部门" in refused(accept_report, actor=person, report=report)
        assert "主管部门" in refused(return_report, actor=person, report=report, reason="x")
    assert "理由" in refused(return_report, actor=commission, report=report, reason=" ")

    report = return_report(actor=commission, report=report, reason="请核对到账额")
    assert (report.state, report.signed_off_by) == (ReportState.DRAFT, None)
    report = sign_off_report(actor=institute.owner, report=report)
    report = accept_report(actor=commission, report=report)
    assert (report.state, report.return_reason) == (ReportState.ACCEPTED, "")
    assert "已变化" in refused(accept_report, actor=commission, report=report)
    assert "已变化" in refused(return_report, actor=commission, report=report, reason="x")


def test_the_duty_ends_with_the_signing_off(institute):
    def open_reports():
        return len(Calendar(reach_of(institute.owner), frozenset({DutyKind.REPORT})).first(9))

    report = complete(institute)
    before = open_reports()
    sign_off_report(actor=institute.owner, report=report)

    assert (before, open_reports()) == (1, 0)


def test_the_citys_total_sums_what_was_taken_in(institute):
    other = Institute("滨江力学研究所")
    company = Company().organization
    for number, each in enumerate((institute, other)):
        bulk_contracts([(each.organization, company)], on=date(2025, 4, 1), start=number)
    commission = make_overseer(PortalRole.COMMISSION)
    report = sign_off_report(actor=institute.owner, report=complete(institute))
    accept_report(actor=commission, report=report)
    sign_off_report(actor=other.owner, report=complete(other))

    client = signed_in(make_overseer())
    page = client.get(reverse("oversight:reports"))
    totals = {line[0].key: line[1] for _group, lines in page.context["parts"] for line in lines}
    assert (totals["six-amount"], totals["office-staff"]) == (100_000, 2)
    assert dict(page.context["states"]) == {"DRAFT": 0, "SIGNED_OFF": 1, "ACCEPTED": 1}

    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("oversight:report-totals")).content)
    )
    rows = list(book["2025"].values)
    place = next(n for n, text in enumerate(rows[0]) if "六种方式" in text and "金额" in text)
    assert [row[place] for row in rows[1:]] == [100_000, 100_000, 100_000]


def test_the_pages_lead_from_drawing_to_signing_off(institute):
    client = signed_in(institute.owner)
    listed = client.get(reverse("oversight:reports"))
    assert [each for each, _report in listed.context["rows"]] == [institute.organization]
    answer = client.post(
        reverse("oversight:prepare-report"),
        {"organization": institute.organization.pk, "year": 2025},
    )
    report = AnnualReport.objects.get()
    assert answer.url == reverse("oversight:report", args=[report.pk])

    address = reverse("oversight:report-figure", args=[report.pk, "fiscal"])
    wrong = client.post(address, {"value": "3", "reason": ""})
    assert "请写明数值不同的理由" in wrong.content.decode()
    for key in OWN:
        address = reverse("oversight:report-figure", args=[report.pk, key])
        assert client.post(address, {"value": "3", "reason": "科研处统计"}).status_code == 302
    do = reverse("oversight:report-action", args=[report.pk, "remarks"])
    client.post(do, {"remarks": "今年重点推进中试。"})
    signed = client.post(
        reverse("oversight:report-action", args=[report.pk, "sign-off"]), follow=True
    )

    assert "已确认报送，并已通知主管部门。" in signed.content.decode()
    [line] = AuditEvent.objects.filter(action="oversight.sign_off_report")
    assert line.target_label == f"{institute.organization.label} 2025"
    report.refresh_from_db()
    assert (report.state, report.remarks) == (ReportState.SIGNED_OFF, "今年重点推进中试。")
    assert (
        client.post(reverse("oversight:report-action", args=[report.pk, "no"])).status_code == 404
    )


def test_files_say_what_the_report_says(institute):
    Deal(owner=institute).to_contract()
    organization = institute.organization
    organization.name = "=cmd|' /C calc'!A0"
    organization.save()
    report = complete(institute)
    client = signed_in(institute.owner)
    pdf = client.get(reverse("oversight:report-file", args=[report.pk, "pdf"]))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("oversight:report-file", args=[report.pk, "xlsx"])).content)
    )
    rows = list(book["2025"].values)

    assert pdf.content.startswith(b"%PDF")
    assert b"STSong-Light" in pdf.content
    assert len(pdf.content) > 4000
    stated = {row[1]: row[4] for row in rows[3:] if row[0].startswith("六种方式")}
    assert stated["当年合同金额"] == 1_000_000
    assert not any(cell.data_type == "f" for line in book["2025"] for cell in line)
    with translation.override("en"):
        address = reverse("oversight:report-file", args=[report.pk, "pdf"])
    assert client.get(address).status_code == 200
    assert client.get(address.replace("pdf", "doc")).status_code == 404


def test_an_office_reads_its_own_reports_only(institute):
    report = prepared(institute)
    other = signed_in(Institute("滨江力学研究所").owner)
    address = reverse("oversight:report", args=[report.pk])

    assert other.get(address).status_code == 404
    assert signed_in(institute.researcher).get(address).status_code == 404
    assert signed_in(make_overseer()).get(address).status_code == 200
    nobody = OrganizationFactory().pk
    post = other.post(reverse("oversight:prepare-report"), {"organization": nobody, "year": "x"})
    assert post.status_code == 404
