import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from portal.accounts.enums import OrganizationKind
from portal.accounts.models import Membership, RoleGrant, User
from search.models import SynonymGroup
from search.services import rebuild_index
from tests.search.listings import CompanyDocument, CompanySearch

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()


def run(query="", user=ANYBODY):
    return CompanySearch(QueryDict(query), user=user).run()


def names(result):
    return [row.object.name for row in result.rows]


def options(result, name):
    (facet,) = [facet for facet in result.facets if facet.name == name]
    return {option.value: option.count for option in facet.options}


@pytest.fixture
def city(make_company):
    made = [
        make_company("石墨烯薄膜公司", size="SMALL", introduction="高导热散热膜的生产企业"),
        make_company("鋰電池回收公司", size="LARGE", introduction="废旧电池"),
        make_company(
            "石墨电极大学", kind="UNIVERSITY", size="LARGE", introduction="石墨烯课题组研究"
        ),
        make_company("激光研究院", kind="INSTITUTE", size="SMALL"),
        make_company("科创银行", kind="BANK_OR_FUND"),
        make_company("经信局", kind="GOVERNMENT"),
        make_company("石墨烯私密", kind="OTHER"),
    ]
    rebuild_index(CompanyDocument)
    return made


def test_a_list_without_a_query_is_by_date(city):
    result = run()

    assert names(result) == ["激光研究院", "石墨电极大学", "鋰電池回收公司", "石墨烯薄膜公司"]
    assert result.total == 4
    assert [(sort.key, sort.is_chosen) for sort in result.sorts] == [
        ("newest", True),
        ("staff", False),
    ]


def test_a_query_finds_titles_before_texts(city):
    result = run("q=石墨烯")

    assert names(result) == ["石墨烯薄膜公司", "石墨电极大学"]
    assert result.rows[0].hit.title_html == "<mark>石墨烯</mark>薄膜公司"
    assert result.sorts[0].key == "relevance"


@pytest.mark.parametrize("query", ["锂电池", "鋰電池", "lidianchi", "ldc", "lithium battery"])
def test_traditional_pinyin_initials_and_synonyms_find_the_same(city, query):
    assert names(run(f"q={query}")) == ["鋰電池回收公司"]


def test_a_new_synonym_works_at_once(city):
    assert names(run("q=镭射")) == []

    SynonymGroup.objects.create(words="镭射\n激光")

    assert names(run("q=镭射")) == ["激光研究院"]


def test_a_query_of_generic_words_alone_still_finds(city):
    assert names(run("q=研究")) == ["激光研究院"]


def test_facet_counts_are_disjunctive(city):
    result = run("form=ENTERPRISE")

    assert names(result) == ["鋰電池回收公司", "石墨烯薄膜公司"]
    assert options(result, "form") == {"ENTERPRISE": 2, "UNIVERSITY": 1, "INSTITUTE": 1}
    assert options(result, "size") == {"LARGE": 1, "SMALL": 1}
    assert options(result, "staff") == {"-10": 1, "10-": 1}


def test_values_widen_within_a_facet_and_narrow_between_facets(city):
    result = run("form=ENTERPRISE&form=UNIVERSITY&size=LARGE")

    assert names(result) == ["石墨电极大学", "鋰電池回收公司"]
    assert options(result, "form") == {"ENTERPRISE": 1, "UNIVERSITY": 1}


def test_a_range_facet_takes_steps_and_own_ranges(city):
    assert names(run("staff=-10&q=公司")) == ["鋰電池回收公司"]
    assert names(run("staff=11-12")) == ["石墨烯薄膜公司"]
    assert run("staff=nonsense").chips == []


def test_listings_without_a_number_are_an_option_of_their_own(city):
    result = run("form=ENTERPRISE&form=INSTITUTE")
    assert options(result, "staff") == {"-10": 1, "10-": 1, "none": 1}
    (staff,) = [facet for facet in result.facets if facet.name == "staff"]
    assert [option.label for option in staff.options][-1] == "not said"

    assert names(run("staff=none")) == ["激光研究院"]
    assert names(run("staff=none&staff=-10")) == ["激光研究院", "石墨电极大学", "鋰電池回收公司"]


def test_values_that_nobody_knows_are_dropped(city):
    result = run("form=XYZ&form=INSTITUTE")

    assert [chip.label for chip in result.chips] == [str(OrganizationKind.INSTITUTE.label)]
    assert names(result) == ["激光研究院"]
    assert "XYZ" not in options(result, "form")


