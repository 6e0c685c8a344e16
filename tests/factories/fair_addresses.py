"""Fairs in each of their rooms, and what stands in the addresses of their pages."""

from events.exhibition.models import Lead
from events.gates.models import Gate
from events.gates.services import default_gate, make_link, name_person
from events.meetings.services import arrange_meeting
from events.registration.models import Mailing, Question
from tests.factories.aftermath import aftermath_addresses
from tests.factories.exhibition import Show
from tests.factories.fairs import Hall, checked
from tests.factories.meetings import Market
from tests.factories.past_fairs import report_addresses
from tests.factories.schedules import Timetable


def make_fairs(institute, company):
    """URL name or namespace → the values of its address, for fairs of the institute."""
    values = report_addresses(institute)
    for make in (make_fair, make_meetings, make_schedule, make_exhibition, aftermath_addresses):
        values |= make(institute, company)
    return values


def make_fair(institute, company):
    """A fair of the institute, whose licence is checked, with a registration of the company."""
    hall = Hall(organizer=checked(institute), owner=institute.owner)
    registration = hall.sent(person=company.owner)
    question = Question.objects.create(fair=hall.fair, label="x")
    gate = Gate.objects.create(fair=hall.fair, **default_gate(hall.fair))
    of_duty = {"actor": hall.owner, "fair": hall.fair, "expires_at": hall.fair.page.ends_at}
    name_person(person=company.owner, **of_duty)
    duty, _token = make_link(name="x", **of_duty)
    mailing = Mailing.objects.create(fair=hall.fair, subject="x", body="x", body_en="x")
    shared = {"code": hall.fair.code, "suffix": "csv", "slug": "drafts"}
    pks = {
        "fairs:session": hall.fair.sessions.get().pk,
        "fairs:table": hall.fair.tables.first().pk,
        "gates:revoke": duty.pk,
        "registration:person": registration.pk,
        "registration:question": question.pk,
        "registration:mailing": mailing.pk,
        "registration:guest-report": 1,
        "registration:write-guests": 1,
    }
    return {
        "fairs": {**shared, "action": "cancel", "step": "basics"},
        "gates": {**shared, "pk": gate.pk, "action": "confirm", "handle": "x"},
        "registration": {**shared, "action": "withdraw", "step": "profile"},
        **{name: {"pk": pk} for name, pk in pks.items()},
    }


def make_exhibition(institute, company):
    """An exhibition of the institute, at which the company writes its materials."""
    show = Show(organizer=checked(institute), owner=institute.owner)
    exhibitor, shown = show.written(user=company.owner), show.passed()
    visitor = show.sent(person=company.owner)
    lead = Lead.objects.create(exhibitor=exhibitor, registration=visitor, source="TYPED")
    shared = {"code": show.fair.code, "suffix": "csv", "action": "withdraw", "pk": exhibitor.pk}
    return {
        "exhibition": shared,
        "exhibition:decide": {"action": "accept"},
        "exhibition:hall": {"pk": show.hall.pk},
        "exhibition:exhibit": {"pk": exhibitor.exhibits.get().pk},
        "exhibition:lead": {"pk": lead.pk},
        **{key: {"pk": shown.pk} for key in ["exhibition:exhibitor", "exhibition:card"]},
    }


def make_schedule(institute, company):
    """A fair of the institute that is being scheduled, and a meeting of the company."""
    made = Timetable(companies=0, teams=1, organizer=checked(institute), owner=institute.owner)
    made.companies.append(made.person("ENTERPRISE", person=company.owner))
    made.fill(1)
    meeting = made.fair.meetings.get()
    return {
        "timetable": {"code": made.fair.code, "number": 1, "action": "copy", "pk": meeting.pk},
        "timetable:lift": {"pk": made.fair.late_changes.get().pk},
        "timetable:place": {"pk": meeting.request_id},
    }


def make_meetings(institute, company):
    """A fair of the institute with a request of the company, and a meeting it has there."""
    market = Market(organizer=checked(institute), owner=institute.owner)
    own = market.admitted(person=company.owner)
    other = market.institute()
    request = market.request(own, other)
    meeting = arrange_meeting(
        actor=institute.owner,
        fair=market.fair,
        registrations=[own, market.institute()],
        slot=market.slots[0],
    )
    shared = {"code": market.fair.code, "pk": other.pk, "shelf": "sent", "action": "withdraw"}
    return {
        "meetings": shared,
        "meetings:request": {"pk": request.pk},
        "meetings:act": {"pk": request.pk},
        "meetings:cancel": {"pk": meeting.pk},
        "gates:note": {"code": market.fair.code, "pk": meeting.pk},
        "gates:onsite": {"code": market.fair.code},
    }
