"""What a reviewer reads and writes down."""

import pytest
from django.urls import reverse

from achievements.comparison import mark_changes
from achievements.models import FieldNote
from achievements.services import approve_listing, return_listing, save_draft, submit_listing
from tests.factories.listings import Institute, make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def submitted(institute, page=None):
    page = page or institute.draft()
    return submit_listing(page=page, actor=institute.researcher).current_task_state


def changed(institute, **texts):
    """A published achievement with a new version under review."""
    page = institute.published()
    draft = page.get_latest_revision_as_object()
    for name, text in texts.items():
        setattr(draft, name, text)
    save_draft(page=draft, actor=institute.researcher)
    return submitted(institute, page)


def address(state, name="review"):
    return reverse(f"achievements:{name}", args=[state.pk])


def decide(client, state, decision, **data):
    return client.post(
        address(state), {"revision": state.revision_id, "decision": decision, **data}
    )


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (
            "导热系数1200，成本低。",
            "导热系数1500，成本低。",
            ("导热系数<del>1200</del>，成本低。", "导热系数<ins>1500</ins>，成本低。"),
        ),
        ("甲。乙。", "甲。", ("甲。<del>乙。</del>", "甲。")),
        ("", "<b>新", ("", "<ins>&lt;b&gt;新</ins>")),
        ("same", "same", ("same", "same")),
        (
            "完全不同的旧句",
            "brand new words",
            ("<del>完全不同的旧句</del>", "<ins>brand new words</ins>"),
        ),
    ],
)
def test_changes_are_marked_by_word_and_escaped(before, after, marked):
    assert mark_changes(before, after) == marked


def test_very_long_texts_are_compared_in_time():
    before, after = "甲乙丙丁" * 2000, "甲乙丙戊" * 2000

    assert mark_changes(before, after) == (f"<del>{before}</del>", f"<ins>{after}</ins>")


def test_changed_lines_come_first_and_the_rest_is_folded(client, institute):
    state = changed(institute, summary="面内导热系数不低于1800 W/(m·K)，成本降低三成。")
    client.force_login(institute.owner)

    response = client.get(address(state))

    assert [line["name"] for line in response.context["changed"]] == ["summary"]
    assert "description" in [line["name"] for line in response.context["unchanged"]]
    assert "<del>1500</del>" in response.content.decode()
    assert "<ins>1800</ins>" in response.content.decode()


def test_several_fields_are_noted_in_one_return(client, institute):
    state = submitted(institute)
    client.force_login(institute.owner)

    decide(
        client, state, "return", reason="请补充", note_summary="太短", note_indicators="缺检测单位"
    )

    notes = dict(FieldNote.objects.values_list("field_name", "note"))
    assert notes == {"summary": "太短", "indicators": "缺检测单位"}


def test_notes_do_not_go_with_an_approval_and_are_not_lost(client, institute):
    state = submitted(institute)
    client.force_login(institute.owner)

    response = decide(client, state, "approve", note_summary="太短")

    assert response.status_code == 422
    assert "太短" in response.content.decode()
    state.refresh_from_db()
    assert state.status == "in_progress"


def test_platform_reads_what_the_institute_said_and_earlier_returns(client, institute):
    state, reviewer = submitted(institute), make_reviewer()
    return_listing(
        task_state=state, actor=institute.owner, reason="先改标题", field_notes={"title": "太笼统"}
    )
    state = submitted(institute, state.workflow_state.content_object.specific)
    approve_listing(
        task_state=state,
        actor=institute.owner,
        revision_id=state.revision_id,
        comment="数据已核对",
    )
    state = state.workflow_state.content_object.specific.current_workflow_state.current_task_state
    client.force_login(reviewer)

    response = client.get(address(state))

    html = response.content.decode()
    assert [each["is_return"] for each in response.context["decisions"]] == [False, True]
    assert all(text in html for text in ("数据已核对", "先改标题", "太笼统"))


def test_reviewer_previews_the_proposed_text(client, institute):
    state = changed(institute, title="新标题待审")
    client.force_login(institute.owner)

    response = client.get(address(state, "review-preview"))

    assert response.status_code == 200
    assert "新标题待审" in response.content.decode()
