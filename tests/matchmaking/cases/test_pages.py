"""The list of cases, a case's page and its papers, as each kind of person sees them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, PartyRole
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.needs import make_broker

pytestmark = pytest.mark.django_db


def make_auditor():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.AUDITOR)
    return user


def page(client, user, deal):
    client.force_login(user)
    return client.get(deal.case.get_absolute_url())


def shown(client, user, deal) -> str:
    return page(client, user, deal).content.decode()


def test_the_list_shows_ones_own_cases_with_what_waits_first(client):
    deal = Deal()
    Deal(owner=Institute("城西材料研究所"))
    client.force_login(deal.owner)

    answer = client.get(reverse("cases:list"))

    assert [row["case"].code for row in answer.context["rows"]] == [deal.case.code]
    [waiting] = answer.context["waiting"]
    assert [option.kind for option in waiting["options"]] == ["TALKS_BEGUN"]
    assert waiting["sides"] == ["湖畔材料研究院", "湖畔电子有限公司"]


def test_nothing_waits_for_members_without_office(client):
    deal = Deal()
    client.force_login(deal.institute.researcher)

    answer = client.get(reverse("cases:list"))

    assert (len(answer.context["rows"]), answer.context["waiting"]) == (1, [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=DECIDED", 1),
        ("stage=INTENT", 1),
        ("stage=SIGNED", 0),
        ("mode=TRANSFER", 1),
        ("mode=LICENCE", 0),
        ("q=导热膜", 2),
        ("q=滨江力学", 1),
        ("q=林知远", 0),
        ("stage=nonsense", 2),
    ],
)
def test_the_list_is_filtered_by_stage_mode_and_words_but_not_by_persons(client, query, found):
    Deal().to_decision()
    Deal(owner=Institute("滨江力学研究所"))
    client.force_login(make_auditor())

    answer = client.get(f"{reverse('cases:list')}?{query}")

    assert answer.context["page_obj"].paginator.count == found


def test_stages_are_counted_and_lead_to_their_cases(client):
    deal = Deal().to_decision()
    client.force_login(deal.owner)

    stages = client.get(reverse("cases:list"), {"q": "石墨烯"}).context["stages"]

    assert [stage["count"] for stage in stages] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert stages[3]["url"] == "?q=%E7%9F%B3%E5%A2%A8%E7%83%AF&stage=DECIDED"


def test_what_falls_due_next_stands_in_the_list(client):
    deal = Deal(on=timezone.localdate() - timedelta(days=9)).to_decision().set_price().publicise()
    client.force_login(deal.owner)

    [row] = client.get(reverse("cases:list")).context["rows"]

    assert (str(row["due"].label), row["due"].on) == ("定价公示截止", deal.publicity.ends_on)


def test_the_start_page_names_the_cases_that_wait(client):
    deal = Deal()
    client.force_login(deal.taker)

    sections = client.get(reverse("workspace:home")).context["waiting"]

    [section] = [each for each in sections if each.url.startswith(reverse("cases:list"))]
    assert [(row.title, row.note) for row in section.rows] == [("石墨烯导热膜转让", "开始洽谈")]


def test_the_navigation_leads_members_brokers_and_overseers_to_cases(client):
    deal, url = Deal(), reverse("cases:list")
    found = {}
    for name, user in (
        ("member", deal.institute.researcher),
        ("broker", make_broker()),
        ("auditor", make_auditor()),
        ("stranger", UserFactory()),
    ):
        client.force_login(user)
        html = client.get(reverse("workspace:home")).content.decode()
        found[name] = f'href="{url}"' in html

    assert found == {"member": True, "broker": True, "auditor": True, "stranger": False}


def test_the_page_offers_what_is_ones_own_and_says_what_is_missing(client):
    deal = Deal().to_decision().set_price()

    mine = page(client, deal.owner, deal).context
    theirs = page(client, deal.taker, deal).context

    assert [option.kind for option in mine["expected"]] == ["PUBLICITY_OPENED", "REFUSAL_NOTIFIED"]
    assert [option.kind for option in theirs["expected"]] == []
    assert [option.kind for option in theirs["others"]] == ["PUBLICITY_OPENED", "REFUSAL_NOTIFIED"]
    blocked = {str(each.option.kind): each.missing for each in theirs["blocked"]}
    assert [(str(text), rule and rule.source) for text, rule in blocked["CONTRACT_SIGNED"]] == [
        (
            "协议定价已公示满期且没有未决异议",
            "《浙江省促进科技成果转化条例》第十七条",
        ),
        ("各完成人均已放弃或有人行使优先受让权", "《民法典》第八百四十七条"),
    ]


def test_steps_that_the_mode_does_not_know_are_not_said_to_wait(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()

    blocked = page(client, deal.owner, deal).context["blocked"]

    assert [each.option.kind for each in blocked] == []


def test_an_agreement_that_has_run_out_is_not_overdue(client):
    deal = Deal()
    deal.move("NDA_SIGNED", nda_until=(timezone.localdate() - timedelta(days=1)).isoformat())
    past = page(client, deal.owner, deal).context["dues"]
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=2,
        reason="日期记错",
        payload={"nda_until": timezone.localdate().isoformat()},
    )

    assert (past, len(page(client, deal.owner, deal).context["dues"])) == ([], 1)


def test_law_is_quoted_in_the_readers_language(client):
    deal = Deal().to_decision().set_price()
    client.force_login(deal.owner)

    html = client.get(f"/en{deal.case.get_absolute_url()}").content.decode()

    assert "Civil Code, art. 847" in html
    assert "《民法典》" not in html


def test_stages_stand_as_steps_with_their_days_and_what_was_left_out(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")
    deal.move("DECIDED", mode="SERVICE", decided_by="院务会")

    steps = page(client, deal.owner, deal).context["stages"]

    assert [(str(step.label), step.state) for step in steps[:5]] == [
        ("意向", "done"),
        ("洽谈", "done"),
        ("评估尽调", "skipped"),
        ("单位已决策", "current"),
        ("已签约", ""),
    ]
    assert steps[3].on == deal.on


def test_a_case_broken_off_ends_its_steps_there(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")
    deal.move("TERMINATED", reason="PRICE")

    steps = page(client, deal.owner, deal).context["stages"]

    assert [(str(step.label), step.state) for step in steps] == [
        ("意向", "done"),
        ("洽谈", "done"),
        ("已终止", "current"),
    ]


def test_tracks_that_the_mode_does_not_call_for_are_told_apart(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    cells = page(client, deal.owner, deal).context["tracks"]

    assert [str(cell.label) for cell in cells if not cell.applies] == [
        "价格",
        "协议定价公示",
        "完成人优先受让权",
        "许可备案",
        "完成人奖励",
    ]


def test_money_received_shows_as_a_part_of_the_contract(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    deal.pay("250000.55")

    html = shown(client, deal.taker, deal)

    assert '<progress class="progress__bar" id="received" max="100" value="25">' in html
    assert "250,000.55 元" in html


def test_names_of_persons_are_read_by_the_parties_only(client):
    deal = Deal().to_decision().set_price().publicise().clear_publicity().waive()
    persons = ("林知远", "苏小满", "采购部", "buyer@example.com")
    readers = {
        "office": deal.owner,
        "member": deal.institute.researcher,
        "taker": deal.taker,
        "auditor": make_auditor(),
    }
    seen = {
        name: [person in shown(client, user, deal) for person in persons]
        for name, user in readers.items()
    }

    assert seen == {
        "office": [True] * 4,
        "member": [True] * 4,
        "taker": [True] * 4,
        "auditor": [False] * 4,
    }
    assert "完成人1" in shown(client, readers["auditor"], deal)


def test_shares_of_the_reward_are_read_on_the_owners_side_only(client):
    deal = Deal().to_contract()
    deal.pay()
    deal.fix_reward()
    amount = "436,100.00 元"

    seen = [
        amount in shown(client, user, deal) for user in (deal.owner, deal.taker, make_auditor())
    ]

    assert seen == [True, False, False]


def test_costs_and_pool_of_a_reward_are_the_owners_and_the_commissions(client):
    deal = Deal().to_contract()
    deal.pay()
    deal.fix_reward()
    readers = [deal.owner, make_auditor(), deal.taker]

    for amount in ("623,000.00 元", "80,000.00 元"):
        seen = [amount in shown(client, user, deal) for user in readers]
        assert seen == [True, True, False]


def test_every_kind_of_entry_is_said_in_words(client):
    deal = Deal()
    deal.move("NDA_SIGNED", nda_until="2026-03-03")
    deal.to_contract()
    deal.pay()
    deal.fix_reward()

    entries = page(client, deal.owner, deal).context["entries"]

    said = {entry.event.kind: entry.rows for entry in entries}
    assert said["NDA_SIGNED"] == [("有效期至", "2026-03-03")]
    assert said["DECIDED"] == [("转化方式", "转让"), ("决策机构", "院务会")]
    assert said["PRICE_SET"] == [("定价方式", "协议定价"), ("价格", "1,000,000.00 元")]
    assert said["REFUSAL_NOTIFIED"][0] == ("完成人", "林知远、苏小满")
    assert said["REFUSAL_WAIVED"] == [("成果完成人", "林知远")]
    assert said["REWARD_FIXED"] == [
        ("收入", "1,000,000.00 元"),
        ("成本", "80,000.00 元"),
        ("税费", "30,000.00 元"),
        ("净收入", "890,000.00 元"),
        ("奖励总额", "623,000.00 元"),
        ("奖励人数", "3"),
        ("低于下限", "否"),
    ]
    words = {label for entry in entries for label, _text in entry.rows}
    assert {label for label in words if label.isascii()} == set()


def test_corrections_stand_at_the_wrong_entry_and_void_ones_are_struck_through(client):
    deal = Deal().to_decision()
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=4,
        reason="决策机构写错",
        payload={"decided_by": "校长办公会"},
    )
    deal.refresh()
    services.correct_event(
        actor=deal.owner, case=deal.case, sequence=4, reason="尚未决策", is_void=True
    )

    entries = {
        entry.event.sequence: entry for entry in page(client, deal.owner, deal).context["entries"]
    }
    html = shown(client, deal.owner, deal)

    assert [(each.sequence, each.reason, each.is_void) for each in entries[4].corrections] == [
        (5, "决策机构写错", False),
        (6, "尚未决策", True),
    ]
    assert entries[4].corrections[0].rows == [("决策机构", "校长办公会")]
    assert 'class="ledger__entry ledger__entry--void"' in html
    assert reverse("cases:correct", args=[deal.case.code, 4]) not in html


@pytest.mark.parametrize("many", [60])
def test_a_long_ledger_costs_no_more_queries_than_a_short_one(client, many):
    deal = Deal().to_decision()
    client.force_login(deal.owner)
    client.get(deal.case.get_absolute_url())
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(deal.case.get_absolute_url())
        counts.append((len(answer.context["entries"]), len(queries)))
        while deal.case.version < many:
            deal.move("DISPUTE_OPENED", days=0, note="质量")
            deal.move("DISPUTE_SETTLED", days=0)

    (few, cost_of_few), (found, cost_of_many) = counts
    assert (few, found, cost_of_many - cost_of_few) == (4, many, 0)
    assert cost_of_few <= 30


def test_the_taker_and_the_owner_stand_with_their_shares(client):
    deal = Deal()
    rows = page(client, deal.owner, deal).context["parties"]

    assert [(party.role, name) for party, name in rows] == [
        (PartyRole.OWNER, "湖畔材料研究院"),
        (PartyRole.TAKER, "湖畔电子有限公司"),
        (PartyRole.COMPLETER, "林知远"),
        (PartyRole.COMPLETER, "苏小满"),
    ]
