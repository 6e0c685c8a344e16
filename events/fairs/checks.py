"""What a plan lacks before it can be announced, each with the step that mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .enums import SlotKind, Step
from .models import Fair, Slot


@dataclass(frozen=True)
class PlanCheck:
    """One question about a plan: ``advice`` says what to do while it is open."""

    label: str | Promise
    passed: bool
    step: Step
    advice: str | Promise = ""


def plan_checks(fair: Fair) -> list[PlanCheck]:
    """Every check in the order of the steps."""
    return [*_texts(fair), *_place(fair), *_people(fair), *_dates(fair), *_grid(fair)]


def missing_checks(fair: Fair) -> list[PlanCheck]:
    return [check for check in plan_checks(fair) if not check.passed]


def _texts(fair: Fair) -> Iterator[PlanCheck]:
    page = fair.page
    yield PlanCheck(
        _("Name, one line and text"),
        bool(page.title and page.summary and page.body),
        Step.BASICS,
        _("Say in the text who should come and what they leave with."),
    )
    yield PlanCheck(
        _("Industries"),
        page.industries.exists(),
        Step.BASICS,
        _("Choose at least one: people find the fair by it."),
    )


def _place(fair: Fair) -> Iterator[PlanCheck]:
    page = fair.page
    yield PlanCheck(
        _("Time"),
        timezone.now() < page.starts_at < page.ends_at,
        Step.PLACE,
        _("It begins in the future and ends after it begins."),
    )
    yield PlanCheck(
        _("Venue and address"),
        bool(page.venue and (fair.address or page.kind == "ONLINE")),
        Step.PLACE,
        _("Give the hall and the street, so that a driver finds it."),
    )


def _people(fair: Fair) -> Iterator[PlanCheck]:
    roles = list(fair.roles.all())
    yield PlanCheck(_("Roles admitted"), bool(roles), Step.PEOPLE, _("Admit at least one role."))
    if fair.has_meetings:
        yield PlanCheck(
            _("Who may ask whom"),
            fair.pairs.exists(),
            Step.PEOPLE,
            _("Without a pair nobody can ask anybody."),
        )


def _dates(fair: Fair) -> Iterator[PlanCheck]:
    opens, closes, begins = (
        fair.registration_opens_at,
        fair.registration_closes_at,
        fair.page.starts_at,
    )
    yield PlanCheck(
        _("Registration dates"),
        opens is not None and closes is not None and opens < closes <= begins,
        Step.DATES,
        _("It opens before it closes, and closes before the fair begins."),
    )
    if not fair.has_meetings:
        return
    opens, closes = fair.requests_open_at, fair.requests_close_at
    yield PlanCheck(
        _("Request dates"),
        opens is not None and closes is not None and opens < closes <= begins,
        Step.DATES,
        _("Requests open before they close, and close before the fair begins."),
    )


def _grid(fair: Fair) -> Iterator[PlanCheck]:
    if not fair.has_meetings:
        return
    slots = Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
    yield PlanCheck(
        _("Slots for meetings"),
        slots.exists(),
        Step.GRID,
        _("Add a session and have its slots laid out."),
    )
    outside = slots.exclude(starts_at__gte=fair.page.starts_at, ends_at__lte=fair.page.ends_at)
    yield PlanCheck(
        _("Slots within the fair's time"),
        not outside.exists(),
        Step.GRID,
        _("Some slots lie before the fair begins or after it ends."),
    )
    tables = list(fair.tables.all())
    yield PlanCheck(
        _("Tables"), bool(tables), Step.TABLES, _("Meetings need tables: add them in one go.")
    )
    yield PlanCheck(
        _("An accessible table"),
        any(table.is_accessible or table.kind == "ONLINE" for table in tables),
        Step.TABLES,
        _("Mark at least one table that is reached without steps."),
    )
