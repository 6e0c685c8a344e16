"""The same requests on both engines give the answers that Elasticsearch recorded.

``--record-answers`` writes the recording anew; review its diff.
"""

import json
from pathlib import Path

import pytest

from search.embedded import EmbeddedNode
from tests.search.contract.requests import REQUESTS

ANSWERS = Path(__file__).parent / "answers.json"
SCORES_AGREE = 1e-4


@pytest.fixture(scope="module")
def recorded(request, engine, corpus_index):
    is_real = not isinstance(engine.transport.node_pool.get(), EmbeddedNode)
    if is_real and request.config.getoption("--record-answers"):
        record_answers(engine, corpus_index)
    return json.loads(ANSWERS.read_text())


def reduced(answer: dict) -> dict:
    """What must agree: total, hits with scores, sort values, sources, versions, aggregations."""
    hits = [
        {key: hit[key] for key in ("_id", "_score", "sort", "_source", "_version") if key in hit}
        for hit in answer["hits"]["hits"]
    ]
    return {
        "total": answer["hits"].get("total"),
        "hits": hits,
        "aggregations": answer.get("aggregations", {}),
    }


def approximately(value):
    """The same value, with room of one in ten thousand for every fraction."""
    if isinstance(value, dict):
        return {key: approximately(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [approximately(inner) for inner in value]
    return pytest.approx(value, rel=SCORES_AGREE) if isinstance(value, float) else value


@pytest.mark.parametrize("name", REQUESTS)
def test_answer(engine, corpus_index, recorded, name):
    answer = reduced(engine.search(index=corpus_index, body=REQUESTS[name]).body)

    assert answer == approximately(recorded[name])


def record_answers(client, index):
    """Write the recording anew from the real engine."""
    answers = {
        name: reduced(client.search(index=index, body=body).body) for name, body in REQUESTS.items()
    }
    lines = [
        f"{json.dumps(name)}: {json.dumps(answer, ensure_ascii=False, sort_keys=True)}"
        for name, answer in answers.items()
    ]
    ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
