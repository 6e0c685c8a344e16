"""The demo city's fairs: one over, one taking requests, one tomorrow, exhibitions; none adrift."""

from collections import Counter
from itertools import combinations

from django.db.models import F
from django.utils import timezone

from events.aftermath.models import Feedback
from events.aftermath.queries import cases_begun_at, word_counts
from events.aftermath.services import sweep_aftermath
from events.exhibition.checks import findings, missing_materials
from events.exhibition.enums import ExhibitorState
from events.exhibition.geometry import lies_in, overlap
from events.exhibition.models import Booth, Exhibitor, Hall, Lead
from events.exhibition.queries import tallies
from events.exhibition.services import sweep_exhibition
from events.fairs.checks import plan_checks
from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.fairs.services import sweep_fairs
from events.gates.lists import stands_at
from events.gates.queries import conflicts_of
from events.meetings.models import MeetingRequest, NoMeet
from events.meetings.services import sweep_meetings
from events.models import FairPage
from events.registration.enums import RegistrationState
from events.registration.models import Entry, Registration
from events.registration.places import places_of
from events.registration.services import sweep_registrations
from events.reports.queries import read_report
from events.timetable.enums import VersionState
from events.timetable.instances import as_schedule, grid_of, plan_of
from events.timetable.judging import prohibitions
from events.timetable.services import told_plan
from matchmaking.enums import Confidentiality
from matchmaking.interests.models import Interest
from matchmaking.oversight.kpis import KPIS
from matchmaking.oversight.queries import figure_of
from portal.accounts.models import Consent, User
from portal.notifications.models import Notification


def states():
    return dict(Fair.objects.order_by("pk").values_list("page__slug", "state"))


def check_fairs():
    check_what_there_is()
    check_places_and_plans()
    check_that_nobody_is_given_away()
    check_the_exhibitions()
    check_what_the_doors_wrote()
    check_the_requests()
    check_the_schedule()
    check_what_came_of_the_past_one()
    check_the_report()
    check_that_the_clock_finds_nothing_left_over()


def check_what_there_is():
    assert set(states()) == set(FairPage.objects.values_list("slug", flat=True))
    tomorrow = Fair.objects.get(state=FairState.SCHEDULE_PUBLISHED)
    begins = timezone.localdate(tomorrow.page.starts_at)
    assert (begins - timezone.localdate()).days == 1
    assert tomorrow.registrations.admitted().count() == 120
    kinds = Counter(Fair.objects.values_list("page__kind", flat=True))
    assert kinds["EXHIBITION"] == 2
    assert set(Fair.objects.values_list("state", flat=True)) >= {
        FairState.PUBLISHED,
        FairState.REG_OPEN,
        FairState.BOOKING,
        FairState.SCHEDULE_PUBLISHED,
        FairState.CLOSED,
    }
    found = set(Registration.objects.values_list("state", flat=True))
    assert found >= {
        RegistrationState.PENDING,
        RegistrationState.APPROVED,
        RegistrationState.REJECTED,
        RegistrationState.CHECKED_IN,
        RegistrationState.NO_SHOW,
    }
    office = User.objects.get(email="office@demo.example")
    assert Fair.objects.for_user(office).count() == Fair.objects.count()


def check_places_and_plans():
    for fair in Fair.objects.select_related("page"):
        places = places_of(fair)
        assert fair.capacity is None or places.total <= fair.capacity
        lacking = [each.label for each in plan_checks(fair) if not each.passed]
        past = fair.state == FairState.CLOSED
        assert lacking == (["时间"] if past else []), (fair.page.slug, lacking)


def check_that_nobody_is_given_away():
    needs = Entry.objects.filter(need__isnull=False)
    assert needs.exclude(need__confidentiality=Confidentiality.PUBLIC).count() == 0
    assert needs.exists()
    tickets = list(Registration.objects.values_list("ticket", flat=True))
    assert len(set(tickets)) == len(tickets)


def check_the_exhibitions():
    """Booths lie in their halls without touching; who shows has words that may be shown."""
    past, ahead = Fair.objects.filter(page__kind="EXHIBITION").order_by("page__starts_at")
    assert past.halls.count() == 2
    shown = list(past.exhibitors.shown())
    assert len(shown) >= 30
    assert {each.state for each in shown} == {ExhibitorState.ON_SHOW}
    for hall in Hall.objects.prefetch_related("booths"):
        booths = list(hall.booths.all())
        assert all(lies_in(booth, hall.width, hall.depth) for booth in booths)
        assert not any(overlap(one, other) for one, other in combinations(booths, 2))
    written = Exhibitor.objects.exclude(fascia="")
    assert [row for row in written if findings(row) or missing_materials(row)] == []
    assert len({state for [state] in ahead.exhibitors.values_list("state")}) >= 6
    tomorrow = Fair.objects.get(with_exhibition=True)
    assert tomorrow.state == FairState.SCHEDULE_PUBLISHED
    assert Booth.objects.filter(hall__fair=tomorrow).count() == 30
    assert {each.state for each in tomorrow.exhibitors.all()} == {ExhibitorState.PASSED}
    leads = Lead.objects.with_consent()
    assert {True, False} == {lead.agreed for lead in leads}
    assert (
        leads.filter(consent__isnull=False)
        .exclude(consent__recipient=F("exhibitor__organization"))
        .count()
        == 0
    )
    assert all(tally.total and tally.winners for tally in tallies(past))


