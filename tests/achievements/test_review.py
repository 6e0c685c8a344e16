import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from achievements.enums import Disclosure, ListingState
from achievements.models import AchievementPage, FieldNote, UnableToReview
from achievements.queries import listing_states, waiting_reviews
from achievements.services import (
    UnableToChangeListing,
    approve_listing,
    archive_listing,
    restore_listing,
    return_listing,
    save_draft,
    set_disclosure,
    submit_listing,
    take_back_listing,
    withdraw_listing,
)
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute, make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def state_of(page):
    page = AchievementPage.objects.get(pk=page.pk)
    return listing_states([page])[page.pk]


def approve(state, actor):
    approve_listing(task_state=state, actor=actor, revision_id=state.revision_id)


def current_step(page):
    return AchievementPage.objects.get(pk=page.pk).current_workflow_state.current_task_state


def test_two_reviews_publish_the_text(institute):
    reviewer, page = make_reviewer(), institute.draft()

    submit_listing(page=page, actor=institute.researcher)
    assert state_of(page) == ListingState.INSTITUTE_REVIEW
    approve(current_step(page), institute.owner)
    assert state_of(page) == ListingState.PLATFORM_REVIEW
    approve(current_step(page), reviewer)

    page.refresh_from_db()
    assert (state_of(page), page.live) == (ListingState.LIVE, True)
    assert list(
        AuditEvent.objects.filter(target_id=str(page.pk), action__startswith="achievements.")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == [
        "achievements.create_listing",
        "achievements.submit_listing",
        "achievements.approve_listing",
        "achievements.publish_listing",
        "achievements.approve_listing",
    ]


def test_incomplete_text_is_not_submitted(institute):
    page = institute.draft(complete=False)

    with pytest.raises(UnableToChangeListing):
        submit_listing(page=page, actor=institute.researcher)

    assert state_of(page) == ListingState.DRAFT


def test_author_from_the_office_cannot_approve_the_own_text(institute):
    page = institute.draft(author=institute.editor)
    submit_listing(page=page, actor=institute.editor)

    with pytest.raises(UnableToReview):
        approve(current_step(page), institute.editor)

    assert state_of(page) == ListingState.INSTITUTE_REVIEW


def test_editor_of_any_revision_cannot_approve(institute):
    page = institute.draft()
    save_draft(page=page.get_latest_revision_as_object(), actor=institute.editor)
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToReview):
        approve(current_step(page), institute.editor)


@pytest.mark.parametrize("who", ["researcher", "colleague"])
def test_members_cannot_approve(institute, who):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToReview):
        approve(current_step(page), getattr(institute, who))


def test_platform_reviewer_cannot_skip_the_institute(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToReview):
        approve(current_step(page), make_reviewer())


def test_office_of_another_institute_cannot_approve(institute):
    other, page = Institute(name="远山研究所"), institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToReview):
        approve(current_step(page), other.owner)