def test_chips_remove_themselves(city):
    result = run("q=公司&form=ENTERPRISE&size=LARGE")

    assert [(chip.facet, chip.label, chip.remove_url) for chip in result.chips] == [
        ("", "“公司”", "?form=ENTERPRISE&size=LARGE"),
        (
            "Form",
            "企业" if result.chips[1].label == "企业" else "Enterprise",
            "?q=%E5%85%AC%E5%8F%B8&size=LARGE",
        ),
        ("Size", "LARGE", "?q=%E5%85%AC%E5%8F%B8&form=ENTERPRISE"),
    ]
    assert result.clear_url == "?q=%E5%85%AC%E5%8F%B8"


def test_a_chosen_value_without_results_stays_visible(city):
    result = run("form=INTERMEDIARY")

    assert result.total == 0
    assert options(result, "form")["INTERMEDIARY"] == 0


def test_an_empty_list_says_what_to_loosen_with_counts(city):
    result = run("q=石墨烯&form=INSTITUTE&size=SMALL")

    assert result.total == 0
    assert {(option.count, option.url) for option in result.loosenings} == {
        (1, "?q=%E7%9F%B3%E5%A2%A8%E7%83%AF&size=SMALL"),
        (2, "?q=%E7%9F%B3%E5%A2%A8%E7%83%AF"),
        (1, "?form=INSTITUTE&size=SMALL"),
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("石墨希", "石墨烯"), ("时墨烯", "石墨烯"), ("鸡光", "激光"), ("石黑烯", "石墨烯")],
)
def test_another_spelling_is_proposed(city, typed, meant):
    result = run(f"q={typed}")

    assert result.total == 0
    assert result.corrections[0][0] == meant
    assert run(result.corrections[0][1][1:]).total


@pytest.mark.parametrize(
    "query",
    ["😀😀", "+-!(){}[]^~*?:", "&|", '"', "𠮷", "石墨烯" * 166 + "xy", "a" * 3000, "%00", "\\"],
)
def test_odd_queries_answer(city, query):
    from urllib.parse import quote

    result = run(f"q={quote(query)}")

    assert not result.fallback
    assert len(result.query) <= 500


@pytest.mark.parametrize("query", ["😀", "(((", "*", "%25", "“”"])
def test_a_query_without_words_says_so_and_shows_words_that_find(make_company, query):
    make_company("石墨烯薄膜公司", short_name="导热膜")
    rebuild_index(CompanyDocument)

    result = run(f"q={query}")

    assert result.is_query_ignored
    assert (result.total, result.rows, result.loosenings) == (0, [], [])
    assert result.examples == [("导热膜", "?q=%E5%AF%BC%E7%83%AD%E8%86%9C")]
    assert result.all_url == "?"


@pytest.mark.parametrize(
    "query", ["ＳＭＸ", '"smx"', "石墨烯 OR 薄膜", "薄膜 AND 石墨烯", "“石墨烯”"]
)
def test_ways_of_typing_that_mean_the_same(city, query):
    from urllib.parse import quote

    assert names(run(f"q={quote(query)}"))[0] == "石墨烯薄膜公司"


def test_two_letters_are_initials_only_when_no_text_holds_them(city, make_company):
    assert names(run("q=jg")) == ["激光研究院"]
    make_company("JG 检测公司")
    rebuild_index(CompanyDocument)

    assert names(run("q=jg")) == ["JG 检测公司"]


def test_generic_words_in_a_row_find_titles_with_any_of_them(city):
    assert names(run("q=研究技术应用")) == ["激光研究院"]


def test_the_district_finds_its_listings_after_those_that_say_the_word(make_company, district):
    make_company("石墨烯公司")
    make_company(f"{district.name}激光公司")
    rebuild_index(CompanyDocument)

    assert names(run(f"q={district.name}")) == [f"{district.name}激光公司", "石墨烯公司"]
    assert names(run(f"q={district.name} 石墨烯"))[0] == "石墨烯公司"


def test_an_empty_list_offers_fewer_words_with_their_counts(city):
    result = run("q=石墨烯 钚反应堆 激光")

    found = {option.label: option.count for option in result.loosenings}
    assert found == {"“石墨烯 激光”": 2, "“石墨烯”": 2, "“激光”": 1}
    assert next(iter(found)) == "“石墨烯 激光”"


def test_a_code_has_no_fewer_words(city):
    mixed = run("q=石墨烯 XQ-2026-000010").loosenings
    assert [(option.label, option.count) for option in mixed] == [("“石墨烯”", 2)]
    assert run("q=XQ-2026-000010").loosenings == []


