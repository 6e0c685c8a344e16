"""The readiness gate with its repair loop: broker, company, and what each of them sees."""

import pytest
from django.urls import reverse

from matchmaking.enums import NeedState
from matchmaking.models import Need
from matchmaking.services import (
    UnableToChangeNeed,
    ask_company,
    decide_proposal,
    propose_rewrite,
    save_changes,
    send_back_proposal,
    submit_changes,
    submit_need,
    withdraw_need,
)
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from portal.taxonomy.models import CooperationMode, Industry
from tests.factories.accounts import UserFactory
from tests.factories.listings import make_reviewer
from tests.factories.needs import PROBLEM, TARGET, Company, make_broker

pytestmark = [pytest.mark.django_db, pytest.mark.database]

REWRITE = {
    "problem": PROBLEM,
    "constraints": "幅宽500毫米",
    "current_solution": "外购人工石墨膜，厚度一降导热就降。",
    "targets": [TARGET],
}


class Repair:
    """A vague need, its company, and the broker who has it in hand."""

    def __init__(self):
        self.company, self.broker = Company(), make_broker()
        draft = self.company.draft(ready=False)
        self.need = submit_need(actor=self.company.owner, need=draft)

    def proposed(self, **content):
        return propose_rewrite(
            actor=self.broker, need=self.fresh, content=content or REWRITE, note="请逐项确认。"
        )

    @property
    def fresh(self):
        return Need.objects.get(pk=self.need.pk)

    def url(self, name, *more):
        return reverse(f"matchmaking:{name}", args=[self.need.code, *more])


@pytest.fixture
def repair():
    return Repair()


def titles_for(user):
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("title", flat=1))


# The gate -----------------------------------------------------------------------------------------


def test_a_vague_need_is_repaired_by_a_broker_and_decided_by_the_company(repair):
    assert repair.need.state == NeedState.AT_BROKER
    proposal = repair.proposed()
    assert repair.fresh.state == NeedState.PROPOSED
    accepted = ["problem", "targets", "current_solution"]

    decide_proposal(actor=repair.company.owner, proposal=proposal, accepted=accepted)

    need = repair.fresh
    assert (need.state, need.readiness) == (NeedState.IN_REVIEW, 70)
    assert (need.problem, need.constraints) == (PROBLEM, "")
    assert [target.metric for target in need.targets.all()] == [TARGET["metric"]]
    assert titles_for(repair.broker) == ["您的改写已有结果：需求进入平台审核"]


@pytest.mark.parametrize("accepted", [[], ["constraints"]], ids=["nothing", "too little"])
def test_no_choice_leads_round_the_gate(repair, client, accepted):
    repair.proposed()
    client.force_login(repair.company.owner)

    answer = client.post(repair.url("decide"), {"do": "chosen", "accept": accepted})

    need = repair.fresh
    assert (need.state, answer.url) == (NeedState.DRAFT, repair.url("check"))
    assert need.readiness == {0: 15, 1: 25}[len(accepted)]
    assert submit_need(actor=repair.company.owner, need=need).state == NeedState.AT_BROKER
    event = AuditEvent.objects.get(action="matchmaking.decide_proposal")
    assert (event.payload["after"], event.payload["accepted"]) == ("DRAFT", accepted)


def test_changes_to_a_published_need_stay_above_the_line(repair):
    owner, published = repair.company.owner, repair.company.published()
    empty = {"targets": [], "problem": "太热", "constraints": ""}
    save_changes(actor=owner, need=published, values=empty)

    with pytest.raises(UnableToChangeNeed, match="只有45分，低于分数线60分"):
        submit_changes(actor=owner, need=published)


def test_the_reviewer_sees_score_and_checks(client, repair):
    need = repair.company.in_review(constraints="")
    client.force_login(make_reviewer())

    page = client.get(need.get_absolute_url())

    checks = page.context["readiness"].checks
    assert [each.name for each in checks if not each.passed] == ["constraints"]
    assert "完备度90分（满分100）" in page.content.decode()


