"""Who reads what is closed goes on record; who sets the levels."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from achievements.services import save_draft
from portal.audit.models import AuditEvent
from portal.disclosure.enums import Basis, Level
from portal.disclosure.models import Reading
from portal.disclosure.services import (
    UnableToDisclose,
    set_levels,
)
from tests.factories.closed_listings import (
    WORDS,
    close,
    file_statuses,
    read_by,
)
from tests.factories.disclosure import grant, verify
from tests.factories.listings import make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# The log ------------------------------------------------------------------------------------------


def test_a_reading_says_who_for_whom_what_when_and_why(listing, institute, company):
    close(listing, institute, Level.CONSENT, "FIGURES", "PRICE")
    close(listing, institute, Level.NDA, "DETAILS")
    grant(listing, company, institute.owner)

    assert read_by(company.owner, listing) == set(WORDS) - {"DETAILS"}

    [line] = Reading.objects.all()
    assert (line.user, line.organization, line.listing) == (
        company.owner,
        company.organization,
        listing.code,
    )
    assert (line.groups, line.level, line.basis) == (
        "FIGURES,PRICE",
        Level.CONSENT,
        Basis.CONSENT,
    )
    assert line.owner_organization == institute.organization


def test_a_second_reading_of_the_day_is_the_same_line(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    read_by(company.owner, listing)
    read_by(company.owner, listing)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        read_by(company.owner, listing)

    assert Reading.objects.count() == 2


def test_the_owners_own_reading_and_the_public_line_are_not_logged(listing, institute):
    close(listing, institute, Level.CONSENT, "FIGURES")
    read_by(institute.owner, listing)
    file_statuses(institute.colleague, institute)
    read_by(None, listing)

    assert not Reading.objects.exists()


def test_reading_a_file_is_logged(listing, institute, company):
    close(listing, institute, Level.VERIFIED, "FILES")
    verify(company.organization)
    assert file_statuses(company.owner, institute) == [200, 200]

    [line] = Reading.objects.all()
    assert (line.groups, line.basis, line.organization) == (
        "FILES",
        Basis.VERIFIED,
        company.organization,
    )


def test_the_pictures_of_a_page_that_was_read_are_no_second_reading(listing, institute, company):
    close(listing, institute, Level.VERIFIED, "FIGURES", "FILES")
    verify(company.organization)
    read_by(company.owner, listing)
    file_statuses(company.owner, institute)

    assert list(Reading.objects.values_list("groups", flat=True)) == ["FIGURES,FILES"]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_changes_or_deletes_a_reading(listing, institute, company, change):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    read_by(company.owner, listing)

    changes = {
        "update": lambda: Reading.objects.update(groups="PRICE"),
        "delete": lambda: Reading.objects.all()._raw_delete("default"),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        changes[change]()


# Setting levels -----------------------------------------------------------------------------------


def test_levels_are_set_by_whoever_may_change_the_listing(listing, institute, company):
    for stranger in (company.owner, institute.colleague, make_reviewer()):
        with pytest.raises(UnableToDisclose):
            set_levels(actor=stranger, listing=listing, levels={"PRICE": 2})
    set_levels(actor=institute.researcher, listing=listing, levels={"PRICE": 2})

    event = AuditEvent.objects.get(action="disclosure.set_levels")
    assert (event.payload["before"], event.payload["after"]) == ({"PRICE": 0}, {"PRICE": 2})


@pytest.mark.parametrize("levels", [{"THREAD": 1}, {"PRICE": 7}])
def test_unknown_groups_and_levels_are_refused(listing, institute, levels):
    with pytest.raises(UnableToDisclose):
        set_levels(actor=institute.owner, listing=listing, levels=levels)


def test_the_same_levels_again_record_nothing(listing, institute):
    close(listing, institute, Level.CONSENT)
    close(listing, institute, Level.CONSENT)

    assert AuditEvent.objects.filter(action="disclosure.set_levels").count() == 1


def test_publishing_an_older_text_leaves_the_levels(listing, institute):
    close(listing, institute, Level.CONSENT)
    save_draft(page=listing.get_latest_revision_as_object(), actor=institute.researcher)
    listing.revisions.order_by("-pk")[1].publish(skip_permission_checks=True)

    assert read_by(None, listing) == set()