def test_second_reviewer_is_told_that_the_first_was_faster(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    step = current_step(page)
    approve(step, institute.owner)

    with pytest.raises(UnableToReview):
        return_listing(task_state=step, actor=institute.editor, reason="晚了一步")

    assert state_of(page) == ListingState.PLATFORM_REVIEW
    assert not FieldNote.objects.exists()


def test_task_state_of_another_page_does_not_count(institute):
    page, other = institute.draft(), institute.draft(title="另一项成果", author=institute.owner)
    submit_listing(page=page, actor=institute.researcher)
    submit_listing(page=other, actor=institute.owner)
    foreign = current_step(other)
    foreign.workflow_state_id = current_step(page).workflow_state_id

    with pytest.raises(UnableToReview):
        approve(foreign, institute.owner)


def test_text_that_was_read_must_be_the_text_that_stands(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    step = current_step(page)

    with pytest.raises(UnableToReview):
        approve_listing(task_state=step, actor=institute.owner, revision_id=step.revision_id - 1)


def test_revision_written_past_the_lock_stops_the_approval(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    step = current_step(page)
    page.get_latest_revision_as_object().save_revision(user=institute.researcher)

    with pytest.raises(UnableToReview):
        approve(step, institute.owner)


def test_unpublished_institute_stops_the_review(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    institute.page.unpublish()

    with pytest.raises(UnableToReview):
        approve(current_step(page), institute.owner)

    assert state_of(page) == ListingState.INSTITUTE_REVIEW


def test_text_under_review_cannot_be_changed(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToChangeListing):
        save_draft(page=page, actor=institute.researcher)


def test_return_needs_a_reason(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToReview):
        return_listing(task_state=current_step(page), actor=institute.owner, reason=" ")


def test_returned_text_starts_again_at_the_institute(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    approve(current_step(page), institute.owner)
    return_listing(
        task_state=current_step(page),
        actor=make_reviewer(),
        reason="请补充检测报告",
        field_notes={"trl_evidence": "哪家机构？"},
    )
    assert state_of(page) == ListingState.RETURNED
    assert FieldNote.objects.get().note == "哪家机构？"

    submit_listing(page=page, actor=institute.researcher)

    assert state_of(page) == ListingState.INSTITUTE_REVIEW


def test_taken_back_text_is_a_draft_again(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)

    take_back_listing(page=page, actor=institute.researcher)

    assert state_of(page) == ListingState.DRAFT
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED


def test_live_text_stands_while_a_new_version_is_in_review(institute):
    page = institute.published()
    draft = page.get_latest_revision_as_object()
    draft.title = "新标题"
    save_draft(page=draft, actor=institute.researcher)
    submit_listing(page=page, actor=institute.researcher)

    page = AchievementPage.objects.get(pk=page.pk)

    assert (page.title, page.draft_title) == ("石墨烯导热膜连续制备技术", "新标题")


def test_older_revision_keeps_code_validity_disclosure_and_owner(institute):
    page = institute.published()
    old = page.latest_revision
    set_disclosure(page=page, actor=institute.owner, disclosure=Disclosure.HIDDEN)
    code, valid_until, owner = page.code, page.valid_until, page.owner_id
    save_draft(page=page.get_latest_revision_as_object(), actor=institute.owner)

    old.publish(skip_permission_checks=True)

    page = AchievementPage.objects.get(pk=page.pk)
    assert (page.code, page.valid_until, page.disclosure, page.owner_id) == (
        code,
        valid_until,
        Disclosure.HIDDEN,
        owner,
    )


def test_stranger_cannot_change_facts(institute):
    page = institute.published()

    with pytest.raises(UnableToChangeListing):
        set_disclosure(page=page, actor=UserFactory(), disclosure=Disclosure.HIDDEN)

    page.refresh_from_db()
    assert page.disclosure == Disclosure.PUBLIC


def test_waiting_reviews_show_only_what_a_person_may_decide(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    step = current_step(page)

    assert [state.pk for state in waiting_reviews(institute.owner)] == [step.pk]
    assert list(waiting_reviews(institute.researcher)) == []
    assert list(waiting_reviews(make_reviewer())) == []


def test_the_list_of_reviews_is_the_rule_as_a_filter(institute):
    """Whoever the rule lets decide finds the text in the list, and nobody else does."""
    other = Institute("滨江力学研究所")
    by_researcher = institute.draft()
    submit_listing(page=by_researcher, actor=institute.researcher)
    by_owner = institute.draft(author=institute.owner, title="由负责人撰写")
    submit_listing(page=by_owner, actor=institute.owner)
    at_platform = institute.draft(title="待平台审核")
    state = submit_listing(page=at_platform, actor=institute.researcher).current_task_state
    approve_listing(task_state=state, actor=institute.owner, revision_id=state.revision_id)
    people = [
        *(institute.owner, institute.editor, institute.researcher, institute.colleague),
        *(other.owner, make_reviewer(), UserFactory()),
    ]
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).order_by("pk")
    assert states.count() == 3

    listed = [sorted(waiting_reviews(each).values_list("pk", flat=True)) for each in people]

    allowed = [
        [
            state.pk
            for state in states
            if state.task.specific.may_decide(state.workflow_state.content_object.specific, each)
        ]
        for each in people
    ]
    assert listed == allowed
    assert [len(pks) for pks in listed] == [1, 2, 0, 0, 0, 1, 0]


def withdrawn(institute):
    page = institute.published()
    withdraw_listing(page=page, actor=institute.owner, reason="已转让", now=timezone.now())
    return AchievementPage.objects.get(pk=page.pk)


def archived(institute):
    page = institute.published()
    archive_listing(page=page, actor=institute.owner, now=timezone.now())
    return AchievementPage.objects.get(pk=page.pk)


@pytest.mark.parametrize("put_away", [withdrawn, archived])
def test_what_was_put_away_is_restored_before_it_is_submitted(institute, put_away):
    page = put_away(institute)

    with pytest.raises(UnableToChangeListing):
        submit_listing(page=page, actor=institute.researcher)

    restore_listing(page=page, actor=institute.researcher)
    submit_listing(page=page, actor=institute.researcher)
    assert state_of(page) == ListingState.INSTITUTE_REVIEW


@pytest.mark.parametrize("put_away", [withdrawn, archived])
def test_editing_desk_sends_what_was_put_away_to_the_workspace(client, institute, put_away):
    page = put_away(institute)
    client.force_login(institute.owner)

    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert response.url == reverse("achievements:listing", args=[page.pk])


def test_draft_cannot_be_withdrawn(institute):
    page = institute.draft()

    with pytest.raises(UnableToChangeListing):
        withdraw_listing(page=page, actor=institute.owner, reason="不要了", now=timezone.now())


def test_listing_withdrawn_during_the_review_of_a_new_version_stays_withdrawn(institute):
    page = institute.published()
    submit_listing(page=page, actor=institute.researcher)
    withdraw_listing(page=page, actor=institute.owner, reason="已转让", now=timezone.now())
    approve(current_step(page), institute.owner)
    approve(current_step(page), make_reviewer())

    page = AchievementPage.objects.get(pk=page.pk)

    assert (state_of(page), page.is_current) == (ListingState.WITHDRAWN, False)
    told = Notification.objects.get(user=institute.researcher, kind="listing-published")
    assert "恢复" in told.title


def test_archiving_ends_the_review(institute):
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    step = current_step(page)
    archive_listing(page=page, actor=institute.researcher, now=timezone.now())

    with pytest.raises(UnableToReview):
        approve(step, institute.owner)

    assert state_of(page) == ListingState.ARCHIVED
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert not AchievementPage.objects.get(pk=page.pk).live
