"""Measures worked out by hand, the files' errors, and the figures themselves on both engines."""

import io
import json
import math
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from matchmaking.enums import Grade
from matchmaking.matcher import Explanation, explain, grade_of, words_of
from matchmaking.ranking_quality.measures import (
    average_precision,
    estimate,
    ndcg,
    pairwise,
    recall,
)

NEEDS = [
    {
        "id": "n1",
        "title": "印染废水脱色",
        "content": "活性染料废水色度高，要求出水色度低于三十倍。",
    },
    {"id": "n2", "title": "graphene 导热膜", "content": "手机散热，导热系数大于一千二百。"},
]
TITLES = [
    {"id": "a", "pool_id": "t1", "title_tokens": ["印染", "废水", "臭氧", "脱色"]},
    {"id": "b", "pool_id": "t2", "title_tokens": ["钢铁", "轧制", "模型"]},
    {"id": "c", "pool_id": "t3", "title_tokens": ["石墨", "导热", "膜"]},
    {"id": "d", "pool_id": "t4", "title_tokens": ["废水", "总氮", "去除"]},
    {"id": "e", "pool_id": "t1", "title_tokens": ["印染", "废水", "臭氧", "脱色"]},
]
LEVELS = [("n1", "t1", 4), ("n1", "t4", 2), ("n1", "t2", 1), ("n2", "t3", 3), ("n2", "t2", 1)]
LEAST = {"ndcg_at_10": 0.690, "map": 0.510, "pairwise": 0.760, "recall_at_100": 0.610}
LEAST_GAIN = 0.010


