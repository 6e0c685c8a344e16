"""What the embedded engine does not speak answers 400 and names the clause."""

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from search.embedded import EmbeddedNode
from tests.search.contract.corpus import MAPPINGS


@pytest.fixture
def client():
    client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(None))
    client.indices.create(index="a", mappings=MAPPINGS)
    return client


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"query": {"fuzzy": {"title_terms": "x"}}}, "fuzzy"),
        ({"query": {"function_score": {}}}, "function_score"),
        ({"query": {"bool": {"must": [{"script": {}}]}}}, "script"),
        ({"query": {"bool": {"filter": [{"wildcard": {"stage": "L*"}}]}}}, "wildcard"),
        ({"query": {"constant_score": {"filter": {"geo_shape": {}}}}}, "geo_shape"),
        ({"query": {"term": {"stage": {"value": "x", "case_insensitive": True}}}}, "case_insen"),
        ({"query": {"match": {"title_terms": {"query": "x", "fuzziness": 1}}}}, "fuzziness"),
        ({"query": {"multi_match": {"query": "x", "fields": [], "type": "phrase"}}}, "phrase"),
        ({"query": {"range": {"trl": {"gte": 1, "time_zone": "+08:00"}}}}, "time_zone"),
        ({"query": {"range": {"stage": {"gte": "A"}}}}, "range"),
        ({"query": {"term": {"stage": "LAB"}}}, "keyword field"),
        ({"query": {"terms": {"stage": {"index": "b", "id": "1", "path": "x"}}}}, "lookup"),
        ({"query": {"bool": {"should": [], "_name": "x"}}}, "_name"),
        (
            {
                "query": {
                    "match": {"title_terms": {"query": "a b c", "minimum_should_match": "2<75%"}}
                }
            },
            "minimum_should_match",
        ),
        ({"aggs": {"x": {"significant_terms": {"field": "stage"}}}}, "significant_terms"),
        ({"aggs": {"x": {"terms": {"field": "stage", "script": "x"}}}}, "script"),
        ({"aggs": {"x": {"terms": {"field": "stage", "min_doc_count": 0}}}}, "min_doc_count"),
        ({"aggs": {"x": {"terms": {"field": "title_terms"}}}}, "text field"),
        (
            {
                "aggs": {
                    "x": {
                        "terms": {"field": "stage"},
                        "aggs": {"y": {"filter": {"match_all": {}}}},
                    }
                }
            },
            "filter",
        ),
        (
            {"aggs": {"x": {"range": {"field": "trl", "ranges": [{"to": 5}, {"from": 3}]}}}},
            "overlapping",
        ),
        (
            {
                "aggs": {
                    "x": {"date_histogram": {"field": "updated_at", "calendar_interval": "week"}}
                }
            },
            "week",
        ),
        ({"sort": [{"stage": "asc"}]}, "sort"),
        ({"sort": [{"trl": {"order": "asc", "mode": "max"}}]}, "mode"),
        ({"sort": [{"_score": "asc"}]}, "_score"),
        ({"sort": ["_score"], "search_after": [1.0]}, "search_after"),
        ({"collapse": {"field": "stage"}}, "collapse"),
        ({"highlight": {"fields": {}}}, "highlight"),
        ({"suggest": {}}, "suggest"),
        ({"knn": {}}, "knn"),
        ({"rescore": {}}, "rescore"),
        ({"script_fields": {}}, "script_fields"),
    ],
)
def test_a_clause_is_named(client, body, named):
    with pytest.raises(BadRequestError) as refused:
        client.search(index="a", body=body)

    assert refused.value.status_code == 400
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda c: c.reindex(source={"index": "a"}, dest={"index": "b"}), "_reindex"),
        (lambda c: c.update(index="a", id="1", doc={}), "_update"),
        (lambda c: c.search(index="a,b"), "several indexes"),
        (lambda c: c.search(index="a", routing="x"), "routing"),
        (lambda c: c.search(index="a", scroll="1m"), "scroll"),
        (lambda c: c.index(index="a", id="1", document={}, pipeline="x"), "pipeline"),
        (lambda c: c.bulk(index="a", operations=[{"update": {"_id": "1"}}, {}]), "update"),
        (lambda c: c.termvectors(index="a", doc={"stage": "x"}), "stage"),
        (lambda c: c.indices.put_mapping(index="a", properties={}), "_meta"),
        (
            lambda c: c.indices.create(
                index="b", mappings={"properties": {"x": {"type": "geo_point"}}}
            ),
            "geo_point",
        ),
        (
            lambda c: c.indices.create(
                index="b", mappings={"properties": {"x": {"type": "text", "analyzer": "ik"}}}
            ),
            "ik",
        ),
    ],
)
def test_an_address_or_option_is_named(client, call, named):
    with pytest.raises(BadRequestError) as refused:
        call(client)

    assert named in str(refused.value)


def test_delete_by_query(client):
    lines = []
    for number in range(10):
        lines += [{"index": {"_id": str(number)}}, {"trl": number, "sort_id": number}]
    client.bulk(index="a", operations=lines)

    answer = client.delete_by_query(index="a", query={"range": {"trl": {"gte": 4}}}, refresh=True)

    assert answer["deleted"] == 6
    assert client.count(index="a")["count"] == 4


def test_an_unsigned_number_is_no_identity(client):
    """Tantivy deletes nothing by an unsigned number and says nothing; ids are text."""
    client.index(index="a", id="1", document={"sort_id": 1}, refresh=True)
    client.index(index="a", id="1", document={"sort_id": 2}, refresh=True)

    found = client.search(index="a", sort=["sort_id"])["hits"]["hits"]

    assert [hit["_source"]["sort_id"] for hit in found] == [2]
