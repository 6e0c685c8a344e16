"""Planning a fair: who may, what is missing, what is refused once people have registered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from events.exhibition.rules import can_run_exhibition
from events.fairs import services
from events.fairs.checks import missing_checks
from events.fairs.models import Fair
from events.fairs.rules import (
    can_edit_plan,
    can_manage_fair,
    can_plan_fairs,
    can_read_fair,
    can_read_people,
    can_review_fair,
)
from events.fairs.services import UnableToChangeFair
from events.models import FairPage
from events.registration.models import Question
from portal.accounts.enums import MembershipRole, PortalRole, VerificationLevel
from portal.taxonomy.models import District
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.exhibition import Show
from tests.factories.fairs import Hall, fresh, in_days, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def plan(actor, organizer, **values):
    return services.plan_fair(
        actor=actor,
        organizer=organizer,
        **{
            "title": "对接会",
            "kind": "MATCHMAKING",
            "starts_at": in_days(30),
            "ends_at": in_days(30, 18),
            "venue": "一号厅",
            "district": District.objects.get(code="330106"),
            **values,
        },
    )


def test_a_new_fair_has_a_code_an_unpublished_page_and_pairs_of_roles():
    hall = Hall(state="DRAFT")

    assert hall.fair.code == f"DH-{timezone.localdate().year}-000001"
    assert hall.fair.page.live is False
    assert hall.fair.page.slug == hall.fair.code.lower()
    assert hall.fair.pairs.filter(asking="ENTERPRISE", asked="INSTITUTE").exists()
    assert not hall.fair.pairs.filter(asking="ENTERPRISE", asked="INVESTOR").exists()


@pytest.mark.parametrize(
    ("level", "role", "expected"),
    [
        (VerificationLevel.LICENCE, MembershipRole.OWNER, True),
        (VerificationLevel.LICENCE, MembershipRole.EDITOR, True),
        (VerificationLevel.LICENCE, MembershipRole.MEMBER, False),
        (VerificationLevel.CONTACT, MembershipRole.OWNER, False),
    ],
)
def test_the_office_of_an_organization_with_a_checked_licence_plans(level, role, expected):
    organization = OrganizationFactory(verification_level=level)
    user = MembershipFactory(organization=organization, role=role).user

    assert can_plan_fairs(user) is expected


def test_a_stranger_plans_nothing_and_the_commission_in_anybodys_name():
    hall = Hall(state="DRAFT")

    fair = plan(person_with(PortalRole.COMMISSION), hall.organizer)
    with pytest.raises(UnableToChangeFair):
        plan(UserFactory(), hall.organizer)

    assert fair.organizer == hall.organizer


def test_nobody_plans_in_the_name_of_an_unchecked_organization():
    Hall(state="DRAFT")

    with pytest.raises(UnableToChangeFair):
        plan(person_with(PortalRole.OPERATOR), OrganizationFactory())


def test_rights_on_a_fair():
    hall = Hall(state="DRAFT")
    partner = MembershipFactory(role=MembershipRole.OWNER)
    hall.fair.co_organizers.add(partner.organization)
    people = {
        "owner": hall.owner,
        "editor": hall.editor,
        "member": hall.member,
        "partner": partner.user,
        "reviewer": hall.reviewer,
        "operator": person_with(PortalRole.OPERATOR),
        "commission": person_with(PortalRole.COMMISSION),
        "auditor": person_with(PortalRole.AUDITOR),
        "stranger": UserFactory(),
    }

    rights = {
        name: (
            can_manage_fair(user, hall.fair),
            can_read_fair(user, hall.fair),
            can_read_people(user, hall.fair),
        )
        for name, user in people.items()
    }

    assert rights == {
        "owner": (True, True, True),
        "editor": (True, True, True),
        "member": (False, False, False),
        "partner": (False, True, False),
        "reviewer": (False, True, False),
        "operator": (True, True, True),
        "commission": (False, True, True),
        "auditor": (False, True, True),
        "stranger": (False, False, False),
    }
    seen = {name for name, user in people.items() if Fair.objects.for_user(user).exists()}
    assert seen == {name for name, (_manages, reads, _people) in rights.items() if reads}


def test_the_check_names_what_is_missing_step_by_step():
    hall = Hall(state="DRAFT")
    bare = plan(hall.owner, hall.organizer)

    assert missing_checks(hall.fair) == []
    assert [check.step for check in missing_checks(bare)] == [
        "basics",
        "basics",
        "place",
        "dates",
        "dates",
        "grid",
        "tables",
        "tables",
    ]


def test_an_exhibition_needs_neither_slots_nor_pairs():
    hall = Hall("EXHIBITION", state="DRAFT")

    assert missing_checks(hall.fair) == []


def test_a_fair_may_have_an_exhibition_beside_its_meetings():
    hall = Hall(state="DRAFT")
    assert (hall.fair.has_exhibition, can_run_exhibition(hall.owner, hall.fair)) == (False, False)

    services.edit_fair(actor=hall.owner, fair=hall.fair, values={"with_exhibition": True})

    fair = fresh(hall.fair)
    assert (fair.has_meetings, fair.has_exhibition) == (True, True)
    assert can_run_exhibition(hall.owner, fair)
    services.edit_fair(actor=hall.owner, fair=fair, values={"with_exhibition": False})
    assert not fresh(fair).has_exhibition


def test_an_exhibition_stays_once_somebody_has_applied_for_a_booth():
    show = Show(kind="MATCHMAKING", with_exhibition=True)
    show.applied()

    with pytest.raises(UnableToChangeFair, match="已有单位申请展位"):
        services.edit_fair(actor=show.owner, fair=show.fair, values={"with_exhibition": False})
    services.edit_fair(actor=show.owner, fair=show.fair, values={"theme": "新材料"})
    assert fresh(show.fair).has_exhibition


def test_an_incomplete_plan_is_not_sent():
    hall = Hall(state="DRAFT", body="")

    with pytest.raises(UnableToChangeFair, match="名称、一句话介绍和正文"):
        services.submit_fair(actor=hall.owner, fair=hall.fair)


def test_a_slot_after_the_end_is_missing_time():
    hall = Hall(state="DRAFT")
    hall.add_session(name="晚间场", hour=17)

    assert [check.step for check in missing_checks(hall.fair)] == ["grid"]


def test_only_one_who_neither_sent_it_nor_belongs_to_the_organizer_reviews():
    hall = Hall(state="REVIEW")
    insider = person_with(PortalRole.REVIEWER)
    MembershipFactory(user=insider, organization=hall.organizer)
    sender = person_with(PortalRole.OPERATOR)
    Fair.objects.filter(pk=hall.fair.pk).update(submitted_by=sender)
    fair = fresh(hall.fair)

    assert can_review_fair(hall.reviewer, fair)
    assert can_review_fair(person_with(PortalRole.OPERATOR), fair)
    assert not can_review_fair(insider, fair)
    assert not can_review_fair(sender, fair)
    assert not can_review_fair(hall.owner, fair)
    with pytest.raises(UnableToChangeFair):
        services.approve_fair(actor=hall.owner, fair=fair)


def test_a_plan_under_review_is_not_changed():
    hall = Hall(state="REVIEW")

    assert not can_edit_plan(hall.owner, hall.fair)
    with pytest.raises(UnableToChangeFair):
        services.edit_fair(actor=hall.owner, fair=hall.fair, values={"theme": "石墨烯"})


def test_approval_publishes_the_page_and_opens_what_is_due(mailoutbox):
    hall = Hall(state="REVIEW")

    fair = services.approve_fair(actor=hall.reviewer, fair=hall.fair)

    assert FairPage.objects.get(pk=fair.page_id).live is True
    assert fair.state == "REG_OPEN"


def test_approval_waits_for_the_first_day_of_registration():
    hall = Hall(state="REVIEW", registration_opens_at=in_days(3))

    fair = services.approve_fair(actor=hall.reviewer, fair=hall.fair)

    assert fair.state == "PUBLISHED"


def test_a_returned_plan_is_a_draft_with_the_reason():
    hall = Hall(state="REVIEW")

    fair = services.return_fair(actor=hall.reviewer, fair=hall.fair, reason="请写明停车位置")

    assert (fair.state, fair.state_note) == ("DRAFT", "请写明停车位置")
    note = hall.owner.notifications.get(kind="fair-returned")
    assert note.body == "新材料供需对接会\n请写明停车位置"


def test_an_older_revision_of_the_text_does_not_touch_the_place():
    hall = Hall()
    page = FairPage.objects.get(pk=hall.fair.page_id)
    old = page.save_revision()
    services.move_fair(
        actor=hall.owner,
        fair=hall.fair,
        starts_at=in_days(40),
        ends_at=in_days(40, 18),
        venue="三号厅",
        district=page.district,
        address="环城北路2号",
        reason="场馆检修",
    )

    Revision.objects.get(pk=old.pk).publish(skip_permission_checks=True)

    page.refresh_from_db()
    assert (page.venue, page.starts_at) == ("三号厅", in_days(40))


def test_an_announced_fair_is_not_quietly_moved():
    hall = Hall()

    with pytest.raises(UnableToChangeFair, match="改期"):
        services.edit_fair(actor=hall.owner, fair=hall.fair, values={"venue": "五号厅"})


def test_the_text_of_an_announced_fair_changes_at_once():
    hall = Hall()

    services.edit_fair(actor=hall.owner, fair=hall.fair, values={"summary": "改了一句。"})

    assert FairPage.objects.get(pk=hall.fair.page_id).summary == "改了一句。"


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"list_public": "WITH_CONSENT"}, True),
        ({"list_participants": "SHOW_ALL"}, True),
        ({"list_participants": "HIDE_ALL"}, False),
        ({"display_after_days": 90, "retention_days": 365}, True),
        ({"display_after_days": 30, "retention_days": 400}, True),
        ({"display_after_days": 10, "retention_days": 100}, False),
    ],
)
def test_lists_are_only_tightened_once_people_have_registered(values, is_refused):
    hall = Hall()
    services.edit_fair(actor=hall.owner, fair=hall.fair, values={"list_public": "HIDE_ALL"})
    hall.sent()

    if is_refused:
        with pytest.raises(UnableToChangeFair):
            services.edit_fair(actor=hall.owner, fair=hall.fair, values=values)
    else:
        fair = services.edit_fair(actor=hall.owner, fair=hall.fair, values=values)
        assert {name: getattr(fair, name) for name in values} == values


def test_lists_are_free_to_change_while_there_are_only_drafts():
    hall = Hall()
    hall.draft()

    fair = services.edit_fair(actor=hall.owner, fair=hall.fair, values={"list_public": "SHOW_ALL"})

    assert fair.list_public == "SHOW_ALL"


def test_pairs_of_roles_that_are_not_admitted_are_left_out():
    hall = Hall(state="DRAFT")

    services.set_people(
        actor=hall.owner,
        fair=hall.fair,
        capacity=80,
        roles={"ENTERPRISE": 50, "INSTITUTE": None},
        pairs=[("ENTERPRISE", "INSTITUTE"), ("ENTERPRISE", "INVESTOR")],
    )

    assert list(hall.fair.pairs.values_list("asking", "asked")) == [("ENTERPRISE", "INSTITUTE")]
    assert dict(hall.fair.roles.values_list("role", "capacity")) == {
        "ENTERPRISE": 50,
        "INSTITUTE": None,
    }


def test_a_fair_without_roles_is_refused():
    hall = Hall(state="DRAFT")

    with pytest.raises(UnableToChangeFair):
        services.set_people(actor=hall.owner, fair=hall.fair, capacity=1, roles={}, pairs=[])


def test_a_copy_has_the_rules_the_grid_and_the_questions_but_nobody():
    hall = Hall()
    hall.limit(total=90, enterprise=40)
    first = hall.slots[0]
    services.set_slot(actor=hall.owner, slot=first, kind="BREAK", label="茶歇")
    owner = OrganizationFactory()
    hall.fair.tables.filter(code="A01").update(owner=owner)
    Question.objects.create(fair=hall.fair, label="用餐要求")
    hall.admitted()

    copy = services.copy_fair(
        actor=hall.owner, fair=hall.fair, title="第二届", starts_at=in_days(60)
    )

    slots = [(slot.starts_at, slot.kind) for slot in copy.sessions.get().slots.order_by("index")]
    assert slots[0] == (first.starts_at + timedelta(days=30), "BREAK")
    assert len(slots) == 4
    assert (copy.state, copy.capacity, copy.copied_from) == ("DRAFT", 90, hall.fair)
    assert copy.roles.get(role="ENTERPRISE").capacity == 40
    assert copy.registration_closes_at == hall.fair.registration_closes_at + timedelta(days=30)
    assert set(copy.tables.values_list("code", "owner")) == {(f"A0{n}", None) for n in range(1, 5)}
    assert [question.label for question in copy.questions.all()] == ["用餐要求"]
    assert copy.registrations.count() == 0
    assert missing_checks(copy) == []


def test_a_co_organizer_reads_a_fair_and_copies_nothing():
    hall = Hall()
    partner = MembershipFactory(role=MembershipRole.OWNER)
    hall.fair.co_organizers.add(partner.organization)

    with pytest.raises(UnableToChangeFair):
        services.copy_fair(actor=partner.user, fair=hall.fair, title="照抄", starts_at=in_days(60))
