"""Exhibitors from application to show, their booths with concerns."""

from itertools import product

import pytest
from django.urls import reverse

from events.exhibition import services
from events.exhibition.enums import ALLOWED_TRANSITIONS, Concern, ExhibitorState
from events.exhibition.models import Exhibitor
from events.exhibition.queries import booth_concerns, booth_options
from events.exhibition.services import UnableToExhibit
from events.exhibition.services.changes import lock, move
from events.fairs import services as fairs
from portal.accounts.enums import MembershipRole
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.exhibition import Show
from tests.factories.fairs import fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def kinds(user):
    return list(user.notifications.order_by("pk").values_list("kind", flat=True))


def test_an_office_applies_and_the_organizer_is_told():
    show = Show()

    exhibitor = show.applied()

    assert exhibitor.state == "APPLIED"
    assert kinds(show.owner)[-1] == "exhibitor-applied"
    assert AuditEvent.objects.latest("pk").action == "exhibition.apply_to_exhibit"


def test_only_an_office_applies_for_its_organization_and_once():
    show = Show()
    exhibitor = show.applied()
    values = {
        "fair": show.fair,
        "organization": exhibitor.organization,
        "plan": "x",
        "industries": [],
        "wished_area": 9,
        "wished_power": 1,
    }
    member = MembershipFactory(organization=exhibitor.organization, role=MembershipRole.MEMBER).user

    for actor in (UserFactory(), member, show.owner):
        with pytest.raises(UnableToExhibit):
            services.apply_to_exhibit(actor=actor, **values)
    with pytest.raises(UnableToExhibit, match=exhibitor.organization.name):
        services.apply_to_exhibit(actor=exhibitor.user, **values)


def test_applications_end_with_their_last_day_and_with_the_fair():
    show = Show()
    services.set_exhibition(
        actor=show.owner,
        fair=show.fair,
        applications_close_at=in_days(-1),
        materials_due_at=None,
        after_show="ALL",
        online_days=None,
    )

    with pytest.raises(UnableToExhibit, match="截止"):
        show.applied()
    show.fair.exhibition.delete()
    show.applied()
    show.to("LIVE")
    with pytest.raises(UnableToExhibit, match="截止"):
        show.applied()


def test_a_matchmaking_fair_takes_no_exhibitors():
    show = Show()
    show.fair.page.kind = "MATCHMAKING"
    show.fair.page.save()

    with pytest.raises(UnableToExhibit, match="截止"):
        show.applied()


def test_wishes_do_not_contradict_each_other():
    show = Show()
    other = OrganizationFactory(name="邻居单位")

    with pytest.raises(UnableToExhibit, match="邻居单位"):
        show.applied(wanted=[other], unwanted=[other])
    user = show.office()
    with pytest.raises(UnableToExhibit, match="本单位"):
        show.applied(user=user, wanted=[user.active_memberships[0].organization])


def test_what_the_table_does_not_allow_is_refused():
    show = Show()
    exhibitor = show.applied()
    refused = set()

    for before, after in product(ExhibitorState, ExhibitorState):
        Exhibitor.objects.update(state=before, reason="满员")
        try:
            move(lock(exhibitor), after, actor=show.owner, action="accept_exhibitor")
        except UnableToExhibit:
            refused.add((before, after))

    allowed = {
        (before, after) for before, states in ALLOWED_TRANSITIONS.items() for after in states
    }
    assert refused == set(product(ExhibitorState, ExhibitorState)) - allowed


DOORS = {
    "accept_exhibitor": {"APPLIED", "WAITLISTED"},
    "waitlist_exhibitor": {"APPLIED"},
    "reject_exhibitor": {"APPLIED", "WAITLISTED"},
    "assign_booth": {"ACCEPTED", "BOOTH_GIVEN", "SUBMITTED", "RETURNED", "PASSED"},
    "take_booth_back": {"BOOTH_GIVEN"},
    "pass_materials": {"SUBMITTED"},
    "return_materials": {"SUBMITTED", "PASSED", "ON_SHOW"},
}
HOLDING = {"BOOTH_GIVEN", "SUBMITTED", "RETURNED", "PASSED", "ON_SHOW"}


