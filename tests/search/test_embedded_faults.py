"""The embedded engine under killed processes, damaged folders and several writers at once."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest
from elasticsearch import Elasticsearch

from search.embedded import EmbeddedNode
from search.embedded.index import LocalIndex, Operation
from search.embedded.node import forget_engine
from search.embedded.searching import run_search

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 50
MAPPINGS = {
    "properties": {
        "title": {"type": "text", "analyzer": "whitespace"},
        "number": {"type": "long"},
    }
}


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    forget_engine(tmp_path)


@pytest.fixture
def client(folder):
    client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(folder))
    client.indices.create(index="a", mappings=MAPPINGS)
    return client


def run_python(code: str, *arguments, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def wait_until(condition, seconds: float = 10.0):
    """Poll until true; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.02)


WRITE = """
import sys
from pathlib import Path
from elasticsearch import Elasticsearch
from search.embedded import EmbeddedNode
folder, writer, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(folder))
for number in range(count):
    client.index(index="a", id=f"{writer}-{number}", document={"title": "x", "number": number})
print("done")
"""


def test_fifty_kills_lose_nothing_that_was_acknowledged(folder):
    """Nothing lost, nothing twice, and the index opens again each time."""
    program = Path(__file__).parent / "crash_rounds.py"

    done = subprocess.run(
        [sys.executable, program, folder, str(ROUNDS), "20260101"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )

    report = json.loads(done.stdout)
    assert (report["rounds"], report["good"]) == (ROUNDS, ROUNDS), done.stderr[-3000:]
    assert report["acknowledged"] > ROUNDS


def test_writers_of_several_processes_queue(client, folder):
    writers = [run_python(WRITE, folder, name, 40) for name in "bc"]
    for number in range(40):
        client.index(index="a", id=f"a-{number}", document={"title": "x", "number": number})

    assert [writer.communicate(timeout=60)[0] for writer in writers] == ["done\n", "done\n"]
    client.indices.refresh(index="a")
    assert client.count(index="a")["count"] == 120


def test_a_reader_sees_another_process_within_a_second_or_two(client, folder):
    assert client.count(index="a")["count"] == 0

    run_python(WRITE, folder, "b", 3).communicate(timeout=60)

    wait_until(lambda: client.count(index="a")["count"] == 3, seconds=3)


def test_what_a_killed_process_wrote_and_did_not_apply_is_applied_by_the_reader(client, folder):
    assert client.count(index="a")["count"] == 0
    code = WRITE + "import os; os.kill(os.getpid(), 9)"

    run_python(code, folder, "b", 2).communicate(timeout=60)

    wait_until(lambda: client.count(index="a")["count"] == 2, seconds=5)


def test_a_write_becomes_visible_by_itself(client):
    client.index(index="a", id="1", document={"title": "x"})

    wait_until(lambda: client.count(index="a")["count"] == 1, seconds=3)


def test_a_damaged_folder_is_built_anew_from_the_rows(client, folder):
    client.index(index="a", id="1", document={"title": "x"}, refresh=True)
    forget_engine(folder)
    (meta,) = folder.glob("*/tantivy*/meta.json")
    meta.write_text("{")

    assert client.count(index="a")["count"] == 1


def test_a_lost_folder_is_built_anew_from_the_rows(client, folder):
    client.index(index="a", id="1", document={"title": "x"}, refresh=True)
    forget_engine(folder)
    (tantivy,) = folder.glob("*/tantivy*")
    shutil.rmtree(tantivy)

    assert client.count(index="a")["count"] == 1


def test_a_reader_follows_a_merge_by_another_process(client, folder):
    client.index(index="a", id="1", document={"title": "x"}, refresh=True)
    assert client.count(index="a")["count"] == 1
    code = """
import sys
from pathlib import Path
from elasticsearch import Elasticsearch
from search.embedded import EmbeddedNode
client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(Path(sys.argv[1])))
client.index(index="a", id="2", document={"title": "x"})
client.indices.forcemerge(index="a")
"""
    run_python(code, folder).communicate(timeout=60)

    wait_until(lambda: client.count(index="a")["count"] == 2, seconds=3)


def test_an_index_made_and_an_alias_moved_elsewhere_are_seen(client, folder):
    code = f"""
import sys
from pathlib import Path
from elasticsearch import Elasticsearch
from search.embedded import EmbeddedNode
client = Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(Path(sys.argv[1])))
client.indices.create(index="b", mappings={MAPPINGS!r}, aliases={{"live": {{}}}})
client.index(index="live", id="1", document={{"title": "x"}}, refresh=True)
client.indices.delete(index="a")
"""
    assert client.indices.exists(index="a")

    run_python(code, folder).communicate(timeout=60)

    assert client.count(index="live")["count"] == 1
    assert not client.indices.exists(index="a")


def test_threads_write_and_search_at_once(client):
    failures = []

    def write(name):
        try:
            for number in range(30):
                client.index(index="a", id=f"{name}-{number}", document={"title": "x"})
                client.search(index="a", query={"term": {"title": "x"}})
        except Exception as error:  # noqa: BLE001  reported below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    client.indices.refresh(index="a")

    assert failures == []
    assert client.count(index="a")["count"] == 120


class WrittenMeanwhile(LocalIndex):
    """An index into which somebody writes after its filling has read the first rows."""

    meanwhile: ClassVar[list[Operation]] = []

    def _rows_after(self, seq):
        rows = super()._rows_after(seq)
        if rows and self.meanwhile:
            operations = list(self.meanwhile)
            self.meanwhile.clear()
            self.write(operations)
        return rows


def test_rows_written_again_while_an_index_fills_stand_once():
    index = WrittenMeanwhile("a", None, MAPPINGS)
    first = [Operation("index", name, json.dumps({"number": 1})) for name in ("kept", "gone")]
    index.write([*first, Operation("index", "changed", json.dumps({"number": 1}))])
    index.meanwhile += [
        Operation("delete", "gone"),
        Operation("index", "changed", json.dumps({"number": 2})),
    ]

    index.refresh()

    hits = run_search(index, {"sort": ["number"]})["hits"]["hits"]
    assert [(hit["_id"], hit["_source"]["number"]) for hit in hits] == [("kept", 1), ("changed", 2)]
