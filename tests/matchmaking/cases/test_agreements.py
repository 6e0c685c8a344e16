"""A confidentiality agreement signed on the portal stands in the ledger of the case it covers."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.management import call_command

from matchmaking.cases import services
from matchmaking.cases.descriptions import describe_event
from matchmaking.cases.enums import PartyRole
from portal.disclosure.services import end_agreement
from tests.factories.cases import Deal
from tests.factories.disclosure import in_days, propose, sign, signed
from tests.factories.interests import Town

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def codes_are_fresh():
    """Used codes are remembered by person, and the tests' people have the same ids."""
    cache.clear()


@pytest.fixture
def town():
    return Town()


def open_case(town):
    return services.open_case(
        actor=town.institute.owner,
        title="导热膜",
        parties=[
            services.PartyEntry(PartyRole.OWNER, town.institute.organization),
            services.PartyEntry(PartyRole.TAKER, town.company.organization),
        ],
        page=town.page,
        opened_on=in_days(0),
    )


def nda(case):
    case.refresh_from_db()
    kinds = case.events.order_by("sequence").values_list("kind", flat=True)
    return case.tracks.get("NDA"), [kind for kind in kinds if kind.startswith("NDA")]


def test_a_new_case_takes_over_what_both_sides_have_signed(town):
    agreement = signed(town.page, town.company, town.institute)
    case = open_case(town)

    event = case.events.get(kind="NDA_SIGNED")
    assert (case.version, event.actor, event.occurred_on) == (2, None, in_days(0))
    assert describe_event(event, {}) == [
        ("保密协议", agreement.code),
        ("有效期至", f"{agreement.ends_on}"),
    ]
    call_command("verify_audit")


def test_an_agreement_signed_later_is_entered_when_the_second_side_has_signed(town):
    case = open_case(town)
    agreement = propose(town.page, town.company, town.institute)
    sign(agreement, town.company.owner)
    after_one = nda(case)
    sign(agreement, town.institute.owner)

    assert [after_one, nda(case)] == [(None, []), ("SIGNED", ["NDA_SIGNED"])]


def test_its_early_end_is_entered_too(town):
    agreement = signed(town.page, town.company, town.institute)
    case = open_case(town)
    end_agreement(actor=town.company.owner, agreement=agreement, reason="双方不再洽谈")

    assert nda(case) == ("ENDED", ["NDA_SIGNED", "NDA_ENDED"])


def test_a_case_that_has_one_is_left_alone(town):
    first = signed(town.page, town.company, town.institute)
    case = open_case(town)
    cache.clear()
    second = signed(town.page, town.company, town.institute)
    end_agreement(actor=town.company.owner, agreement=second, reason="重复签署")

    assert nda(case) == ("SIGNED", ["NDA_SIGNED"])
    assert case.facts["agreement"] == first.code


def test_an_agreement_on_another_listing_or_with_others_is_none_of_the_case(town):
    case = open_case(town)
    other = town.institute.published(title="另一项成果")
    signed(other, town.company, town.institute)
    stranger = Town()
    signed(stranger.page, stranger.company, stranger.institute)

    assert nda(case) == (None, [])


def test_after_the_contract_nothing_is_entered():
    town = Town()
    deal = Deal(owner=town.institute, taker=town.company, on=date(2025, 3, 3)).to_contract()
    deal.case.page, deal.case.listing_code = town.page, town.page.code
    deal.case.save()
    signed(town.page, town.company, town.institute)

    assert nda(deal.case) == (None, [])
