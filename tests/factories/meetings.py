"""A fair whose requests are open, with people on both sides, through the ordinary services."""

from datetime import timedelta

from django.utils import timezone

from events.fairs import services as fairs
from events.fairs.models import Slot
from events.meetings.models import Meeting, MeetingRequest, NoMeet, Seat
from events.meetings.services import accept_request, send_request
from events.registration.models import Availability, Registration
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, ConsentText
from portal.taxonomy.models import Industry
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import Hall, fresh


class Market(Hall):
    """Requests are open; ``picks`` lets people choose the time, ``opt_out`` needs no answer."""

    def __init__(self, *, picks=False, opt_out=False, state="BOOKING", **values):
        if picks:
            values["scheduling_mode"] = "PARTICIPANT"
        if opt_out:
            values["request_mode"] = "OPT_OUT"
        super().__init__(state=state, **values)

    def enterprise(self, **more):
        return self._taking_part("ENTERPRISE", **more)

    def institute(self, **more):
        return self._taking_part("INSTITUTE", **more)

    def _taking_part(self, role, **more):
        organization = more.pop("organization", None) or OrganizationFactory()
        registration = self.admitted(person=UserFactory(), role=role, **more)
        registration.organization, registration.organization_name = organization, ""
        registration.save(update_fields=["organization", "organization_name"])
        return registration

    def request(self, one=None, other=None, **more) -> MeetingRequest:
        one, other = one or self.enterprise(), other or self.institute()
        return send_request(actor=one.person, registration=one, other=other, **more)

    def agreed(self, one=None, other=None, *, slot=None, answer="", **more) -> MeetingRequest:
        request = self.request(one, other, **more)
        return accept_request(
            actor=request.to_registration.person, request=request, slot=slot, priority=answer
        )

    def busy(self, registration, *slots: Slot):
        Availability.objects.bulk_create(
            Availability(registration=registration, slot=slot, state="BUSY") for slot in slots
        )

    def only_tables(self, count):
        extra = list(self.fair.tables.order_by("code").values_list("pk", flat=True))[count:]
        fairs.remove_tables(actor=self.owner, fair=self.fair, tables=extra)

    def edit(self, **values):
        self.fair = fairs.edit_fair(actor=self.owner, fair=fresh(self.fair), values=values)


def fill_market(market, own, count):
    """As many people to ask, requests on each shelf, meetings and refusals as wanted."""
    fair = market.fair
    made = fair.no_meets.count()
    text = ConsentText.objects.filter(purpose=ConsentPurpose.FAIR_PEERS).latest("version")
    for number in range(made, count):
        people = [_guest(fair, text, f"{number}.{place}") for place in range(5)]
        asked, asking, mutual, refused, _free = people
        about = own.entries.create(kind="SEEK", title=f"石墨烯导热膜{number}")
        later = timezone.now() + timedelta(days=3)
        rows = [
            (own, asked, "SENT", ""),
            (asking, own, "SENT", ""),
            (own, mutual, "ACCEPTED", "MUST"),
        ]
        requests = [
            MeetingRequest.objects.create(
                fair=fair,
                from_registration=one,
                to_registration=other,
                state=state,
                answer_priority=answer,
                about=about if one == own else None,
                expires_at=later,
            )
            for one, other, state, answer in rows
        ]
        meeting = Meeting.objects.create(fair=fair, request=requests[-1])
        for each in (own, mutual):
            Seat.objects.create(meeting=meeting, registration=each)
        NoMeet.objects.create(fair=fair, from_registration=own, to_registration=refused)


def _guest(fair, text, number) -> Registration:
    registration = Registration.objects.create(
        fair=fair,
        person=UserFactory(),
        name=f"来宾{number}",
        email=f"guest{number}@example.com",
        organization=OrganizationFactory(),
        role="INSTITUTE",
        state="APPROVED",
        approved_at=timezone.now(),
    )
    Consent.objects.create(user=registration.person, text=text, subject=fair.code, channel="test")
    registration.industries.add(Industry.objects.get(code="new_materials"))
    registration.entries.create(kind="OFFER", title=f"石墨烯导热膜中试{number}")
    return registration
