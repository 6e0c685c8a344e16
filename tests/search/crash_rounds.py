"""Kill the index's writers with -9, again and again, and look what is lost.

Run as a program: ``python crash_rounds.py FOLDER ROUNDS SEED``. It forks two writers per round into
the same folder, kills both at a random moment, and lets a fresh process check the index: each
acknowledged write is found by search, at its version, once. Prints one JSON line.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from elasticsearch import Elasticsearch

from search.embedded import EmbeddedNode

INDEX = "crash"
WRITERS = 2
SHARED_IDS = 20
WINDOW = 10_000
MAPPINGS = {
    "properties": {
        "title": {"type": "text", "analyzer": "whitespace"},
        "number": {"type": "long"},
    }
}


def connect(folder: Path) -> Elasticsearch:
    return Elasticsearch("http://embedded:9200", node_class=EmbeddedNode.at(folder))


def write_for_ever(folder: Path, acknowledged: int, round_number: int, writer: int) -> None:
    """Write batches until killed; each line in the pipe is an acknowledged id and version."""
    client = connect(folder)
    chance = random.Random(round_number * 10 + writer)
    number = 0
    while True:
        batch, said = [], []
        for _ in range(chance.randint(1, 8)):
            number += 1
            own = chance.random() < 0.8
            name = str(chance.randrange(SHARED_IDS))
            doc_id = f"{round_number}-{writer}-{number}" if own else f"shared-{name}"
            version = time.time_ns()
            header = {"_id": doc_id, "version": version, "version_type": "external"}
            batch += [{"index": header}, {"title": f"word{number % 7}", "number": number}]
            said.append((doc_id, version))
        refresh = True if chance.random() < 0.2 else None
        answer = client.bulk(index=INDEX, operations=batch, refresh=refresh)
        for (doc_id, version), item in zip(said, answer["items"], strict=True):
            if item["index"]["status"] in {200, 201}:
                os.write(acknowledged, f"{doc_id} {version}\n".encode())


def fork(work) -> int:
    """Run ``work`` in a child; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException as error:  # noqa: BLE001  a child must not return into the parent's code
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def check(folder: Path, acknowledged: dict[str, int]) -> None:
    client = connect(folder)
    client.indices.refresh(index=INDEX)
    body = {"size": WINDOW, "sort": ["number"], "version": True, "_source": False}
    found: dict[str, int] = {}
    hits = client.search(index=INDEX, body=body)["hits"]
    for hit in hits["hits"]:
        assert hit["_id"] not in found, f"{hit['_id']} twice"
        found[hit["_id"]] = hit["_version"]
    assert hits["total"]["value"] == len(found), "more documents than the window shows"
    for doc_id, version in acknowledged.items():
        assert found.get(doc_id, -1) >= version, f"{doc_id} lost: {found.get(doc_id)} < {version}"


def play_round(folder: Path, number: int, chance: random.Random, known: dict[str, int]) -> bool:
    reader, pipe = os.pipe()
    pids = [
        fork(lambda writer=writer: write_for_ever(folder, pipe, number, writer))
        for writer in range(WRITERS)
    ]
    os.close(pipe)
    time.sleep(chance.uniform(0.02, 0.25))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)
    with os.fdopen(reader) as lines:
        for line in lines.read().splitlines():
            doc_id, _, version = line.partition(" ")
            known[doc_id] = max(known.get(doc_id, 0), int(version))
    _, status = os.waitpid(fork(lambda: check(folder, known)), 0)
    return status == 0


def main(folder: Path, rounds: int, seed: int) -> None:
    def create():
        connect(folder).indices.create(index=INDEX, mappings=MAPPINGS)

    os.waitpid(fork(create), 0)
    chance, known, good = random.Random(seed), {}, 0
    for number in range(rounds):
        good += play_round(folder, number, chance, known)
    sys.stdout.write(json.dumps({"rounds": rounds, "good": good, "acknowledged": len(known)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
