"""The record of a patent: who reaches it, what the office corrects, what the public sees."""

import pytest
from django.urls import reverse

from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def publish(institute, patent, **texts):
    page = institute.patent_draft(patent, **texts)
    page.get_latest_revision().publish(skip_permission_checks=True)
    return page


def record_address(patent):
    return reverse("ip:record", args=[patent.application_number])


def test_own_listing_and_own_public_page_lead_to_the_record(institute, client):
    patent = institute.patent()
    page = publish(institute, patent)
    link = f'href="{record_address(patent)}"'

    client.force_login(institute.researcher)
    listing = reverse("achievements:listing", args=[page.pk])
    assert link in client.get(listing).content.decode()
    assert link in client.get(page.url).content.decode()

    client.force_login(UserFactory())
    assert link not in client.get(page.url).content.decode()
    client.logout()
    assert link not in client.get(page.url).content.decode()


def test_a_plain_member_reads_the_record_but_changes_nothing(institute, client):
    patent = institute.patent()
    member = MembershipFactory(organization=institute.organization).user
    client.force_login(member)

    page = client.get(record_address(patent))
    assert page.status_code == 200
    assert 'name="occurred_on"' not in page.content.decode()

    step = {"status": "TERMINATED", "occurred_on": "2024-05-01"}
    assert client.post(record_address(patent), step).status_code == 422
    patent.refresh_from_db()
    assert patent.status == "GRANTED"
