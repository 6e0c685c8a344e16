"""Numbers from the ledger: what they count, whose they are, and what a score told of them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import CaseParty
from matchmaking.enums import CandidateKind, Grade, VerdictReason
from matchmaking.evaluation import services
from matchmaking.evaluation.indicators import Measure, is_small, queries_for, query_of
from matchmaking.evaluation.models import Round
from matchmaking.evaluation.queries import afterwards
from matchmaking.models import Match
from matchmaking.services import give_verdict
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