def check_what_the_doors_wrote():
    """Who has come is who a door let in, and no one else; two devices disagree once a fair."""
    for fair in Fair.objects.filter(state=FairState.CLOSED):
        came = {
            pk
            for gate in fair.gates.filter(kind="REGISTRATION")
            for pk, stand in stands_at(gate).items()
            if stand.arrived_at
        }
        arrived = fair.registrations.filter(state=RegistrationState.CHECKED_IN)
        assert came == set(arrived.values_list("pk", flat=True))
        assert [each.comes_to for each in conflicts_of(fair)] == ["ALREADY_IN"]
        shared = Consent.objects.filter(subject__startswith=f"{fair.code}/").count()
        confirmed = fair.exchanges.filter(state="CONFIRMED").count()
        assert shared == fair.exchanges.count() + confirmed


def check_the_requests():
    tomorrow = FairState.SCHEDULE_PUBLISHED
    for state, open_state in ((FairState.BOOKING, "SENT"), (tomorrow, "SCHEDULED")):
        rows = MeetingRequest.objects.filter(fair__state=state)
        assert rows.count() >= 100
        found = Counter(rows.values_list("state", flat=True))
        assert found[open_state] >= 40
        assert rows.mutual().exists()
    assert not MeetingRequest.objects.filter(fair__state=tomorrow, state="SENT").exists()
    refused = set(NoMeet.objects.values_list("from_registration", "to_registration"))
    asked = MeetingRequest.objects.values_list("from_registration", "to_registration")
    assert refused
    assert not refused & {pair for one, other in asked for pair in ((one, other), (other, one))}


def check_the_schedule():
    """Everybody's meetings of tomorrow, by a version that nothing can be said against."""
    fair = Fair.objects.get(state=FairState.SCHEDULE_PUBLISHED)
    version = fair.schedule_versions.get()
    plan = plan_of(version)
    grid = grid_of(version)
    assert version.state == VersionState.PUBLISHED
    assert version.is_proved
    assert version.metrics["must"] == version.metrics["requested_must"]
    assert prohibitions(grid, as_schedule(grid, plan)) == []
    assert len(plan) >= 200
    assert told_plan(fair) == plan


def check_what_came_of_the_past_one():
    """Its announcement says 47 meetings, 11 of them with cooperation possible."""
    past = Fair.objects.get(state=FairState.CLOSED, page__kind="MATCHMAKING")
    assert word_counts(past) == {"HELD": 47, "NOT_HELD": 3}
    said = Feedback.objects.filter(meeting__fair=past)
    promising = said.filter(outcome="COOPERATION").values("meeting").distinct()
    assert promising.count() == 11
    assert said.filter(stage=2).count() >= 40
    assert Interest.objects.filter(meeting_outcome__meeting__fair=past).count() >= 3
    cases = cases_begun_at(past, "__fair")
    assert [case.signed_on is not None for case in cases] == [True] * 3
    assert figure_of(KPIS["K12"]).part >= 3
    assert (figure_of(KPIS["K13"]).value or 0) > 0
    before = Notification.objects.count()
    sweep_aftermath()
    assert Notification.objects.count() == before


def check_the_report():
    """Every number of the past fair is known, some of them ask for a change, its series goes on."""
    past = Fair.objects.get(page__slug="fair-textile-green-dyeing")
    report = read_report(past, User.objects.get(email="office@demo.example"))
    assert [key for key, figure in report.figures.items() if figure.value is None] == []
    assert report.figures["held"].value == 47
    assert report.findings
    compared = report.comparison()
    assert compared.told.gaps < compared.first_come.gaps
    assert past.series.get().fairs.count() == 2


def check_that_the_clock_finds_nothing_left_over():
    before = states()
    requests = Counter(MeetingRequest.objects.values_list("state", flat=True))
    people = Counter(Registration.objects.values_list("state", flat=True))

    sweep_fairs()
    sweep_registrations()
    sweep_exhibition()
    sweep_meetings()

    assert Counter(MeetingRequest.objects.values_list("state", flat=True)) == requests
    assert states() == before
    assert Counter(Registration.objects.values_list("state", flat=True)) == people