def test_the_reviewer_sees_the_score_with_the_changes(client, repair):
    published = repair.company.published()
    save_changes(actor=repair.company.owner, need=published, values={"constraints": ""})
    submit_changes(actor=repair.company.owner, need=published)
    client.force_login(make_reviewer())

    assert client.get(published.get_absolute_url()).context["readiness"].score == 90


def test_strangers_see_no_score(client, repair):
    client.force_login(UserFactory())
    page = client.get(repair.company.published().get_absolute_url())

    assert (page.status_code, page.context["readiness"]) == (200, None)


# The broker ---------------------------------------------------------------------------------------


def test_the_broker_rewrites_all_that_the_readiness_asks_for(client, repair):
    client.force_login(repair.broker)
    mode = CooperationMode.objects.first()
    industry = Industry.objects.get(code="new_materials")
    answers = {
        "title": repair.need.title,
        "kind": "RND",
        "problem": PROBLEM,
        "budget_min": "20",
        "budget_max": "60",
        "deadline": "2039-03-01",
        "decision_maker": "技术副总",
        "modes": [mode.pk],
        "industries": [industry.pk],
        "targets-TOTAL_FORMS": 1,
        "targets-INITIAL_FORMS": 0,
        "targets-0-metric": "导热系数",
        "targets-0-operator": "GE",
        "targets-0-value": "1400",
        "note": "预算请核对。",
    }

    answer = client.post(repair.url("rewrite"), answers)

    assert answer.url == reverse("matchmaking:desk", args=["repair"])
    client.force_login(repair.company.owner)
    rows = client.get(repair.url("decide")).context["rows"]
    assert [row["label"] for row in rows] == [
        *("技术难题", "指标要求", "预算", "需求期限", "合作方式", "决策人", "行业"),
    ]
    assert rows[2]["after"] == "<ins>20 万元–60 万元</ins>"
    client.post(repair.url("decide"), {"do": "chosen", "accept": ["problem", "targets", "budget"]})
    need = repair.fresh
    assert (need.budget_min, need.budget_max, need.deadline) == (200_000, 600_000, None)
    assert (need.state, need.industries.count()) == (NeedState.IN_REVIEW, 0)


def test_the_broker_asks_the_company_instead(client, repair):
    client.force_login(repair.broker)
    silent = client.post(repair.url("rewrite"), {"do": "ask", "note": ""})
    assert (silent.status_code, repair.fresh.state) == (422, NeedState.AT_BROKER)

    client.post(repair.url("rewrite"), {"do": "ask", "note": "膜的厚度是多少？"})

    need = repair.fresh
    assert (need.state, need.return_reason) == (NeedState.RETURNED, "膜的厚度是多少？")
    assert titles_for(repair.company.owner) == ["技术经理人就您的需求提问"]
    client.force_login(repair.company.owner)
    assert "膜的厚度是多少？" in client.get(need.get_absolute_url()).content.decode()
    again = submit_need(actor=repair.company.owner, need=need)
    assert (again.state, again.broker) == (NeedState.AT_BROKER, repair.broker)


def test_an_unchanged_text_is_no_rewrite(repair):
    with pytest.raises(UnableToChangeNeed, match="尚未修改"):
        repair.proposed(problem=repair.need.problem)


def test_nobody_asks_about_a_need_that_is_not_with_a_broker(repair):
    with pytest.raises(UnableToChangeNeed):
        ask_company(actor=repair.broker, need=repair.company.in_review(), question="?")
    with pytest.raises(UnableToChangeNeed):
        ask_company(actor=UserFactory(), need=repair.fresh, question="?")


# Comparing ----------------------------------------------------------------------------------------


