"""One vote a ticket for each award, the result, and what the hall shows after the fair."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from events.exhibition import services
from events.exhibition.models import Award, Exhibition, Vote
from events.exhibition.queries import shown_parts, tallies
from events.exhibition.services import UnableToExhibit
from events.fairs.models import Fair
from tests.factories.accounts import UserFactory
from tests.factories.exhibition import OnShow, Show

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_ticket_votes_once_for_each_award():
    fair = OnShow()
    first, second = fair.award(), fair.award("最佳展示")

    fair.vote(first)
    fair.vote(second)
    with pytest.raises(UnableToExhibit):
        fair.vote(first, exhibitor=fair.other)

    assert [(vote.award, vote.exhibitor_id) for vote in Vote.objects.order_by("pk")] == [
        (first, fair.exhibitor.pk),
        (second, fair.exhibitor.pk),
    ]


def test_the_database_refuses_a_second_vote():
    fair = OnShow()
    award = fair.award()
    vote = fair.vote(award)

    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(award=award, registration=vote.registration, exhibitor=fair.other)


def test_nobody_votes_for_the_own_organization():
    fair = OnShow()
    award = fair.award()
    fair.visitor.organization = fair.exhibitor.organization
    fair.visitor.save()

    with pytest.raises(UnableToExhibit, match="本单位"):
        fair.vote(award)


def test_only_who_is_on_show_at_this_fair_is_voted_for():
    fair = OnShow()
    award, foreign = fair.award(), OnShow().exhibitor
    services.withdraw_exhibitor(actor=fair.other.user, exhibitor=fair.other)

    for exhibitor in (foreign, fair.other):
        with pytest.raises(UnableToExhibit):
            fair.vote(award, exhibitor=exhibitor)


@pytest.mark.parametrize("state", ["REG_OPEN", "CLOSED"])
def test_votes_are_taken_while_the_fair_is_under_way(state):
    fair = OnShow()
    award = fair.award()
    Fair.objects.update(state=state)

    with pytest.raises(UnableToExhibit):
        fair.vote(award)


def test_the_result_closes_the_vote_and_tells_the_winners():
    fair = OnShow(visitors=3)
    award = fair.award()
    for visitor, exhibitor in zip(
        fair.visitors, (fair.exhibitor, fair.other, fair.exhibitor), strict=True
    ):
        fair.vote(award, exhibitor, visitor)

    services.publish_result(actor=fair.show.owner, fair=fair.show.fair)

    [tally] = tallies(fair.show.fair)
    assert [(each.pk, votes) for each, votes in tally.rows] == [
        (fair.exhibitor.pk, 2),
        (fair.other.pk, 1),
    ]
    assert [each.pk for each in tally.winners] == [fair.exhibitor.pk]
    kinds = [fair.exhibitor.user, fair.other.user]
    assert [user.notifications.filter(kind="exhibitor-award").count() for user in kinds] == [
        1,
        0,
    ]
    with pytest.raises(UnableToExhibit):
        fair.vote(award)
    with pytest.raises(UnableToExhibit):
        services.publish_result(actor=fair.show.owner, fair=fair.show.fair)


def test_level_votes_make_several_winners():
    fair = OnShow(visitors=2)
    award = fair.award()
    fair.vote(award, fair.exhibitor, fair.visitors[0])
    fair.vote(award, fair.other, fair.visitors[1])

    [tally] = tallies(fair.show.fair)

    assert {each.pk for each in tally.winners} == {fair.exhibitor.pk, fair.other.pk}


def test_there_is_no_result_without_votes_and_none_before_the_fair():
    fair, early = OnShow(), Show()
    fair.award()

    for show in (fair.show, early):
        with pytest.raises(UnableToExhibit):
            services.publish_result(actor=show.owner, fair=show.fair)


def test_awards_and_settings_are_the_organizers():
    fair = OnShow()
    award = fair.award()
    doors = (
        lambda actor: services.add_award(actor=actor, fair=fair.show.fair, name="x"),
        lambda actor: services.remove_award(actor=actor, award=award),
        lambda actor: services.publish_result(actor=actor, fair=fair.show.fair),
        lambda actor: services.set_exhibition(
            actor=actor,
            fair=fair.show.fair,
            applications_close_at=None,
            materials_due_at=None,
            after_show="ALL",
            online_days=None,
        ),
    )
    people = (fair.exhibitor.user, fair.show.member, fair.show.reviewer, UserFactory())

    for door, actor in product(doors, people):
        with pytest.raises(UnableToExhibit):
            door(actor)
    assert Award.objects.get() == award


def test_an_award_goes_as_long_as_nobody_voted():
    fair = OnShow()
    award, empty = fair.award(), fair.award("最佳展示")
    fair.vote(award)

    with pytest.raises(UnableToExhibit):
        services.remove_award(actor=fair.show.owner, award=award)
    services.remove_award(actor=fair.show.owner, award=empty)
    with pytest.raises(UnableToExhibit):
        fair.award()

    assert Award.objects.get() == award


@pytest.mark.parametrize(
    ("state", "after", "days", "expected"),
    [
        ("DRAFT", "ALL", None, "NOTHING"),
        ("REG_OPEN", "NOTHING", None, "ALL"),
        ("LIVE", "NOTHING", None, "ALL"),
        ("CLOSED", "NOTHING", None, "NOTHING"),
        ("CLOSED", "NAMES", None, "NAMES"),
        ("CLOSED", "ALL", None, "ALL"),
        ("CLOSED", "ALL", 60, "ALL"),
        ("CLOSED", "ALL", 3, "NOTHING"),
        ("ARCHIVED", "ALL", None, "ALL"),
        ("CANCELLED", "ALL", None, "NOTHING"),
    ],
)
def test_what_the_hall_shows_follows_the_fair_and_the_setting(state, after, days, expected):
    show = Show()
    fair = show.fair
    fair.state = state
    now = fair.page.ends_at + timedelta(days=10)

    assert shown_parts(fair, Exhibition(fair=fair, after_show=after, online_days=days), now) == (
        expected
    )
