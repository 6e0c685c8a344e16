from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Where a version of a schedule stands (排期版本状态)."""

    SOLVING = "SOLVING", _("Being calculated")
    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


# An undone publication makes a draft again, and the one before it counts again.
ALLOWED_TRANSITIONS: dict[str, set[VersionState]] = {
    VersionState.SOLVING: {VersionState.DRAFT},
    VersionState.DRAFT: {VersionState.SOLVING, VersionState.PUBLISHED},
    VersionState.PUBLISHED: {VersionState.SUPERSEDED, VersionState.DRAFT},
    VersionState.SUPERSEDED: {VersionState.PUBLISHED},
}


class Method(models.TextChoices):
    """How a version came about (排期方法)."""

    CORES = "cores", _("Exact search from below")
    NEIGHBOURHOODS = "neighbourhoods", _("Search among neighbouring schedules")
    CHANGES = "changes", _("Fewest changes to what was told")
    MANUAL = "manual", _("By hand")


class Stage(models.TextChoices):
    """What the solver is busy with (求解阶段)."""

    WEIGHT = "weight", _("As many wishes as possible")
    CHANGES = "changes", _("As few changes as possible")
    BREAKS = "breaks", _("As few waiting gaps as possible")
    TABLES = "tables", _("Giving tables")
    DONE = "done", _("Finished")


class LateKind(models.TextChoices):
    """What has happened after the plan was made (临时变动类型)."""

    ABSENT = "ABSENT", _("Does not come")
    LATE = "LATE", _("Comes later")
    LEAVES = "LEAVES", _("Leaves earlier")
    TABLE_LOST = "TABLE_LOST", _("Table cannot be used")


class NoticeKind(models.TextChoices):
    """What becomes of one meeting for the people in it (日程变动)."""

    NEW = "new", _("New")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
