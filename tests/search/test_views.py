import pytest
from django.urls import reverse

from portal.accounts.models import User
from search.models import FruitlessQuery
from search.services import rebuild_index
from tests.search.listings import CompanyDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(make_company):
    made = [
        make_company("高导热石墨烯膜公司"),
        make_company("激光研究院", kind="INSTITUTE"),
        make_company("石墨烯银行", kind="BANK_OR_FUND"),
    ]
    rebuild_index(CompanyDocument)
    return made


@pytest.fixture
def bare_frame(settings):
    """The page frame belongs to another room; here it is only its main block."""
    loaders = [
        (
            "django.template.loaders.locmem.Loader",
            {"base.html": "{% block main %}{% endblock %}"},
        ),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    template = settings.TEMPLATES[0]
    options = {**template["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**template, "APP_DIRS": False, "OPTIONS": options}]


@pytest.mark.parametrize("typed", ["smx", "shimoxi", "石墨", "石墨烯"])
def test_suggestions_by_pinyin_initials_and_characters(client, city, typed):
    answer = client.get(reverse("search:suggest"), {"q": typed}).json()

    titles = [s["text"] for s in answer["suggestions"] if s["kind"]]
    assert titles == ["高导热石墨烯膜公司"]


def test_initials_suggest_the_word_itself(client, city):
    answer = client.get(reverse("search:suggest"), {"q": "smx"}).json()

    assert answer["suggestions"][0] == {
        "text": "石墨烯",
        "kind": "",
        "url": "/search/?q=%E7%9F%B3%E5%A2%A8%E7%83%AF",
    }


def test_words_are_suggested_only_as_they_stand(client, make_company):
    make_company("回收蜜现场检测公司", short_name="收割机")
    rebuild_index(CompanyDocument)

    answer = client.get(reverse("search:suggest"), {"q": "收"}).json()

    assert [s["text"] for s in answer["suggestions"]] == ["收割机", "回收蜜现场检测公司"]


def test_a_kept_word_is_suggested_when_it_finds_something(client, make_company):
    make_company("压力传感器公司")
    rebuild_index(CompanyDocument)

    answer = client.get(reverse("search:suggest"), {"q": "sen"}).json()

    assert [s["text"] for s in answer["suggestions"]] == ["sensor"]


def test_a_suggested_title_leads_to_its_page(client, city, monkeypatch):
    monkeypatch.setattr(
        CompanyDocument, "address_of", classmethod(lambda cls, row: f"/companies/{row.pk}/")
    )

    answer = client.get(reverse("search:suggest"), {"q": "激光研"}).json()

    assert answer["suggestions"] == [
        {"text": "激光研究院", "kind": "Companies", "url": f"/companies/{city[1].pk}/"}
    ]


def test_a_code_suggests_what_it_belongs_to(client, make_company):
    company = make_company("激光公司", credit_code="91330100MA2AXXXX0A")
    rebuild_index(CompanyDocument)

    answer = client.get(reverse("search:suggest"), {"q": "91330100"}).json()

    assert [s["text"] for s in answer["suggestions"]] == [company.name]


def test_suggestions_know_who_asks(client, city):
    client.force_login(User.objects.create_user("a@example.org", "x"))

    answer = client.get(reverse("search:suggest"), {"q": "smx"}).json()

    assert "石墨烯银行" in [s["text"] for s in answer["suggestions"]]


def test_nothing_typed_suggests_nothing(client, city):
    assert client.get(reverse("search:suggest"), {"q": " '"}).json() == {"suggestions": []}


def test_suggestions_as_options_for_htmx(client, city):
    response = client.get(reverse("search:suggest"), {"q": "smx"}, headers={"HX-Request": "true"})

    assert response.templates[0].name == "components/suggestions.html"


def test_suggestions_stay_quiet_without_an_engine(client, city, settings):
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }

    assert client.get(reverse("search:suggest"), {"q": "smx"}).json() == {"suggestions": []}


def test_site_search_shows_tabs_with_counts(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "石墨烯"})

    tabs = [
        (str(tab["label"]), tab["count"], tab["is_current"]) for tab in response.context["tabs"]
    ]
    assert [tab[1:] for tab in tabs] == [(1, True), (1, False)]
    assert "<mark>石墨烯</mark>" in response.content.decode()


def test_a_tab_lists_its_kind(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "激光", "kind": "company"})

    assert [row.object.name for row in response.context["result"].rows] == ["激光研究院"]
    assert 'name="kind" value="company"' in response.content.decode()


def test_an_unknown_tab_is_all_tabs(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "激光", "kind": "zzz"})

    assert response.context["current"] is None


def test_site_search_proposes_another_spelling(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "石墨希"})

    assert response.context["corrections"][0] == (
        "石墨烯",
        "/search/?q=%E7%9F%B3%E5%A2%A8%E7%83%AF",
    )
    assert FruitlessQuery.objects.get().count == 1


def test_site_search_offers_fewer_words_with_counts(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "激光 钚反应堆"})

    found = [(option.label, option.count) for option in response.context["loosenings"]]
    assert found == [("“激光”", 1)]


def test_site_search_says_when_there_is_no_word(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "(((😀"})

    assert response.context["is_query_ignored"]
    assert response.context["sections"] == []
    assert FruitlessQuery.objects.count() == 0


def test_site_search_reads_two_letters_as_initials(client, city, bare_frame):
    response = client.get(reverse("search:site"), {"q": "jg"})

    assert response.context["sections"][0]["count"] == 1


def test_a_very_long_query_makes_no_long_heading(client, city, bare_frame):
    content = client.get(reverse("search:site"), {"q": "激光" * 250}).content.decode()

    heading = content.split("<h1>")[1].split("</h1>")[0]
    assert len(heading) < 60
    assert 'value="' not in heading


def test_the_list_page(client, city, bare_frame):
    page = client.get("/companies/", {"q": "激光"})
    part = client.get(
        "/companies/", {"q": "激光"}, headers={"HX-Request": "true", "HX-Target": "results"}
    )

    assert "<h1>Companies</h1>" in page.content.decode()
    assert "<h1>" not in part.content.decode()
    assert "<mark>激光</mark>研究院" in part.content.decode()


def test_a_page_without_engine_is_no_error(client, city, bare_frame, settings):
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }

    page, site = client.get("/companies/"), client.get(reverse("search:site"), {"q": "激光"})

    assert (page.status_code, site.status_code) == (200, 200)
    assert page.context["result"].fallback
    assert site.context["unavailable"]


def test_searches_without_result_are_counted(client, city, bare_frame):
    for query in ("甲醇汽油", "甲醇汽油", "激光", "激光&form=UNIVERSITY"):
        client.get(f"/companies/?q={query}")

    assert [(q.kind, q.text, q.count) for q in FruitlessQuery.objects.all()] == [
        ("company", "甲醇汽油", 2)
    ]


def test_titles_are_escaped(client, make_company, bare_frame):
    make_company("<script>alert(1)</script>激光")
    rebuild_index(CompanyDocument)

    content = client.get("/companies/?q=激光").content.decode()

    assert "<script>" not in content
    assert "&lt;script&gt;" in content
