"""Components as people get them: through their tags and templates."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from portal.site.style_guide import style_guide_context


def render(source, **context):
    return Template("{% load portal frame charts %}" + source).render(Context(context)).strip()


def get(path, language="en", **cookies):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    translation.activate(language)
    return request


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class IdeaForm(forms.Form):
    title = forms.CharField(max_length=60, help_text="Say what it does.")
    text = forms.CharField(max_length=500, widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("A", "First"), ("B", "Second")], widget=forms.RadioSelect)
    modes = forms.MultipleChoiceField(
        choices=[("A", "First")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(required=False)


def test_highlight_marks_terms_and_escapes_the_rest():
    html = render("{{ text|highlight:terms }}", text="<b>Graphene film", terms=["graphene", ""])

    assert html == "&lt;b&gt;<mark>Graphene</mark> film"


def test_highlight_prefers_the_longer_term():
    assert (
        render("{{ '石墨烯膜'|highlight:terms }}", terms=["石墨", "石墨烯"])
        == "<mark>石墨烯</mark>膜"
    )


def test_highlight_without_terms_escapes():
    assert render("{{ text|highlight:none }}", text="a < b", none=None) == "a &lt; b"


@pytest.mark.parametrize(
    ("day", "words", "tone"),
    [
        (9, "1 day late", " task__due--late"),
        (10, "Due today", " task__due--soon"),
        (17, "7 days left", " task__due--soon"),
        (18, "8 days left", ""),
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC))
def test_due_says_how_long_is_left(day, words, tone):
    html = render("{% due day %}", day=dt.date(2026, 11, day))

    assert html == f'<time class="task__due{tone}" datetime="2026-11-{day:02}">{words}</time>'


def test_due_of_nothing_is_nothing():
    assert render("{% due none %}", none=None) == ""


def test_state_badge_takes_the_tone_of_the_state():
    assert render('{% state_badge "RETURNED" "Returned" %}') == (
        '<span class="badge badge--vermilion">Returned</span>'
    )


def test_state_badge_of_an_unknown_state_is_grey():
    assert (
        render('{% state_badge "NEW" label %}', label="<i>")
        == '<span class="badge">&lt;i&gt;</span>'
    )


@pytest.mark.parametrize(("grade", "lit"), [("STRONG", 4), ("GOOD", 3), ("FAIR", 2), ("WEAK", 1)])
def test_grade_is_a_word_with_bars(grade, lit):
    html = render("{% grade value %}", value=grade)

    assert html.count("grade__bar--on") == lit
    assert html.endswith(f"</svg>{grade.title()}</span>")


def test_grade_refuses_what_is_no_grade():
    with pytest.raises(ValueError, match="SUPERB"):
        render('{% grade "SUPERB" %}')


def test_organization_shows_how_far_it_is_checked():
    html = render("{% organization one %}", one=style_guide_context()["organizations"][0])

    assert "浙江之江新材料研究院" in html
    assert "Licence checked" in html


def test_field_ties_hint_and_error_to_its_control():
    html = str(IdeaForm({})["title"].as_field_group())

    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert "field--error" in html


def test_field_marks_required_and_optional():
    form = IdeaForm()

    assert "field__required" in form["title"].as_field_group()
    assert "(optional)" in form["text"].as_field_group()
    assert "(optional)" not in form["agreed"].as_field_group()


def test_choices_stand_in_a_fieldset_that_says_when_several_are_allowed():
    form = IdeaForm()

    assert re.search(r"<fieldset>\s*<legend>Kind", form["kind"].as_field_group())
    assert "Several may be chosen." not in form["kind"].as_field_group()
    assert "Several may be chosen." in form["modes"].as_field_group()


def test_long_text_says_its_limit_without_javascript():
    html = IdeaForm()["text"].as_field_group()

    assert 'data-counter="500"' in html
    assert "At most 500 characters" in html


def test_form_with_errors_begins_with_a_summary_that_links_to_the_controls():
    html = str(IdeaForm({}))

    assert html.index("error-summary") < html.index("id_title_error")
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert '<a href="#id_kind_0">Kind: This field is required.</a>' in html


def test_form_without_errors_has_no_summary():
    assert "error-summary" not in str(IdeaForm())


def test_error_summary_takes_formsets_and_nothing():
    formset = forms.formset_factory(IdeaForm, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-kind": "A"}
    )

    html = render("{% error_summary none formset %}", none=None, formset=formset)

    assert html.count("<li>") == 1
    assert 'href="#id_form-0-title"' in html


def test_pagination_keeps_the_rest_of_the_query():
    page = Paginator(range(200), 20).page(5)

    html = render("{% pagination page %}", page=page, request=get("/needs/?q=film&page=5"))

    assert 'href="?q=film&amp;page=6"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_one_page_is_nothing():
    page = Paginator(range(5), 20).page(1)

    assert render("{% pagination page %}", page=page, request=get("/")) == ""


@pytest.mark.parametrize(("language", "path"), [("en", "/en/needs/"), ("zh-hans", "/needs/")])
def test_portal_url_follows_the_language(language, path):
    with translation.override(language):
        assert render('{% portal_url "/needs/" %}') == path


def test_portal_url_prefers_a_name_that_exists():
    assert render('{% portal_url "/x/" "account_login" %}') == "/en/accounts/login/"
    assert render('{% portal_url "/x/" "no:such-name" %}') == "/en/x/"


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ('"><script>', "system"), ("", "system")]
)
def test_theme_comes_from_the_cookie_if_it_is_one(cookie, theme):
    request = get("/", theme=cookie)

    assert render("{% frame as f %}{{ f.theme }}", request=request) == theme


def test_language_switch_leads_to_the_same_page():
    request = get("/en/accounts/login/?next=/en/needs/")

    html = render(
        "{% frame as f %}{% for o in f.other_languages %}{{ o.url }}{% endfor %}", request=request
    )

    assert html == "/accounts/login/?next=/en/needs/"


def test_error_page_needs_no_request():
    html = render_to_string("500.html")

    assert "<h1>Something went wrong on our side</h1>" in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_render_in_the_frame(name):
    html = render_to_string(f"{name}.html", request=get("/en/nowhere/"))

    assert '<html lang="en">' in html
    assert html.count("<h1>") == 1


@pytest.mark.django_db
def test_style_guide_shows_every_component():
    html = render_to_string(
        "site/style_guide.html", style_guide_context(), request=get("/en/style/")
    )

    for name in ("tabs", "chips", "facets", "result", "comparison", "timeline", "chart", "steps"):
        assert f'class="{name}' in html
    assert "style=" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/"])
def test_account_pages_stand_in_the_frame(client, path):
    response: HttpResponse = client.get(f"/en/accounts/{path}")

    assert response.status_code == 200
    assert b'class="entrance__form"' in response.content
    assert b'class="skip-link"' in response.content


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("zh-hans", 1_200_000, "120 万元"),
        ("zh-hans", 125_500, "12.55 万元"),
        ("zh-hans", 230_000_000, "2.3 亿元"),
        ("zh-hans", 9_000, "9,000 元"),
        ("en", 1_200_000, "CNY 1,200,000"),
        ("en", None, ""),
    ],
)
def test_amounts_read_as_people_say_them(language, amount, words):
    with translation.override(language):
        assert render("{{ amount|yuan }}", amount=amount) == words


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iOS"),
        ("curl/8", "curl/8"),
    ],
)
def test_sessions_name_the_browser(user_agent, name):
    assert render("{{ agent|browser_name }}", agent=user_agent) == name


def test_job_polls_until_it_is_finished():
    job = SimpleNamespace(pk=4, title="Import", percent=50, done=1, total=2, state="RUNNING")
    job.is_finished, job.message, job.get_state_display = False, "", "Running"
    source = '{% include "components/job.html" with url="/jobs/4/" %}'

    running = render(source, job=job)
    job.is_finished = True
    finished = render(source, job=job)

    assert 'hx-get="/jobs/4/"' in running
    assert "hx-get" not in finished
