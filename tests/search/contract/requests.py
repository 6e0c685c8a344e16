"""Every clause the portal uses, as search bodies by name."""

import random

from search.analysis import analyse
from tests.search.contract.corpus import (
    DISTRICTS,
    FORMS,
    INDUSTRIES,
    MATERIALS,
    NOTHING_GENERIC,
    VERBS,
)

NOW = "2024-06-01T08:00:00+08:00"
VISIBLE = [
    {"terms": {"visible_to": ["public", "registered", "org:7"]}},
    {"range": {"valid_until": {"gte": NOW}}},
]
BY_SCORE = ["_score", {"sort_id": "asc"}]


def title(term, boost=1.0):
    return {"term": {"title_terms": {"value": term, "boost": boost}}}


def unit(term):
    body = {"term": {"body_terms": {"value": term, "boost": 1.0}}}
    return {"bool": {"should": [title(term, 4.0), body]}}


def scored(query, **more):
    return {"query": query, "sort": BY_SCORE, "size": 30, "_source": False, **more}


def filtered(*clauses, **more):
    order = [{"sort_id": "asc"}]
    return {"query": {"bool": {"filter": list(clauses)}}, "sort": order, "_source": False, **more}


def ordered(*sort, **more):
    return {
        "query": {"bool": {"filter": VISIBLE}},
        "sort": list(sort),
        "size": 40,
        "_source": False,
        **more,
    }


def counted(**aggregations):
    return {"query": {"bool": {"filter": VISIBLE}}, "size": 0, "aggs": aggregations}


def long_need(seed: int, count: int) -> list[dict]:
    """A need's weighted terms, as the matcher sends them."""
    chance = random.Random(seed)
    words = [*MATERIALS, *FORMS, *VERBS]
    terms = dict.fromkeys(analyse("".join(chance.choices(words, k=60)), NOTHING_GENERIC))
    return [title(term, round(chance.uniform(0.2, 9.0), 3)) for term in list(terms)[:count]]


TEXT = {
    "bool": {
        "should": [unit("石墨"), unit("墨烯"), unit("pvdf")],
        "minimum_should_match": 2,
    }
}
FACETS = {
    "industry": {"terms": {"field": "industries", "size": 30}},
    "district": {"terms": {"field": "district", "size": 30}},
    "stage": {"terms": {"field": "stage", "size": 30}},
    "trl": {"terms": {"field": "trl", "size": 30}},
    "price": {
        "range": {
            "field": "price",
            "ranges": [
                {"key": "-100000", "to": 100_000},
                {"key": "100000-500000", "from": 100_000, "to": 500_000},
                {"key": "500000-", "from": 500_000},
            ],
        }
    },
}
CHOSEN = {"terms": {"industries": ["I03", "I07"]}}

