"""A form for each move before the contract: what it enters, and that a refusal keeps it."""

from decimal import Decimal

import pytest

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, PartyRole
from matchmaking.cases.models import CaseFile, Objection, PricePublicity
from tests.factories.accounts import UserFactory
from tests.factories.case_forms import messages_of, said, send, url_of
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.papers import make_pdf

pytestmark = pytest.mark.django_db


def test_a_plain_step_is_entered_with_its_remark_and_papers(client):
    deal = Deal()

    answer = send(
        client,
        deal,
        "talks-begun",
        note="双方在院内会谈",
        attachments=[make_pdf("纪要.pdf"), make_pdf("名单.pdf")],
        is_confidential="on",
    )

    assert answer.url == deal.case.get_absolute_url()
    assert said(deal) == ("TALKS_BEGUN", {"note": "双方在院内会谈"})
    assert list(CaseFile.objects.values_list("name", "kind", "is_confidential")) == [
        ("纪要.pdf", "OTHER", True),
        ("名单.pdf", "OTHER", True),
    ]


def test_a_file_that_is_not_what_it_says_is_refused_and_the_rest_is_kept(client):
    deal = Deal()

    answer = send(
        client,
        deal,
        "talks-begun",
        note="双方会谈",
        attachments=[make_pdf("木马.pdf", b"MZ\x90")],
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["attachments"]
    assert "双方会谈</textarea>" in html
    assert "请重新选择文件" in html
    assert deal.case.version == 1


def test_a_day_before_the_step_before_is_said_and_nothing_typed_is_lost(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")

    answer = send(client, deal, "examination-begun", days=-9, note="委托评估")

    assert answer.status_code == 422
    assert messages_of(answer) == ["日期早于前一步（2025-03-04）。"]
    assert "委托评估</textarea>" in answer.content.decode()


def test_two_people_at_once_see_what_the_other_entered_before_sending_again(client):
    deal = Deal()
    seen = deal.case.version
    deal.move("TALKS_BEGUN", actor=deal.taker)

    late = send(client, deal, "examination-begun", version=seen, note="委托评估")

    assert late.status_code == 409
    assert messages_of(late) == ["这个案例已有人推进，请先看新记录再办理。"]
    assert [entry.event.kind for entry in late.context["newer"]] == ["TALKS_BEGUN"]
    assert f'name="version" value="{deal.case.version}"' in late.content.decode()
    again = send(client, deal, "examination-begun", note="委托评估")
    assert (again.status_code, deal.case.stage) == (302, "DUE_DILIGENCE")


def test_other_peoples_steps_and_unknown_ones_are_not_found(client):
    deal = Deal()
    answers = {
        (name, move): send(client, deal, move, user=user, days=0).status_code
        for name, user, move in (
            ("member", deal.institute.researcher, "talks-begun"),
            ("stranger", UserFactory(), "talks-begun"),
            ("taker", deal.taker, "decided"),
            ("office", deal.owner, "opened"),
            ("office", deal.owner, "corrected"),
            ("office", deal.owner, "objection-raised"),
            ("office", deal.owner, "nonsense"),
        )
    }

    assert set(answers.values()) == {404}
    assert deal.case.version == 1


def test_a_step_out_of_turn_leads_back_to_the_case(client):
    deal = Deal()
    client.force_login(deal.owner)

    answer = client.get(url_of(deal, "contract-signed"), follow=True)

    assert [str(each) for each in answer.context["messages"]] == ["案例当前阶段不能办理这一步。"]


def test_a_step_that_waits_says_for_what_and_shows_no_form(client):
    deal = Deal().to_decision().set_price()
    client.force_login(deal.owner)

    html = client.get(url_of(deal, "contract-signed")).content.decode()

    assert "《浙江省促进科技成果转化条例》第十七条" in html
    assert "total_amount" not in html


@pytest.mark.parametrize(
    ("move", "values", "payload"),
    [
        ("nda-signed", {"nda_until": "2026-03-04"}, {"nda_until": "2026-03-04"}),
        (
            "trial-begun",
            {"trial_until": "2026-03-04", "trial_is_insured": "on"},
            {"trial_until": "2026-03-04", "trial_is_insured": True},
        ),
        ("proof-begun", {}, {}),
        ("pilot-begun", {"note": "中试基地"}, {"note": "中试基地"}),
        ("dispute-opened", {"note": "质量"}, {"note": "质量"}),
        ("terminated", {"reason": "FUNDS", "note": "改投"}, {"reason": "FUNDS", "note": "改投"}),
    ],
)
def test_moves_bring_what_their_forms_ask(client, move, values, payload):
    deal = Deal()

    assert send(client, deal, move, **values).status_code == 302
    assert said(deal)[1] == payload


@pytest.mark.parametrize(
    ("begun", "ended", "result"),
    [
        ("PROOF_BEGUN", "proof-ended", "PASSED"),
        ("PILOT_BEGUN", "pilot-ended", "FAILED"),
        ("TRIAL_BEGUN", "trial-ended", "CONVERTED"),
    ],
)
def test_trials_end_with_a_result(client, begun, ended, result):
    deal = Deal()
    deal.move(begun)
    without = send(client, deal, ended)
    send(client, deal, ended, result=result)

    assert without.status_code == 422
    assert said(deal)[1] == {"result": result}


@pytest.mark.parametrize(
    ("move", "values", "field"),
    [
        ("nda-signed", {"nda_until": "2025-01-01"}, "nda_until"),
        ("trial-begun", {"trial_until": "2025-01-01"}, "trial_until"),
        ("terminated", {}, "reason"),
    ],
)
def test_forms_say_at_the_field_what_is_wrong(client, move, values, field):
    deal = Deal()

    answer = send(client, deal, move, **values)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_decision_names_mode_and_body_and_an_unnamed_licence_is_ordinary(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")

    send(client, deal, "decided", mode="LICENCE", decided_by="院务会")

    assert said(deal)[1] == {"mode": "LICENCE", "licence_kind": "ORDINARY", "decided_by": "院务会"}


def test_a_price_is_fixed_and_a_listed_one_without_its_market_is_refused(client):
    deal = Deal(mode=ConversionMode.LICENCE).to_decision()

    refused = send(client, deal, "price-set", route="LISTING", price="880000.50")
    html = refused.content.decode()
    send(client, deal, "price-set", route="AGREEMENT", price="880000.50", base_price="")

    assert messages_of(refused) == ["请写明在何处挂牌或拍卖。"]
    assert 'value="880000.50"' in html
    assert (deal.case.price, deal.case.route) == (Decimal("880000.50"), "AGREEMENT")


FACTS = {
    "name": "石墨烯导热膜连续制备技术",
    "abstract": "卷对卷连续还原",
    "own_venue": "院公告栏",
    "market_venue": "湖城技术市场",
}


def test_a_publicity_has_its_four_facts_and_explains_a_related_taker(client):
    deal = Deal().to_decision().set_price()

    refused = send(client, deal, "publicity-opened", **FACTS, is_related="on")
    send(client, deal, "publicity-opened", **FACTS, is_related="on", related_note="完成人持股")

    assert list(refused.context["form"].errors) == ["related_note"]
    assert "卷对卷连续还原</textarea>" in refused.content.decode()
    publicity = PricePublicity.objects.get()
    assert (publicity.name, publicity.is_related, publicity.started_on) == (
        FACTS["name"],
        True,
        deal.on,
    )


def test_without_the_technology_market_the_law_refuses_the_publicity(client):
    deal = Deal().to_decision().set_price()

    answer = send(client, deal, "publicity-opened", **FACTS | {"market_venue": ""})

    assert messages_of(answer) == ["价格还须在技术市场公示。"]


def test_an_objection_is_decided_with_reasons(client):
    deal = Deal().to_decision().set_price().publicise()
    stranger = UserFactory()
    objection = services.raise_objection(
        actor=stranger, publicity=deal.publicity, text="价格偏低", raised_on=deal.next_day()
    )
    deal.refresh()

    without = send(client, deal, "objection-dismissed", objection=objection.pk)
    send(client, deal, "objection-dismissed", objection=objection.pk, reasons="有评估报告")

    assert list(without.context["form"].errors) == ["reasons"]
    assert list(Objection.objects.values_list("is_upheld", "reasons")) == [(False, "有评估报告")]
    assert stranger.notifications.get().title == "您提出的定价异议已有处理结果"


def test_an_upheld_objection_leads_back_to_the_talks(client):
    deal = Deal().to_decision().set_price().publicise()
    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="漏列", raised_on=deal.next_day()
    )
    deal.refresh()

    send(client, deal, "objection-upheld", objection=objection.pk, reasons="属实")

    assert (deal.case.stage, PricePublicity.objects.get().state) == ("NEGOTIATING", "UPHELD")


def test_a_publicity_is_closed_when_its_term_is_over(client):
    deal = Deal().to_decision().set_price().publicise()

    early = send(client, deal, "publicity-closed", days=3)
    send(client, deal, "publicity-closed", days=14)

    assert messages_of(early) == ["还缺：公示期已满且没有未决异议。"]
    assert PricePublicity.objects.get().state == "CLEAN"


def test_completers_are_notified_and_answer_one_by_one(client):
    deal = Deal().to_decision().set_price().publicise().clear_publicity()
    first, second = (deal.party(PartyRole.COMPLETER, number) for number in range(2))

    send(client, deal, "refusal-notified", terms="总价100万元，一次付清")
    send(client, deal, "refusal-waived", completer=first.pk)
    again = send(client, deal, "refusal-waived", completer=first.pk)
    send(client, deal, "refusal-exercised", completer=second.pk)

    assert list(again.context["form"].errors) == ["completer"]
    assert said(deal) == ("REFUSAL_EXERCISED", {"completer": second.pk})


def test_co_owners_consent_one_by_one(client):
    deal = Deal(co_owner=Institute("滨江力学研究所"))
    owner = deal.party(PartyRole.OWNER, 1)
    taker = deal.party(PartyRole.TAKER)

    refused = send(client, deal, "co-owner-consented", owner=taker.pk)
    send(client, deal, "co-owner-consented", owner=owner.pk)

    assert list(refused.context["form"].errors) == ["owner"]
    assert deal.case.facts["consented"] == [owner.pk]
