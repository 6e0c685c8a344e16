"""Writing a need in steps, and changing one that is published."""

import pytest
from django.urls import reverse

from matchmaking.enums import NeedState
from matchmaking.models import Need
from matchmaking.services import (
    UnableToChangeNeed,
    approve_changes,
    approve_need,
    discard_changes,
    return_need,
    save_changes,
    submit_changes,
)
from portal.audit.models import AuditEvent
from portal.taxonomy.models import Industry
from search.client import SearchRequest, execute
from search.services import sync_documents
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute, make_reviewer
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NO_TARGETS = {"targets-TOTAL_FORMS": 0, "targets-INITIAL_FORMS": 0}


@pytest.fixture
def company():
    return Company()


def step(need, slug):
    return reverse("matchmaking:step", args=[need.code, slug])


def fresh(need):
    return Need.objects.get(pk=need.pk)


# Steps --------------------------------------------------------------------------------------------


def test_each_step_saves_its_fields_and_leads_to_the_next(client, company):
    need = company.draft(ready=False)
    client.force_login(company.owner)
    industry = Industry.objects.get(code="new_materials")

    first = client.post(
        step(need, "problem"), {"title": "新标题", "kind": "RND", "problem": "膜太薄"}
    )
    second = client.post(
        step(need, "targets"),
        {
            "targets-TOTAL_FORMS": 1,
            "targets-INITIAL_FORMS": 0,
            "targets-0-metric": "膜厚",
            "targets-0-operator": "LE",
            "targets-0-value": "70",
            "targets-0-unit": "μm",
            "constraints": "幅宽450毫米",
        },
    )
    third = client.post(step(need, "terms"), {"budget_max": "9.5", "deadline": "2039-03-01"})
    fourth = client.post(step(need, "field"), {"industries": [industry.pk]})
    last = client.post(step(need, "readers"), {"confidentiality": "ANONYMOUS"})

    assert [page.url for page in (first, second, third, fourth)] == [
        step(need, slug) for slug in ("targets", "terms", "field", "readers")
    ]
    assert last.url == reverse("matchmaking:check", args=[need.code])
    need = fresh(need)
    assert (need.title, need.problem, need.constraints) == ("新标题", "膜太薄", "幅宽450毫米")
    assert [str(target) for target in need.targets.all()] == ["膜厚 不高于 70 μm"]
    assert (need.budget_max, str(need.deadline)) == (95_000, "2039-03-01")
    assert [term.code for term in need.industries.all()] == ["new_materials"]
    assert need.confidentiality == "ANONYMOUS"


def test_a_step_autosaves(client, company):
    need = company.draft(ready=False)
    client.force_login(company.colleague)

    answer = client.post(
        step(need, "problem"),
        {"title": "写到一半", "kind": "RND"},
        headers={"HX-Request": "true"},
    )

    assert answer.content.decode().startswith("草稿已保存。")
    assert fresh(need).title == "写到一半"


def test_a_wrong_step_keeps_what_was_typed_and_saves_nothing(client, company):
    need = company.draft()
    client.force_login(company.owner)

    page = client.post(step(need, "terms"), {"budget_min": "9", "budget_max": "5"})

    assert page.status_code == 422
    assert page.context["form"].errors == {"budget_max": ["预算上限不能低于下限。"]}
    assert 'value="9"' in page.content.decode()
    assert fresh(need).budget_max == 900_000


def test_budgets_are_asked_in_ten_thousands(client, company):
    need = company.draft(budget_min=125_000)
    client.force_login(company.owner)

    form = client.get(step(need, "terms")).context["form"]

    assert (form["budget_min"].value(), form["budget_max"].value()) == ("12.5", "90")
    refused = client.post(step(need, "terms"), {"budget_max": "-1"})
    assert list(refused.context["form"].errors) == ["budget_max"]


def test_a_passed_deadline_is_refused_unless_it_stands_already(client, company):
    need = company.draft(ready=False)
    client.force_login(company.owner)

    page = client.post(step(need, "terms"), {"deadline": "2020-03-01"})
    assert page.context["form"].errors == {"deadline": ["这一天已经过去。"]}

    Need.objects.filter(pk=need.pk).update(deadline="2020-03-01")
    assert client.post(step(need, "terms"), {"deadline": "2020-03-01"}).status_code == 302


def test_a_directed_need_names_its_readers(client, company):
    need = company.draft()
    client.force_login(company.owner)

    page = client.post(step(need, "readers"), {"confidentiality": "DIRECTED"})

    assert page.context["form"].errors == {"directed_to": ["请至少选择一家可以查看的院所。"]}


