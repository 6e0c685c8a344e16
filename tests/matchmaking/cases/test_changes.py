"""What changes around a case while it runs: its listing, its parties, its people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from achievements.services import withdraw_listing
from matchmaking.cases import services
from matchmaking.cases.enums import EventKind, PartyRole
from matchmaking.cases.ledger import fold
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.services import UnableToMoveCase
from matchmaking.cases.verification import find_first_fault
from portal.accounts.models import Membership, User
from portal.accounts.services import leave_organization
from tests.factories.accounts import MembershipFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db


def refused(function, *args, **kwargs) -> str:
    with pytest.raises(UnableToMoveCase) as error:
        function(*args, **kwargs)
    return str(error.value)


def succeed(deal, successor, **more):
    following = services.succeed_party(
        actor=deal.owner,
        case=deal.case,
        party=more.pop("party", None) or deal.party(PartyRole.TAKER),
        successor=successor,
        occurred_on=deal.next_day(),
        **more,
    )
    deal.refresh()
    return following


def test_a_case_goes_on_when_its_listing_is_withdrawn(client):
    institute, company = Institute(), Company()
    page = institute.published()
    case = services.open_case(
        actor=institute.owner,
        title="导热膜",
        parties=[
            services.PartyEntry(PartyRole.OWNER, institute.organization),
            services.PartyEntry(PartyRole.TAKER, company.organization),
        ],
        page=page,
        opened_on=timezone.localdate() - timedelta(days=3),
    )
    withdraw_listing(page=page, actor=institute.owner, reason="已转让", now=timezone.now())
    services.make_move(
        actor=company.owner,
        case=case,
        kind=EventKind.TALKS_BEGUN,
        occurred_on=timezone.localdate(),
    )
    client.force_login(company.owner)
    answer = client.get(case.get_absolute_url())

    assert ConversionCase.objects.get().stage == "NEGOTIATING"
    assert (answer.status_code, page.code in answer.content.decode()) == (200, True)


def test_a_merged_party_is_succeeded_after_the_contract_with_role_and_share():
    deal, heir = Deal().to_contract(), Company()
    before = deal.party(PartyRole.TAKER)
    following = succeed(deal, heir.organization)

    before.refresh_from_db()
    assert before.left_on == deal.on
    assert (following.role, following.share, following.contact_name, following.joined_on) == (
        "TAKER",
        before.share,
        before.contact_name,
        deal.on,
    )
    assert set(ConversionCase.objects.for_user(heir.owner)) == {deal.case}
    assert set(ConversionCase.objects.for_user(deal.taker)) == set()
    assert fold(deal.case.events.order_by("sequence")) == deal.case.state
    assert find_first_fault() is None


def test_a_successor_that_takes_part_already_a_person_and_who_has_left_are_refused():
    deal, heir = Deal(), Company()
    already = "该机构已以这一身份参与。"
    before = deal.party(PartyRole.TAKER)
    assert refused(succeed, deal, deal.company.organization) == already
    person = deal.party(PartyRole.COMPLETER)
    none = "只有参与中的单位可以办理承继。"
    assert refused(succeed, deal, heir.organization, party=person) == none
    succeed(deal, heir.organization)
    before.refresh_from_db()
    assert refused(succeed, deal, Company().organization, party=before) == none


def test_a_stranger_enters_no_successor():
    deal, heir = Deal(), Company()

    said = refused(
        services.succeed_party,
        actor=heir.owner,
        case=deal.case,
        party=deal.party(PartyRole.TAKER),
        successor=heir.organization,
        occurred_on=deal.next_day(),
    )
    assert said == "这一步由其他参与方办理。"


def test_a_succession_that_was_entered_wrongly_is_taken_back():
    deal, heir = Deal(), Company()
    succeed(deal, heir.organization)
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=deal.case.version,
        reason="合并未获批准",
        is_void=True,
    )

    present = deal.case.parties.present().filter(role=PartyRole.TAKER)
    assert [party.organization for party in present] == [deal.company.organization]


def test_the_page_keeps_an_unknown_successor_and_takes_a_known_one(client):
    deal, heir = Deal(), Company()
    client.force_login(deal.owner)
    address = reverse("cases:parties", args=[deal.case.code])
    typed = {
        "succeed": "1",
        "succession-party": deal.party(PartyRole.TAKER).pk,
        "succession-successor": "没有这家公司",
        "succession-occurred_on": deal.next_day().isoformat(),
        "succession-version": deal.case.version,
    }
    wrong = client.post(address, typed)
    right = client.post(address, typed | {"succession-successor": heir.organization.credit_code})

    text = wrong.content.decode()
    assert (wrong.status_code, "没有这家公司" in text) == (422, True)
    assert "平台上没有此名称或代码的单位，请核对。" in text
    assert right.url == address
    present = deal.case.parties.present().filter(role=PartyRole.TAKER)
    assert [party.organization for party in present] == [heir.organization]


def test_who_leaves_the_organization_moves_no_case_and_stays_in_its_ledger():
    deal = Deal()
    deal.move("TALKS_BEGUN")
    MembershipFactory(organization=deal.institute.organization, role="OWNER")
    membership = Membership.objects.get(user=deal.owner, organization=deal.institute.organization)
    leave_organization(membership=membership, actor=deal.owner)
    gone = User.objects.get(pk=deal.owner.pk)

    said = refused(
        services.make_move,
        actor=gone,
        case=deal.case,
        kind=EventKind.EXAMINATION_BEGUN,
        occurred_on=deal.next_day(),
    )
    assert said == "这一步由其他参与方办理。"
    assert set(ConversionCase.objects.for_user(gone)) == set()
    assert deal.case.events.get(sequence=2).actor == gone