def test_each_door_opens_from_its_own_states_alone():
    show = Show()
    exhibitor = show.written(booth=show.booths[0])
    more = {
        "reject_exhibitor": {"reason": "x"},
        "return_materials": {"reason": "x"},
        "assign_booth": {"booth": show.booths[1]},
    }
    opened = {door: set() for door in DOORS}

    for door, state in product(DOORS, ExhibitorState):
        booth = show.booths[0] if state in HOLDING else None
        Exhibitor.objects.update(state=state, reason="x", booth=booth)
        try:
            getattr(services, door)(actor=show.owner, exhibitor=exhibitor, **more.get(door, {}))
        except UnableToExhibit:
            continue
        opened[door].add(state)

    assert opened == DOORS


def test_the_whole_way_from_application_to_show():
    show = Show()
    exhibitor = show.applied()
    steps = [exhibitor.state]

    services.waitlist_exhibitor(actor=show.owner, exhibitor=exhibitor)
    steps.append(fresh(exhibitor).state)
    services.accept_exhibitor(actor=show.owner, exhibitor=exhibitor)
    steps.append(fresh(exhibitor).state)
    services.assign_booth(actor=show.owner, exhibitor=exhibitor, booth=show.booths[0])
    steps.append(fresh(exhibitor).state)
    exhibitor = show.written(show.again(exhibitor))
    services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
    steps.append(fresh(exhibitor).state)
    services.return_materials(actor=show.owner, exhibitor=exhibitor, reason="楣板太长")
    steps.append(fresh(exhibitor).state)
    services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
    services.pass_materials(actor=show.owner, exhibitor=exhibitor)
    steps.append(fresh(exhibitor).state)
    show.open()
    services.sweep_exhibition()
    steps.append(fresh(exhibitor).state)
    services.withdraw_exhibitor(actor=exhibitor.user, exhibitor=exhibitor)
    steps.append(fresh(exhibitor).state)

    assert steps == [
        "APPLIED",
        "WAITLISTED",
        "ACCEPTED",
        "BOOTH_GIVEN",
        "SUBMITTED",
        "RETURNED",
        "PASSED",
        "ON_SHOW",
        "WITHDRAWN",
    ]
    assert fresh(exhibitor).booth is None
    assert kinds(exhibitor.user) == [
        "exhibitor-waitlisted",
        "exhibitor-accepted",
        "exhibitor-booth",
        "exhibitor-returned",
        "exhibitor-passed",
    ]


def test_the_sweep_opens_nothing_before_the_fair():
    show = Show()
    exhibitor = show.passed()

    services.sweep_exhibition()

    assert fresh(exhibitor).state == "PASSED"


@pytest.mark.parametrize("door", ["reject_exhibitor", "return_materials"])
def test_a_refusal_says_why(door):
    show = Show()
    exhibitor = show.applied() if door == "reject_exhibitor" else show.submitted()

    with pytest.raises(UnableToExhibit):
        getattr(services, door)(actor=show.owner, exhibitor=exhibitor, reason=" ")
    getattr(services, door)(actor=show.owner, exhibitor=exhibitor, reason="与主题不符")

    assert fresh(exhibitor).reason == "与主题不符"
    assert "与主题不符" in exhibitor.user.notifications.latest("pk").body


def test_only_the_organizer_decides():
    show = Show()
    exhibitor = show.submitted()
    more = {
        "reject_exhibitor": {"reason": "x"},
        "return_materials": {"reason": "x"},
        "assign_booth": {"booth": show.booths[1]},
    }
    doors = (
        "accept_exhibitor",
        "reject_exhibitor",
        "waitlist_exhibitor",
        "assign_booth",
        "take_booth_back",
        "pass_materials",
        "return_materials",
    )

    for door, actor in product(doors, (exhibitor.user, show.member, show.reviewer, UserFactory())):
        with pytest.raises(UnableToExhibit):
            getattr(services, door)(actor=actor, exhibitor=exhibitor, **more.get(door, {}))
    assert fresh(exhibitor).state == "SUBMITTED"


def test_one_withdraws_for_the_own_organization_and_may_come_back():
    show = Show()
    exhibitor = show.placed()

    for actor in (show.owner, show.office(), UserFactory()):
        with pytest.raises(UnableToExhibit):
            services.withdraw_exhibitor(actor=actor, exhibitor=exhibitor)
    services.withdraw_exhibitor(actor=exhibitor.user, exhibitor=exhibitor)
    again = show.applied(user=exhibitor.user)

    assert (again.pk, again.state) == (exhibitor.pk, "APPLIED")
    assert kinds(show.owner)[-2:] == ["exhibitor-withdrawn", "exhibitor-applied"]


