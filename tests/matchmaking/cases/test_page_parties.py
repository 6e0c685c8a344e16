"""Opening a case by hand or from a match, and its parties."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from achievements.models import Completer
from matchmaking.cases.models import CaseParty, ConversionCase
from matchmaking.enums import Confidentiality
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.notifications.models import Notification
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.needs import Company, make_broker

pytestmark = pytest.mark.django_db
URL = "/workspace/cases/new/"


def values(institute, **more):
    return {
        "title": "石墨烯导热膜许可",
        "role": "OWNER",
        "organization": institute.organization.pk,
        "owner": "",
        "taker": "湖畔电子有限公司",
        "opened_on": timezone.localdate().isoformat(),
        "rows-TOTAL_FORMS": "2",
        "rows-INITIAL_FORMS": "0",
        "rows-0-name": "林知远",
        "contact_name": "采购部",
        "contact_email": "buyer@example.com",
        **more,
    }


def errors(answer):
    return {name: [str(e) for e in each] for name, each in answer.context["form"].errors.items()}


@pytest.fixture
def sides():
    return Institute(), Company()


def test_an_office_opens_a_case_with_completers_and_contact(client, sides):
    institute, company = sides
    client.force_login(institute.owner)

    answer = client.post(URL, values(institute))

    case = ConversionCase.objects.get()
    assert answer.url == case.get_absolute_url()
    parties = case.parties.order_by("pk")
    assert [(p.role, p.organization, p.name, p.contact_name) for p in parties] == [
        ("OWNER", institute.organization, "", ""),
        ("TAKER", company.organization, "", "采购部"),
        ("COMPLETER", None, "林知远", ""),
    ]
    assert [n.title for n in company.owner.notifications.all()] == ["新建了一个转化案例"]


def test_the_other_side_is_found_by_its_credit_code(client, sides):
    institute, company = sides
    client.force_login(institute.owner)

    client.post(URL, values(institute, taker=company.organization.credit_code.lower()))

    assert CaseParty.objects.get(role="TAKER").organization == company.organization


def test_an_unknown_name_needs_a_tick_and_what_was_typed_stays(client, sides):
    institute, _company = sides
    client.force_login(institute.owner)

    refused = client.post(URL, values(institute, taker="云上新材有限公司"))
    client.post(URL, values(institute, taker="云上新材有限公司", is_free="on"))

    assert refused.status_code == 422
    assert list(errors(refused)) == ["taker"]
    assert 'value="林知远"' in refused.content.decode()
    taker = CaseParty.objects.get(role="TAKER")
    assert (taker.organization, taker.name) == (None, "云上新材有限公司")


def test_a_name_that_several_have_asks_for_the_code(client, sides):
    institute, _company = sides
    OrganizationFactory(name="湖畔电子有限公司")
    client.force_login(institute.owner)

    answer = client.post(URL, values(institute))

    assert errors(answer) == {"taker": ["有多家机构同名，请填统一社会信用代码。"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"taker": ""}, "taker"),
        ({"role": "BROKER"}, "role"),
        ({"organization": ""}, "organization"),
        ({"listing": "CG-2020-999999"}, "listing"),
        ({"need": "XQ-2020-999999"}, "need"),
        ({"opened_on": "2999-01-01"}, "__all__"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(client, sides, change, field):
    institute, _company = sides
    client.force_login(institute.owner)

    answer = client.post(URL, values(institute, **change))

    assert (answer.status_code, field in errors(answer)) == (422, True)
    assert ConversionCase.objects.count() == 0


def test_the_taker_opens_one_too(client, sides):
    institute, company = sides
    client.force_login(company.owner)
    change = {
        "role": "TAKER",
        "organization": company.organization.pk,
        "owner": "湖畔材料研究院",
        "taker": "",
    }

    client.post(URL, values(institute, **change))

    assert {p.role: p.organization for p in CaseParty.objects.exclude(role="COMPLETER")} == {
        "OWNER": institute.organization,
        "TAKER": company.organization,
    }


def test_a_broker_opens_one_for_both_sides(client, sides):
    institute, _company = sides
    broker = make_broker()
    client.force_login(broker)
    change = {"role": "BROKER", "owner": "湖畔材料研究院"}

    client.post(URL, values(institute, **change))

    assert ConversionCase.objects.get().broker == broker


def test_members_and_strangers_open_none(client, sides):
    institute, _company = sides
    for user in (institute.researcher, UserFactory()):
        client.force_login(user)
        answer = client.post(URL, values(institute))
        assert answer.url == reverse("cases:list")

    assert ConversionCase.objects.count() == 0


def test_a_match_fills_the_form_in_for_either_side(client, sides):
    institute, company = sides
    page, need = institute.published(), company.published()
    query = {"need": need.code, "page": page.code}
    found = {}
    for name, user in (
        ("owner", institute.owner),
        ("taker", company.owner),
        ("broker", make_broker()),
    ):
        client.force_login(user)
        form = client.get(URL, query).context["form"]
        fields = ("title", "role", "owner", "taker", "listing", "need")
        found[name] = [form[field].value() or "" for field in fields]

    both = [page.code, need.code]
    assert found == {
        "owner": [page.title, "OWNER", "", company.organization.name, *both],
        "taker": [page.title, "TAKER", institute.organization.name, "", *both],
        "broker": [
            page.title,
            "BROKER",
            institute.organization.name,
            company.organization.name,
            *both,
        ],
    }


def with_completers(institute):
    page = institute.published()
    Completer.objects.create(page=page, name="林知远", user=institute.researcher)
    Completer.objects.create(page=page, name="苏小满")
    return page


def test_the_listings_completers_stand_in_the_form_of_their_institute_alone(client, sides):
    institute, company = sides
    page = with_completers(institute)
    rows = {}
    for user in (institute.owner, company.owner):
        client.force_login(user)
        form = client.get(URL, {"page": page.code}).context["form"]
        rows[user] = [row["name"].value() for row in form.rows if row["name"].value()]

    assert rows == {institute.owner: ["林知远", "苏小满"], company.owner: []}


def test_a_completer_with_an_account_reads_the_case_and_is_told_of_the_assignment(client, sides):
    institute, _company = sides
    page = with_completers(institute)
    client.force_login(institute.owner)
    client.post(URL, values(institute, listing=page.code, **{"rows-1-name": "苏小满"}))
    case = ConversionCase.objects.get()
    for step, more in (
        ("talks-begun", {}),
        ("decided", {"mode": "TRANSFER", "decided_by": "院务会"}),
        ("price-set", {"route": "AUCTION", "price": "1000000", "venue": "湖城技术交易所"}),
        ("refusal-notified", {"terms": "同等条件"}),
    ):
        today = timezone.localdate().isoformat()
        client.post(f"{case.get_absolute_url()}do/{step}/", {"occurred_on": today, **more})

    completers = case.parties.filter(role="COMPLETER").order_by("pk")
    assert [each.user for each in completers] == [institute.researcher, None]
    [told] = Notification.objects.filter(kind="first-refusal")
    until = timezone.localdate() + timedelta(days=15)
    assert (told.user, told.url) == (institute.researcher, case.get_absolute_url())
    assert told.label == f"您完成的成果拟转让，请于{until}前答复是否优先受让"
    client.force_login(institute.researcher)
    assert client.get(told.url).status_code == 200


def test_a_withheld_name_is_not_told_to_the_institute(client, sides):
    institute, company = sides
    page, need = institute.published(), company.published()
    need.confidentiality = Confidentiality.ANONYMOUS
    need.save()
    client.force_login(institute.owner)

    answer = client.get(URL, {"need": need.code, "page": page.code})

    assert company.organization.name not in answer.content.decode()


def test_the_listing_and_the_need_hang_on_the_case(client, sides):
    institute, company = sides
    page, need = institute.published(), company.published()
    client.force_login(institute.owner)

    client.post(URL, values(institute, listing=page.code, need=need.code.lower()))

    case = ConversionCase.objects.get()
    assert (case.page_id, case.listing_code, case.need) == (page.pk, page.code, need)


def test_rows_of_completers_are_added_without_checking(client, sides):
    institute, _company = sides
    client.force_login(institute.owner)

    answer = client.post(URL, values(institute, title="", more="rows"))

    assert (answer.status_code, len(answer.context["rows"].forms)) == (200, 4)


def join(client, deal, **more):
    client.force_login(more.pop("user", deal.owner))
    data = {
        "role": "FINANCIER",
        "name": "湖城商业银行",
        "is_free": "on",
        "occurred_on": deal.next_day().isoformat(),
        "version": deal.case.version,
        **more,
    }
    answer = client.post(reverse("cases:parties", args=[deal.case.code]), data)
    deal.refresh()
    return answer


def test_a_party_joins_and_leaves(client):
    deal = Deal()
    join(client, deal)
    bank = deal.party("FINANCIER")

    join(client, deal, leave=bank.pk)

    bank.refresh_from_db()
    assert (bank.name, bank.left_on) == ("湖城商业银行", deal.on)
    kinds = deal.case.events.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["OPENED", "PARTY_ADDED", "PARTY_LEFT"]


def test_a_completer_joins_by_name_and_an_owner_with_a_share(client):
    deal = Deal()
    other = Institute("滨江力学研究所")

    join(client, deal, role="COMPLETER", name="沈亦舟", is_free="")
    join(client, deal, role="OWNER", name=other.organization.name, share="40.00", is_free="")

    assert deal.party("COMPLETER", 2).name == "沈亦舟"
    assert deal.party("OWNER", 1).share == Decimal("40.00")
    event = deal.case.events.order_by("-sequence")[1]
    assert "沈亦舟" not in str(event.payload)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"is_free": ""}, "name"),
        ({"role": "TAKER", "name": "湖畔电子有限公司"}, "__all__"),
        ({"share": "0"}, "share"),
        ({"version": "0"}, "__all__"),
    ],
)
def test_a_party_that_cannot_join_is_refused_with_its_values(client, change, field):
    deal = Deal()

    answer = join(client, deal, **change)

    assert (answer.status_code, list(errors(answer))) == (422, [field])
    assert f'value="{change.get("name", "湖城商业银行")}"' in answer.content.decode()


def test_the_last_taker_has_to_stay(client):
    deal = Deal()

    answer = join(client, deal, leave=deal.party("TAKER").pk)

    assert [str(each) for each in answer.context["messages"]] == ["案例须有成果权利方和受让方。"]


def test_only_those_who_act_for_a_party_change_them(client):
    deal, auditor = Deal(), UserFactory()
    RoleGrant.objects.create(user=auditor, role=PortalRole.AUDITOR)

    answers = [
        join(client, deal, user=user).status_code
        for user in (deal.institute.researcher, auditor, UserFactory())
    ]

    assert (answers, deal.case.version) == ([403, 403, 404], 1)
