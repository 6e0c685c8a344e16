"""Writing a listing in steps: what is asked, saved, marked and checked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from achievements.models import AchievementPage
from achievements.services import (
    UnableToChangeListing,
    confirm_listing,
    return_listing,
    set_validity,
    submit_listing,
)
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def page(institute, client):
    client.force_login(institute.researcher)
    return institute.draft()


def step(page, name):
    return reverse("achievements:edit", args=[page.pk, name])


def latest(page):
    return AchievementPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def rows(prefix, *given, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(given):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def readiness(page, *indicators, **answers):
    given = {"stage": "MIDDLE", "trl_scale": "NINE", **answers}
    return {"revision": latest(page).latest_revision_id, **given, **rows("indicators", *indicators)}


def terms(page, **answers):
    return {"revision": latest(page).latest_revision_id, **answers}


def test_what_the_review_asks_for_is_marked(client, page):
    form = client.get(step(page, "basics")).context["form"]

    marks = {
        name: "送审前必填" in form[name].as_field_group()
        for name in ("summary", "industries", "keywords", "title_en")
    }
    assert marks == {"summary": True, "industries": True, "keywords": False, "title_en": False}


def test_autosave_keeps_what_is_right_and_names_what_is_not(client, page):
    answers = terms(page, price_min="300000", price_max="viel")

    html = client.post(step(page, "terms"), answers, headers=HTMX).content.decode()

    assert (latest(page).price_min, latest(page).price_max) == (300_000, None)
    assert 'href="#id_price_max"' in html
    assert 'href="#id_price_min"' not in html
    assert f'value="{latest(page).latest_revision_id}" id="id_revision"' in html


def test_autosave_leaves_a_table_with_a_wrong_row_as_it_was(client, page):
    answers = readiness(page, {"name": "导热系数", "value": ""}, trl_evidence="中试记录")

    html = client.post(step(page, "readiness"), answers, headers=HTMX).content.decode()

    assert latest(page).trl_evidence == "中试记录"
    assert list(latest(page).indicators.all()) == []
    assert 'href="#id_indicators-0-value"' in html


def test_error_of_a_row_stands_in_the_one_summary_above_the_form(client, page):
    html = client.post(
        step(page, "readiness"), readiness(page, {"name": "导热系数", "value": ""})
    ).content.decode()

    assert html.count('class="error-summary"') == 1
    assert html.index('href="#id_indicators-0-value"') < html.index('id="rows-indicators"')


def test_empty_rows_ask_for_no_order_and_no_removal(client, page):
    client.post(step(page, "readiness"), readiness(page, {"name": "导热系数", "value": "1500"}))

    html = client.get(step(page, "readiness")).content.decode()

    assert 'type="number" name="indicators-0-ORDER"' not in html
    assert [f'name="indicators-{n}-DELETE"' in html for n in range(3)] == [True, False, False]


def test_more_rows_are_had_by_saving(client, page):
    given = [{"name": f"指标{n}", "value": str(n)} for n in range(2)]

    response = client.post(
        step(page, "readiness"), readiness(page, *given) | {"more": "indicators"}
    )

    assert response.url == step(page, "readiness") + "#rows-indicators"
    [(_label, table)] = client.get(step(page, "readiness")).context["formsets"]
    assert [form["name"].value() for form in table] == ["指标0", "指标1", None, None]


def test_steps_are_done_when_they_have_what_the_review_asks_for(client, institute):
    client.force_login(institute.researcher)
    page = institute.draft(complete=False)
    fresh = client.get(step(page, "basics")).context["step_links"]
    whole = client.get(step(institute.draft(), "basics")).context["step_links"]

    assert [each["state"] for each in fresh] == ["current", *[""] * (len(fresh) - 1)]
    done = [each["url"].split("/")[-2] for each in whole if each["state"] == "done"]
    assert done == ["technology", "readiness", "terms"]


def test_reviewers_note_stands_beside_its_field_and_is_linked(client, institute, page):
    state = submit_listing(page=page, actor=institute.researcher).current_task_state
    return_listing(
        task_state=state,
        actor=institute.owner,
        reason="请补充",
        field_notes={"summary": "写出数字", "indicators": "缺检测单位"},
    )

    listing = client.get(reverse("achievements:listing", args=[page.pk])).content.decode()
    basics = client.get(step(page, "basics")).context["form"]
    tables = client.get(step(page, "readiness")).context["notes"]

    assert step(page, "basics") + "#id_summary" in listing
    assert step(page, "readiness") + "#rows-indicators" in listing
    assert "写出数字" in basics["summary"].as_field_group()
    assert [note for _label, note in tables] == ["缺检测单位"]


def test_check_page_leads_to_what_is_missing_and_offers_no_button(client, institute):
    client.force_login(institute.researcher)
    page = institute.draft(complete=False)

    html = client.get(reverse("achievements:check", args=[page.pk])).content.decode()

    assert step(page, "technology") + "#id_description" in html
    assert "提交单位审核" not in html


def test_check_page_says_prices_in_words_and_folds_what_is_open(client, page):
    client.post(step(page, "terms"), terms(page, price_min="500000", modes=["2"]))

    html = client.get(reverse("achievements:check", args=[page.pk])).content.decode()

    assert "50 万元" in html
    assert "500,000" not in html
    assert "提交单位审核" in html


@pytest.mark.parametrize(
    ("number", "kept"),
    [("3302024y0123", "3302024Y0123"), ("abc!!", None), ("3301824Y0123", None)],
)
def test_register_number_has_its_form(client, page, number, kept):
    response = client.post(step(page, "readiness"), readiness(page, registration_number=number))

    assert response.status_code == (302 if kept else 422)
    assert latest(page).registration_number == (kept or "")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(500_000, None, "50 万元起"), (None, 500_000, "不超过50 万元"), (None, None, "面议")],
)
def test_price_says_which_end_is_open(client, institute, low, high, words):
    page = latest(institute.draft())
    page.price_min, page.price_max = low, high
    page.save_revision().publish(skip_permission_checks=True)

    html = client.get(page.get_url()).content.decode()

    assert words in html


def test_levels_have_names(client, page):
    client.post(step(page, "readiness"), readiness(page, trl_level="6"))

    form = client.get(step(page, "readiness")).context["form"]

    assert latest(page).trl_level == 6
    assert "6 · 正样级" in str(form["trl_level"])
    assert latest(page).trl_label == "6 正样级"


def test_reason_without_its_state_is_dropped(client, page):
    given = readiness(page, application_state="STABLE", not_applied_reason="FUNDS")
    client.post(step(page, "readiness"), given)

    assert latest(page).not_applied_reason == ""


def test_validity_is_chosen_at_once_and_never_shortened_by_confirming(client, institute):
    page, today = institute.published(), timezone.localdate()
    client.force_login(institute.researcher)
    wanted = today + timedelta(days=700)

    client.post(
        reverse("achievements:action", args=[page.pk, "validity"]),
        {"valid_until": wanted.isoformat()},
    )
    page.refresh_from_db()
    confirm_listing(page=page, actor=institute.researcher, now=timezone.now())

    page.refresh_from_db()
    assert page.valid_until == wanted


@pytest.mark.parametrize("days", [-1, 3 * 365 + 2])
def test_validity_lies_within_three_years(institute, days):
    page, day = institute.published(), timezone.localdate() + timedelta(days=days)

    with pytest.raises(UnableToChangeListing):
        set_validity(page=page, actor=institute.owner, valid_until=day)


def test_english_prices_say_from_as_well(institute, client):
    page = latest(institute.draft())
    page.price_min = 500_000
    page.save_revision().publish(skip_permission_checks=True)

    html = client.get("/en" + page.get_url()).content.decode()

    assert "from CNY 500,000" in html


def test_dates_come_back_as_the_browsers_date_field_takes_them(client, page):
    client.post(step(page, "readiness"), readiness(page, research_started="2024-03-05"))

    form = client.get(step(page, "readiness")).context["form"]

    assert 'type="date"' in str(form["research_started"])
    assert 'value="2024-03-05"' in str(form["research_started"])
