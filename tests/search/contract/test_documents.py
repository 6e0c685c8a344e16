"""Writes, versions, aliases and statistics behave alike on both engines."""

import pytest
from elasticsearch import BadRequestError, ConflictError, NotFoundError

from tests.search.contract.corpus import MAPPINGS, bulk_lines, generate_documents
from tests.search.contract.requests import REQUESTS
from tests.search.contract.test_requests import approximately, reduced

TITLE = {"title_terms": "石 墨 石墨", "sort_id": 1}


def write(engine, index, doc_id="1", *, version=None, body=TITLE, **options):
    if version is not None:
        options |= {"version": version, "version_type": "external"}
    return engine.index(index=index, id=doc_id, document=body, **options)


def found_ids(engine, index, query=None):
    body = {"query": query or {"match_all": {}}, "sort": ["sort_id"], "size": 100}
    return [hit["_id"] for hit in engine.search(index=index, body=body)["hits"]["hits"]]


def test_an_index_is_made_seen_and_removed(engine, new_index):
    name = new_index()

    assert engine.indices.exists(index=name)
    with pytest.raises(BadRequestError, match="already_exists"):
        engine.indices.create(index=name, mappings=MAPPINGS)
    engine.indices.delete(index=name)
    assert not engine.indices.exists(index=name)
    with pytest.raises(NotFoundError, match="index_not_found"):
        engine.search(index=name)
    with pytest.raises(NotFoundError, match="index_not_found"):
        engine.indices.delete(index=name)


def test_meta_and_settings_come_back(engine, new_index):
    name = new_index({**MAPPINGS, "_meta": {"schema_version": "7"}})

    engine.indices.put_settings(index=name, settings={"refresh_interval": "1s"})

    mapping = engine.indices.get_mapping(index=name)[name]["mappings"]
    assert mapping["_meta"] == {"schema_version": "7"}
    assert mapping["properties"]["stage"] == {"type": "keyword"}
    settings = engine.indices.get_settings(index=name)[name]["settings"]["index"]
    assert settings["refresh_interval"] == "1s"


def test_a_document_is_written_changed_and_removed(engine, new_index):
    name = new_index()

    assert write(engine, name)["result"] == "created"
    assert write(engine, name)["result"] == "updated"
    assert engine.get(index=name, id="1")["_source"] == TITLE
    assert engine.exists(index=name, id="1")
    assert engine.delete(index=name, id="1")["result"] == "deleted"
    assert not engine.exists(index=name, id="1")
    with pytest.raises(NotFoundError):
        engine.get(index=name, id="1")
    with pytest.raises(NotFoundError):
        engine.delete(index=name, id="1")


def test_a_write_is_searched_after_a_refresh(engine, new_index):
    name = new_index()
    write(engine, name)
    assert found_ids(engine, name) == []

    engine.indices.refresh(index=name)
    assert found_ids(engine, name) == ["1"]

    engine.delete(index=name, id="1", refresh=True)
    assert found_ids(engine, name) == []


def test_a_replaced_document_is_found_once_by_its_new_words(engine, new_index):
    name = new_index()
    write(engine, name, refresh=True)

    write(engine, name, body={"title_terms": "激 光 激光", "sort_id": 1}, refresh=True)

    assert found_ids(engine, name) == ["1"]
    assert found_ids(engine, name, {"term": {"title_terms": "石墨"}}) == []
    assert found_ids(engine, name, {"term": {"title_terms": "激光"}}) == ["1"]


@pytest.mark.parametrize("stale", [4, 5])
def test_a_stale_or_equal_version_loses(engine, new_index, stale):
    name = new_index()
    write(engine, name, version=5)

    with pytest.raises(ConflictError, match="version_conflict_engine_exception"):
        write(engine, name, version=stale)

    assert write(engine, name, version=6)["_version"] == 6


def test_a_stale_write_loses_against_a_delete(engine, new_index):
    name = new_index()
    write(engine, name, version=5)
    engine.delete(index=name, id="1", version=8, version_type="external")

    with pytest.raises(ConflictError):
        write(engine, name, version=7)

    assert write(engine, name, version=9)["result"] == "created"


def test_a_delete_of_what_was_never_there_is_remembered(engine, new_index):
    name = new_index()
    with pytest.raises(NotFoundError):
        engine.delete(index=name, id="1", version=8, version_type="external")

    with pytest.raises(ConflictError):
        write(engine, name, version=7)


