"""Numbers from the ledger: what they count, whose they are, and what a score told of them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from achievements.enums import Disclosure
from achievements.services import set_disclosure
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import CaseParty, ConversionCase
from matchmaking.enums import CandidateKind, Grade, VerdictReason
from matchmaking.evaluation import services
from matchmaking.evaluation.enums import ObjectType
from matchmaking.evaluation.indicators import Measure, is_small, queries_for, query_of
from matchmaking.evaluation.models import Round
from matchmaking.evaluation.objects import source_of
from matchmaking.evaluation.queries import afterwards
from matchmaking.models import Match
from matchmaking.services import give_verdict
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal
from tests.factories.evaluation import Evaluation
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db
START, END = date(2000, 1, 1), date(2099, 12, 31)


def ask(key, *ids, start=START, end=END):
    return query_of(key).ask(ids, start, end)


def test_listings_and_patents_are_counted_for_their_unit_and_period():
    institute, other = Institute(), Institute("滨江力学研究所")
    institute.published()
    institute.draft(title="未发布的成果")
    patent = institute.patent()
    institute.patent_draft(patent).get_latest_revision().publish(skip_permission_checks=True)
    own, foreign = institute.organization.pk, other.organization.pk

    for key in ("achievements_published", "patents_offered", "patents_granted"):
        assert ask(key, own, foreign) == {own: Measure(1), foreign: Measure(0)}
        assert ask(key, own, end=date(2001, 1, 1)) == {own: Measure(0)}


def test_verdicts_of_companies_are_a_share_with_its_base():
    institute = Institute()
    page = institute.published()
    levels = [4, 1]
    for level in levels:
        company = Company(f"湖畔电子{level}有限公司")
        need = company.published(title=f"导热膜需求{level}")
        Match.objects.filter(need=need).delete()
        match = Match.objects.create(
            need=need,
            page=page,
            candidate_kind=CandidateKind.ACHIEVEMENT,
            rank=1,
            score=1,
            grade=Grade.GOOD,
            method_version="t",
            computed_at=timezone.now(),
        )
        give_verdict(actor=company.owner, match=match, level=level, reason=VerdictReason.FITS)
    unit = institute.organization.pk

    assert ask("verdicts_accepted", unit) == {unit: Measure(50, 2)}
    assert ask("achievement_accepted", page.pk) == {page.pk: Measure(50, 2)}
    assert ask("needs_matched", unit) == {unit: Measure(1)}
    assert [is_small(2), is_small(5), is_small(None)] == [True, False, False]
    nobody = Institute("滨江力学研究所").organization.pk
    assert ask("verdicts_accepted", nobody) == {}


def test_patents_behind_an_achievement_are_the_granted_ones():
    institute = Institute()
    page = institute.published()
    page.patent_links.create(patent=institute.patent())
    page.save()

    assert ask("achievement_patents", page.pk) == {page.pk: Measure(1)}
    assert ask("achievement_patents", page.pk, end=date(2010, 1, 1)) == {page.pk: Measure(0)}


def test_contracts_and_money_are_the_owners_by_share():
    deal = Deal().to_contract().pay("600000")
    one, other = deal.institute.organization.pk, Institute("滨江力学研究所").organization.pk
    CaseParty.objects.create(
        case=deal.case, role=PartyRole.OWNER, organization_id=other, joined_on=deal.on
    )
    year = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}

    assert ask("contracts_signed", one, other, **year) == {one: Measure(1), other: Measure(0)}
    assert ask("money_received", one, other, **year) == {one: Measure(30), other: Measure(30)}
    deal.case.parties.filter(organization=one).update(share=80)
    deal.case.parties.filter(organization=other).update(share=20)
    assert ask("money_received", one, other, **year) == {one: Measure(48), other: Measure(12)}
    assert ask("money_received", one, end=date(2024, 12, 31)) == {one: Measure(0)}


def test_an_achievements_contracts_and_money_are_those_of_its_cases():
    deal = Deal().to_contract().pay("250000")
    page = deal.institute.published()
    type(deal.case).objects.filter(pk=deal.case.pk).update(page=page)

    assert ask("achievement_contracts", page.pk) == {page.pk: Measure(1)}
    assert ask("achievement_received", page.pk, page.pk + 1) == {
        page.pk: Measure(25),
        page.pk + 1: Measure(0),
    }


def test_every_number_says_what_it_counts():
    for object_type in ("INSTITUTE", "BROKER", "ACHIEVEMENT"):
        for query in queries_for(object_type):
            assert all(str(words) for words in (query.label, query.formula, query.source))


def test_an_archived_round_is_compared_with_the_money_of_the_next_year(client):
    names = [f"测试研究院{number}号" for number in range(5)]
    evaluation = Evaluation(institutes=names).publish()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        services.archive_round(actor=evaluation.commission, round_=evaluation.round)
    Round.objects.update(year=2024)
    assert afterwards(evaluation.scheme)[0].correlation.rho is None
    Deal(owner=evaluation.institutes[0]).to_contract().pay("100000")
    [found] = afterwards(evaluation.scheme)

    assert [found.correlation.n, found.query.key] == [5, "money_received"]
    assert found.correlation.rho is not None
    page = client.get(evaluation.scheme.get_absolute_url()).content.decode()
    assert ["斯皮尔曼" in page, "到账金额" in page, "暂无数据" in page] == [True, True, False]


# Cases as objects


def test_only_signed_cases_are_candidates_and_no_title_of_their_own_is_told():
    deal = Deal().to_contract()
    Deal()
    page = deal.institute.published(title="石墨烯导热膜")
    source = source_of(ObjectType.CASE)
    unlisted = [(each.object_id, each.label) for each in source.candidates()]
    ConversionCase.objects.filter(pk=deal.case.pk).update(page=page, title="湖畔电子独占许可")
    listed = [each.label for each in source.candidates()]
    set_disclosure(actor=deal.owner, page=page, disclosure=Disclosure.REGISTERED)
    closed = [each.label for each in source.candidates()]

    code = deal.case.code
    assert unlisted == [(deal.case.pk, code)]
    assert (listed, closed) == ([f"{code} 石墨烯导热膜"], [code])
    assert source.candidates(organization_ids=[deal.company.organization.pk]) == []


def test_every_party_of_a_case_is_behind_it_and_so_are_completers_and_the_broker():
    deal, completer, broker = Deal(), UserFactory(), UserFactory()
    deal.case.parties.filter(name="林知远").update(user=completer)
    ConversionCase.objects.filter(pk=deal.case.pk).update(broker=broker)
    source, pk = source_of(ObjectType.CASE), deal.case.pk

    sides = {deal.institute.organization.pk, deal.company.organization.pk}
    assert source.units([pk]) == {pk: sides}
    assert source.people([pk]) == {pk: {completer.pk, broker.pk}}


def test_numbers_of_a_case_are_its_ledgers():
    deal = Deal().to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay("400000")
    other = Deal()
    ids = (deal.case.pk, other.case.pk)
    days = (deal.signed.signed_on - deal.case.opened_on).days

    assert ask("case_contract", *ids) == {deal.case.pk: Measure(100.0)}
    assert ask("case_received", *ids) == {deal.case.pk: Measure(40.0)}
    assert ask("case_received", *ids, end=date(2001, 1, 1)) == {deal.case.pk: Measure(0.0)}
    assert ask("case_days", *ids) == {deal.case.pk: Measure(float(days))}
    assert ask("case_sales", *ids) == {}


def test_reported_sales_are_the_latest_answers():
    deal = Deal().to_contract()
    for months, sales in ((12, 800_000), (6, 300_000)):
        deal.case.follow_ups.filter(months=months).update(answered_at=timezone.now(), sales=sales)

    assert ask("case_sales", deal.case.pk) == {deal.case.pk: Measure(80.0)}


def test_a_unit_counts_contracts_of_three_modes_and_the_median_of_its_days():
    licence = Deal(mode="LICENCE").to_contract()
    institute, pk = licence.institute, licence.institute.organization.pk
    service = Deal(mode="SERVICE", owner=institute).to_contract()
    spans = [(deal.signed.signed_on - deal.case.opened_on).days for deal in (licence, service)]

    assert ask("contracts_of_three_modes", pk) == {pk: Measure(1.0)}
    assert ask("contracts_signed", pk) == {pk: Measure(2.0)}
    assert ask("days_to_contract", pk) == {pk: Measure(sum(spans) / 2, 2)}
    assert ask("days_to_contract", pk, end=date(2001, 1, 1)) == {}
