"""A real Elasticsearch, put together from its Maven artifacts, on loopback.

``python -m tests.services.elasticsearch COMMAND …`` starts one node, runs the command with the
portal's settings pointing to it, stops the node and ends with the command's exit status.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .processes import free_port, require

VERSION = "8.19.21"
HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"elasticsearch-{VERSION}"
START_SECONDS = 90
MISSING = "no JDK and Maven: apt install openjdk-17-jdk-headless maven"
BUILD_SECONDS = 300
PLUGIN = f"""name=transport-netty4
description=http
version={VERSION}
elasticsearch.version={VERSION}
java.version=17
classname=org.elasticsearch.transport.netty4.Netty4Plugin
"""


def build_home() -> Path:
    """Fetch the server's jars once and lay them out as the server expects them."""
    done = CACHE / "done"
    if done.exists():
        return CACHE
    shutil.rmtree(CACHE, ignore_errors=True)
    lib, module = CACHE / "lib", CACHE / "modules" / "transport-netty4"
    module.mkdir(parents=True)
    (CACHE / "config").mkdir()
    shutil.copy(HERE / "pom.xml", CACHE)
    subprocess.run(
        [
            *["mvn", "-q", "-B", "-f", CACHE / "pom.xml", f"-Delasticsearch.version={VERSION}"],
            *["dependency:copy-dependencies", f"-DoutputDirectory={lib}"],
        ],
        check=True,
        timeout=BUILD_SECONDS,
    )
    for pattern in ("netty-*.jar", "transport-netty4-*.jar"):
        for jar in lib.glob(pattern):
            jar.rename(module / jar.name)
    (module / "plugin-descriptor.properties").write_text(PLUGIN)
    done.touch()
    return CACHE


@dataclass
class SearchNode:
    """One running node: its name, its address and its process."""

    name: str
    url: str
    process: subprocess.Popen

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)


def start_nodes(folder: Path, ports: Sequence[int]) -> list[SearchNode]:
    """Start one node per port, a cluster if there are several; what is in ``folder`` is kept."""
    home, transports = build_home(), [free_port() for _ in ports]
    names = [f"n{number}" for number in range(len(ports))]
    discovery = {
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transports),
        "cluster.initial_master_nodes": ",".join(names),
    }
    nodes = []
    for name, port, transport in zip(names, ports, transports, strict=True):
        settings = {
            "node.name": name,
            "cluster.name": "tests",
            "network.host": "127.0.0.1",
            "http.port": port,
            "transport.port": transport,
            "path.data": folder / name,
            "path.logs": folder,
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **(discovery if len(ports) > 1 else {"discovery.type": "single-node"}),
        }
        command = ["java", "-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-cp", f"{home}/lib/*"]
        arguments = [f"{key}={value}" for key, value in settings.items()]
        with (folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [*command, HERE / "SearchServer.java", home, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        nodes.append(SearchNode(name, f"http://127.0.0.1:{port}", process))
    return nodes


def wait_until_healthy(nodes: Sequence[SearchNode]) -> None:
    """Return when the first node answers for all of them; raise ``TimeoutError``."""
    deadline = time.monotonic() + START_SECONDS
    health = f"_cluster/health?wait_for_nodes={len(nodes)}&wait_for_status=green&timeout=1s"
    while time.monotonic() < deadline and all(node.process.poll() is None for node in nodes):
        try:
            with urllib.request.urlopen(f"{nodes[0].url}/{health}", timeout=3) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"Elasticsearch did not start within {START_SECONDS} seconds")


@contextmanager
def elasticsearch(folder: Path, ports: Sequence[int]) -> Iterator[list[SearchNode]]:
    """Run healthy nodes that end with the block."""
    nodes = start_nodes(folder, ports)
    try:
        wait_until_healthy(nodes)
        yield nodes
    finally:
        for node in nodes:
            node.kill()


def is_installed() -> bool:
    return bool(shutil.which("java") and shutil.which("mvn"))


@pytest.fixture
def start_elasticsearch(tmp_path):
    """Return a function that starts nodes on ports, over the data the test has had before."""
    require(is_installed(), MISSING)
    with ExitStack() as stack:

        def start(ports: Sequence[int]) -> list[SearchNode]:
            return stack.enter_context(elasticsearch(tmp_path, ports))

        yield start


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory):
    """Address of a single node that ends with the tests."""
    require(is_installed(), MISSING)
    with elasticsearch(tmp_path_factory.mktemp("elasticsearch"), [free_port()]) as nodes:
        yield nodes[0].url


def main(command: list[str]) -> int:
    if not is_installed():
        sys.stderr.write(f"{MISSING}; what needs Elasticsearch is left out\n")
        return 1 if os.environ.get("CI") else 0
    with (
        tempfile.TemporaryDirectory(prefix="portal-elasticsearch-") as name,
        elasticsearch(Path(name), [free_port()]) as nodes,
    ):
        environment = {
            **os.environ,
            "PORTAL_SEARCH": "elasticsearch",
            "PORTAL_ELASTICSEARCH": nodes[0].url,
        }
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