def test_a_stale_delete_loses(engine, new_index):
    name = new_index()
    write(engine, name, version=5)

    with pytest.raises(ConflictError):
        engine.delete(index=name, id="1", version=4, version_type="external")

    assert engine.exists(index=name, id="1")


def test_create_refuses_what_exists(engine, new_index):
    name = new_index()
    engine.create(index=name, id="1", document=TITLE)

    with pytest.raises(ConflictError, match="document already exists"):
        engine.create(index=name, id="1", document=TITLE)


def test_bulk_answers_line_by_line(engine, new_index):
    name = new_index()
    write(engine, name, "1", version=5)
    write(engine, name, "2", version=5)
    external = {"version_type": "external"}

    answer = engine.bulk(
        index=name,
        operations=[
            {"index": {"_id": "1", "version": 4, **external}},
            TITLE,
            {"delete": {"_id": "2", "version": 6, **external}},
            {"index": {"_id": "3"}},
            TITLE,
            {"index": {"_id": "4"}},
            {"trl": "not a number"},
            {"index": {"_id": "5"}},
            {"unmapped": 1},
            {"delete": {"_id": "6"}},
            {"create": {"_id": "3"}},
            TITLE,
        ],
        refresh=True,
    )

    results = [next(iter(item.items())) for item in answer["items"]]
    assert answer["errors"]
    assert [(action, result["_id"], result["status"]) for action, result in results] == [
        ("index", "1", 409),
        ("delete", "2", 200),
        ("index", "3", 201),
        ("index", "4", 400),
        ("index", "5", 400),
        ("delete", "6", 404),
        ("create", "3", 409),
    ]
    assert results[3][1]["error"]["type"] == "document_parsing_exception"
    assert found_ids(engine, name) == ["1", "3"]


def test_one_bulk_request_may_write_an_id_twice(engine, new_index):
    name = new_index()
    lines = []
    for version, title in ((1, "石墨"), (3, "激光"), (2, "薄膜")):
        header = {"_id": "1", "version": version, "version_type": "external"}
        lines += [{"index": header}, {"title_terms": title, "sort_id": 1}]

    answer = engine.bulk(index=name, operations=lines, refresh=True)

    assert [item["index"]["status"] for item in answer["items"]] == [201, 200, 409]
    assert found_ids(engine, name, {"term": {"title_terms": "激光"}}) == ["1"]


def test_several_documents_are_fetched_at_once(engine, new_index):
    name = new_index()
    write(engine, name, "1")
    write(engine, name, "2")

    answer = engine.mget(index=name, ids=["2", "9", "1"], source=["sort_id"])

    assert [(doc["_id"], doc["found"], doc.get("_source")) for doc in answer["docs"]] == [
        ("2", True, {"sort_id": 1}),
        ("9", False, None),
        ("1", True, {"sort_id": 1}),
    ]


def test_several_searches_in_one_request(engine, corpus_index):
    lines = []
    for name in ("five facets", "term in title", "terms"):
        lines += [{"index": corpus_index}, REQUESTS[name]]

    answers = engine.msearch(searches=lines)["responses"]

    singly = [
        engine.search(index=corpus_index, body=REQUESTS[name]).body
        for name in ("five facets", "term in title", "terms")
    ]
    assert [reduced(answer) for answer in answers] == [reduced(answer) for answer in singly]


def test_one_failed_search_does_not_spoil_the_others(engine, corpus_index):
    lines = [{"index": "contract-missing"}, {}, {"index": corpus_index}, {}]

    answers = engine.msearch(searches=lines)["responses"]

    assert [answer["status"] for answer in answers] == [404, 200]


def test_count(engine, corpus_index):
    assert engine.count(index=corpus_index)["count"] == 2_400
    query = {"bool": {"filter": [{"term": {"stage": "LAB"}}]}}
    searched = engine.search(index=corpus_index, query=query, size=0)["hits"]["total"]["value"]
    assert engine.count(index=corpus_index, query=query)["count"] == searched


def test_an_alias_moves_in_one_step(engine, new_index):
    old, new = new_index(), new_index()
    alias = f"alias-{old}"
    write(engine, old, "1", refresh=True)
    write(engine, new, "2", body={"sort_id": 2}, refresh=True)
    engine.indices.update_aliases(actions=[{"add": {"index": old, "alias": alias}}])
    assert found_ids(engine, alias) == ["1"]

    engine.indices.update_aliases(
        actions=[
            {"remove": {"index": old, "alias": alias}},
            {"add": {"index": new, "alias": alias}},
        ]
    )

    assert found_ids(engine, alias) == ["2"]
    assert list(engine.indices.get_alias(name=alias)) == [new]
    assert engine.indices.exists(index=alias)
    write(engine, alias, "3", body={"sort_id": 3}, refresh=True)
    assert found_ids(engine, new) == ["2", "3"]