def test_readers_are_check_boxes_and_only_a_directed_need_keeps_them(client, company):
    chosen, _other = Institute("湖畔材料研究院"), Institute("滨江力学研究所")
    need = company.draft(directed_to=[chosen.organization])
    client.force_login(company.owner)

    text = client.get(step(need, "readers")).content.decode()
    assert text.count('type="checkbox" name="directed_to"') == 2
    assert "<select multiple" not in text
    answers = {"confidentiality": "PUBLIC", "directed_to": [chosen.organization.pk]}
    client.post(step(need, "readers"), answers)
    assert not fresh(need).directed_to.exists()
    client.post(step(need, "readers"), answers | {"confidentiality": "DIRECTED"})
    assert fresh(need).directed_to.get() == chosen.organization


def test_empty_target_rows_ask_for_nothing_and_more_can_be_added(client, company):
    need = company.draft()
    client.force_login(company.owner)
    form = client.get(step(need, "targets")).context["formset"]
    assert [row.is_valid() or row.empty_permitted for row in form] == [False, True, True]
    assert "required" not in str(form.forms[1])
    rows = {
        "targets-TOTAL_FORMS": 3,
        "targets-INITIAL_FORMS": 1,
        "targets-1-metric": "膜厚",
        "targets-1-operator": "LE",
    }

    more = client.post(step(need, "targets"), rows | {"more": "1"})
    assert (more.status_code, len(more.context["formset"].forms)) == (200, 5)
    assert more.context["formset"].forms[1]["metric"].value() == "膜厚"

    half = client.post(step(need, "targets"), rows)
    assert half.status_code == 422
    assert half.context["formset"].errors[1] == {"value": ["一项指标需要名称和数值。"]}
    assert fresh(need).targets.get().metric == "面内导热系数"


def test_an_emptied_target_goes(client, company):
    need = company.draft()
    client.force_login(company.owner)
    form = {
        "targets-TOTAL_FORMS": 1,
        "targets-INITIAL_FORMS": 1,
        "targets-0-metric": "面内导热系数",
        "targets-0-operator": "GE",
        "targets-0-value": "1400",
        "targets-0-DELETE": "on",
    }

    client.post(step(need, "targets"), form)

    assert not fresh(need).targets.exists()


def test_the_check_page_shows_the_answers_and_leads_to_what_is_missing(client, company):
    need = company.draft(ready=False, budget_min=100_000, budget_max=300_000)
    client.force_login(company.owner)

    page = client.get(reverse("matchmaking:check", args=[need.code]))

    rows = {row["name"]: row for each in page.context["answers"] for row in each["rows"]}
    assert (rows["problem"]["value"], rows["budget"]["value"]) == (
        "想找散热技术。",
        "10 万元–30 万元",
    )
    assert rows["deadline"] | {"label": ""} == {
        "name": "deadline",
        "label": "",
        "value": "",
        "action_url": step(need, "terms"),
    }
    text = page.content.decode()
    advice = {each["advice"]: text.count(each["advice"]) for each in page.context["checks"]}
    passed = {each["advice"] for each in page.context["checks"] if each["passed"]}
    assert advice == {each: 0 if each in passed else 1 for each in advice}
    assert "分数线为 60 分" in text
    links = {each["name"]: each["url"] for each in page.context["checks"]}
    assert (links["targets"], links["decision"]) == (step(need, "targets"), step(need, "terms"))


def test_the_check_page_of_a_published_need_shows_it_as_it_will_be(client, company, published):
    save_changes(actor=company.owner, need=published, values={"title": "改后的标题"})
    client.force_login(company.owner)

    page = client.get(reverse("matchmaking:check", args=[published.code]))

    assert page.context["answers"][0]["rows"][0]["value"] == "改后的标题"


def test_an_unknown_step_and_a_stranger_are_404(client, company):
    need = company.draft()
    client.force_login(company.owner)
    assert client.get(step(need, "nonsense")).status_code == 404
    client.force_login(UserFactory())
    assert client.get(step(need, "problem")).status_code == 404


def test_notes_on_fields_stand_at_their_step(client, company):
    need = company.in_review()
    reviewer = make_reviewer()
    client.force_login(reviewer)
    client.post(
        reverse("matchmaking:act", args=[need.code, "review"]),
        {"decision": "return", "reason": "请补充", "note_targets": "请写明测试温度"},
    )

    assert fresh(need).field_notes == {"targets": "请写明测试温度"}
    client.force_login(company.owner)
    assert client.get(step(need, "targets")).context["notes"] == [("指标要求", "请写明测试温度")]
    assert client.get(step(need, "problem")).context["notes"] == []


