"""The records behind a number as tables: for each kind its columns and what a line says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from achievements.amounts import write_yuan
from events.aftermath.enums import Stage
from events.exhibition.models import Exhibitor, Lead
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.registration.models import Registration
from matchmaking.cases.models import ConversionCase
from portal.accounts.models import User

from .enums import Kind
from .models import FairCost


@dataclass(frozen=True)
class Cell:
    """``raw`` is what a spreadsheet gets, where that is more than the text."""

    label: str
    text: str
    url: str = ""
    raw: Any = None


Line = list[Cell]


@dataclass(frozen=True)
class Records:
    """A kind's rows as a person may read them, and the cells of a row."""

    rows: Callable[[User], QuerySet]
    line: Callable[[Any], Line]


def read_lines(kind: str, records: Iterable[int], user: User) -> list[Line]:
    """Lines in the order of ``records``; those that the person may not read are left out."""
    wanted = list(records)
    source = RECORDS[Kind(kind)]
    found = {row.pk: row for row in source.rows(user).filter(pk__in=wanted)}
    return [source.line(found[pk]) for pk in wanted if pk in found]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "–"


def _name(person: Registration) -> str:
    """Names are erased when the retention is over; the number of the row stays."""
    return person.name or f"#{person.pk}"


def _who(label: str, person: Registration) -> Cell:
    named = " · ".join(each for each in (_name(person), person.organization_label) if each)
    return Cell(label, named, _person_url(person))


def _person_url(person: Registration) -> str:
    return reverse("registration:person", args=[person.fair.code, person.pk])


def _registration(row: Registration) -> Line:
    return [
        Cell(_("Name"), _name(row), _person_url(row)),
        Cell(_("Organization"), row.organization_label or "–"),
        Cell(_("Role at the fair"), row.get_role_display()),
        Cell(_("State"), row.get_state_display()),
        Cell(_("Registered on"), _moment(row.submitted_at)),
    ]


def _request(row: MeetingRequest) -> Line:
    wishes = [row.get_priority_display()]
    if row.answer_priority:
        wishes.append(row.get_answer_priority_display())
    return [
        Cell(_("Who asks"), *_pair(row.from_registration)),
        Cell(_("Who is asked"), *_pair(row.to_registration)),
        Cell(_("Wish"), " · ".join(wishes)),
        Cell(_("State"), row.get_state_display()),
        Cell(_("Reason"), row.get_decline_reason_display() or "–"),
        Cell(_("Sent on"), _moment(row.created_at)),
    ]


def _pair(person: Registration) -> tuple[str, str]:
    cell = _who("", person)
    return cell.text, cell.url


def _meeting(row: Meeting) -> Line:
    people = [seat.registration for seat in row.seats.all()]
    return [
        Cell(_("Time"), _moment(row.starts_at)),
        Cell(_("Table"), row.table.code if row.table else "–"),
        Cell(_("Who meets"), "；".join(_who("", person).text for person in people)),
        Cell(_("State"), row.get_state_display()),
        Cell(_("How it came about"), row.get_source_display()),
    ]


def _seat(row: Seat) -> Line:
    """By organization: what a single person thinks of another is no matter of a report."""
    said = {
        each.stage: each.get_outcome_display()
        for each in row.meeting.feedback.all()
        if each.registration_id == row.registration_id
    }
    return [
        Cell(_("Time"), _moment(row.meeting.starts_at)),
        Cell(_("Organization"), row.registration.organization_label or "–"),
        Cell(str(Stage.FIRST.label), said.get(Stage.FIRST, "–")),
        Cell(str(Stage.SECOND.label), said.get(Stage.SECOND, "–")),
    ]


def _exhibitor(row: Exhibitor) -> Line:
    url = reverse("exhibition:application", args=[row.fair.code, row.pk])
    return [
        Cell(_("Exhibitor"), row.label, url),
        Cell(_("Organization"), row.organization.label),
        Cell(_("Booth"), row.booth.code if row.booth else "–"),
        Cell(_("State"), row.get_state_display()),
    ]


def _lead(row: Lead) -> Line:
    """Who the visitor is only the exhibitor knows."""
    return [
        Cell(_("Exhibitor"), row.exhibitor.label),
        Cell(_("Booth"), row.exhibitor.booth.code if row.exhibitor.booth else "–"),
        Cell(_("Source"), row.get_source_display()),
        Cell(_("Visitor's consent"), _("Consent given") if row.agreed else _("Not given")),
    ]


def _case(row: ConversionCase) -> Line:
    amount = row.contract_total
    return [
        Cell(_("Code"), row.code, row.get_absolute_url()),
        Cell(_("Title"), row.title),
        Cell(_("Stage"), row.get_stage_display()),
        Cell(_("Signed on"), f"{row.signed_on:%Y-%m-%d}" if row.signed_on else "–"),
        Cell(_("Contract amount"), write_yuan(amount) or "–", raw=amount),
    ]


def _cost(row: FairCost) -> Line:
    return [
        Cell(_("What for"), row.what),
        Cell(_("Amount"), write_yuan(row.amount), raw=row.amount),
        Cell(_("Entered by"), row.entered_by.name if row.entered_by else "–"),
        Cell(_("Entered on"), _moment(row.entered_at)),
    ]


PEOPLE = Registration.objects.select_related("organization", "fair")
RECORDS = {
    Kind.REGISTRATION: Records(lambda user: PEOPLE.all(), _registration),
    Kind.REQUEST: Records(
        lambda user: MeetingRequest.objects.select_related(
            "from_registration__organization",
            "from_registration__fair",
            "to_registration__organization",
            "to_registration__fair",
        ),
        _request,
    ),
    Kind.MEETING: Records(
        lambda user: Meeting.objects.select_related("table").prefetch_related(
            Prefetch("seats__registration", PEOPLE.all())
        ),
        _meeting,
    ),
    Kind.SEAT: Records(
        lambda user: Seat.objects.select_related(
            "registration__organization", "meeting"
        ).prefetch_related("meeting__feedback"),
        _seat,
    ),
    Kind.EXHIBITOR: Records(
        lambda user: Exhibitor.objects.select_related("organization", "fair", "booth"),
        _exhibitor,
    ),
    Kind.LEAD: Records(
        lambda user: Lead.objects.with_consent().select_related(
            "exhibitor__organization", "exhibitor__booth"
        ),
        _lead,
    ),
    # Cases are their parties' own: the fair's organizer reads those that it may read.
    Kind.CASE: Records(ConversionCase.objects.for_user, _case),
    Kind.COST: Records(lambda user: FairCost.objects.select_related("entered_by"), _cost),
}
