"""CP-SAT in a thread that can be listened to and stopped; it leaves Python alone meanwhile."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from .exact import FairModel
from .instance import Schedule
from .limits import Limits
from .progress import Status

LOOK_SECONDS = 0.05


class BackgroundSolve:
    """One solve of a model; ``bound`` is the last that CP-SAT told, None before the first.

    ``value`` is the objective once the solve is over and found something.

    With ``by_cores`` the search is core-guided: poor at finding schedules, good at showing that
    there is none better, so let others look for them meanwhile.
    """

    def __init__(self, fair: FairModel, limits: Limits, *, by_cores: bool = False) -> None:
        from ortools.sat.python import cp_model

        self.fair = fair
        self.status = Status.UNKNOWN
        self.bound: int | None = None
        self.value: int | None = None
        self._found: SimpleQueue[Schedule] = SimpleQueue()
        self._solver = cp_model.CpSolver()
        self._solver.best_bound_callback = self._set_bound
        parameters = self._solver.parameters
        limits.apply(parameters)
        if by_cores:
            parameters.linearization_level = 0
            if limits.workers == 1:
                parameters.optimize_with_core = True
            else:
                parameters.subsolvers.extend(["core", "no_lp"])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def found(self) -> list[Schedule]:
        """Schedules since the last call, best last."""
        schedules = []
        while True:
            try:
                schedules.append(self._found.get_nowait())
            except Empty:
                return schedules

    def wait(self, stopped: Callable[[], bool]) -> list[Schedule]:
        """Everything found by the end or until ``stopped``."""
        while not self.is_over and not stopped():
            self._thread.join(LOOK_SECONDS)
        self.stop()
        return self.found()

    def stop(self) -> None:
        while not self.is_over:
            self._solver.stop_search()
            self._thread.join(LOOK_SECONDS)

    def _run(self) -> None:
        from ortools.sat.python import cp_model

        fair, found = self.fair, self._found

        class Listener(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                found.put(fair.schedule(self.boolean_value))

        status = self._solver.solve(fair.model, Listener())
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.value = round(self._solver.objective_value)
        if status == cp_model.OPTIMAL:
            self.bound = self.value
        named = {
            cp_model.OPTIMAL: Status.OPTIMAL,
            cp_model.FEASIBLE: Status.FEASIBLE,
            cp_model.INFEASIBLE: Status.INFEASIBLE,
        }
        self.status = named.get(status, Status.UNKNOWN)

    def _set_bound(self, bound: float) -> None:
        self.bound = round(bound)