REQUESTS = {
    # scoring
    "term in title": scored(title("石墨")),
    "term with boost": scored(title("石墨", 2.5)),
    "term in text": scored({"term": {"body_terms": "激光"}}),
    "latin term": scored(title("graphene")),
    "term that nobody has": scored(title("钚")),
    "a reader's query": scored({"bool": {"must": [TEXT], "filter": VISIBLE}}),
    "dis_max of variants": scored(
        {"dis_max": {"queries": [TEXT, {"bool": {"should": [unit("碳纤")], "boost": 0.7}}]}}
    ),
    "dis_max with tie breaker": scored(
        {"dis_max": {"queries": [title("石墨"), title("薄膜")], "tie_breaker": 0.3}}
    ),
    "pinyin beside text": scored(
        {
            "dis_max": {
                "queries": [
                    title("laser"),
                    {"constant_score": {"filter": {"prefix": {"suggest": "tanxw"}}, "boost": 1.5}},
                    {"constant_score": {"filter": {"prefix": {"suggest": "smx"}}, "boost": 1.0}},
                ]
            }
        }
    ),
    "code beside text": scored(
        {
            "dis_max": {
                "queries": [
                    title("laser"),
                    {"constant_score": {"filter": {"terms": {"codes": ["b7"]}}, "boost": 100.0}},
                ]
            }
        }
    ),
    "names beside title and text": scored(
        {
            "bool": {
                "should": [
                    title("石墨", 4.0),
                    {"term": {"body_terms": {"value": "石墨", "boost": 1.0}}},
                    {"term": {"names_terms": {"value": "西湖", "boost": 0.2}}},
                ]
            }
        }
    ),
    "a need of 64 terms": scored({"bool": {"should": long_need(1, 64)}}),
    "a need of 128 terms, filtered": scored(
        {
            "bool": {
                "should": long_need(2, 128),
                "minimum_should_match": 1,
                "filter": VISIBLE,
                "must_not": [{"terms": {"organization_id": [3, 4, 5]}}],
            }
        }
    ),
    "title and text weights": scored(
        {
            "bool": {
                "should": [
                    *long_need(3, 40),
                    {"term": {"body_terms": {"value": "薄膜", "boost": 0.2}}},
                ]
            }
        }
    ),
    "match or": scored({"match": {"title_terms": "石墨 薄膜"}}),
    "match and": scored({"match": {"title_terms": {"query": "石墨 薄膜", "operator": "and"}}}),
    "match a share": scored(
        {
            "match": {
                "title_terms": {
                    "query": "石墨 墨烯 薄膜 激光",
                    "minimum_should_match": "75%",
                    "boost": 2,
                }
            }
        }
    ),
    "multi_match best": scored(
        {"multi_match": {"query": "石墨 薄膜", "fields": ["title_terms^3", "body_terms"]}}
    ),
    "multi_match best with tie breaker": scored(
        {
            "multi_match": {
                "query": "石墨 薄膜",
                "fields": ["title_terms^3", "body_terms"],
                "tie_breaker": 0.2,
            }
        }
    ),
    "multi_match most": scored(
        {
            "multi_match": {
                "query": "石墨 薄膜",
                "fields": ["title_terms^3", "body_terms"],
                "type": "most_fields",
            }
        }
    ),
    "should beside must": scored(
        {"bool": {"must": [title("石墨")], "should": [title("薄膜", 3), title("电极")]}}
    ),
    "should with filter is optional": scored(
        {"bool": {"filter": [{"term": {"stage": "LAB"}}], "should": [title("薄膜")]}}
    ),
    "boosted bool": scored({"bool": {"should": [title("石墨"), title("薄膜")], "boost": 1.7}}),
    "minus one": scored(
        {
            "bool": {
                "should": [title("石墨"), title("墨烯"), title("薄膜")],
                "minimum_should_match": -1,
            }
        }
    ),
    "more than there are": scored({"bool": {"should": [title("石墨")], "minimum_should_match": 2}}),
    "score without tie breaker": {"query": title("石墨"), "size": 0, "_source": False},
    "number term scores one": scored({"term": {"trl": {"value": 6, "boost": 2}}}),
    "terms score one": scored({"terms": {"stage": ["LAB", "PILOT"], "boost": 3}}),
    "range scores one": scored({"range": {"trl": {"gte": 7, "boost": 0.5}}}),
    "exists scores one": scored({"exists": {"field": "price"}}),
    "match all": scored({"match_all": {}}),
    "match all boosted": scored({"match_all": {"boost": 1.5}}),
    "constant score": scored({"constant_score": {"filter": title("石墨"), "boost": 1.2}}),
    "must not alone": scored({"bool": {"must_not": [{"term": {"stage": "LAB"}}]}}),
    # filtering
    "keyword": filtered({"term": {"district": DISTRICTS[0]}}),
    "keyword of several": filtered({"term": {"industries": INDUSTRIES[4]}}),
    "no such keyword": filtered({"term": {"stage": "NONE"}}),
    "terms": filtered({"terms": {"industries": INDUSTRIES[:3]}}),
    "terms of nothing": filtered({"terms": {"industries": []}}),
    "number": filtered({"term": {"organization_id": 12}}),
    "numbers": filtered({"terms": {"trl": [1, 9]}}),
    "yes": filtered({"term": {"is_open": True}}),
    "no": filtered({"term": {"is_open": False}}),
    "from included": filtered({"range": {"trl": {"gte": 8}}}),
    "from excluded": filtered({"range": {"trl": {"gt": 8}}}),
    "between": filtered({"range": {"price": {"gte": 10_000, "lt": 200_000}}}),
    "up to": filtered({"range": {"price": {"lte": 5_000.5}}}),
    "after a moment": filtered({"range": {"published_at": {"gte": "2025-06-01T00:00:00+08:00"}}}),
    "before a moment": filtered({"range": {"published_at": {"lt": "2023-02-01T00:00:00Z"}}}),
    "exists in text": filtered({"exists": {"field": "body_terms"}}, size=5),
    "lacks a number": filtered({"bool": {"must_not": {"exists": {"field": "trl"}}}}),
    "lacks a keyword": filtered({"bool": {"must_not": {"exists": {"field": "industries"}}}}),
    "field that is not mapped": filtered({"term": {"colour": "red"}}),
    "ids": filtered({"ids": {"values": ["5", "17", "2400", "9999"]}}),
    "prefix": filtered({"prefix": {"suggest": "shimoxi"}}),
    "prefix in Chinese": filtered({"prefix": {"suggest": {"value": "石墨"}}}),
    "prefix with signs": filtered({"prefix": {"suggest": "3d.*"}}),
    "either": filtered(
        {"bool": {"should": [{"term": {"trl": 9}}, {"range": {"price": {"lt": 2_000}}}]}}
    ),
    "nested": filtered(
        {
            "bool": {
                "filter": [{"term": {"stage": "PILOT"}}],
                "must_not": [{"terms": {"industries": INDUSTRIES[:8]}}, {"term": {"trl": 1}}],
            }
        }
    ),
    "permission and validity": filtered(*VISIBLE),
    # ordering and paging
    "newest": ordered({"published_at": {"order": "desc", "missing": "_last"}}, {"sort_id": "asc"}),
    "oldest": ordered({"published_at": "asc"}, {"sort_id": "asc"}),
    "dear first": ordered({"price": {"order": "desc", "missing": "_last"}}, {"sort_id": "asc"}),
    "unpriced first": ordered({"price": {"order": "asc", "missing": "_first"}}, {"sort_id": "asc"}),
    "two keys with ties": ordered(
        {"trl": {"order": "desc"}}, {"organization_id": "asc"}, "sort_id"
    ),
    "tail with missing": ordered(
        {"trl": {"order": "desc", "missing": "_last"}},
        {"sort_id": "desc"},
        **{"from": 1050, "size": 200},
    ),
    "third page": ordered({"published_at": "desc"}, {"sort_id": "asc"}, **{"from": 40, "size": 20}),
    "page of scored": scored(TEXT, **{"from": 10, "size": 10}),
    "after the last": ordered({"sort_id": "asc"}, search_after=[700], size=15),
    "after two keys": ordered({"trl": "desc"}, {"sort_id": "asc"}, search_after=[6, 900]),
    "after missing values": ordered(
        {"price": {"order": "asc", "missing": "_first"}}, "sort_id", search_after=["-Infinity", 800]
    ),
    "after the last value": ordered(
        {"price": {"order": "desc", "missing": "_last"}}, "sort_id", search_after=[1000, 5]
    ),
    "score, date, id": {
        "query": {"constant_score": {"filter": title("石墨")}},
        "sort": ["_score", {"published_at": "desc"}, {"sort_id": "asc"}],
        "size": 25,
        "_source": False,
    },
    "without total": {**scored(title("石墨")), "track_total_hits": False},
    "with source": filtered({"ids": {"values": ["5"]}}, _source=["title", "trl"]),
    "with version": {**filtered({"ids": {"values": ["5", "6"]}}), "version": True},
    # aggregating
    "five facets": counted(**FACETS),
    "facets under a choice": {
        **counted(
            industry=FACETS["industry"],
            **{
                name: {"filter": CHOSEN, "aggs": {"inner": facet}}
                for name, facet in FACETS.items()
                if name != "industry"
            },
        ),
        "post_filter": CHOSEN,
        "size": 20,
        "sort": [{"sort_id": "asc"}],
        "_source": False,
    },
    "facets of a query": {
        **counted(**FACETS),
        "query": {"bool": {"must": [TEXT], "filter": VISIBLE}},
    },
    "facets of nothing": {**counted(**FACETS), "query": {"term": {"trl": 99}}},
    "few buckets": counted(industry={"terms": {"field": "industries", "size": 4}}),
    "buckets by key": counted(
        trl={"terms": {"field": "trl", "size": 30, "order": {"_key": "desc"}}}
    ),
    "chosen buckets": counted(
        industry={"terms": {"field": "industries", "size": 30, "include": ["I02", "I09"]}}
    ),
    "yes and no": counted(is_open={"terms": {"field": "is_open"}}),
    "prices": counted(price={"stats": {"field": "price"}}),
    "organizations": counted(count={"cardinality": {"field": "organization_id"}}),
    "single numbers": counted(
        low={"min": {"field": "price"}},
        high={"max": {"field": "price"}},
        total={"sum": {"field": "trl"}},
        mean={"avg": {"field": "trl"}},
        filled={"value_count": {"field": "trl"}},
        latest={"max": {"field": "published_at"}},
    ),
    "numbers within buckets": counted(
        stage={
            "terms": {"field": "stage"},
            "aggs": {"price": {"stats": {"field": "price"}}, "trl": {"avg": {"field": "trl"}}},
        }
    ),
    "buckets within buckets": counted(
        stage={
            "terms": {"field": "stage"},
            "aggs": {"district": {"terms": {"field": "district", "size": 20}}},
        }
    ),
    "named filters": counted(
        queues={
            "filters": {
                "filters": {
                    "cheap": {"range": {"price": {"lt": 100_000}}},
                    "ripe": {"range": {"trl": {"gte": 8}}},
                    "all": {"match_all": {}},
                }
            }
        }
    ),
    "lacking": counted(unpriced={"missing": {"field": "price"}}),
    "lacking under a choice": counted(
        unpriced={"filter": CHOSEN, "aggs": {"inner": {"missing": {"field": "price"}}}},
        industry=FACETS["industry"],
    ),
    "words": counted(words={"terms": {"field": "words", "size": 3_000}}),
    "years": counted(
        year={"date_histogram": {"field": "published_at", "calendar_interval": "year"}}
    ),
    "months in Shanghai": counted(
        month={
            "date_histogram": {
                "field": "published_at",
                "calendar_interval": "month",
                "time_zone": "Asia/Shanghai",
            }
        }
    ),
    "weeks of seven days": counted(
        week={"date_histogram": {"field": "published_at", "fixed_interval": "7d"}}
    ),
}
