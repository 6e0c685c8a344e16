"""A small fair with agreed requests, ready to be scheduled."""

from datetime import timedelta

from django.utils import timezone

from events.fairs.models import Fair
from events.meetings.models import Meeting, MeetingRequest
from events.registration.models import Registration
from events.timetable.instances import read_fair
from events.timetable.models import PlannedMeeting
from events.timetable.services.changes import keep_metrics, next_version
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import Hall, fresh

QUICK = 30  # seconds that a solve may take; it ends as soon as it is proved


class Timetable:
    """Companies on one side, teams on the other; four slots and four tables.

    Written straight into the tables: how people register and ask each other has its own tests.
    """

    def __init__(self, companies=2, teams=2, state="SCHEDULING", **values):
        self.hall = Hall(**values)
        self.companies = [self.person("ENTERPRISE") for _number in range(companies)]
        self.teams = [self.person("INSTITUTE") for _number in range(teams)]
        Fair.objects.filter(pk=self.hall.fair.pk).update(state=state)
        self.hall.fair = fresh(self.hall.fair)

    @property
    def fair(self):
        return fresh(self.hall.fair)

    @property
    def owner(self):
        return self.hall.owner

    @property
    def slots(self):
        return list(self.hall.slots)

    @property
    def tables(self):
        return list(self.fair.tables.order_by("code"))

    def person(self, role, **values):
        given = {"person": UserFactory(), "organization": OrganizationFactory(), **values}
        return Registration.objects.create(
            fair=self.hall.fair,
            name=f"参会人{Registration.objects.count()}",
            role=role,
            state="APPROVED",
            approved_at=timezone.now(),
            **given,
        )

    def wish(self, one, other, **values):
        return MeetingRequest.objects.create(
            fair=self.hall.fair,
            from_registration=one,
            to_registration=other,
            expires_at=timezone.now(),
            **{"state": "ACCEPTED", **values},
        )

    def everybody_meets(self, **values):
        return [self.wish(one, other, **values) for one in self.companies for other in self.teams]

    def version(self, plan, **values):
        """A draft as if it had been calculated: request → numbers of slot and table."""
        slots, tables = self.slots, self.tables
        version = next_version(
            self.fair, **{"state": "DRAFT", "method": "neighbourhoods", **values}
        )
        PlannedMeeting.objects.bulk_create(
            PlannedMeeting(version=version, request=request, slot=slots[slot], table=tables[table])
            for request, (slot, table) in plan.items()
        )
        keep_metrics(version, read_fair(self.fair))
        version.save()
        return version

    def square(self):
        """Two companies × two teams, all four met in the first two slots at two tables."""
        [first, second, third, fourth] = self.everybody_meets()
        return self.version({first: (0, 0), fourth: (0, 1), second: (1, 0), third: (1, 1)})

    def fill(self, count):
        """So many meetings of the first company, told and noted, versions and late changes."""
        session, own = self.hall.fair.sessions.first(), self.companies[0]
        main = self.fair.schedule_versions.first() or self.version({})
        table = self.tables[0]
        for number in range(own.seats.count(), count):
            starts = session.starts_at + timedelta(days=1, minutes=30 * number)
            slot = session.slots.create(
                index=100 + number, starts_at=starts, ends_at=starts + timedelta(minutes=20)
            )
            team = self.person("INSTITUTE")
            request = self.wish(own, team)
            main.planned.create(request=request, slot=slot, table=table)
            meeting = Meeting.objects.create(
                fair=self.fair, request=request, slot=slot, table=table
            )
            for person in (own, team):
                meeting.seats.create(registration=person, slot=slot)
            meeting.notes.create(registration=own, text="记一笔")
            self.fair.late_changes.create(kind="LATE", registration=team, last=slot)
            self.version({}, base=main)
