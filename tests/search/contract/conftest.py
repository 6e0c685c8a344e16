import uuid

import pytest
from elasticsearch import Elasticsearch

from search.embedded import EmbeddedNode
from search.embedded.node import forget_engine
from tests.search.contract.corpus import MAPPINGS, SETTINGS, bulk_lines, generate_documents

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    """A client of each engine in turn; ``client.engine`` says which."""
    if request.param == "embedded":
        path = tmp_path_factory.mktemp("search")
        client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(path))
        yield client
        forget_engine(path)
    else:
        url = request.getfixturevalue("elasticsearch_url")
        with Elasticsearch(url, request_timeout=30) as client:
            yield client


@pytest.fixture
def new_index(engine):
    """Return a function that makes an empty index of its own name, gone after the test."""
    made = []

    def make(mappings=None, **body):
        name = f"contract-{uuid.uuid4().hex[:12]}"
        engine.indices.create(index=name, mappings=mappings or MAPPINGS, settings=SETTINGS, **body)
        made.append(name)
        return name

    yield make
    for name in made:
        engine.options(ignore_status=404).indices.delete(index=name)


@pytest.fixture(scope="module")
def corpus_index(engine):
    """An index of 2,400 generated listings in one segment, nothing deleted."""
    name = f"contract-{uuid.uuid4().hex[:12]}"
    engine.indices.create(index=name, mappings=MAPPINGS, settings=SETTINGS)
    documents = generate_documents()
    for start in range(0, len(documents), 800):
        answer = engine.bulk(index=name, operations=bulk_lines(documents[start : start + 800]))
        assert not answer["errors"]
    engine.indices.refresh(index=name)
    engine.indices.forcemerge(index=name, max_num_segments=1)
    engine.indices.refresh(index=name)
    yield name
    engine.indices.delete(index=name)