def test_both_texts_stand_side_by_side_with_differences_and_scores(client, repair):
    repair.proposed(problem="想找更薄的散热技术。", targets=[TARGET])
    client.force_login(repair.company.owner)

    page = client.get(repair.url("decide"))

    rows = page.context["rows"]
    assert [row["label"] for row in rows] == ["技术难题", "指标要求"]
    assert rows[0]["before"] == "想找散热技术。"
    assert rows[0]["after"] == "想找<ins>更薄的</ins>散热技术。"
    assert ["25" in row["choice"] for row in rows] == [False, True]
    score = page.context["score"]
    assert (score["now"].score, score["all"].score, score["now"].line) == (15, 40, 60)
    text = page.content.decode()
    assert (text.count('name="accept"'), text.count("checked")) == (2, 0)


def test_the_score_follows_the_ticks(client, repair):
    repair.proposed()
    client.force_login(repair.company.owner)

    part = client.get(
        repair.url("decide"),
        {"accept": ["problem", "targets"]},
        headers={"HX-Request": "true"},
    )

    assert part.context["score"]["chosen"].score == 60
    assert part.content.decode().count("<dl") == 1


def test_all_changes_are_taken_by_one_button(client, repair):
    repair.proposed()
    client.force_login(repair.company.owner)

    client.post(repair.url("decide"), {"do": "take_all"})

    need = repair.fresh
    assert (need.state, need.constraints) == (NeedState.IN_REVIEW, "幅宽500毫米")
    taken = need.proposals.get().accepted_fields
    assert taken == ["constraints", "current_solution", "problem", "targets"]


def test_marks_are_escaped(client, repair):
    repair.proposed(problem="想找<b>散热</b>技术。")
    client.force_login(repair.company.owner)

    [row] = client.get(repair.url("decide")).context["rows"]

    assert row["after"] == "想找<ins>&lt;b&gt;</ins>散热<ins>&lt;/b&gt;</ins>技术。"


def test_a_rewrite_goes_back_to_the_broker_with_a_note(client, repair):
    repair.proposed()
    client.force_login(repair.company.owner)

    silent = client.post(repair.url("decide"), {"do": "send_back", "note": " "})
    assert (silent.status_code, repair.fresh.state) == (422, NeedState.PROPOSED)
    client.post(repair.url("decide"), {"do": "send_back", "note": "指标应为1500。"})

    need = repair.fresh
    assert (need.state, need.return_reason) == (NeedState.AT_BROKER, "指标应为1500。")
    assert need.problem == "想找散热技术。"
    assert titles_for(repair.broker) == ["企业请您重新改写"]
    client.force_login(repair.broker)
    assert "指标应为1500。" in client.get(need.get_absolute_url()).content.decode()
    repair.proposed()
    assert repair.fresh.state == NeedState.PROPOSED


def test_two_colleagues_decide_at_once(repair):
    proposal = repair.proposed()
    decide_proposal(actor=repair.company.owner, proposal=proposal, accepted=["problem"])

    with pytest.raises(UnableToChangeNeed):
        decide_proposal(actor=repair.company.colleague, proposal=proposal, accepted=["targets"])
    with pytest.raises(UnableToChangeNeed):
        send_back_proposal(actor=repair.company.colleague, proposal=proposal, note="不")
    assert repair.fresh.proposals.get().accepted_fields == ["problem"]


@pytest.mark.parametrize("who", ["stranger", "broker"])
def test_only_the_company_decides(repair, client, who):
    proposal = repair.proposed()
    user = repair.broker if who == "broker" else UserFactory()

    with pytest.raises(UnableToChangeNeed):
        decide_proposal(actor=user, proposal=proposal, accepted=["problem"])
    client.force_login(user)
    assert client.post(repair.url("decide"), {"do": "take_all"}).status_code == 404
    assert repair.fresh.state == NeedState.PROPOSED


def test_a_withdrawn_need_leaves_no_open_proposal(repair):
    repair.proposed()

    withdraw_need(actor=repair.company.owner, need=repair.fresh)

    assert not repair.fresh.proposals.filter(decided_at=None).exists()