def test_words_inside_a_run_of_characters_are_offered(city):
    result = run("q=钚激光反应堆")

    assert [(option.label, option.count) for option in result.loosenings] == [("“激光”", 1)]


def test_only_words_that_occur_are_proposed(make_company):
    make_company("高能蓄能器公司", short_name="锂电池", introduction="锂电池")
    rebuild_index(CompanyDocument)

    assert [text for text, _url in run("q=铝电池").corrections] == ["锂电池", "蓄电池"]
    assert run("q=蓄能罐").corrections == []


@pytest.mark.parametrize(
    ("typed", "meant"), [("graphen", "graphene"), ("senser", "sensor"), ("lazer", "laser")]
)
def test_latin_words_are_corrected_by_a_letter_or_two(make_company, typed, meant):
    for name in ("石墨烯膜", "sensor works", "laser lab"):
        make_company(name)
    rebuild_index(CompanyDocument)

    assert [text for text, _url in run(f"q={typed}").corrections] == [meant]


def test_a_long_problem_text_finds_what_it_is_about(city):
    text = "我公司需要一种用于手机的高导热石墨烯薄膜，面内导热系数大于1500，可以卷对卷连续生产。"

    assert names(run(f"q={text}"))[:1] == ["石墨烯薄膜公司"]


def test_who_may_find_what(city, make_company):
    bank, office, private = city[4], city[5], city[6]
    visitor = User.objects.create_user("visitor@example.org", "x")
    member = User.objects.create_user("member@example.org", "x")
    left = User.objects.create_user("left@example.org", "x")
    Membership.objects.create(user=member, organization=private)
    Membership.objects.create(user=left, organization=private, state="LEFT")
    staff = User.objects.create_user("staff@example.org", "x")
    RoleGrant.objects.create(user=staff, role="REVIEWER")
    broker = User.objects.create_user("broker@example.org", "x")
    RoleGrant.objects.create(user=broker, role="BROKER")
    open_ones = {company.name for company in city[:4]}

    seen = {user: set(names(run(user=user))) for user in (visitor, member, left, staff, broker)}

    assert seen[visitor] == open_ones | {bank.name}
    assert seen[left] == seen[broker] == seen[visitor]
    assert seen[member] == open_ones | {bank.name, private.name}
    assert seen[staff] == open_ones | {bank.name, office.name}


def test_counts_are_those_of_what_one_may_see(city):
    staff = User.objects.create_user("staff@example.org", "x")
    RoleGrant.objects.create(user=staff, role="AUDITOR")

    assert "GOVERNMENT" not in options(run(), "form")
    assert options(run(user=staff), "form")["GOVERNMENT"] == 1


def test_what_expired_is_not_found(make_company, monkeypatch):
    from search.services.sync import operations_for, write_operations

    company = make_company("过期公司")
    rebuild_index(CompanyDocument)
    operations = operations_for(CompanyDocument, [company.pk])
    operations[0][1]["valid_until"] = "2020-01-01T00:00:00+00:00"
    write_operations(CompanyDocument.alias(), operations)

    assert run().total == 0


def test_twenty_a_page_and_past_the_end_is_the_last(make_company):
    for number in range(45):
        make_company(f"公司{number:02}")
    rebuild_index(CompanyDocument)

    first, last, beyond = run(), run("page=3"), run("page=99999999")

    assert names(first) == [f"公司{number:02}" for number in range(44, 24, -1)]
    assert names(last) == names(beyond) == [f"公司{number:02}" for number in range(4, -1, -1)]
    assert (last.page.number, last.page.paginator.num_pages, last.page.has_next()) == (3, 3, False)


def test_equal_keys_keep_one_order_over_pages(make_company):
    for number in range(60):
        make_company(f"公司{number:02}", introduction="同长")
    rebuild_index(CompanyDocument)

    pages = [names(run(f"sort=staff&page={page}")) for page in (1, 2, 3)]

    assert [name for page in pages for name in page] == [f"公司{number:02}" for number in range(60)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(make_company, django_assert_num_queries, count):
    for number in range(count):
        make_company(f"公司{number}")
    rebuild_index(CompanyDocument)
    run()

    with django_assert_num_queries(1):
        run("q=公司")


def test_without_an_engine_the_list_comes_from_the_database(city, settings):
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }

    result = run("q=石墨烯&form=UNIVERSITY")

    assert result.fallback
    assert names(result) == ["鋰電池回收公司", "石墨烯薄膜公司"]
    assert result.chips[0].label == "“石墨烯”"


def test_without_an_index_the_list_comes_from_the_database(make_company):
    make_company("甲")

    assert run().fallback
