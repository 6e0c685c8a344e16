"""``make install`` on a good day and on the bad ones, with a package index of one package."""

import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.delivery.shell import (
    ROOT,
    SECONDS,
    descendants,
    empty,
    fill,
    needs_mount,
    read_only,
    run,
    small_disk,
    started,
    survivors,
)
from tests.services.processes import free_port

INSTALLING = "install: installing the pinned packages into .venv; this takes about a minute\n"


def wheel(name):
    about = f"{name}-1.0.dist-info"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, lines in {
            f"{name}.py": [],
            f"{about}/WHEEL": ["Wheel-Version: 1.0", "Root-Is-Purelib: true", "Tag: py3-none-any"],
            f"{about}/METADATA": ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"],
            f"{about}/RECORD": [],
        }.items():
            archive.writestr(zipfile.ZipInfo(path), "\n".join(lines))
    return file.getvalue()


WHEELS = {name: wheel(name) for name in ("tiny", "tool")}


def pin(name):
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(WHEELS[name]).hexdigest()}\n"


class Index(ThreadingHTTPServer):
    """A package index; ``before`` is called when a package is asked for, before it is sent."""

    before = staticmethod(lambda: None)
    daemon_threads = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/simple"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/").split("/")[-1].split("-")[0]
        if self.path.endswith(".whl"):
            self.server.before()
            self.send(WHEELS[name], "application/zip")
        else:
            link = f'<a href="/{name}-1.0-py3-none-any.whl">{name}-1.0-py3-none-any.whl</a>'
            self.send(link.encode(), "text/html")

    def send(self, body, kind):
        try:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # pip was killed

    def log_message(self, *_):
        pass


@pytest.fixture
def index():
    with Index(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def surroundings(monkeypatch, index):
    """Let pip know of nothing but the index of this test."""
    for name in os.environ:
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("PYTHON", sys.executable)


def make_project(folder):
    """Put a project there that needs one package, and a second one for development."""
    for name in ("Makefile", "deploy/install", "deploy/install.py"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "requirements").mkdir()
    (folder / "requirements" / "base.txt").write_text(pin("tiny"))
    (folder / "requirements" / "dev.txt").write_text(pin("tiny") + pin("tool"))
    return folder


def said(result):
    """What the person reads, without what make says of every failure."""
    return re.sub(r"make: \*\*\* .* Error 1\n$", "", result.stderr)


def can_import(folder, *names):
    command = [folder / ".venv" / "bin" / "python", "-c", f"import {', '.join(names)}"]
    return (
        subprocess.run(command, check=False, timeout=SECONDS, stderr=subprocess.DEVNULL).returncode
        == 0
    )


def end_when_asked(index, end, *command, folder):
    """Start a command, end it when pip asks for a package; return who outlives it."""
    asked, ended = threading.Event(), threading.Event()
    index.before = lambda: (asked.set(), ended.wait(SECONDS))
    with started(*command, folder=folder) as process:
        assert asked.wait(SECONDS)
        family = descendants(process.pid)
        end(process)
        left = survivors(family)
        ended.set()
        output = process.communicate(timeout=SECONDS)
    index.before = lambda: None
    assert len(family) >= 1
    return left, output


@pytest.mark.usefixtures("surroundings")
def test_an_interrupted_installation_is_built_anew(tmp_path, index):
    project = make_project(tmp_path)

    left, _ = end_when_asked(
        index, lambda process: process.kill(), "make", "install", folder=project
    )
    assert left == set()
    left, (_, complaint) = end_when_asked(
        *[index, lambda process: os.killpg(process.pid, signal.SIGINT), "make", "install"],
        folder=project,
    )
    assert left == set()
    assert complaint.splitlines()[1] == (
        "install: interrupted; run the same command again, a half-made .venv is built anew"
    )
    assert not can_import(project, "tiny")

    whole = run("make", "install", folder=project)
    again = run("make", "install", folder=project)

    assert (whole.returncode, whole.stdout, whole.stderr) == (0, "", INSTALLING)
    assert can_import(project, "tiny")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.usefixtures("surroundings")
def test_interrupted_tools_leave_the_portal_usable(tmp_path, index):
    project = make_project(tmp_path)
    assert run("make", "install", folder=project).returncode == 0

    end_when_asked(index, lambda process: process.kill(), "deploy/install", "dev", folder=project)
    half_made = project / ".venv" / "half-made"
    half_made.touch()
    portal = run("make", "install", folder=project)
    assert (portal.returncode, portal.stderr) == (0, "")
    assert can_import(project, "tiny")

    tools = run("deploy/install", "dev", folder=project)
    assert (tools.returncode, tools.stderr) == (0, INSTALLING)
    assert can_import(project, "tiny", "tool")
    assert not half_made.exists()


@pytest.mark.usefixtures("surroundings")
def test_no_network_is_named_in_one_line(tmp_path):
    project = make_project(tmp_path)

    result = run(
        "make", "install", folder=project, PIP_INDEX_URL=f"http://127.0.0.1:{free_port()}/simple"
    )

    assert result.returncode == 2
    assert said(result) == (
        f"{INSTALLING}install: the package index cannot be reached; connect to the network "
        f"or set PIP_INDEX_URL to a mirror\n"
    )


@needs_mount
@pytest.mark.usefixtures("surroundings")
def test_a_full_disk_is_named_before_anything_is_made(tmp_path):
    with small_disk(tmp_path / "disk", 50) as disk:
        project = make_project(disk)
        free = shutil.disk_usage(disk).free // 10**6

        result = run("make", "install", folder=project)

        assert result.returncode == 2
        assert said(result) == (
            f"install: the disk is full; {project} needs 600 MB, {free} MB are free\n"
        )
        assert not (project / ".venv").exists()


@needs_mount
@pytest.mark.usefixtures("surroundings")
def test_a_disk_that_fills_is_named_and_room_mends_it(tmp_path, index):
    with small_disk(tmp_path / "disk", 700) as disk:
        project = make_project(disk)
        index.before = lambda: fill(disk)

        full = run("make", "install", folder=project, TMPDIR=tmp_path)
        empty(disk)
        index.before = lambda: None
        mended = run("make", "install", folder=project, TMPDIR=tmp_path)

        assert full.returncode == 2
        assert said(full) == (
            f"{INSTALLING}install: the disk is full; free some space in {project} or {tmp_path}\n"
        )
        assert (mended.returncode, mended.stderr) == (0, INSTALLING)
        assert can_import(project, "tiny")


@needs_mount
@pytest.mark.usefixtures("surroundings")
def test_a_read_only_folder_is_named_in_one_line(tmp_path):
    with read_only(make_project(tmp_path / "project")) as project:
        result = run("make", "install", folder=project)

        assert result.returncode == 2
        assert said(result) == (
            f"install: {project} cannot be written; change its owner or copy the project "
            f"to a folder of your own\n"
        )


def test_missing_venv_module_names_the_package(tmp_path):
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)

    result = run("deploy/install", "base", PYTHON=python)

    assert result.returncode == 1
    assert result.stderr == (
        f"install: {python} cannot make a virtual environment; "
        "on Debian: apt install python3-venv\n"
    )


def test_missing_python_names_the_package(tmp_path):
    result = run("deploy/install", "base", PYTHON=tmp_path / "python3")

    assert result.returncode == 1
    assert result.stderr == (
        f"install: no Python 3.11 or newer found at {tmp_path / 'python3'}; "
        "on Debian: apt install python3 python3-venv\n"
    )
