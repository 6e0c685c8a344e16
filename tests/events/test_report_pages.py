"""The pages of a report: the organizer's, the records, the files, the short version."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from events.fairs.models import Fair
from events.reports.cuts import CUTS
from events.reports.definitions import NUMBERS
from events.reports.models import FairCost
from portal.audit.models import AuditEvent
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.oversight import make_overseer, signed_in
from tests.factories.past_fairs import PastFair, make_small_fair

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    return make_small_fair()


def address(past, name, *args):
    return reverse(f"reports:{name}", args=[past.fair.code, *args])


def read(past, name, *args, who=None, query=""):
    answer = signed_in(who or past.owner).get(address(past, name, *args) + query)
    assert answer.status_code == 200
    return answer


def test_the_report_shows_every_number_with_the_way_to_its_records(past):
    Fair.objects.filter(pk=past.fair.pk).update(with_exhibition=True)
    past.lead(past.exhibitor(), past.people["e1"])
    text = read(past, "report").content.decode()

    for key in {*NUMBERS} - {"yield", "contracts", "amount", "cost", "cost_per_meeting"}:
        assert address(past, "records", key) in text, key
    assert "先到先得" in text
    assert "有17%的约谈逾期无人答复" in text
    assert reverse("fairs:act", args=[past.fair.code, "copy"]) in text
    for key in CUTS:
        assert f"{address(past, 'records', key)}?part=" in text, key


def test_who_runs_or_oversees_the_fair_reads_the_report_and_nobody_else(past):
    partner = MembershipFactory(role="OWNER")
    past.fair.co_organizers.add(partner.organization)
    people = [past.owner, make_overseer(), past.hall.member, partner.user, UserFactory()]
    pages = [
        address(past, "report"),
        address(past, "records", "came"),
        address(past, "export", "all", "csv"),
    ]

    for page in pages:
        codes = [signed_in(each).get(page).status_code for each in people]
        assert codes == [200, 200, 404, 404, 404], page


@pytest.mark.parametrize("state", ["DRAFT", "BOOKING", "SCHEDULE_PUBLISHED", "CANCELLED"])
def test_a_fair_that_has_not_begun_has_no_report(past, state):
    Fair.objects.filter(pk=past.fair.pk).update(state=state)

    answers = [
        signed_in(past.owner).get(address(past, name, *args)).status_code
        for name, args in (("report", []), ("records", ["came"]), ("costs", []), ("public", []))
    ]
    assert answers == [404] * 4


def test_each_kind_of_record_is_a_list(past):
    past.contract(past.meetings[0])
    FairCost.objects.create(fair=past.fair, what="场地", amount=900, entered_by=past.owner)
    shown = {
        key: len(read(past, "records", key, who=make_overseer()).context["page_obj"].object_list)
        for key in ("came", "expired", "held", "possible", "contracts", "cost_per_meeting")
    }

    assert shown == {
        "came": 7,
        "expired": 1,
        "held": 3,
        "possible": 2,
        "contracts": 1,
        "cost_per_meeting": 1,
    }
    part = read(past, "records", "reason", query="?part=NO_FIT")
    assert "婉拒原因" in part.content.decode()
    assert part.context["page_obj"].paginator.count == 1


def test_what_people_say_is_listed_without_their_names(past):
    text = read(past, "records", "possible").content.decode()

    assert past.people["e1"].organization_label in text
    assert past.people["e1"].name not in text


def test_leads_are_listed_without_their_visitors():
    past = PastFair(kind="EXHIBITION")
    exhibitor, visitor = past.exhibitor(), past.person("VISITOR")
    past.lead(exhibitor, visitor)
    text = read(past, "records", "leads").content.decode()

    assert (exhibitor.organization.name in text, "扫码" in text) == (True, True)
    assert [visitor.name in text, visitor.organization_label in text] == [False, False]
    shown = read(past, "records", "exhibitors").content.decode()
    assert reverse("exhibition:application", args=[past.fair.code, exhibitor.pk]) in shown


def test_a_share_opens_what_it_does_not_count_too(past):
    page = read(past, "records", "must_meet")
    rest = read(past, "records", "must_meet", query="?part=rest")

    assert page.context["page_obj"].paginator.count == 1
    assert rest.context["page_obj"].paginator.count == 2
    assert "必见达成率：未计入部分" in rest.content.decode()


def test_a_case_is_shown_to_its_parties_and_overseers_alone(past):
    case = past.contract(past.meetings[0]).case
    own = read(past, "records", "contracts").content.decode()
    overseers = read(past, "records", "contracts", who=make_overseer()).content.decode()

    assert [case.code in own, "另有1件案例" in own] == [False, True]
    assert [case.code in overseers, "另有1件案例" in overseers] == [True, False]


def test_a_number_or_part_that_there_is_not_is_not_found(past):
    client = signed_in(past.owner)
    missing = [
        address(past, "records", "nothing"),
        address(past, "records", "role"),
        address(past, "records", "role") + "?part=PRESS",
        address(past, "records", "came") + "?part=rest",
        address(past, "export", "all", "pdf"),
    ]

    assert [client.get(each).status_code for each in missing] == [404] * 5


def test_files_hold_the_definition_and_the_records_and_are_recorded(past):
    past.people["e1"].name = "=1+1"
    past.people["e1"].save()
    content = read(past, "export", "came", "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    empty = rows.index([])

    assert rows[1][1] == "到场人数"
    assert len(rows) == empty + 1 + 1 + 7
    assert rows[empty + 2][0] == "'=1+1"
    book = openpyxl.load_workbook(io.BytesIO(read(past, "export", "all", "xlsx").content))
    values = {row[1].value: row[2].value for row in book.worksheets[0].iter_rows()}
    assert (values["到场率"], values["已举行洽谈"]) == (87.5, 3)
    actions = AuditEvent.objects.filter(action="reports.export_report").order_by("pk")
    assert [each.payload["number"] for each in actions] == ["came", "all"]


def test_costs_are_entered_and_taken_out_on_their_page(past):
    client, page = signed_in(past.owner), address(past, "costs")
    assert client.post(page, {"what": "场地", "amount": "-1"}).status_code == 422
    client.post(page, {"what": "场地", "amount": "6000"})
    cost = FairCost.objects.get()
    assert (cost.what, cost.amount, cost.entered_by) == ("场地", 6000, past.owner)
    assert "2,000 元" in read(past, "report").content.decode()
    assert signed_in(make_overseer()).post(page, {"remove": cost.pk}).status_code == 404
    client.post(page, {"remove": cost.pk})

    assert not FairCost.objects.exists()


def test_the_short_version_tells_everybody_of_groups_and_of_nobody(client, past):
    FairCost.objects.create(fair=past.fair, what="场地", amount=900)
    text = client.get(address(past, "public")).content.decode()

    assert ["到场人数" in text, "必见达成率" in text, "场均" in text] == [True, False, False]
    names = [person.name for person in past.fair.registrations.all()]
    assert [name for name in names if name in text] == []
    assert address(past, "public") in client.get(past.fair.page.url).content.decode()


def test_a_fair_of_few_tells_nothing(client):
    past = PastFair()
    past.person()

    text = client.get(address(past, "public")).content.decode()
    assert ["暂无可公布的指标" in text, "到场人数" in text] == [True, False]


def test_there_is_no_short_version_while_the_fair_is_under_way(client):
    past = PastFair(state="LIVE")

    assert client.get(address(past, "public")).status_code == 404
    assert "截至目前" in read(past, "report").content.decode()
