"""My listings by state, their versions, and drafts that are dropped."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from achievements.enums import ListingState
from achievements.models import AchievementPage
from achievements.queries import in_state, listing_states, listings_of
from achievements.services import (
    UnableToChangeListing,
    approve_listing,
    archive_listing,
    delete_draft,
    discard_changes,
    restore_version,
    return_listing,
    save_draft,
    submit_listing,
    withdraw_listing,
)
from achievements.versions import versions_of
from portal.audit.models import AuditEvent
from portal.taxonomy.models import Industry
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def fresh(page):
    return AchievementPage.objects.get(pk=page.pk)


def write(page, actor, **texts):
    draft = fresh(page).get_latest_revision_as_object()
    for name, text in texts.items():
        setattr(draft, name, text)
    return save_draft(page=draft, actor=actor)


def in_every_state(institute):
    """One listing for each state there is, and some that two conditions could claim."""
    office, writer, now = institute.owner, institute.researcher, timezone.now()
    institute.draft(title="草稿")
    submit_listing(page=institute.draft(title="单位审核"), actor=writer)
    state = submit_listing(page=institute.draft(title="平台审核"), actor=writer).current_task_state
    approve_listing(task_state=state, actor=office, revision_id=state.revision_id)
    returned = institute.draft(title="退回")
    state = submit_listing(page=returned, actor=writer).current_task_state
    return_listing(task_state=state, actor=office, reason="补充")
    institute.published(title="已发布")
    AchievementPage.objects.filter(pk=institute.published(title="过期").pk).update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    withdraw_listing(page=institute.published(title="撤下"), actor=office, reason="无", now=now)
    archive_listing(page=fresh(returned), actor=office, now=now)
    again = institute.draft(title="再退回")
    state = submit_listing(page=again, actor=writer).current_task_state
    return_listing(task_state=state, actor=office, reason="补充")


def test_filter_by_state_says_what_each_row_says(institute):
    in_every_state(institute)
    pages = listings_of(institute.owner)
    states = listing_states(list(pages.specific()))

    found = {
        state: sorted(pages.filter(in_state(state)).values_list("pk", flat=True))
        for state in ListingState
    }

    assert found == {
        state: sorted(pk for pk, each in states.items() if each == state) for state in ListingState
    }
    assert [len(found[state]) for state in ListingState] == [1] * 8


@pytest.mark.parametrize(("query", "titles"), [("?q=导热", ["导热膜"]), ("?state=LIVE", ["电池"])])
def test_page_filters_by_word_and_state(client, institute, query, titles):
    institute.draft(title="导热膜")
    institute.published(title="电池")
    client.force_login(institute.owner)

    response = client.get(reverse("achievements:my-listings") + query)

    assert [row["listing"].draft_title for row in response.context["rows"]] == titles


def test_same_draft_begun_twice_is_one(client, institute):
    client.force_login(institute.researcher)
    data = {"institute": institute.page.pk, "title": "连续制备"}

    addresses = {client.post(reverse("achievements:start"), data).url for _each in range(2)}

    assert len(addresses) == 1
    assert AchievementPage.objects.filter(title="连续制备").count() == 1


def test_unsent_change_shows_and_can_be_dropped(client, institute):
    page = institute.published()
    write(page, institute.researcher, summary="改了一半")
    client.force_login(institute.researcher)
    address = reverse("achievements:listing", args=[page.pk])
    assert "有未送审的修改" in client.get(address).content.decode()
    assert "有未送审的修改" in client.get(reverse("achievements:my-listings")).content.decode()

    client.post(reverse("achievements:action", args=[page.pk, "discard"]))

    assert fresh(page).get_latest_revision_as_object().summary == page.summary
    assert "有未送审的修改" not in client.get(address).content.decode()


def test_change_under_review_is_not_dropped(institute):
    page = institute.published()
    write(page, institute.researcher, summary="改了")
    submit_listing(page=page, actor=institute.researcher)

    with pytest.raises(UnableToChangeListing):
        discard_changes(page=page, actor=institute.researcher)


def test_saves_of_one_person_within_an_hour_are_one_version(institute):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        page = institute.published()
    for minutes, actor, text in [
        (70, institute.researcher, "一"),
        (80, institute.researcher, "二"),
        (85, institute.editor, "三"),
        (200, institute.editor, "四"),
    ]:
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            write(page, actor, summary=text)

    versions = versions_of(fresh(page))

    assert [
        (each.revision.user, len(each.earlier), each.changed, each.is_published)
        for each in versions
    ] == [
        (institute.editor, 0, ["一句话价值"], False),
        (institute.editor, 0, ["一句话价值"], False),
        (institute.researcher, 1, ["一句话价值"], False),
        (institute.researcher, 1, [], True),
    ]


def test_version_is_compared_with_what_is_published_and_restored_as_the_draft(client, institute):
    page = institute.published()
    old = write(page, institute.researcher, summary="旧稿")
    write(page, institute.researcher, summary="新稿")
    client.force_login(institute.researcher)
    address = reverse("achievements:version", args=[page.pk, old.pk])

    response = client.get(address)
    assert [line["name"] for line in response.context["changed"]] == ["summary"]
    client.post(address)

    page = fresh(page)
    assert page.get_latest_revision_as_object().summary == "旧稿"
    assert page.summary != "旧稿"
    assert AuditEvent.objects.filter(action="achievements.restore_version").count() == 1


def test_order_of_chosen_terms_is_no_change(institute):
    page = institute.draft()
    draft = fresh(page).get_latest_revision_as_object()
    first, second = Industry.objects.order_by("pk")[:2]
    for actor, terms in [
        (institute.researcher, [first, second]),
        (institute.editor, [second, first]),
    ]:
        draft.industries = terms
        save_draft(page=draft, actor=actor)

    assert versions_of(fresh(page))[0].changed == []


def test_version_of_another_text_is_not_restored(client, institute):
    page, other = institute.draft(), institute.draft(title="另一项")
    client.force_login(institute.researcher)

    with pytest.raises(UnableToChangeListing):
        restore_version(page=page, actor=institute.researcher, revision=other.get_latest_revision())

    address = reverse("achievements:version", args=[page.pk, other.latest_revision_id])
    assert client.get(address).status_code == 404


def test_draft_is_deleted_after_asking_once_more(client, institute):
    page = institute.draft()
    client.force_login(institute.researcher)
    address = reverse("achievements:delete", args=[page.pk])
    assert client.get(address).status_code == 200

    client.post(address)

    assert not AchievementPage.objects.filter(pk=page.pk).exists()
    assert AuditEvent.objects.get(action="achievements.delete_draft").payload["code"] == page.code


def test_what_was_published_or_is_under_review_is_not_deleted(institute):
    published, in_review = institute.published(), institute.draft()
    submit_listing(page=in_review, actor=institute.researcher)

    for page in (published, in_review):
        with pytest.raises(UnableToChangeListing):
            delete_draft(page=page, actor=institute.owner)


def test_colleague_deletes_nothing(institute):
    with pytest.raises(UnableToChangeListing):
        delete_draft(page=institute.draft(), actor=institute.colleague)
