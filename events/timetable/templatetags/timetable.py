"""What pages show of a version: its tone, the steps of its calculation, how full a slot is."""

from django import template

from events.timetable.enums import Method, Stage, VersionState
from events.timetable.models import ScheduleVersion

register = template.Library()

TONES = {
    VersionState.SOLVING: "amber",
    VersionState.DRAFT: "blue",
    VersionState.PUBLISHED: "lake",
}
LOADS = 5


@register.filter
def version_tone(state: str) -> str:
    return TONES.get(VersionState(state), "")


@register.simple_tag
def version_steps(version: ScheduleVersion) -> list[dict]:
    """The stages of a calculation and which one it is at."""
    left_out = Stage.CHANGES if version.method != Method.CHANGES else None
    stages: list[Stage] = [each for each in Stage if each not in {Stage.DONE, left_out}]
    here = stages.index(Stage(version.stage)) if version.stage in stages else 0
    states = ["done"] * here + ["current"] + [""] * (len(stages) - here - 1)
    return [
        {"label": stage.label, "url": "", "state": state}
        for stage, state in zip(stages, states, strict=True)
    ]


@register.simple_tag
def load_step(used: int, total: int) -> int:
    """From 0, nobody, to 4, nearly full: the shade behind a slot's count."""
    return min(LOADS * used // total, LOADS - 1) if total else 0
