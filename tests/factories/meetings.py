"""A fair whose requests are open, with people on both sides, through the ordinary services."""

from events.fairs import services as fairs
from events.fairs.models import Slot
from events.meetings.models import MeetingRequest
from events.meetings.services import accept_request, send_request
from events.registration.models import Availability
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
