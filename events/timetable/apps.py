from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimetableConfig(AppConfig):
    """The organizer's schedules, and what a participant's day looks like (排期)."""

    name = "events.timetable"
    label = "timetable"
    verbose_name = _("Schedules")
