"""A case that follows an interest in talks: who may open it, what it takes over, only once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.descriptions import describe_event
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.services import UnableToMoveCase
from matchmaking.interests.services import answer_interest
from tests.factories.case_forms import NO_ROWS
from tests.factories.interests import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town()


def open_from(town, interest, *, actor=None, others=()):
    return services.open_case(
        actor=actor or town.institute.owner,
        title="导热膜",
        parties=[
            services.PartyEntry(PartyRole.OWNER, town.institute.organization),
            services.PartyEntry(PartyRole.TAKER, town.company.organization),
            *others,
        ],
        interest=interest,
        opened_on=timezone.localdate(),
    )


def test_the_office_opens_the_case_of_an_interest_in_talks(client, town):
    interest = town.in_talks()
    client.force_login(town.institute.owner)
    page = client.get(interest.get_absolute_url()).content.decode()
    address = f"{reverse('cases:new')}?interest={interest.code}"
    form = client.get(address).context["form"]
    answer = client.post(
        reverse("cases:new"), {**form.initial, **NO_ROWS, "opened_on": "2026-01-05"}
    )

    assert address in page
    case = ConversionCase.objects.get()
    assert answer.url == case.get_absolute_url()
    assert (case.interest, case.listing_code, case.title) == (
        interest,
        town.page.code,
        town.page.title,
    )
    parties = case.parties.values_list("role", "organization")
    assert sorted(parties) == [
        ("OWNER", town.institute.organization.pk),
        ("TAKER", town.company.organization.pk),
    ]
    assert ("意向", interest.code) in describe_event(case.events.get(), {})
    assert case.code in client.get(interest.get_absolute_url()).content.decode()
    assert interest.code in client.get(case.get_absolute_url()).content.decode()


def test_who_has_the_need_takes_the_result(client, town):
    interest = town.offer()
    answer_interest(actor=town.company.owner, interest=interest)
    client.force_login(town.company.owner)
    form = client.get(f"{reverse('cases:new')}?interest={interest.code}").context["form"]

    assert (form.initial["role"], form.initial["organization"], form.initial["owner"]) == (
        "TAKER",
        town.company.organization.pk,
        town.institute.organization.credit_code or town.institute.organization.name,
    )


def test_an_interest_has_one_case(town):
    interest = town.in_talks()
    case = open_from(town, interest)

    with pytest.raises(UnableToMoveCase) as error:
        open_from(town, interest)
    assert str(error.value) == f"此意向已有案例：{case.code}。"


def test_an_interest_nobody_has_answered_opens_no_case(client, town):
    interest = town.express()
    client.force_login(town.institute.owner)

    assert "cases/new/?interest" not in client.get(interest.get_absolute_url()).content.decode()
    with pytest.raises(UnableToMoveCase) as error:
        open_from(town, interest)
    assert str(error.value) == "案例承接洽谈中的意向，意向双方都须是案例参与方。"


def test_the_sides_of_the_interest_are_the_sides_of_the_case(town):
    interest, other = town.in_talks(), Town()
    with pytest.raises(UnableToMoveCase) as error:
        open_from(other, interest)
    assert str(error.value) == "案例承接洽谈中的意向，意向双方都须是案例参与方。"


def test_a_third_party_does_not_take_over_an_interest_by_naming_both_sides(town):
    interest, third = town.in_talks(), Town().company
    with pytest.raises(UnableToMoveCase):
        open_from(
            town,
            interest,
            actor=third.owner,
            others=[services.PartyEntry(PartyRole.TAKER, third.organization)],
        )
    assert not ConversionCase.objects.exists()


def test_a_member_who_is_not_of_the_office_is_not_offered_a_case(client, town):
    interest = town.in_talks()
    client.force_login(town.institute.researcher)

    assert "cases/new/?interest" not in client.get(interest.get_absolute_url()).content.decode()
