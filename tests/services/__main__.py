"""The real servers for development: ``make services`` runs them until Ctrl-C.

PostgreSQL and Redis listen on sockets, Elasticsearch on loopback; their data is thrown away at the
end. What to export for the portal's production settings is printed.
"""

import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import elasticsearch, postgresql, redis
from .processes import free_port


def missing() -> list[str]:
    """What to install, one line for each server that is not there."""
    lines = []
    if postgresql.find_programs() is None:
        lines.append(f"no PostgreSQL: {postgresql.INSTALL}")
    if shutil.which("redis-server") is None:
        lines.append(redis.INSTALL)
    if not elasticsearch.is_installed():
        lines.append(elasticsearch.MISSING)
    return lines


def main() -> int:
    if lines := missing():
        sys.stderr.write("\n".join(lines) + "\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        folders = {}
        for name in ("postgresql", "redis", "elasticsearch"):
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"portal-{name}-"))
            folders[name] = Path(made)
        programs = postgresql.find_programs()
        database = stack.enter_context(
            postgresql.postgresql(programs, folder=folders["postgresql"])
        )
        socket = stack.enter_context(
            redis.redis(shutil.which("redis-server"), folder=folders["redis"])
        )
        nodes = stack.enter_context(
            elasticsearch.elasticsearch(folders["elasticsearch"], [free_port()])
        )
        sys.stdout.write(
            f"export PORTAL_DB_HOST={database} PORTAL_DB_USER=portal"
            f" PORTAL_DB_NAME={postgresql.TEMPLATE}\n"
            f"export PORTAL_BROKER=redis+socket://{socket}\n"
            f"export PORTAL_CACHE=unix://{socket}?db=1\n"
            f"export PORTAL_SEARCH=elasticsearch PORTAL_ELASTICSEARCH={nodes[0].url}\n"
            "Ctrl-C stops them.\n"
        )
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.stdout.write("\nStopping …\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
