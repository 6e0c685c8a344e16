"""The same text open in two windows: nothing is overwritten unasked, nothing typed is lost."""

import pytest
from django.urls import reverse

from achievements.models import AchievementPage
from achievements.services import submit_listing
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def page(institute, client):
    client.force_login(institute.researcher)
    return institute.draft()


def step(page, name="comparison"):
    return reverse("achievements:edit", args=[page.pk, name])


def open_form(client, page, name="comparison") -> dict:
    """What a browser would post of the step as it was given out."""
    response = client.get(step(page, name))
    data = {"revision": response.context["revision"]}
    for rows in [response.context["form"], *(rows for _l, rows in response.context["formsets"])]:
        forms = [rows.management_form, *rows.forms] if hasattr(rows, "forms") else [rows]
        for form in forms:
            for field in form:
                value = field.value()
                data[field.html_name] = "" if value is None else value
    return data


def latest(page):
    return AchievementPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def test_late_window_is_answered_with_its_form_and_both_texts(client, institute, page):
    first, second = open_form(client, page), open_form(client, page)
    client.post(step(page), first | {"comparison_today": "先保存的方案"})

    response = client.post(step(page), second | {"comparison_today": "后写的方案"})

    html = response.content.decode()
    assert response.status_code == 409
    assert latest(page).comparison_today == "先保存的方案"
    assert response.context["form"]["comparison_today"].value() == "后写的方案"
    assert [
        (line["before"], line["after"]) for line in response.context["conflict"]["changes"]
    ] == [("<del>先保存</del>的方案", "<ins>后写</ins>的方案")]
    assert institute.researcher.name in html


def test_saving_over_is_a_choice_of_its_own(client, page):
    first, second = open_form(client, page), open_form(client, page)
    client.post(step(page), first | {"comparison_today": "先保存的方案", "comparison_cost": "贵"})
    late = second | {"comparison_today": "后写的方案"}
    conflict = client.post(step(page), late).context["conflict"]

    client.post(step(page), late | {"overwrite": conflict["latest"].pk})

    assert latest(page).comparison_today == "后写的方案"


def test_saving_over_holds_for_the_text_that_was_seen(client, institute, page):
    stale = open_form(client, page)
    seen = client.post(step(page), open_form(client, page) | {"comparison_today": "一"})
    assert seen.status_code == 302
    conflict = client.post(step(page), stale | {"comparison_today": "二"}).context["conflict"]
    client.post(step(page), open_form(client, page) | {"comparison_today": "三"})

    response = client.post(
        step(page), stale | {"comparison_today": "二", "overwrite": conflict["latest"].pk}
    )

    assert response.status_code == 409
    assert latest(page).comparison_today == "三"


def test_form_that_says_what_is_stored_is_no_conflict(client, page):
    first, second = open_form(client, page), open_form(client, page)
    client.post(step(page), first | {"comparison_today": "同一方案"})

    assert client.post(step(page), second | {"comparison_today": "同一方案"}).status_code == 302


def test_form_without_a_revision_is_late(client, page):
    data = open_form(client, page) | {"comparison_today": "新"}
    del data["revision"]

    assert client.post(step(page), data).status_code == 409


def test_autosave_gives_out_the_new_revision(client, page):
    data = open_form(client, page)
    hx = {"HX-Request": "true"}
    html = client.post(step(page), data | {"comparison_today": "一"}, headers=hx).content.decode()
    assert f'value="{latest(page).latest_revision_id}" id="id_revision"' in html

    data["revision"] = latest(page).latest_revision_id
    client.post(step(page), data | {"comparison_today": "二"})

    assert latest(page).comparison_today == "二"


def test_late_autosave_saves_nothing_and_says_who_was_faster(client, institute, page):
    stale = open_form(client, page)
    client.post(step(page), open_form(client, page) | {"comparison_today": "一"})

    response = client.post(
        step(page), stale | {"comparison_today": "二"}, headers={"HX-Request": "true"}
    )

    assert latest(page).comparison_today == "一"
    assert institute.researcher.name in response.content.decode()
    assert "id_revision" not in response.content.decode()


def test_text_that_went_into_review_is_shown_with_what_was_typed(client, institute, page):
    data = open_form(client, page)
    submit_listing(page=page, actor=institute.researcher)

    response = client.post(step(page), data | {"comparison_today": "来不及的方案"})

    field = response.context["form"]["comparison_today"]
    assert response.status_code == 409
    assert latest(page).comparison_today == ""
    assert (field.value(), "readonly" in str(field)) == ("来不及的方案", True)
    assert "overwrite" not in response.content.decode()


def test_rows_of_a_late_window_are_kept_as_typed(client, page):
    first, second = (open_form(client, page, "readiness") for _each in range(2))
    row = {"indicators-0-name": "导热系数", "indicators-0-value": "1500"}
    client.post(step(page, "readiness"), first | row)

    response = client.post(step(page, "readiness"), second | row | {"indicators-0-value": "1800"})

    assert response.status_code == 409
    assert response.context["formsets"][0][1].forms[0]["value"].value() == "1800"
    assert [each.value for each in latest(page).indicators.all()] == ["1500"]
