"""Searching processes beside the one that leads, each with a seed of its own.

They tell of better schedules through a pipe and end with the process that started them, also
when that was killed.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

from .instance import Instance, Schedule
from .rounds import Allowance, reduce_breaks


@dataclass(frozen=True)
class _Orders:
    instance: Instance
    schedule: Schedule
    seed: int
    target: int
    deadline: float | None
    leader: int


class Crew:
    """``size`` processes that reduce the breaks of ``schedule`` down to ``target``.

    With ``seconds`` they cool down in time for that.
    """

    def __init__(
        self,
        instance: Instance,
        schedule: Schedule,
        *,
        size: int,
        seed: int,
        target: int,
        seconds: float | None = None,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.processes = []
        deadline = None if seconds is None else time.monotonic() + seconds
        for place in range(size):
            ours, theirs = context.Pipe(duplex=False)
            orders = _Orders(instance, schedule, seed + place, target, deadline, os.getpid())
            process = context.Process(target=_search, args=(orders, theirs), daemon=True)
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        for process in self.processes:
            process.kill()
            process.join()
        for pipe in self.pipes:
            pipe.close()

    def news(self) -> Iterator[Schedule]:
        """What the processes have found since."""
        for pipe in self.pipes:
            try:
                while pipe.poll():
                    yield pipe.recv()
            except (EOFError, OSError):
                continue

    def is_over(self) -> bool:
        return not any(process.is_alive() for process in self.processes)


def _search(orders: _Orders, pipe: Any) -> None:
    # Ctrl-C reaches the whole group; the leader says when it is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    allowance = Allowance(orders.deadline, stopped=lambda: os.getppid() != orders.leader)
    with suppress(BrokenPipeError):
        reduce_breaks(
            orders.instance,
            orders.schedule,
            seed=orders.seed,
            allowance=allowance,
            tell=pipe.send,
            target=orders.target,
        )
