"""The same requests on both engines give the answers that Elasticsearch recorded.

``RECORD_ANSWERS=1`` with a server writes the recording anew; review its diff.
"""

import json
import os
from pathlib import Path

import pytest

from tests.search.contract.requests import REQUESTS

ANSWERS = Path(__file__).parent / "answers.json"
SCORES_AGREE = 1e-4


@pytest.fixture(scope="module")
def recorded():
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


@pytest.mark.elasticsearch
@pytest.mark.skipif("RECORD_ANSWERS" not in os.environ, reason="records the answers on request")
def test_record(engine, corpus_index):
    if "embedded" in str(type(engine.transport.node_pool.get())).lower():
        pytest.skip("answers are recorded from the real engine")
    answers = {
        name: reduced(engine.search(index=corpus_index, body=body).body)
        for name, body in REQUESTS.items()
    }
    lines = [
        f"{json.dumps(name)}: {json.dumps(answer, ensure_ascii=False, sort_keys=True)}"
        for name, answer in answers.items()
    ]
    ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
