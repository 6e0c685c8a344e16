"""A real Redis on a unix socket."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .processes import ordinary_user, require, wait_until

INSTALL = "no Redis: apt install redis-server"


def answers(path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def redis(program: str, *, folder: Path) -> Iterator[Path]:
    """Run a server that keeps nothing; yield the path of its socket."""
    path = folder / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "777", "--save", ""]
    process = subprocess.Popen(
        [program, *options, "--dir", str(folder), "--logfile", str(folder / "redis.log")],
        stdin=subprocess.DEVNULL,
        **ordinary_user(folder),
    )
    try:
        wait_until(lambda: answers(path), "Redis")
        yield path
    finally:
        process.terminate()
        process.wait(10)


def find_program() -> str:
    program = shutil.which("redis-server")
    require(program, INSTALL)
    return str(program)


def make_folder(tmp_path_factory) -> Path:
    """A folder that a server run by another user reaches."""
    folder, root = tmp_path_factory.mktemp("redis"), Path(tempfile.gettempdir())
    for parent in folder.parents:
        if not parent.is_relative_to(root) or parent == root:
            break
        parent.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def redis_socket(tmp_path_factory):
    """Path of the socket of a server that ends with the tests."""
    with redis(find_program(), folder=make_folder(tmp_path_factory)) as path:
        yield path
