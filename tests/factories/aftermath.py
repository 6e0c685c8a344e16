"""A fair that is over: an institute and a company have met, and say what came of it."""

from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace

from django.db.models import F
from django.utils import timezone

from events.aftermath.models import Feedback, FollowUp, MeetingOutcome
from events.aftermath.services import give_feedback
from events.meetings.models import Meeting, Seat
from events.meetings.services import accept_request, arrange_meeting, send_request
from events.models import FairPage
from events.registration.models import Registration
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.services import PartyEntry, open_case
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import checked, fresh
from tests.factories.listings import Institute
from tests.factories.meetings import Market
from tests.factories.needs import Company


class After(Market):
    """``meeting`` is between the company's owner and the institute's, so many days ago."""

    def __init__(self, days=1, institute=None, company=None, **values):
        super().__init__(**values)
        self.institute, self.company = institute or Institute(), company or Company()
        self.buyer = self.seated(self.company, "ENTERPRISE")
        self.seller = self.seated(self.institute, "INSTITUTE")
        self.meeting = self.arranged(self.buyer, self.seller)
        self.pass_days(days)

    @cached_property
    def page(self):
        """What the seller named for the fair, published when a test asks for it."""
        page = self.institute.published(title="石墨烯导热膜连续制备")
        self.seller.entries.create(kind="OFFER", page_id=page.pk, title=page.title)
        return page

    def seated(self, side, role):
        registration = self.admitted(person=side.owner, role=role, name=side.owner.name or "参会人")
        registration.organization, registration.organization_name = side.organization, ""
        registration.save(update_fields=["organization", "organization_name"])
        return registration

    def arranged(self, *people, slot=0, request=None) -> Meeting:
        meeting = arrange_meeting(
            actor=self.owner, fair=self.fair, registrations=people, slot=self.slots[slot]
        )
        if request:
            Meeting.objects.filter(pk=meeting.pk).update(request=request)
        return meeting

    def asked(self, one, other, about=None, message=""):
        request = send_request(
            actor=one.person, registration=one, other=other, about=about, message=message
        )
        return accept_request(actor=other.person, request=request)

    def pass_days(self, days):
        """Let the fair have ended so many days ago, with its meetings on its last day."""
        page = FairPage.objects.get(pk=self.fair.page_id)

        back = page.ends_at - timezone.now() + timedelta(days=days)
        FairPage.objects.filter(pk=page.pk).update(
            starts_at=F("starts_at") - back, ends_at=F("ends_at") - back
        )
        Meeting.objects.filter(fair=self.fair).update(starts_at=F("starts_at") - back)
        type(self.fair)._default_manager.filter(pk=self.fair.pk).update(state="CLOSED")
        self.fair = fresh(self.fair)
        self.meeting = Meeting.objects.with_place().get(pk=self.meeting.pk)

    def says(self, registration, outcome, meeting=None):
        return give_feedback(
            actor=registration.person, meeting=meeting or self.meeting, outcome=outcome
        )

    def case(self, *, opened_on, **more):
        return open_case(
            actor=self.institute.owner,
            title="石墨烯导热膜转让",
            parties=self.parties,
            opened_on=opened_on,
            **more,
        )

    @property
    def parties(self):
        return [
            PartyEntry(PartyRole.OWNER, self.institute.organization),
            PartyEntry(PartyRole.TAKER, self.company.organization),
        ]

    def another(self, organization=None):
        """A second meeting of the fair, between two others: its buyer, seller and meeting."""
        people = [
            Registration.objects.create(
                fair=self.fair,
                person=UserFactory(),
                name="来宾",
                organization=organization or OrganizationFactory(),
                role=role,
                state="APPROVED",
                approved_at=timezone.now(),
            )
            for role in ("ENTERPRISE", "INSTITUTE")
        ]
        meeting = Meeting.objects.create(fair=self.fair, starts_at=self.meeting.starts_at)
        Seat.objects.bulk_create(Seat(meeting=meeting, registration=each) for each in people)
        return SimpleNamespace(buyer=people[0], seller=people[1], meeting=meeting)


def fill_after(after, count):
    """As many meetings of the buyer, with feedback, follow-ups and interests, as wanted."""
    made = Feedback.objects.filter(registration=after.buyer).count()
    for number in range(made, count):
        meeting = after.another().meeting
        Seat.objects.create(meeting=meeting, registration=after.buyer)
        about = after.buyer.entries.create(kind="SEEK", title=f"导热膜{number}")
        request = after.buyer.requests_out.create(
            fair=after.fair,
            to_registration=meeting.seats.first().registration,
            about=about,
            state="SCHEDULED",
            expires_at=timezone.now(),
        )
        Meeting.objects.filter(pk=meeting.pk).update(request=request)
        for seat in meeting.seats.all():
            Feedback.objects.create(
                meeting=meeting,
                registration=seat.registration,
                stage=1,
                outcome="INFORMATIVE",
                comment="值得再谈",
                shares_comment=True,
            )
        after.says(after.buyer, "COOPERATION", meeting)
        FollowUp.objects.create(
            meeting=meeting, owner=after.buyer, kind="VISIT", due_on=timezone.localdate()
        )
        case = after.case(opened_on=timezone.localdate())
        MeetingOutcome.objects.create(meeting=meeting, case=case)


def aftermath_addresses(institute, company):
    """A fair of the institute that is over: the company has met somebody and sees cooperation."""
    after = After(organizer=checked(institute), owner=institute.owner, company=company)
    after.says(after.buyer, "COOPERATION")
    follow_up = FollowUp.objects.create(
        meeting=after.meeting, owner=after.buyer, kind="VISIT", due_on=timezone.localdate()
    )
    return {
        "aftermath": {"code": after.fair.code, "pk": after.meeting.pk, "action": "done"},
        "aftermath:end-follow-up": {"pk": follow_up.pk},
    }