def test_alias_actions_hold_all_together_or_not_at_all(engine, new_index):
    name = new_index()
    alias = f"alias-{name}"

    with pytest.raises(NotFoundError):
        engine.indices.update_aliases(
            actions=[
                {"add": {"index": name, "alias": alias}},
                {"add": {"index": f"{name}-missing", "alias": alias}},
            ]
        )

    assert not engine.indices.exists_alias(name=alias)


def test_an_alias_given_at_creation(engine, new_index):
    name = new_index(aliases={"alias-at-creation": {}})

    assert list(engine.indices.get_alias(name="alias-at-creation")) == [name]
    assert name in engine.indices.get(index="contract-*")


def test_term_statistics(engine, corpus_index):
    answer = engine.termvectors(
        index=corpus_index,
        doc={"title_terms": "石墨 墨烯 钚 薄膜"},
        term_statistics=True,
        field_statistics=True,
        positions=False,
        offsets=False,
        payloads=False,
    )

    vector = answer["term_vectors"]["title_terms"]
    for term in ("石墨", "墨烯", "薄膜"):
        query = {"term": {"title_terms": term}}
        count = engine.count(index=corpus_index, query=query)["count"]
        assert vector["terms"][term]["doc_freq"] == count
    assert "doc_freq" not in vector["terms"]["钚"]
    assert vector["field_statistics"]["doc_count"] == 2_400


def test_after_changes_and_deletes_everything_agrees_once_merged(engine, new_index, request):
    """Half is written twice, a tenth deleted: the index equals one that never held the rest.

    Elasticsearch keeps deleted documents, and counts their terms, until its retention leases move
    on; its scores are compared in an index without deletes.
    """
    names = ["five facets", "newest", "prefix", "facets under a choice"]
    if request.node.callspec.params["engine"] == "embedded":
        names += ["a reader's query", "a need of 64 terms"]
    documents = generate_documents(600)
    dirty, clean = new_index(), new_index()
    engine.bulk(index=dirty, operations=bulk_lines(documents[300:] + documents[:300]))
    old = [(doc_id, {**body, "title_terms": "旧"}) for doc_id, body in documents[:300]]
    engine.bulk(index=dirty, operations=bulk_lines(old, version=2), refresh=True)
    engine.bulk(index=dirty, operations=bulk_lines(documents[:300], version=3), refresh=True)
    gone = [{"delete": {"_id": doc_id}} for doc_id, _ in documents[::10]]
    engine.bulk(index=dirty, operations=gone, refresh=True)
    kept = [pair for place, pair in enumerate(documents) if place % 10]
    engine.bulk(index=clean, operations=bulk_lines(kept), refresh=True)
    for name in (dirty, clean):
        engine.indices.forcemerge(index=name, max_num_segments=1)
        engine.indices.refresh(index=name)

    for name in names:
        answers = [
            reduced(engine.search(index=i, body=REQUESTS[name]).body) for i in (dirty, clean)
        ]
        assert answers[0] == approximately(answers[1])


def test_before_the_merge_deleted_documents_are_gone_from_hits_and_counts(engine, new_index):
    documents = generate_documents(300)
    name = new_index()
    engine.bulk(index=name, operations=bulk_lines(documents), refresh=True)
    gone = [{"delete": {"_id": doc_id}} for doc_id, _ in documents[:100]]
    engine.bulk(index=name, operations=gone, refresh=True)

    stages = {"stage": {"terms": {"field": "stage"}}}
    answer = engine.search(index=name, aggs=stages, size=0, track_total_hits=True)

    assert answer["hits"]["total"]["value"] == 200
    buckets = answer["aggregations"]["stage"]["buckets"]
    assert sum(bucket["doc_count"] for bucket in buckets) == 200


def test_the_probe(engine):
    assert engine.cluster.health()["status"] in {"green", "yellow"}


@pytest.mark.parametrize(
    "body",
    [
        {"query": {"nonsense": {}}},
        {"query": {"term": {"trl": "many"}}},
        {"query": {"range": {"published_at": {"gte": "yesterday-ish"}}}},
        {"from": 9_995, "size": 10},
    ],
)
def test_a_wrong_request_answers_400(engine, corpus_index, body):
    with pytest.raises(BadRequestError):
        engine.search(index=corpus_index, body=body)
