import pytest

from search.analysis import (
    analyse,
    analyse_uncut,
    clean_query,
    normalize,
    plain_words,
    query_units,
    says_only_generic_words,
    with_synonyms,
)
from search.lexicon import Lexicon, current_lexicon
from search.models import DomainWord, GenericWord, SynonymGroup

LEXICON = Lexicon(generic=frozenset({"技术", "关键技术", "关键", "系统", "工程", "system"}))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("石墨烯", ["石", "墨", "烯", "石墨", "墨烯"]),
        ("石墨烯技术", ["石", "墨", "烯", "石墨", "墨烯"]),
        ("激光关键技术焊接", ["激", "光", "激光", "焊", "接", "焊接"]),
        ("ＰＶＤＦ膜", ["pvdf", "膜"]),
        ("5G 基站", ["5g", "基", "站", "基站"]),
        ("Ti-6Al-4V", ["ti", "6al", "4v"]),
        ("鋰電池", ["锂", "电", "池", "锂电", "电池"]),
        ("铝，镁", ["铝", "镁"]),
        ("ecosystem system", ["ecosystem"]),
        ("关键技术", ["关", "键", "技", "术", "关键", "键技", "技术"]),
        ("系统工程", ["系", "统", "工", "程", "系统", "统工", "工程"]),
        ("😀 !!! ()", []),
        ("", []),
        ("α-淀粉酶", ["α", "淀", "粉", "酶", "淀粉", "粉酶"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_terms_of(text, terms):
    assert analyse(text, LEXICON) == terms


def test_cutting_goes_longest_first():
    lexicon = Lexicon(generic=frozenset({"技术", "关键技术", "术开"}))

    assert analyse("关键技术开关", lexicon) == ["开", "关", "开关"]


def test_a_domain_word_is_not_cut():
    lexicon = Lexicon(generic=frozenset({"工程", "技术"}), domain=frozenset({"工程塑料"}))

    assert analyse("工程塑料技术", lexicon) == ["工", "程", "塑", "料", "工程", "程塑", "塑料"]


def test_uncut_terms_keep_generic_words():
    assert analyse_uncut("新技术") == ["新", "技", "术", "新技", "技术"]


@pytest.mark.django_db
def test_the_shipped_words_are_those_of_the_method():
    assert len(current_lexicon().generic) == 51
    assert {"研究", "关键技术", "解决方案", "创新"} <= current_lexicon().generic
    assert current_lexicon().domain == frozenset()


@pytest.mark.django_db
def test_a_changed_word_counts_at_once_in_the_process_that_changed_it():
    before = current_lexicon().digest

    GenericWord.objects.create(word="纳米")

    assert analyse("纳米银线") == ["银", "线", "银线"]
    assert current_lexicon().digest != before


@pytest.mark.django_db
def test_another_process_notices_within_a_minute(monkeypatch):
    assert says_only_generic_words("纳米") is False
    GenericWord.objects.bulk_create([GenericWord(word="纳米")])
    from django.db.models import F

    from search import lexicon
    from search.models import LexiconState

    LexiconState.objects.update(version=F("version") + 1)
    now = lexicon.time.monotonic()
    monkeypatch.setattr(lexicon.time, "monotonic", lambda: now + 59)

    assert says_only_generic_words("纳米") is True


@pytest.mark.django_db
def test_a_deleted_domain_word_stops_protecting():
    word = DomainWord.objects.create(word="工程塑料")
    assert "工程" in analyse("工程塑料")

    word.delete()

    assert "工程" not in analyse("工程塑料")


def test_units_of_a_query_are_bigrams_words_and_lone_characters():
    assert query_units(normalize("PVDF膜 石墨烯 石墨烯")) == ["pvdf", "膜", "石墨", "墨烯"]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  a \n b\t", "a b"),
        ("x" * 600, "x" * 500),
        ("a\x00b", "a b"),
        ("石墨烯\u200b膜", "石墨烯 膜"),
    ],
)
def test_clean_query(typed, cleaned):
    assert clean_query(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("石墨烯 OR 电池", "石墨烯   电池"),
        ("a AND b NOT c", "a   b   c"),
        ("ＯＲ", "ＯＲ"),
        ("NORTH ORE band", "NORTH ORE band"),
    ],
)
def test_operators_of_other_engines_are_left_out(typed, plain):
    assert plain_words(typed) == plain


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("battery", "电池"),
        ("batteries", "电池"),
        ("sensors", "传感器"),
        ("wastewater", "污水"),
        ("wastewater treatment", "污水处理"),
        ("laser welding", "激光焊接"),
        ("污水处理", "wastewater treatment"),
    ],
)
def test_the_shipped_terms_translate(said, also):
    assert also in with_synonyms(said)


@pytest.mark.django_db
def test_a_word_inside_a_longer_one_is_not_exchanged():
    assert "锂battery" not in with_synonyms("锂电池")
    assert with_synonyms("chain of paint") == [
        "chain of paint",
        "chain of 涂料",
        "chain of 油漆",
    ]


@pytest.mark.django_db
def test_a_word_of_two_groups_has_the_synonyms_of_both():
    SynonymGroup.objects.create(words="激光\n镭射")

    assert {"laser", "镭射"} <= set(with_synonyms("激光"))
