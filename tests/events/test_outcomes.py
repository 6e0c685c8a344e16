"""Interests and cases that begin at a meeting, and what their own pages say of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.aftermath.models import MeetingOutcome
from events.aftermath.queries import amount_of, cases_begun_at, cases_to_link
from events.aftermath.services import UnableToConclude, link_case, open_case, open_interest
from events.meetings.models import Meeting
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.services import PartyEntry
from matchmaking.interests.models import Interest
from matchmaking.interests.services import answer_interest, express_interest
from portal.accounts.models import Membership
from portal.audit.models import AuditEvent
from tests.factories.accounts import OrganizationFactory
from tests.factories.aftermath import After
from tests.factories.case_forms import NO_ROWS
from tests.factories.fairs import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def after():
    after = After()
    assert after.page.live
    return after


def interest_of(after, **more):
    values = {
        "actor": after.buyer.person,
        "meeting": after.meeting,
        "organization": after.company.organization,
        "page": after.page,
        "purpose": "散热",
        "ask": "样品",
    }
    return open_interest(**values | more)


class TestInterests:
    def test_it_opens_with_its_clock_and_knows_where_it_began(self, after):
        after.says(after.buyer, "COOPERATION")
        interest = interest_of(after)
        assert interest.state == "SENT"
        assert interest.due_on > timezone.localdate()
        [outcome] = after.meeting.outcomes.all()
        assert (outcome.interest, outcome.case, outcome.linked_by) == (
            interest,
            None,
            after.buyer.person,
        )
        assert AuditEvent.objects.filter(action="aftermath.link_interest").count() == 1

    def test_who_said_something_else_opens_none(self, after):
        with pytest.raises(UnableToConclude, match="先反馈"):
            interest_of(after)
        after.says(after.buyer, "INFORMATIVE")
        with pytest.raises(UnableToConclude, match="先反馈"):
            interest_of(after)

    def test_only_the_people_of_the_meeting_open_it(self, after):
        after.says(after.buyer, "COOPERATION")
        with pytest.raises(UnableToConclude, match="参加洽谈的人"):
            interest_of(after, actor=after.owner)

    def test_the_interests_own_reason_is_told_and_nothing_is_left(self, after):
        after.says(after.buyer, "COOPERATION")
        express_interest(
            actor=after.buyer.person,
            organization=after.company.organization,
            page=after.page,
            purpose="试用",
            ask="样品",
        )
        with pytest.raises(UnableToConclude, match="就此表达意向"):
            interest_of(after)
        assert not MeetingOutcome.objects.exists()

    def test_the_second_tap_leads_to_the_form_that_is_filled_in(self, client, after):
        client.force_login(after.buyer.person)
        feedback = reverse("aftermath:feedback", args=[after.fair.code])
        answer = client.post(feedback, {"meeting": after.meeting.pk, "outcome": "COOPERATION"})
        url = reverse("aftermath:interest", args=[after.meeting.pk])
        assert answer.url == url
        shown = client.get(url).content.decode()
        assert "我们在“新材料供需对接会”上当面谈过：石墨烯导热膜连续制备。" in shown
        assert not Interest.objects.exists()
        data = {
            "organization": after.company.organization.pk,
            "purpose": "上当面谈过",
            "ask": "样品",
        }
        assert client.post(url, data | {"ask": ""}).status_code == 422
        sent = client.post(url, data, follow=True).content.decode()
        [interest] = Interest.objects.all()
        assert "源于活动" in sent
        assert "新材料供需对接会" in sent
        assert client.get(url).url == interest.get_absolute_url()
        shown = client.get(feedback).content.decode()
        assert interest.code in shown

    def test_what_was_met_about_comes_first_and_brings_the_own_need(self, client, after):
        need = after.company.published(title="薄型导热膜")
        other_page = after.institute.published(title="导电浆料")
        after.seller.entries.create(kind="OFFER", page_id=other_page.pk, title=other_page.title)
        about = after.buyer.entries.create(kind="SEEK", need=need, title=need.title)
        request = after.buyer.requests_out.create(
            fair=after.fair,
            to_registration=after.seller,
            about=about,
            message="想看中试数据",
            state="SCHEDULED",
            expires_at=timezone.now(),
        )
        Meeting.objects.filter(pk=after.meeting.pk).update(request=request)
        after.says(after.buyer, "COOPERATION")
        client.force_login(after.buyer.person)
        url = reverse("aftermath:interest", args=[after.meeting.pk])
        shown = client.get(url)
        assert [each.entry.title for each in shown.context["possible"]] == [
            after.page.title,
            "导电浆料",
        ]
        subject = shown.context["chosen"].subject
        assert (subject.page.pk, subject.need) == (after.page.pk, need)
        assert "想看中试数据" in shown.content.decode()
        second = after.seller.entries.last()
        shown = client.get(url, {"about": second.pk})
        assert shown.context["chosen"].entry == second

    def test_a_refusal_is_shown_with_where_to_go(self, client, after):
        after.says(after.buyer, "COOPERATION")
        old = express_interest(
            actor=after.buyer.person,
            organization=after.company.organization,
            page=after.page,
            purpose="试用",
            ask="样品",
        )
        client.force_login(after.buyer.person)
        shown = client.get(reverse("aftermath:interest", args=[after.meeting.pk]))
        assert old.get_absolute_url() in shown.content.decode()

    def test_where_the_other_side_named_nothing_there_is_a_way_on(self, client, after):
        after.says(after.seller, "COOPERATION")
        client.force_login(after.seller.person)
        shown = client.get(reverse("aftermath:interest", args=[after.meeting.pk]))
        assert "对方报名时未选定平台上的成果或需求" in shown.content.decode()

    def test_who_said_otherwise_finds_no_form(self, client, after):
        after.says(after.buyer, "NO_INTEREST")
        client.force_login(after.buyer.person)
        for name in ("interest", "case"):
            url = reverse(f"aftermath:{name}", args=[after.meeting.pk])
            assert client.get(url).status_code == 404


@pytest.fixture
def later():
    """Half a year later both sides are asked again, and the seller says that there are talks."""
    after = After(days=181)
    after.says(after.seller, "NEGOTIATION")
    return after


def opened(after, **more):
    values = {
        "actor": after.institute.owner,
        "meeting": after.meeting,
        "title": "石墨烯导热膜许可",
        "parties": after.parties,
        "opened_on": timezone.localdate(after.meeting.starts_at),
    }
    return open_case(**values | more)


class TestCases:
    def test_a_case_is_opened_between_those_who_met(self, client, later):
        case = opened(later)
        assert list(cases_begun_at(later.meeting)) == [case]
        assert list(cases_begun_at(later.fair, "__fair")) == [case]
        client.force_login(later.company.owner)
        assert "源于活动" in client.get(case.get_absolute_url()).content.decode()

    def test_a_case_with_others_does_not_come_of_the_meeting(self, later):
        stranger = PartyEntry(PartyRole.TAKER, OrganizationFactory())
        with pytest.raises(UnableToConclude, match="洽谈双方之间"):
            opened(later, parties=[later.parties[0], stranger])
        assert not ConversionCase.objects.exists()

    def test_the_ledgers_own_reason_is_told(self, later):
        with pytest.raises(UnableToConclude, match="将来"):
            opened(later, opened_on=timezone.localdate() + timedelta(days=1))

    def test_a_case_that_is_there_is_linked_by_a_party_once(self, later):
        case = later.case(opened_on=timezone.localdate() - timedelta(days=90))
        outcome = link_case(actor=later.institute.owner, meeting=later.meeting, case=case)
        assert outcome.case == case
        with pytest.raises(UnableToConclude, match="洽谈双方之间"):
            link_case(actor=later.institute.owner, meeting=later.meeting, case=case)

    def test_a_case_older_than_the_meeting_did_not_begin_there(self, later):
        case = later.case(opened_on=timezone.localdate() - timedelta(days=300))
        with pytest.raises(UnableToConclude, match="洽谈之后立案"):
            link_case(actor=later.institute.owner, meeting=later.meeting, case=case)

    def test_who_may_not_act_for_a_party_links_nothing(self, later):
        case = later.case(opened_on=timezone.localdate())
        with pytest.raises(UnableToConclude, match="先反馈"):
            link_case(actor=later.company.owner, meeting=later.meeting, case=case)
        Membership.objects.filter(user=later.seller.person).update(role="MEMBER")
        assert not cases_to_link(fresh(later.seller.person), later.meeting).exists()

    def test_a_case_from_the_meetings_interest_counts_by_itself(self, after):
        after.says(after.buyer, "COOPERATION")
        interest = interest_of(after)
        answer_interest(actor=after.institute.owner, interest=interest, text="欢迎来谈")
        case = after.case(opened_on=timezone.localdate(), interest=interest)
        assert list(cases_begun_at(after.meeting)) == [case]
        assert list(cases_begun_at(after.fair, "__fair")) == [case]

    def test_the_page_offers_the_talks_the_known_case_and_a_new_one(self, client, later):
        case = later.case(opened_on=timezone.localdate() - timedelta(days=90))
        client.force_login(later.institute.owner)
        feedback = reverse("aftermath:feedback", args=[later.fair.code])
        answer = client.post(feedback, {"meeting": later.meeting.pk, "outcome": "AGREEMENT"})
        url = reverse("aftermath:case", args=[later.meeting.pk])
        assert answer.url == url
        shown = client.get(url)
        initial = shown.context["form"].initial
        assert initial["taker"] == later.company.organization.credit_code
        assert initial["organization"] == later.institute.organization.pk
        assert case.code in shown.content.decode()
        done = client.post(url, {"link": "1", "case": case.pk})
        assert done.url == case.get_absolute_url()
        assert "已关联案例" in client.get(url).content.decode()

    def test_a_new_case_is_opened_on_the_page(self, client, later):
        client.force_login(later.institute.owner)
        url = reverse("aftermath:case", args=[later.meeting.pk])
        data = {
            "title": "石墨烯导热膜许可",
            "role": "OWNER",
            "organization": later.institute.organization.pk,
            "taker": later.company.organization.credit_code,
            "opened_on": timezone.localdate(later.meeting.starts_at),
            **NO_ROWS,
        }
        wrong = client.post(url, data | {"taker": "没有这家"})
        assert wrong.status_code == 422
        client.post(url, data)
        [case] = cases_begun_at(later.meeting)
        assert case.title == "石墨烯导热膜许可"


def test_a_sum_that_tells_of_single_contracts_is_for_overseers(later):
    case = opened(later)
    ConversionCase.objects.filter(pk=case.pk).update(
        signed_on=timezone.localdate(), contract_total=800_000
    )
    assert amount_of(later.fair, is_full=True) == 800_000
    assert amount_of(later.fair, is_full=False) is None