def test_everybody_who_exhibits_is_told_when_the_fair_is_called_off(
    django_capture_on_commit_callbacks,
):
    show = Show()
    exhibitor, gone = show.placed(), show.applied()
    services.withdraw_exhibitor(actor=gone.user, exhibitor=gone)

    with django_capture_on_commit_callbacks(execute=True):
        fairs.cancel_fair(actor=show.owner, fair=show.fair, reason="台风")

    assert kinds(exhibitor.user)[-1] == "fair-news"
    assert "fair-news" not in kinds(gone.user)


class TestBooths:
    def test_a_booth_is_given_once(self):
        show = Show()
        first, second = show.placed(show.booths[0]), show.applied()
        services.accept_exhibitor(actor=show.owner, exhibitor=second)

        with pytest.raises(UnableToExhibit, match=first.organization.name):
            services.assign_booth(actor=show.owner, exhibitor=second, booth=show.booths[0])
        assert fresh(second).booth is None

    def test_a_booth_of_another_fair_is_not_given(self):
        show, other = Show(), Show()
        exhibitor = show.applied()
        services.accept_exhibitor(actor=show.owner, exhibitor=exhibitor)

        with pytest.raises(UnableToExhibit):
            services.assign_booth(actor=show.owner, exhibitor=exhibitor, booth=other.booths[0])

    def test_another_booth_keeps_the_state_and_frees_the_first(self):
        show = Show()
        exhibitor = show.passed()
        before = exhibitor.booth

        services.assign_booth(actor=show.owner, exhibitor=exhibitor, booth=show.booths[4])

        assert (fresh(exhibitor).state, fresh(exhibitor).booth) == ("PASSED", show.booths[4])
        assert before in [option.booth for option in booth_options(show.applied())]

    def test_a_booth_is_taken_back_before_materials_are_sent(self):
        show = Show()
        early, late = show.placed(), show.submitted()

        services.take_booth_back(actor=show.owner, exhibitor=early)
        with pytest.raises(UnableToExhibit):
            services.take_booth_back(actor=show.owner, exhibitor=late)

        assert (fresh(early).state, fresh(early).booth) == ("ACCEPTED", None)
        told = Notification.objects.filter(url=reverse("exhibition:mine", args=[early.pk]))
        assert told.latest("pk").title == "您的展位另有安排，将重新分配"

    @pytest.mark.parametrize(
        ("wishes", "expected"),
        [
            ({}, []),
            ({"wished_area": 10}, [Concern.SMALL]),
            ({"wished_power": 4}, [Concern.POWER]),
            ({"wished_area": 18, "wished_power": 4}, [Concern.SMALL, Concern.POWER]),
        ],
    )
    def test_size_and_power_are_warned_of(self, wishes, expected):
        show = Show()

        assert booth_concerns(show.applied(**wishes), show.booths[0]) == expected

    def test_neighbours_are_warned_of_from_both_sides(self):
        show = Show()
        settled = show.placed(show.booths[1])
        shy = show.applied(unwanted=[settled.organization])
        fond = show.applied(wanted=[settled.organization])
        settled.unwanted.add(fond.organization)

        assert booth_concerns(shy, show.booths[0]) == [Concern.UNWANTED]
        assert booth_concerns(shy, show.booths[3]) == []
        assert booth_concerns(fond, show.booths[2]) == [Concern.UNWELCOME]
        assert booth_concerns(fond, show.booths[4]) == [Concern.APART]

    def test_a_wanted_neighbour_without_a_booth_is_no_concern(self):
        show = Show()
        other = show.applied()

        assert booth_concerns(show.applied(wanted=[other.organization]), show.booths[0]) == []

    def test_fitting_booths_are_offered_first_and_the_concerns_are_recorded(self):
        show = Show()
        settled = show.placed(show.booths[0])
        exhibitor = show.applied(unwanted=[settled.organization])
        services.accept_exhibitor(actor=show.owner, exhibitor=exhibitor)

        options = booth_options(exhibitor)
        services.assign_booth(actor=show.owner, exhibitor=exhibitor, booth=show.booths[1])

        assert [each.booth.code for each in options] == ["A03", "A04", "A05", "A06", "A02"]
        event = AuditEvent.objects.filter(action="exhibition.assign_booth").latest("pk")
        assert event.payload["concerns"] == ["UNWANTED"]
