"""What a listing's closed fields say on its page, by level and reader."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.disclosure.enums import Level
from portal.disclosure.models import Reading
from portal.disclosure.services import (
    answer_request,
    end_agreement,
    end_consent,
)
from tests.factories.accounts import UserFactory
from tests.factories.closed_listings import (
    WORDS,
    close,
    file_statuses,
    read_by,
)
from tests.factories.disclosure import asked_by, grant, in_days, overseer, signed, verify
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LEVELS = [Level.VERIFIED, Level.CONSENT, Level.NDA]


# The page -----------------------------------------------------------------------------------------


def test_without_a_level_everything_is_public_and_nothing_is_logged(listing, institute):
    assert read_by(None, listing) == set(WORDS)
    assert file_statuses(None, institute) == [200, 200]
    assert not Reading.objects.exists()


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_opens_to_those_who_reached_it(listing, institute, company, level):
    close(listing, institute, level)
    verified, consented, bound = Company("甲"), Company("乙"), Company("丙")
    verify(verified.organization)
    grant(listing, consented, institute.owner)
    signed(listing, bound, institute)
    readers = {
        "visitor": (None, 9),
        "stranger": (UserFactory(), 9),
        "unverified": (company.owner, 9),
        "verified": (verified.colleague, Level.VERIFIED),
        "consent": (consented.colleague, Level.CONSENT),
        "agreement": (bound.colleague, Level.NDA),
        "own side": (institute.colleague, Level.PUBLIC),
    }
    everything = set(WORDS)
    reaches = {
        name: 3 if name == "own side" else 0 if number == 9 else number
        for name, (_user, number) in readers.items()
    }

    seen = {name: read_by(user, listing) for name, (user, _number) in readers.items()}
    files = {name: file_statuses(user, institute) for name, (user, _number) in readers.items()}

    assert seen == {
        name: everything if reach >= level else set() for name, reach in reaches.items()
    }
    assert files == {
        name: [200, 200] if reach >= level else [404, 404] for name, reach in reaches.items()
    }


@pytest.mark.parametrize("group", WORDS)
def test_one_closed_group_leaves_the_others_open(listing, institute, group):
    close(listing, institute, Level.CONSENT, group)

    assert read_by(None, listing) == set(WORDS) - {group}


@pytest.mark.parametrize(
    "role", ["REVIEWER", "OPERATOR", "BROKER", "FINANCE", "EDITOR", "AUDITOR", "COMMISSION"]
)
def test_the_platforms_people_read_no_closed_field_of_what_is_published(listing, institute, role):
    close(listing, institute, Level.VERIFIED)

    assert read_by(overseer(PortalRole[role]), listing) == set()


def test_another_companys_consent_and_agreement_open_nothing(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    other = Company("别家")
    grant(listing, other, institute.owner)
    signed(institute.published(title="别的成果"), company, institute)

    assert read_by(company.owner, listing) == set()


def test_an_agreement_with_somebody_else_than_the_owner_opens_nothing(listing, institute, company):
    close(listing, institute, Level.NDA)
    third = Institute("滨江力学研究所")
    own = third.published(title="力学成果")
    agreement = signed(own, company, third)
    agreement.listings.create(listing=listing.code)

    assert read_by(company.owner, listing) == set()


def test_consent_is_over_after_its_last_day(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    consent = grant(listing, company, institute.owner, days=3)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert read_by(company.owner, listing) == set(WORDS)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert read_by(company.owner, listing) == set()
        assert consent.state == "EXPIRED"


def test_a_consent_that_was_ended_opens_nothing_and_its_readings_stay(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    consent = grant(listing, company, institute.owner)
    assert read_by(company.owner, listing) == set(WORDS)

    end_consent(actor=institute.owner, consent=consent)

    assert read_by(company.owner, listing) == set()
    assert file_statuses(company.owner, institute) == [404, 404]
    assert Reading.objects.count() == 1


def test_an_agreement_opens_from_its_first_to_its_last_day(listing, institute, company):
    close(listing, institute, Level.NDA)
    signed(listing, company, institute, starts_on=in_days(2), ends_on=in_days(5))
    seen = []
    for days in (0, 2, 5, 6):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            seen.append(read_by(company.owner, listing) == set(WORDS))

    assert seen == [False, True, True, False]


def test_an_agreement_that_was_ended_opens_nothing(listing, institute, company):
    close(listing, institute, Level.NDA)
    agreement = signed(listing, company, institute)

    end_agreement(actor=company.owner, agreement=agreement, reason="洽谈结束")

    assert read_by(company.owner, listing) == set()


def test_who_left_the_company_reads_nothing_more(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    company.colleague.memberships.update(state="LEFT")

    assert read_by(User.objects.get(pk=company.colleague.pk), listing) == set()


def test_a_granted_request_opens_its_groups_to_the_requester_for_its_time(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    request = asked_by(auditor, listing, ["FIGURES", "PRICE"])
    assert read_by(auditor, listing) == set()

    answer_request(actor=institute.owner, request=request, grant=True)

    assert read_by(auditor, listing) == {"FIGURES", "PRICE"}
    assert read_by(overseer(), listing) == set()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert read_by(auditor, listing) == set()


def test_a_refused_request_opens_nothing(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    request = asked_by(auditor, listing)

    answer_request(actor=institute.owner, request=request, grant=False, answer="与补助无关")

    assert read_by(auditor, listing) == set()


def test_an_auditor_without_the_role_reads_nothing_by_an_old_request(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    asked_by(auditor, listing, legal_basis="审计法第三十四条")
    auditor.role_grants.all().delete()

    assert read_by(User.objects.get(pk=auditor.pk), listing) == set()
