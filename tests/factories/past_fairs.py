"""A fair that is over, small enough to count by hand; written straight into the tables."""

from datetime import timedelta

from django.utils import timezone

from events.aftermath.models import Feedback, MeetingOutcome
from events.exhibition.models import Exhibitor, Lead
from events.fairs.models import Fair
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.models import FairPage
from events.registration.models import Registration
from events.reports.services import begin_series
from portal.taxonomy.models import District, Industry
from tests.factories.accounts import OrganizationFactory
from tests.factories.fairs import Hall, checked, in_days
from tests.factories.oversight import bulk_contracts

WHOLE_PROFILE = {"post": "总工", "headline": "找导热膜"}


class PastFair:
    """People, requests and meetings are added one by one, in the state that a test needs."""

    def __init__(self, hall=None, state="CLOSED", days_ago=200, **values):
        self.hall = hall or Hall(**values)
        fair = self.hall.fair
        Fair.objects.filter(pk=fair.pk).update(state=state)
        FairPage.objects.filter(pk=fair.page_id).update(
            starts_at=in_days(-days_ago), ends_at=in_days(-days_ago, 18)
        )
        self.hall.fair = Fair.objects.with_page().get(pk=fair.pk)
        self.slots = list(self.hall.slots)
        self.tables = list(self.fair.tables.order_by("code"))

    @property
    def fair(self):
        return self.hall.fair

    @property
    def owner(self):
        return self.hall.owner

    def person(self, role="ENTERPRISE", state="CHECKED_IN", *, whole=False, **values):
        """``whole`` profiles lack nothing; others give their organization only."""
        number = Registration.objects.count()
        given = {
            "organization": OrganizationFactory(district=District.objects.get(code="330106")),
            "name": f"参会人{number}",
            "submitted_at": timezone.now(),
            **(WHOLE_PROFILE if whole else {}),
            **({"reject_reason": "不符"} if state == "REJECTED" else {}),
            **values,
        }
        person = Registration.objects.create(fair=self.fair, role=role, state=state, **given)
        if whole:
            person.industries.add(Industry.objects.get(code="new_materials"))
            person.entries.create(kind="SEEK", title="导热膜")
        return person

    def exhibitor(self, state="ON_SHOW"):
        """With a booth in a hall of the fair."""
        hall, _is_new = self.fair.halls.get_or_create(name="一号厅", width=60, depth=12)
        number = hall.booths.count()
        booth = hall.booths.create(code=f"A{number:02d}", x=number * 3, y=0, width=3, depth=3)
        return Exhibitor.objects.create(
            fair=self.fair,
            organization=OrganizationFactory(),
            state=state,
            booth=booth,
            plan="样品",
        )

    def lead(self, exhibitor, visitor, source="SCANNED"):
        return Lead.objects.create(exhibitor=exhibitor, registration=visitor, source=source)

    def request(self, one, other, state="SCHEDULED", **values):
        return MeetingRequest.objects.create(
            fair=self.fair,
            from_registration=one,
            to_registration=other,
            state=state,
            expires_at=timezone.now(),
            **values,
        )

    def meeting(self, *people, slot, state="HELD", request=None, table=0, absent=()):
        place = self.slots[slot]
        meeting = Meeting.objects.create(
            fair=self.fair,
            request=request,
            slot=place,
            table=self.tables[table],
            starts_at=place.starts_at,
            state=state,
            source="REQUEST" if request else "ONSITE",
        )
        is_held = state != "CANCELLED"
        for person in people:
            Seat.objects.create(
                meeting=meeting,
                registration=person,
                slot=place,
                is_held=is_held,
                is_absent=person in absent,
            )
        return meeting

    def said(self, meeting, person, outcome, stage=1):
        return Feedback.objects.create(
            meeting=meeting, registration=person, stage=stage, outcome=outcome
        )

    def contract(self, meeting, *, months=3, amount="100000.00", sides=None):
        """A signed case that began at a meeting, so many months after the fair."""
        on = timezone.localdate(self.fair.page.ends_at) + timedelta(days=30 * months)
        sides = sides or (OrganizationFactory(), OrganizationFactory())
        start = MeetingOutcome.objects.count()
        [contract] = bulk_contracts([sides], on=on, amount=amount, start=9000 + start)
        MeetingOutcome.objects.create(meeting=meeting, case=contract.case)
        return contract

    def fill(self, count):
        """So many meetings between new people, each with feedback, contracts and costs."""
        made, session = self.fair.costs.count(), self.fair.sessions.first()
        for number in range(made, count):
            starts = session.starts_at + timedelta(days=1, minutes=30 * number)
            slot = session.slots.create(
                index=100 + number, starts_at=starts, ends_at=starts + timedelta(minutes=20)
            )
            self.slots.append(slot)
            one, other = self.person(whole=True), self.person("INSTITUTE", whole=True)
            request = self.request(one, other, priority="MUST")
            self.request(one, self.person("INSTITUTE"), "DECLINED", decline_reason="NO_FIT")
            meeting = self.meeting(one, other, slot=len(self.slots) - 1, request=request)
            self.said(meeting, one, "COOPERATION")
            self.said(meeting, one, "AGREEMENT", stage=2)
            self.contract(meeting, sides=(one.organization, other.organization))
            self.fair.costs.create(what="场地", amount=100, entered_by=self.owner)


def make_small_fair(**values) -> PastFair:
    """Ten people, seven requests, five meetings: what the tests of the numbers count by hand."""
    past = PastFair(**values)
    e1, e2, e3 = past.person(whole=True), past.person(), past.person()
    e4, e5 = past.person(state="NO_SHOW"), past.person()
    i1, i2 = past.person("INSTITUTE", whole=True), past.person("INSTITUTE")
    past.person("VISITOR", whole=True)
    past.person(state="REJECTED")
    past.person(state="WITHDRAWN")
    past.person(state="DRAFT")
    past.people = {"e1": e1, "e2": e2, "e3": e3, "e4": e4, "e5": e5, "i1": i1, "i2": i2}
    r1 = past.request(e1, i1, priority="MUST")
    r2 = past.request(e2, i1, answer_priority="MUST")
    r3 = past.request(e3, i1)
    past.request(e1, i2, "DECLINED", decline_reason="NO_FIT")
    past.request(e2, i2, "EXPIRED")
    past.request(e3, i2, "WITHDRAWN")
    r7 = past.request(i2, e4, "CANCELLED", priority="MUST")
    m1 = past.meeting(e1, i1, slot=0, request=r1)
    m2 = past.meeting(e2, i1, slot=1, request=r2, state="NOT_HELD", absent=[e2])
    m3 = past.meeting(e3, i1, slot=3, request=r3)
    past.meeting(i2, e4, slot=0, table=1, request=r7, state="CANCELLED")
    m5 = past.meeting(e2, i2, slot=2)
    past.meetings = [m1, m2, m3, m5]
    past.said(m1, e1, "COOPERATION")
    past.said(m1, i1, "INFORMATIVE")
    past.said(m2, i1, "NOT_HELD")
    past.said(m3, e3, "COOPERATION")
    past.said(m1, e1, "AGREEMENT", stage=2)
    past.said(m1, i1, "AGREEMENT", stage=2)
    past.said(m3, e3, "NEGOTIATION", stage=2)
    return past


def report_addresses(institute) -> dict:
    """What the addresses of reports take: a fair of the institute that is over, in a series."""
    past = PastFair(hall=Hall(organizer=checked(institute), owner=institute.owner))
    series = begin_series(actor=institute.owner, name="x", fairs=[past.fair])
    return {"reports": {"code": past.fair.code, "suffix": "csv", "pk": series.pk}}