@pytest.fixture
def folder(tmp_path):
    def lines(rows):
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)

    (tmp_path / "needs.jsonl").write_text(lines(NEEDS), encoding="utf-8")
    (tmp_path / "achievements.jsonl").write_text(lines(TITLES), encoding="utf-8")
    rows = "\n".join("\t".join(map(str, row)) for row in LEVELS)
    (tmp_path / "qrels_pool.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def run(folder, *options: str) -> dict:
    out = io.StringIO()
    call_command("evaluate_matching", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_ndcg_by_hand():
    found = (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    assert ndcg([2, 4, 1]) == pytest.approx(found)


def test_ndcg_looks_no_deeper_than_ten():
    assert ndcg([1] * 10 + [4]) == 0


def test_lists_of_one_level_say_nothing():
    assert (ndcg([2, 2]), pairwise([(1.0, 2), (0.5, 2)])) == (None, None)


def test_average_precision_by_hand():
    assert average_precision([3, 1, 4]) == pytest.approx((1 + 2 / 3) / 2)


def test_pairwise_counts_equal_scores_half():
    assert pairwise([(2.0, 4), (1.0, 1), (1.0, 2)]) == pytest.approx((1 + 1 + 0.5) / 3)


def test_recall_of_nothing_relevant_is_no_figure():
    assert (recall(["a"], set()), recall(["a", "b"], {"b", "c"})) == (None, 0.5)


def test_an_estimate_repeats_and_encloses_its_mean():
    first, again = estimate([0.0, 1.0, 0.5, None]), estimate([0.0, 1.0, 0.5, None])

    assert first == again
    assert (first.value, first.needs) == (0.5, 3)
    assert first.low < 0.5 < first.high


def test_a_small_collection_is_ranked_right(folder):
    found = run(folder, "--engine", "embedded")

    assert {key: found[key]["value"] for key in LEAST} == {
        "ndcg_at_10": 1.0,
        "map": 1.0,
        "pairwise": 1.0,
        "recall_at_100": 1.0,
    }


def test_grades_part_what_fits_from_what_does_not(folder):
    found = run(folder, "--engine", "embedded")

    assert [
        (found[f"relevant_{grade.lower()}"]["value"], found[f"relevant_{grade.lower()}"]["needs"])
        for grade in (Grade.STRONG, Grade.GOOD, Grade.FAIR, Grade.WEAK)
    ] == [(0.75, 2), (None, 0), (None, 0), (0.0, 2)]


@pytest.mark.parametrize(
    ("rank", "title_share", "text_share", "grade"),
    [
        (1, 0.07, 0.0, Grade.STRONG),
        (5, 0.02, 0.10, Grade.STRONG),
        (5, 0.06, 0.0, Grade.GOOD),
        (6, 0.90, 0.10, Grade.GOOD),
        (15, 0.05, 0.0, Grade.GOOD),
        (15, 0.0, 0.09, Grade.GOOD),
        (1, 0.04, 0.0, Grade.FAIR),
        (16, 0.90, 0.10, Grade.FAIR),
        (30, 0.02, 0.0, Grade.FAIR),
        (31, 0.90, 0.10, Grade.WEAK),
        (1, 0.01, 0.01, Grade.WEAK),
    ],
)
def test_a_grade_needs_both_rank_and_words(rank, title_share, text_share, grade):
    reason = Explanation(title_share + text_share, title_share, text_share, [])

    assert grade_of(rank, reason) == grade


@pytest.mark.django_db
def test_single_characters_prove_nothing():
    words = words_of({"光": 4.0, "光伏": 3.0, "led": 1.0})
    reason = explain(words, "光学 LED", "光伏")

    assert (reason.title_share, reason.text_share, reason.coverage) == (0.25, 0.75, 1.0)


@pytest.mark.django_db
def test_a_need_of_one_character_is_explained_by_it():
    assert explain({"泵": 4.0}, "泵", "").title_share == 1.0


def test_nothing_of_the_evaluation_stays_behind(folder, settings):
    from search.client import get_client

    run(folder)

    assert list(get_client().indices.get(index="portal-evaluation*", allow_no_indices=True)) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("needs.jsonl", "{", "needs.jsonl, line 1: not JSON"),
        ("needs.jsonl", "[]", "needs.jsonl, line 1: expected an object"),
        ("needs.jsonl", '{"id": "n1", "title": "x"}', "line 1: “content” is missing or no text"),
        ("achievements.jsonl", '{"pool_id": "t1"}', "line 1: “title_tokens” must be a list"),
        ("qrels_pool.tsv", "n1\tt1\t5", "line 1: expected need, pool id and level 1–4"),
        ("qrels_pool.tsv", "n1\tt1\t4\nn9\tt1\t4", "line 2: the need n9 is not in needs.jsonl"),
        ("qrels_pool.tsv", "n1\tt9\t4", "line 1: the pool id t9 is not in achievements.jsonl"),
        ("qrels_pool.tsv", "", "qrels_pool.tsv: no judgement in it"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(folder, name, text, message):
    (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        run(folder)

    assert message in str(caught.value)
    assert caught.value.returncode == 2


def test_a_missing_file_is_named(folder):
    (folder / "needs.jsonl").unlink()

    with pytest.raises(CommandError, match=r"needs\.jsonl cannot be read: No such file"):
        run(folder)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request, settings):
    if request.param == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_url")
        settings.SEARCH = {**settings.SEARCH, "HOSTS": [url]}
    return request.param


def labelled_collection() -> list[Path]:
    """The collection that PORTAL_LABELLED_NEEDS names; labelled data is no part of the project."""
    return [Path(os.environ[name]) for name in ["PORTAL_LABELLED_NEEDS"] if os.environ.get(name)]


if labelled_collection():

    def test_the_figures_of_the_method_hold(engine):
        found = run(labelled_collection()[0], "--engine", engine)

        assert {key: found[key]["value"] for key in LEAST if found[key]["value"] < LEAST[key]} == {}

    def test_a_better_grade_fits_more_often(engine):
        found = run(labelled_collection()[0], "--engine", engine)

        strong, good, fair, weak = (found[f"relevant_{grade.lower()}"]["value"] for grade in Grade)
        assert strong > good > fair > weak
        assert strong >= 5 * weak

    def test_ten_labels_help_with_the_rest(engine):
        found = run(labelled_collection()[0], "--engine", engine, "--feedback", "10")

        assert found["gain_ndcg_at_10"]["value"] >= LEAST_GAIN


def test_both_engines_give_the_same_figures(folder, settings, elasticsearch_url):
    settings.SEARCH = {**settings.SEARCH, "HOSTS": [elasticsearch_url]}

    assert run(folder, "--engine", "elasticsearch") == run(folder, "--engine", "embedded")
