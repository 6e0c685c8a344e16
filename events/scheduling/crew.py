"""Searching processes beside the one that leads, each with a seed of its own.

They tell of better schedules through a pipe and end with the process that started them, also
when that was killed.
"""

import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Self

from .instance import Instance, Schedule
from .rounds import Allowance, reduce_breaks


class Crew:
    """``size`` processes that reduce the breaks of ``schedule`` down to ``target``."""

    def __init__(
        self, instance: Instance, schedule: Schedule, *, size: int, seed: int, target: int
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.processes = []
        for place in range(size):
            ours, theirs = context.Pipe(duplex=False)
            arguments = (instance, schedule, seed + place, target, theirs)
            process = context.Process(target=_search, args=arguments, daemon=True)
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


def _search(instance: Instance, schedule: Schedule, seed: int, target: int, pipe: Any) -> None:
    leader = os.getppid()
    allowance = Allowance(stopped=lambda: os.getppid() != leader)
    reduce_breaks(instance, schedule, seed=seed, allowance=allowance, tell=pipe.send, target=target)