def test_notes_go_with_the_publication(company):
    need = company.in_review()
    return_need(actor=make_reviewer(), need=need, reason="补充", field_notes={"title": "太短"})
    from matchmaking.services import submit_need

    again = submit_need(actor=company.owner, need=fresh(need))
    approve_need(actor=make_reviewer(), need=again)

    assert (fresh(need).field_notes, fresh(need).return_reason) == ({}, "")


# Changes to a published need ---------------------------------------------------------------------


@pytest.fixture
def published(company):
    return company.published()


def indexed_titles():
    body = {"query": {"match_all": {}}, "size": 10}
    return [hit.source["title"] for hit in execute(SearchRequest("portal-need", body)).hits]


def test_the_published_text_stands_until_the_changes_are_approved(client, company, published):
    client.force_login(company.owner)
    client.post(
        step(published, "problem"),
        {"title": "改后的标题", "kind": published.kind, "problem": published.problem},
    )
    client.post(reverse("matchmaking:check", args=[published.code]))

    waiting = fresh(published)
    assert (waiting.title, waiting.state) == ("手机散热用石墨烯导热膜", NeedState.PUBLISHED)
    assert sorted(waiting.pending_changes["values"]) == ["current_solution", "title"]
    assert client.get(step(published, "problem")).status_code == 404

    reviewer = make_reviewer()
    client.force_login(reviewer)
    page = client.get(published.get_absolute_url())
    assert [row["after"] for row in page.context["changes"] if row["name"] == "title"] == [
        "改后的标题"
    ]
    client.post(
        reverse("matchmaking:act", args=[published.code, "review"]), {"decision": "approve"}
    )

    done = fresh(published)
    assert (done.title, done.pending_changes) == ("改后的标题", None)
    sync_documents(kind="need", pks=[done.pk])
    assert indexed_titles() == ["改后的标题"]
    actions = AuditEvent.objects.filter(action__endswith="_changes").order_by("pk")
    assert [event.action for event in actions] == [
        "matchmaking.submit_changes",
        "matchmaking.approve_changes",
    ]


def test_relations_targets_and_dates_change_as_well(company, published):
    row = {"metric": "膜厚", "operator": "LE", "value": "70", "unit": "μm"}
    industry = Industry.objects.get(code="iot")
    values = {"targets": [row], "industries": [industry.pk], "deadline": None}
    save_changes(actor=company.owner, need=published, values=values)
    submit_changes(actor=company.owner, need=published)

    approve_changes(actor=make_reviewer(), need=published)

    done = fresh(published)
    assert [str(target) for target in done.targets.all()] == ["膜厚 不高于 70 μm"]
    assert (list(done.industries.all()), done.deadline) == ([industry], None)


def test_what_is_changed_back_is_no_change(company, published):
    save_changes(actor=company.owner, need=published, values={"title": "改"})
    need = save_changes(actor=company.owner, need=published, values={"title": published.title})

    assert need.pending_changes is None
    with pytest.raises(UnableToChangeNeed, match="尚未修改"):
        submit_changes(actor=company.owner, need=published)


def test_changes_that_are_returned_can_be_mended_or_discarded(client, company, published):
    save_changes(actor=company.owner, need=published, values={"title": "改后"})
    submit_changes(actor=company.owner, need=published)
    client.force_login(make_reviewer())
    client.post(
        reverse("matchmaking:act", args=[published.code, "review"]),
        {"decision": "return", "reason": "标题不清楚"},
    )

    need = fresh(published)
    assert (need.state, need.return_reason) == (NeedState.PUBLISHED, "标题不清楚")
    client.force_login(company.owner)
    assert client.get(step(need, "problem")).context["form"]["title"].value() == "改后"
    discard_changes(actor=company.owner, need=need)
    assert fresh(published).pending_changes is None


def test_who_may_decide_on_changes(client, company, published):
    save_changes(actor=company.owner, need=published, values={"title": "改后"})
    submit_changes(actor=company.owner, need=published)

    for user in (company.owner, UserFactory(), Institute().owner):
        with pytest.raises(UnableToChangeNeed):
            approve_changes(actor=user, need=published)
    client.force_login(UserFactory())
    assert client.get(published.get_absolute_url()).context["changes"] == []


def test_two_reviewers_press_at_once(company, published):
    save_changes(actor=company.owner, need=published, values={"title": "改后"})
    submit_changes(actor=company.owner, need=published)
    approve_changes(actor=make_reviewer(), need=published)

    with pytest.raises(UnableToChangeNeed):
        approve_changes(actor=make_reviewer(), need=published)
    assert fresh(published).title == "改后"
