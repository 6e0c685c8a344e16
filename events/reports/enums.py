from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """The parts of a report (总结报告章节)."""

    PEOPLE = "people", _("Who registered and came")
    REQUESTS = "requests", _("Requests for meetings")
    MEETINGS = "meetings", _("Meetings")
    OUTCOMES = "outcomes", _("What came of it")
    MONEY = "money", _("Contracts and costs")


class Kind(models.TextChoices):
    """What the records behind a number are (明细类型)."""

    REGISTRATION = "registration", _("Registrations")
    REQUEST = "request", _("Requests")
    MEETING = "meeting", _("Meetings")
    SEAT = "seat", _("People in meetings")
    CONTRACT = "contract", _("Contracts")
    COST = "cost", _("Costs")


class Unit(models.TextChoices):
    """How a number is read (计量单位)."""

    COUNT = "count", _("number")
    SHARE = "share", _("per cent")
    MEAN = "mean", _("per person")
    MONEY = "money", _("yuan")


class ProfilePart(models.TextChoices):
    """What a profile is made of that others can judge (参会资料)."""

    ORGANIZATION = "organization", _("Organization")
    POST = "post", _("Post")
    HEADLINE = "headline", _("One line about oneself")
    INDUSTRY = "industry", _("Industry")
    ENTRY = "entry", _("What one brings or seeks")
