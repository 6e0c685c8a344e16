"""Build ``.venv`` from the pinned requirements, whole or not at all.

A stamp inside ``.venv`` holds the hash of the requirements it was built from and is written
last; an environment without a stamp was interrupted, is never trusted and is built again.
What is added to a finished one is marked until it is whole, so that the finished part stands.
Virtual environments cannot be moved, which is why this is not a side folder and a rename.
Runs before anything is installed: standard library only.
"""

import ctypes
import fcntl
import functools
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ADDING = VENV / ".adding"
NEEDED_BYTES = {"base": 600_000_000, "dev": 1_200_000_000}
FULL_BYTES = 10_000_000
FULL = "the disk is full; free some space in {root} or {temporary}"
PR_SET_PDEATHSIG = 1

# What pip says, and what the person at the keyboard can do about it.
EXPLANATIONS = {
    r"No space left on device|Disk quota exceeded": FULL,
    r"Read-only file system|Permission denied": "{root} cannot be written; change its owner or "
    "copy the project to a folder of your own",
    r"DO NOT MATCH THE HASHES": "a downloaded package differs from the pinned one; "
    "run 'pip cache purge' or ask whoever keeps your package mirror",
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Temporary failure in name"
    r"|Network is unreachable|Connection refused|Could not fetch URL|SSLError": "the package "
    "index cannot be reached; connect to the network or set PIP_INDEX_URL to a mirror",
    r"ensurepip": "Python's venv module is incomplete; on Debian: apt install python3-venv",
}


class UnableToInstall(Exception):
    """The environment could not be built; the message says what to do."""


def fingerprint(name: str) -> str:
    """Hash what decides the content of ``.venv``: the pins and the interpreter."""
    pins = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return hashlib.sha256(pins + sys.version.encode() + sys.base_prefix.encode()).hexdigest()


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def is_stamped(name: str) -> bool:
    try:
        return stamp(name).read_text() == fingerprint(name) and os.access(PYTHON, os.X_OK)
    except OSError:
        return False


def is_installed(name: str) -> bool:
    """``dev`` holds every pin of ``base``, so either stamp vouches for ``base``."""
    return is_stamped(name) or (name == "base" and is_stamped("dev"))


@contextmanager
def locked() -> Iterator[None]:
    """Let one installation at a time work in this folder; pip inherits the lock."""
    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another installation is running in this folder; waiting for it to end")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def run(*command: str | Path) -> None:
    """Run a step in silence.

    Raises UnableToInstall with one line when the step fails.
    """
    dropped = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH"}
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    process = subprocess.Popen(  # noqa: S603  fixed commands
        list(map(str, command)),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        close_fds=False,
        preexec_fn=functools.partial(die_with, os.getpid()),  # noqa: PLW1509  one thread here
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode:
        raise UnableToInstall(explain(output))


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def explain(output: str) -> str:
    """Turn the output of a failed step into one line."""
    places = {"root": ROOT, "temporary": tempfile.gettempdir()}
    if shutil.disk_usage(ROOT).free < FULL_BYTES:  # some steps do not say why they failed
        return FULL.format(**places)
    for pattern, explanation in EXPLANATIONS.items():
        if re.search(pattern, output):
            return explanation.format(**places)
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no reason given"]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return errors[-1]


def build(name: str) -> None:
    """Create what is missing and stamp it."""
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES[name]:
        raise UnableToInstall(
            f"the disk is full; {ROOT} needs {NEEDED_BYTES[name] // 10**6} MB, "
            f"{free // 10**6} MB are free"
        )
    if ADDING.exists() or not is_installed("base"):
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(VENV)
        run(sys.executable, "-m", "venv", VENV)
    ADDING.touch()
    say("installing the pinned packages into .venv; this takes about a minute")
    pip = (PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", "--retries=2")
    run(*pip, "-r", ROOT / "requirements" / f"{name}.txt")
    stamp(name).write_text(fingerprint(name))
    ADDING.unlink()


def compile_catalogues() -> None:
    """Compile the message catalogues that changed."""
    sources = list((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    if any(is_stale(source) for source in sources):
        run(PYTHON, ROOT / "deploy" / "catalogue.py", "compile")


def is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def say(text: str) -> None:
    print(f"install: {text}", file=sys.stderr, flush=True)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(name: str) -> int:
    if parent := os.environ.pop("PORTAL_PARENT", ""):
        die_with(int(parent))  # a killed make takes the installation along
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupt)
    try:
        with locked():
            if not is_installed(name):
                build(name)
            compile_catalogues()
    except KeyboardInterrupt:
        say("interrupted; run the same command again, a half-made .venv is built anew")
        return 130
    except UnableToInstall as error:
        say(str(error))
        return 1
    except OSError as error:
        say(explain(f"{error.strerror}: {error.filename}"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
