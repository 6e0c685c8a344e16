from django.db import models
from django.utils.translation import gettext_lazy as _


class FairState(models.TextChoices):
    """Where a fair stands (活动状态)."""

    DRAFT = "DRAFT", _("Being planned")
    REVIEW = "REVIEW", _("Waiting for approval")
    PUBLISHED = "PUBLISHED", _("Announced")
    REG_OPEN = "REG_OPEN", _("Registration open")
    BOOKING = "BOOKING", _("Requests open")
    SCHEDULING = "SCHEDULING", _("Being scheduled")
    SCHEDULE_PUBLISHED = "SCHEDULE_PUBLISHED", _("Schedule published")
    LIVE = "LIVE", _("Under way")
    CLOSED = "CLOSED", _("Over")
    ARCHIVED = "ARCHIVED", _("Archived")
    CANCELLED = "CANCELLED", _("Called off")


ALLOWED_TRANSITIONS: dict[str, set[FairState]] = {
    FairState.DRAFT: {FairState.REVIEW, FairState.CANCELLED},
    FairState.REVIEW: {FairState.DRAFT, FairState.PUBLISHED, FairState.CANCELLED},
    FairState.PUBLISHED: {FairState.REG_OPEN, FairState.CANCELLED},
    FairState.REG_OPEN: {FairState.BOOKING, FairState.LIVE, FairState.CANCELLED},
    FairState.BOOKING: {FairState.SCHEDULING, FairState.LIVE, FairState.CANCELLED},
    FairState.SCHEDULING: {
        FairState.BOOKING,
        FairState.SCHEDULE_PUBLISHED,
        FairState.LIVE,
        FairState.CANCELLED,
    },
    FairState.SCHEDULE_PUBLISHED: {FairState.SCHEDULING, FairState.LIVE, FairState.CANCELLED},
    FairState.LIVE: {FairState.CLOSED, FairState.CANCELLED},
    FairState.CLOSED: {FairState.ARCHIVED},
    FairState.ARCHIVED: set(),
    FairState.CANCELLED: set(),
}
UNPUBLISHED_STATES = frozenset({FairState.DRAFT, FairState.REVIEW})
ENDED_STATES = frozenset({FairState.CLOSED, FairState.ARCHIVED, FairState.CANCELLED})
OPENED_STATES = frozenset({FairState.LIVE, FairState.CLOSED, FairState.ARCHIVED})
REGISTRATION_STATES = frozenset({FairState.REG_OPEN, FairState.BOOKING})


class RequestMode(models.TextChoices):
    """Whether a request has to be accepted (请求方式)."""

    OPT_IN = "OPT_IN", _("The other side accepts each request")
    OPT_OUT = "OPT_OUT", _("A request counts as accepted unless turned down")


class SchedulingMode(models.TextChoices):
    """Who chooses the time of a meeting (排程方式)."""

    ORGANIZER = "ORGANIZER", _("The organizer schedules all meetings before the fair")
    PARTICIPANT = "PARTICIPANT", _("People pick a time when they accept")


class ListVisibility(models.TextChoices):
    """What the list of participants shows (参会名单可见范围)."""

    HIDE_ALL = "HIDE_ALL", _("No list")
    WITH_CONSENT = "WITH_CONSENT", _("Only those who agreed, with their names")
    SHOW_ALL = "SHOW_ALL", _("All organizations; names only of those who agreed")


# From the most reserved to the most open.
VISIBILITY_ORDER = (
    ListVisibility.HIDE_ALL,
    ListVisibility.WITH_CONSENT,
    ListVisibility.SHOW_ALL,
)


class ParticipantRole(models.TextChoices):
    """As what somebody takes part (参会身份)."""

    ENTERPRISE = "ENTERPRISE", _("Enterprise")
    INSTITUTE = "INSTITUTE", _("Research institute")
    UNIVERSITY = "UNIVERSITY", _("University")
    EXPERT = "EXPERT", _("Expert")
    INVESTOR = "INVESTOR", _("Investor")
    INTERMEDIARY = "INTERMEDIARY", _("Intermediary")
    GOVERNMENT = "GOVERNMENT", _("Government")
    MEDIA = "MEDIA", _("Press")
    VISITOR = "VISITOR", _("Visitor")


class SlotKind(models.TextChoices):
    """What a time slot is for (时段类型)."""

    MEETING = "MEETING", _("Meetings")
    BREAK = "BREAK", _("Break")
    BLOCKER = "BLOCKER", _("Kept free for the programme")


class TableKind(models.TextChoices):
    """Where two parties sit down (洽谈位类型)."""

    TABLE = "TABLE", _("Table")
    BOOTH = "BOOTH", _("Booth")
    ONLINE = "ONLINE", _("Online room")


class NewsKind(models.TextChoices):
    """What has happened to an announced fair (变更类型)."""

    MOVED = "MOVED", _("Moved")
    CANCELLED = "CANCELLED", _("Called off")


class Language(models.TextChoices):
    """In which languages people can talk at a fair (活动语言)."""

    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", _("English")


class Step(models.TextChoices):
    """The steps in which a fair is planned (办会步骤)."""

    BASICS = "basics", _("The fair in words")
    PLACE = "place", _("Place and time")
    PEOPLE = "people", _("Who takes part")
    DATES = "dates", _("Dates and rules")
    PRIVACY = "privacy", _("Lists and retention")
    GRID = "grid", _("Sessions and slots")
    TABLES = "tables", _("Tables")
    QUESTIONS = "questions", _("Questions")
