"""Whom somebody should meet and why."""

import pytest
from django.utils import timezone

from events.meetings.queries import askable_people
from events.meetings.suggestions import suggest
from events.registration.models import Entry
from matchmaking.models import Match
from portal.accounts.enums import ConsentPurpose
from portal.taxonomy.models import Industry
from tests.factories.listings import Institute
from tests.factories.meetings import Market
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market(list_participants="SHOW_ALL")


@pytest.fixture
def matched(market):
    """A company with a need, an institute with an achievement, and the measured match."""
    company, institute = Company(), Institute(name="北岸研究院")
    need, page = company.published(), institute.published()
    one = market.enterprise(organization=company.organization)
    other = market.institute(organization=institute.organization)
    Entry.objects.create(registration=one, kind="SEEK", need=need, title=need.title)
    Entry.objects.create(registration=other, kind="OFFER", page=page, title=page.title)
    Match.objects.filter(need=need).delete()
    match = Match.objects.create(
        need=need,
        page=page,
        candidate_kind="ACHIEVEMENT",
        rank=1,
        score=3.0,
        coverage=0.6,
        grade="STRONG",
        terms=[["石墨", 0.3], ["墨烯", 0.2], ["导热", 0.2], ["热膜", 0.1]],
        method_version="1",
        computed_at=timezone.now(),
    )
    return one, other, match


def suggestions_of(own):
    people = askable_people(own, own.person, timezone.now())
    return suggest(own, people.prefetch_related("entries", "industries"))


def test_a_measured_match_says_my_need_their_achievement_and_the_shared_words(matched):
    one, other, match = matched
    [found] = suggestions_of(one)
    [reason] = found.reasons
    assert found.person == other
    assert (reason.mine.need, reason.theirs.page.pk) == (match.need, match.page_id)
    assert reason.grade == "STRONG"
    assert any("石墨烯" in word for word in reason.words)


def test_the_other_side_gets_the_same_match_the_other_way_round(matched):
    one, other, _match = matched
    [found] = suggestions_of(other)
    [reason] = found.reasons
    assert (found.person, reason.mine.kind, reason.theirs.kind) == (one, "OFFER", "SEEK")
    assert reason.grade == "STRONG"


def test_measured_matches_come_before_words_alike(market, matched):
    one, other, _match = matched
    alike = market.institute()
    Entry.objects.create(registration=alike, kind="OFFER", title="石墨烯导热膜涂布")
    assert [each.person for each in suggestions_of(one)] == [other, alike]


def test_a_weak_match_and_a_closed_need_are_no_reason(matched):
    one, _other, match = matched
    match.grade = "WEAK"
    match.save()
    assert [each.grade for each in suggestions_of(one)[0].reasons] == [""]
    match.grade = "STRONG"
    match.save()
    match.need.state = "CLOSED"
    match.need.save()
    assert [each.grade for each in suggestions_of(one)[0].reasons] == [""]


def test_without_a_match_what_one_seeks_meets_what_the_other_brings_by_words(market):
    one, other, stranger = market.enterprise(), market.institute(), market.institute()
    Entry.objects.create(registration=one, kind="SEEK", title="薄型石墨烯导热膜")
    Entry.objects.create(registration=other, kind="OFFER", title="石墨烯导热膜中试线")
    Entry.objects.create(registration=stranger, kind="OFFER", title="海水淡化装置")
    [found] = suggestions_of(one)
    assert found.person == other
    assert found.reasons[0].grade == ""
    assert "石墨烯" in "".join(found.reasons[0].words)


def test_two_who_seek_the_same_are_no_reason(market):
    one, other = market.enterprise(), market.institute()
    for each in (one, other):
        Entry.objects.create(registration=each, kind="SEEK", title="石墨烯导热膜")
    assert suggestions_of(one) == []


def test_a_common_industry_is_a_reason(market):
    one, other = market.enterprise(), market.institute()
    industry = Industry.objects.get(code="new_materials")
    for each in (one, other):
        each.industries.add(industry)
    [found] = suggestions_of(one)
    assert (found.person, found.reasons, found.industries) == (other, [], [industry.label])


def test_who_does_not_show_the_name_is_not_suggested(market):
    one = market.enterprise()
    hidden = market.institute(consents=[ConsentPurpose.FAIR_ORGANIZER])
    Entry.objects.create(registration=one, kind="SEEK", title="石墨烯导热膜")
    Entry.objects.create(registration=hidden, kind="OFFER", title="石墨烯导热膜")
    assert suggestions_of(one) == []
