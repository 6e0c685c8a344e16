"""What a scan says in words: three lights, each with its title, its reason and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import FORCEABLE, LIGHTS, Direction, Light, Result
from .models import CheckIn

ICONS = {Light.GO: "check", Light.WAIT: "alert", Light.STOP: "close"}
REASONS: dict[str, str | Promise] = {
    Result.OK: _("The ticket is good."),
    Result.ALREADY_IN: _("This ticket has been used already."),
    Result.WRONG_EVENT: _("The ticket is of another fair: look at the day and the place on it."),
    Result.NOT_APPROVED: _("The organizer has not admitted this person: send them to the desk."),
    Result.CANCELLED: _("The registration was withdrawn, or the fair is called off."),
    Result.OUTSIDE_TIME: _("This gate is not open at this time."),
    Result.UNKNOWN_CODE: _("No ticket of this fair: scan again, or look for the name."),
    Result.NEED_ATTENTION: _("This person was never noted as in: let them out, and tell the desk."),
}
NOT_LISTED = _("Not on the list of this device: look at the ticket, and ask the desk.")


@dataclass(frozen=True)
class Answer:
    """One answer as a page shows it; ``previous`` is the scan that used the ticket up."""

    result: Result
    light: Light
    title: str | Promise
    reason: str | Promise
    checkin: CheckIn | None = None
    previous: CheckIn | None = None

    @property
    def icon(self) -> str:
        return ICONS[self.light]

    @property
    def may_force(self) -> bool:
        return self.result in FORCEABLE


def title_of(result: str, direction: str) -> str | Promise:
    if result == Result.OK and direction == Direction.OUT:
        return _("Gone out")
    return LIGHTS.get(result, Light.STOP).label


def answer_to(row: CheckIn) -> Answer:
    result = Result(row.result)
    return Answer(
        result=result,
        light=row.light,
        title=title_of(result, row.direction),
        reason=REASONS[result],
        checkin=row,
        previous=_used_by(row) if result == Result.ALREADY_IN else None,
    )


def _used_by(row: CheckIn) -> CheckIn | None:
    """Who let the person in before, and when: the last scan that held."""
    before = CheckIn.objects.filter(
        gate=row.gate_id, registration=row.registration_id, direction=Direction.IN, at__lte=row.at
    ).exclude(pk=row.pk)
    return (
        before.select_related("duty", "operator")
        .order_by("at", "nonce")
        .filter(standing__in=[Result.OK, Result.OUTSIDE_TIME])
        .last()
    )


def patterns() -> list[tuple[str, Answer]]:
    """Every answer as a page keeps it to say it without network; the key tells which."""
    kept = [(f"{result}-{way}", _pattern(result, way)) for result in Result for way in Direction]
    unlisted = Answer(Result.NEED_ATTENTION, Light.WAIT, Light.WAIT.label, NOT_LISTED)
    return [*kept, ("unlisted", unlisted)]


def _pattern(result: Result, direction: Direction) -> Answer:
    light = LIGHTS.get(result, Light.STOP)
    return Answer(result, light, title_of(result, direction), REASONS[result])
