from collections.abc import Callable

from django.contrib import messages
from django.http import Http404

from portal.accounts.rules import can_oversee

from ..models import Round
from ..rules import can_run_evaluation
from ..services import UnableToEvaluate

PAGE = 20


def attempt(request, work: Callable[[], object], said: str = "") -> bool:
    """Do ``work`` and say so, or say why it cannot be done."""
    try:
        work()
    except UnableToEvaluate as error:
        messages.error(request, str(error))
        return False
    if said:
        messages.success(request, said)
    return True


def overseen_round(request, pk: int, *, running: bool = False) -> Round:
    """A round for those who watch rounds, or run them; for others it does not exist."""
    may = can_run_evaluation if running else can_oversee
    found = Round.objects.select_related("scheme").filter(pk=pk).first()
    if found is None or not may(request.user):
        raise Http404
    return found


def number_in(request, name: str) -> float | None:
    """A number that somebody typed; nothing, or what is none, is None."""
    try:
        return float(request.POST.get(name, "").strip().replace("，", "."))
    except ValueError:
        return None


def id_in(request, name: str) -> int:
    """An id that a form carries; 0, which nothing has, where it is none."""
    return max(ids_in(request, name), default=0)


def ids_in(request, name: str) -> set[int]:
    return {int(each) for each in request.POST.getlist(name) if each.isdecimal() and len(each) < 19}


def text_in(request, name: str) -> str:
    return request.POST.get(name, "")[:2000]
