"""Pages ask the database the same number of questions for two things as for a hundred."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from achievements.services import submit_listing
from events.reports.services import begin_series
from matchmaking.interests.services import express_interest, send_message
from matchmaking.models import Match
from matchmaking.services import compute_matches
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.disclosure.enums import Level
from portal.disclosure.services import grant_consent, read_listing, set_levels
from search.documents import registered_documents
from search.services import rebuild_index
from tests.factories.accounts import UserFactory
from tests.factories.aftermath import After, fill_after
from tests.factories.cases import Deal
from tests.factories.disclosure import ask, asked_by, in_days, propose
from tests.factories.fairs import Hall, checked, fill_hall
from tests.factories.gates import fill_doors
from tests.factories.listings import Institute
from tests.factories.meetings import Market, fill_market
from tests.factories.needs import Company
from tests.factories.oversight import bulk_contracts
from tests.factories.past_fairs import PastFair
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MOST = 30
FEW, MANY = 2, 100
WEEK_AGO = timezone.localdate() - timedelta(days=7)


class Place:
    """An institute and a company with as many listings and needs as wanted."""

    def __init__(self):
        self.institute, self.company = Institute(), Company()
        self.auditor = UserFactory()
        RoleGrant.objects.create(user=self.auditor, role=PortalRole.AUDITOR)
        self.made, self.interest = 0, None
        self.hall = Hall(organizer=checked(self.institute), owner=self.institute.owner)
        self.registered = self.hall.admitted()
        self.hall.draft(person=self.institute.owner)
        self.timetable = Timetable(
            companies=1, teams=0, organizer=self.hall.organizer, owner=self.institute.owner
        )
        self.market = Market(organizer=self.institute.organization, owner=self.institute.owner)
        self.past = PastFair(
            hall=Hall(organizer=self.institute.organization, owner=self.institute.owner)
        )
        begin_series(actor=self.past.owner, name="材料对接会", fairs=[self.past.fair])
        self.guest = self.market.enterprise()
        self.after = After(institute=self.institute, company=self.company)
        self.grow(FEW)

    def grow(self, count):
        while self.made < count:
            sides = (self.institute.organization, self.company.organization)
            bulk_contracts([sides], start=self.made)
            self.made += 1
            page = self.institute.published(title=f"石墨烯导热膜制备技术{self.made}")
            if self.made <= 25:
                patent = self.institute.patent(self.made)
                draft = self.institute.patent_draft(patent, title=f"更薄的导热膜{self.made}")
                draft.get_latest_revision().publish(skip_permission_checks=True)
                in_review = self.institute.draft(title=f"待审成果{self.made}")
                submit_listing(page=in_review, actor=self.institute.researcher)
                need = self.company.published(title=f"石墨烯导热膜需求{self.made}")
                self.interest = self.express(page)
                deal = Deal(owner=self.institute, taker=self.company, on=WEEK_AGO)
                deal.to_decision().set_price().publicise()
                self.disclose(page)
            if self.made == 1:
                self.page, self.need = page, need
        fill_hall(self.hall, count)
        fill_doors(self.hall, self.registered, count)
        self.timetable.fill(count)
        fill_market(self.market, self.guest, count)
        self.past.fill(min(count, 10))
        fill_after(self.after, count)
        for document in registered_documents():
            rebuild_index(document)
        compute_matches(need=self.need)

    def express(self, page):
        interest = express_interest(
            actor=self.company.owner,
            organization=self.company.organization,
            page=page,
            purpose="试用",
            ask="样品",
        )
        first = self.interest or interest
        send_message(actor=self.company.owner, interest=first, text="样品何时能寄？")
        return first

    def disclose(self, page):
        """Close what it says, and let the company's people ask, sign and read."""
        levels = dict.fromkeys(["FIGURES", "DETAILS", "PRICE"], Level.CONSENT)
        set_levels(actor=self.institute.owner, listing=page, levels=levels)
        consent = ask(page, self.company)
        grant_consent(actor=self.institute.owner, consent=consent, until=in_days(9))
        propose(page, self.company, self.institute)
        asked_by(self.auditor, page)
        read_listing(user=self.company.colleague, listing=page)

    def pages_of_fairs(self):
        """What the organizer, the auditor, a participant and a stranger see of a fair."""
        code, office = self.hall.fair.code, self.hall.owner
        desk = {
            "fair": ("fairs:fair", []),
            "plan": ("fairs:check", []),
            "grid": ("fairs:grid", []),
            "tables": ("fairs:tables", []),
            "people": ("registration:people", []),
            "person": ("registration:person", [self.registered.pk]),
            "questions": ("registration:questions", []),
            "mails": ("registration:mailings", []),
            "check-in": ("gates:desk", []),
            "conflicts": ("gates:conflicts", []),
            "duties": ("gates:duties", []),
            "door": ("gates:door", []),
            "board": ("gates:board", []),
            "meetings at the tables": ("gates:tables", []),
            "offline list": ("gates:offline-list", [self.hall.fair.gates.earliest("pk").pk]),
        }
        person = self.registered.person
        return {
            "fairs": (self.auditor, reverse("fairs:list")),
            **{
                name: (office, reverse(page, args=[code, *more]))
                for name, (page, more) in desk.items()
            },
            "fair's page": (None, self.hall.fair.page.url),
            "participants": (person, reverse("registration:participants", args=[code])),
            "my registration": (person, reverse("registration:mine", args=[code])),
            **self.pages_of_meetings(),
            "my registrations": (person, reverse("registration:own")),
            "contacts": (person, reverse("gates:contacts", args=[code])),
            "found at the door": (
                office,
                reverse("gates:scan", args=[code, self.hall.fair.gates.earliest("pk").pk])
                + "?q=来宾",
            ),
            "meeting on the spot": (
                office,
                reverse("gates:onsite", args=[self.market.fair.code]) + "?one=来宾&other=来宾",
            ),
            "my offers": (office, reverse("registration:step", args=[code, "entries"])),
        }

    def pages_of_schedules(self):
        """What the organizer sees of a schedule, and a participant of the day."""
        code, office = self.timetable.fair.code, self.institute.owner
        desk = {
            "schedule": ("schedule", []),
            "feasibility": ("feasibility", []),
            "late changes": ("changes", []),
            "version": ("version", [1]),
            "version beside another": ("version", [2]),
            "board": ("board", [1]),
            "form of a schedule": ("solve", []),
        }
        return {
            **{
                name: (office, reverse(f"timetable:{page}", args=[code, *more]))
                for name, (page, more) in desk.items()
            },
            "my day": (
                self.timetable.companies[0].person,
                reverse("timetable:my-day", args=[code]),
            ),
        }

    def pages_of_meetings(self):
        """What a participant sees of the others and of the own requests."""
        code, person, office = self.market.fair.code, self.guest.person, self.hall.owner
        request, shelves = self.guest.requests_in.first(), ("received", "sent", "mutual")
        address = reverse("meetings:person", args=[code, request.from_registration_id])
        return {
            "suggestions": (person, reverse("meetings:desk", args=[code])),
            "people to ask": (person, reverse("meetings:people", args=[code]) + "?q=膜"),
            "person to ask": (person, address),
            "participant's workspace": (person, reverse("workspace:home")),
            "my meetings": (person, reverse("meetings:mine", args=[code])),
            "refused": (person, reverse("meetings:refused", args=[code])),
            "request": (person, request.get_absolute_url()),
            "requests of a fair": (office, reverse("meetings:overview", args=[code])),
            **{
                f"requests {shelf}": (person, reverse("meetings:requests", args=[code, shelf]))
                for shelf in shelves
            },
        }

    def pages_of_reports(self):
        """A fair that is over as its office reads it, and everybody."""
        code, office, series = self.past.fair.code, self.past.owner, self.past.fair.series.get()
        numbers = ("came", "requests", "held", "possible", "contracts", "cost")
        return {
            "report": (office, reverse("reports:report", args=[code])),
            **{
                f"records of {key}": (office, reverse("reports:records", args=[code, key]))
                for key in numbers
            },
            "short report": (None, reverse("reports:public", args=[code])),
            "costs": (office, reverse("reports:costs", args=[code])),
            "series": (office, series.get_absolute_url()),
            "list of series": (office, reverse("reports:series-list")),
        }

    def pages_of_aftermath(self):
        """What one of its people, who runs it, and who oversees see of a fair that is over."""
        code, person = self.after.fair.code, self.after.buyer.person
        outcomes = reverse("aftermath:outcomes", args=[code])
        return {
            "feedback": (person, reverse("aftermath:feedback", args=[code])),
            "follow-ups": (person, reverse("aftermath:follow-ups")),
            "outcomes": (self.after.owner, outcomes),
            "outcomes for overseers": (self.auditor, outcomes),
            "records of a fair": (self.auditor, reverse("oversight:records", args=["K13"])),
        }

    def pages_of_disclosure(self):
        office = self.institute.owner
        return {
            "consents": (office, reverse("disclosure:consents")),
            "agreements": (office, reverse("disclosure:agreements")),
            "readings": (office, reverse("disclosure:readings")),
            "access requests": (self.auditor, reverse("disclosure:requests")),
        }

    def pages_of_oversight(self):
        return {
            "statistics": (self.auditor, reverse("matchmaking:statistics")),
            "overview": (self.auditor, reverse("oversight:overview")),
            "indicators": (self.auditor, reverse("oversight:kpis")),
            "indicator": (self.auditor, reverse("oversight:kpi", args=["K15"])),
            "records": (self.auditor, reverse("oversight:records", args=["K2"])),
            "records of days": (self.auditor, reverse("oversight:records", args=["K8-SIGNED"])),
            "duties": (self.auditor, reverse("oversight:duties")),
            "office's duties": (self.institute.owner, reverse("oversight:duties")),
            "Monday page": (self.auditor, reverse("oversight:monday")),
            "supervision": (self.auditor, reverse("oversight:supervision")),
            "same parties": (
                self.auditor,
                reverse("oversight:supervision-rule", args=["same-parties"]),
            ),
            "reports": (self.auditor, reverse("oversight:reports")),
        }

    def pages(self):
        """Name → person and address."""
        code, owner, office = self.need.code, self.company.owner, self.institute.owner
        organization = self.institute.organization.pk
        match = Match.objects.filter(need=self.need, rank=1).values_list("page", flat=True)[0]
        return {
            "home": (None, "/"),
            "achievements": (None, reverse("achievements:list")),
            "achievements by words": (None, reverse("achievements:list") + "?q=石墨烯"),
            "patents": (None, reverse("ip:list")),
            "needs": (None, reverse("matchmaking:needs")),
            "search": (None, reverse("search:site") + "?q=石墨烯"),
            "achievement": (None, self.page.url),
            "achievement with closed fields": (self.company.colleague, self.page.url),
            "institute": (None, self.institute.page.url),
            "need": (owner, reverse("matchmaking:need", args=[code])),
            "matches": (owner, reverse("matchmaking:matches", args=[code])),
            "why": (owner, reverse("matchmaking:why", args=[code, match])),
            "company's workspace": (owner, reverse("workspace:home")),
            "office's workspace": (office, reverse("workspace:home")),
            "reviews": (office, reverse("achievements:reviews")),
            "my listings by state": (
                office,
                reverse("achievements:my-listings") + "?state=LIVE&q=石墨烯",
            ),
            "my listings": (office, reverse("achievements:my-listings")),
            "listing's needs": (
                office,
                reverse("matchmaking:listing_needs", args=[self.page.pk]),
            ),
            "interest": (office, self.interest.get_absolute_url()),
            "received interests": (office, reverse("interests:list", args=["received"])),
            "sent interests": (owner, reverse("interests:list", args=["sent"])),
            "all interests": (self.auditor, reverse("interests:list", args=["all"])),
            "broker's desk": (self.auditor, reverse("interests:list", args=["desk"])),
            "answers": (office, reverse("interests:answers", args=[organization])),
            "interests' statistics": (self.auditor, reverse("interests:statistics")),
            "cases": (office, reverse("cases:list")),
            "cases that wait": (office, reverse("cases:list") + "?waiting=1"),
            "all cases": (self.auditor, reverse("cases:list")),
            "public prices": (None, reverse("cases:publicities")),
            "rules of law": (owner, reverse("cases:law")),
            **self.pages_of_disclosure(),
            **self.pages_of_fairs(),
            **self.pages_of_reports(),
            **self.pages_of_aftermath(),
            **self.pages_of_schedules(),
            **self.pages_of_oversight(),
        }


def counts(client, place):
    found = {}
    for name, (user, address) in place.pages().items():
        client.logout()
        if user:
            client.force_login(user)
        cache.clear()  # what is kept for a minute must not run out between the two
        client.get(address)  # caches of the process and of the site are warm
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        found[name] = len(queries)
    return found


def test_a_hundred_things_cost_no_more_queries_than_two(client):
    place = Place()
    few = counts(client, place)
    place.grow(MANY)
    many = counts(client, place)

    assert {name: n for name, n in many.items() if n > MOST} == {}
    grown = {name: (few[name], n) for name, n in many.items() if n > few[name]}
    assert grown == {}
