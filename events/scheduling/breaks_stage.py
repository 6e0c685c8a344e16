"""Stage 2: with the weight held, the fewest breaks and how few there can be at all.

Fairs whose meetings all take place go to the core-guided search for a proof while others look for
schedules. Fairs with more wishes than slots are searched by all workers, and what their people's
free slots force says how far they could still get.
"""

import time

from .background import LOOK_SECONDS, BackgroundSolve
from .ceiling import bound_breaks
from .checker import measure
from .crew import Crew
from .exact import FairModel
from .instance import Schedule
from .progress import Method, Status
from .rounds import reduce_breaks
from .run import Run

SHARE_OF_SEARCH = 0.3


def close_breaks(run: Run, start: Schedule) -> None:
    """Reduce breaks from ``start`` until they are proved least or the time is over."""
    weight = measure(run.instance, start).weight
    run.raise_bound(bound_breaks(run.instance, weight))
    if run.is_proved:
        return
    if run.limits.workers == 1:
        _alone(run, start)
    else:
        _together(run, start)


def _alone(run: Run, start: Schedule) -> None:
    """One process, one thing after the other; with a seed and an effort it repeats exactly."""
    share = SHARE_OF_SEARCH if run.method is Method.CORES else 1.0
    reduce_breaks(
        run.instance,
        start,
        seed=run.limits.seed,
        allowance=run.allowance(share),
        tell=run.offer,
        target=run.bound,
    )
    if run.method is Method.CORES and not run.is_proved and not run.is_over():
        proof = _begin_proof(run, run.best or start, workers=1)
        for schedule in proof.wait(lambda: run.is_over() or _listen(run, proof)):
            run.offer(schedule)
        _listen(run, proof)


def _together(run: Run, start: Schedule) -> None:
    by_cores = run.method is Method.CORES
    provers = run.limits.workers // 2 if by_cores else 0
    with Crew(
        run.instance,
        start,
        size=run.limits.workers - provers,
        seed=run.limits.seed,
        target=run.bound,
        seconds=run.seconds_left,
    ) as crew:
        proof = _begin_proof(run, start, provers) if by_cores else None
        while not run.is_over() and not run.is_proved and not run.is_infeasible:
            for schedule in crew.news():
                run.offer(schedule)
            if proof is not None and _listen(run, proof):
                break
            if proof is None and crew.is_over():
                break
            time.sleep(LOOK_SECONDS)
        for schedule in crew.news():
            run.offer(schedule)
        if proof is not None:
            proof.stop()
            _listen(run, proof)


def _begin_proof(run: Run, start: Schedule, workers: int) -> BackgroundSolve:
    fair = FairModel(run.instance)
    fair.model.minimize(sum(fair.count_breaks()))
    fair.hint(start)
    return BackgroundSolve(fair, run.share(workers=workers), by_cores=True)


def _listen(run: Run, proof: BackgroundSolve) -> bool:
    """Take what the proof has found; say whether it is over."""
    over = proof.is_over
    for schedule in proof.found():
        run.offer(schedule)
    if proof.bound is not None:
        run.raise_bound(proof.bound)
    run.is_infeasible = proof.status is Status.INFEASIBLE
    return over or run.is_proved
