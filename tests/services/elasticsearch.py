"""A real Elasticsearch, put together from its Maven artifacts, one node on loopback."""

import os
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from .processes import free_port, require

VERSION = "8.19.21"
HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"elasticsearch-{VERSION}"
START_SECONDS = 90
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


def wait_until_healthy(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    health = f"{url}/_cluster/health?wait_for_status=green&timeout=1s"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=3) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("Elasticsearch did not start")


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory):
    """Address of a single node that ends with the tests."""
    found = shutil.which("java") and shutil.which("mvn")
    require(found, "no JDK and Maven: apt install openjdk-17-jdk-headless maven")
    home, data, port = build_home(), tmp_path_factory.mktemp("elasticsearch"), free_port()
    settings = {
        "node.name": "n0",
        "cluster.name": "tests",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": free_port(),
        "path.data": data / "data",
        "path.logs": data,
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    command = ["java", "-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-cp", f"{home}/lib/*"]
    arguments = [f"{name}={value}" for name, value in settings.items()]
    with (data / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, HERE / "SearchServer.java", home, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process)
        yield url
    finally:
        process.kill()
        process.wait(30)
