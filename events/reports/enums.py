from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """The parts of a report (总结报告章节)."""

    PEOPLE = "people", _("Who registered and came")
    REQUESTS = "requests", _("Requests and answers")
    MEETINGS = "meetings", _("Meetings")
    OUTCOMES = "outcomes", _("Outcomes of the meetings")
    EXHIBITION = "exhibition", _("Exhibition")
    MONEY = "money", _("Contracts and costs")


class Kind(StrEnum):
    """What the records behind a number are (明细类型)."""

    REGISTRATION = "registration"
    REQUEST = "request"
    MEETING = "meeting"
    SEAT = "seat"
    EXHIBITOR = "exhibitor"
    LEAD = "lead"
    CASE = "case"
    COST = "cost"


class Needs(StrEnum):
    """What only some fairs have (活动构成)."""

    MEETINGS = "meetings"
    EXHIBITION = "exhibition"


class Unit(StrEnum):
    """How a number is read (计量单位)."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    MONEY = "money"


class ProfilePart(models.TextChoices):
    """What a profile is made of that others can judge (参会资料)."""

    ORGANIZATION = "organization", _("Organization")
    POST = "post", _("Post")
    HEADLINE = "headline", _("One line about oneself")
    INDUSTRY = "industry", _("Industry")
    ENTRY = "entry", _("What one brings or seeks")
