"""An institute's own page goes through the same two reviews as its listings."""

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from achievements.models import InstitutePage, UnableToReview
from achievements.queries import waiting_reviews
from achievements.services import approve_listing, return_listing
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute, make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def send(institute, writer, introduction="新的介绍"):
    """Change the page and send it to review, as the admin does."""
    page = InstitutePage.objects.get(pk=institute.page.pk).get_latest_revision_as_object()
    page.introduction = introduction
    page.save_revision(user=writer)
    page = InstitutePage.objects.get(pk=page.pk)
    return page.get_workflow().start(page, writer).current_task_state


def approve(state, actor):
    approve_listing(task_state=state, actor=actor, revision_id=state.revision_id)


def step_after(state):
    return TaskState.objects.get(
        workflow_state=state.workflow_state_id, status=TaskState.STATUS_IN_PROGRESS
    )


def introduction(institute):
    return InstitutePage.objects.get(pk=institute.page.pk).introduction


def publish(institute, writer, text):
    state = send(institute, writer, text)
    signer = institute.owner if writer != institute.owner else institute.editor
    approve(state, signer)
    approve(step_after(state), make_reviewer())


def test_office_and_platform_publish_the_page(institute):
    state = send(institute, institute.owner)
    reviewer = make_reviewer()

    assert [each.pk for each in waiting_reviews(institute.editor)] == [state.pk]
    approve(state, institute.editor)
    assert introduction(institute) == ""
    assert [each.pk for each in waiting_reviews(reviewer)] == [step_after(state).pk]
    approve(step_after(state), reviewer)

    assert introduction(institute) == "新的介绍"
    assert Notification.objects.filter(user=institute.owner).values_list("kind", "url").get() == (
        "listing-published",
        f"/admin/pages/{institute.page.pk}/edit/",
    )


def test_list_of_reviews_is_the_rule_for_institute_pages_as_well(institute):
    other = Institute("滨江力学研究所")
    publish(institute, institute.editor, "第一版")
    state = send(institute, institute.owner)
    people = [institute.owner, institute.editor, institute.researcher]
    people += [other.owner, make_reviewer(), UserFactory()]

    listed = [[each.pk for each in waiting_reviews(person)] for person in people]

    page = InstitutePage.objects.get(pk=institute.page.pk)
    allowed = [state.task.specific.may_decide(page, person) for person in people]
    assert allowed == [False, True, False, False, False, False]
    assert listed == [[state.pk] if each else [] for each in allowed]


def test_writer_of_the_page_cannot_sign_it_off(institute):
    state = send(institute, institute.owner)

    with pytest.raises(UnableToReview):
        approve(state, institute.owner)


def test_who_wrote_a_published_version_may_sign_off_the_next(institute):
    publish(institute, institute.editor, "第一版")

    publish(institute, institute.owner, "第二版")

    assert introduction(institute) == "第二版"


def test_page_returned_by_the_office_stands_as_it_was(institute):
    state = send(institute, institute.owner)

    return_listing(task_state=state, actor=institute.editor, reason="请补充联系电话")

    assert introduction(institute) == ""
    assert Notification.objects.filter(user=institute.owner).get().kind == "review-returned"


def test_review_page_shows_the_institutes_text_beside_the_published_one(client, institute):
    state = send(institute, institute.owner)
    client.force_login(institute.editor)

    listed = client.get(reverse("achievements:reviews")).content.decode()
    page = client.get(reverse("achievements:review", args=[state.pk])).content.decode()

    assert reverse("achievements:review", args=[state.pk]) in listed
    assert "新的介绍" in page


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_editing_desk_opens_the_page_under_review(client, institute, who):
    send(institute, institute.owner)
    client.force_login(getattr(institute, who))

    response = client.get(reverse("wagtailadmin_pages:edit", args=[institute.page.pk]))

    assert response.status_code == 200


def test_reviewers_hear_of_a_page_sent_from_the_admin(institute):
    state = send(institute, institute.owner)

    heard = Notification.objects.filter(kind="review-waiting").values_list("user", "url")
    assert list(heard) == [(institute.editor.pk, f"/workspace/reviews/{state.pk}/")]
