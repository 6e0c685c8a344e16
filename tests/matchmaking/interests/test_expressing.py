"""Who may express an interest in what, and the reasons why not."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from achievements.models import AchievementPage
from achievements.services import set_disclosure, withdraw_listing
from matchmaking.interests.enums import InterestState, TargetKind
from matchmaking.interests.models import Interest
from matchmaking.interests.services import (
    UnableToChangeInterest,
    decline_interest,
    express_interest,
    withdraw_interest,
)
from matchmaking.models import Need
from portal.accounts.enums import ConsentPurpose, OrganizationKind, PortalRole
from portal.accounts.models import Consent, ConsentText, Organization
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.interests import WORDS, Town, fresh, person_with
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EXPRESS = reverse("interests:express")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def town():
    return Town()


def told(kind):
    found = Notification.objects.filter(kind=kind).order_by("user")
    return set(found.values_list("user", flat=True))


# What is kept, and who is told --------------------------------------------------------------------


def test_an_interest_has_a_code_a_term_and_its_sides(town):
    with time_machine.travel("2026-03-03 10:00+08:00"):
        interest = town.express()

    assert interest.code == "YX-2026-000001"
    assert (interest.kind, interest.state) == (TargetKind.ACHIEVEMENT, InterestState.SENT)
    assert (interest.page_id, interest.need) == (town.page.pk, None)
    assert interest.receiver_organization == town.institute.organization
    assert (interest.term_days, interest.due_on) == (5, date(2026, 3, 10))
    event = AuditEvent.objects.get(action="interests.express_interest")
    assert (event.actor, event.organization_id) == (
        town.company.owner,
        town.company.organization.pk,
    )


def test_office_and_author_of_the_listing_are_told(town):
    town.express()

    institute = town.institute
    assert told("interest-new") == {
        institute.owner.pk,
        institute.editor.pk,
        institute.researcher.pk,
    }


def test_each_kind_of_listing_has_its_own_term(town, settings):
    settings.INTEREST_ANSWER_DAYS = {"ACHIEVEMENT": 3, "PATENT": 2, "NEED": 1}
    draft = town.institute.patent_draft(town.institute.patent())
    draft.get_latest_revision().publish(skip_permission_checks=True)

    patent = town.express(page=draft)

    assert (town.express().term_days, patent.term_days, town.offer().term_days) == (3, 2, 1)
    assert patent.kind == TargetKind.PATENT


def test_from_a_match_both_are_kept_and_the_side_follows_the_sender(town):
    need = town.company.published()

    interest = town.express(need=need)
    other = Town.offer(town, need=town.company.published(title="更薄的石墨烯导热膜"))

    assert (interest.kind, interest.page_id, interest.need) == ("ACHIEVEMENT", town.page.pk, need)
    assert (other.kind, other.page_id) == ("NEED", town.page.pk)
    assert other.receiver_organization == town.company.organization


def test_contact_is_given_by_a_consent_that_names_the_recipient(town):
    town.express(shares_contact=True)

    consent = Consent.objects.get(user=town.company.owner)
    assert consent.text.purpose == ConsentPurpose.SHARE_CONTACT
    assert consent.recipient == town.institute.organization
    event = AuditEvent.objects.get(action="accounts.give_consent")
    assert event.organization_id == town.institute.organization.pk


def test_the_form_shows_the_text_that_the_ledger_records(town, client):
    client.force_login(town.company.owner)

    page = client.get(EXPRESS, {"page": town.page.pk}).content.decode()

    text = ConsentText.objects.filter(purpose=ConsentPurpose.SHARE_CONTACT).latest("version")
    assert text.text in page


def test_contact_is_not_given_to_a_company_without_a_name(town, client):
    need = town.company.published(confidentiality="ANONYMOUS")
    client.force_login(town.institute.owner)

    form = client.get(EXPRESS, {"need": need.code}).context["form"]

    assert "shares_contact" not in form.fields
    with pytest.raises(UnableToChangeInterest, match="名称未公开"):
        town.offer(need=need, shares_contact=True)
    assert not Consent.objects.exists()


# Refusals -----------------------------------------------------------------------------------------


def test_the_own_organization_is_refused(town):
    with pytest.raises(UnableToChangeInterest, match="本单位"):
        town.express(actor=town.institute.owner, organization=town.institute.organization)


def test_nobody_speaks_for_another_organization(town):
    with pytest.raises(UnableToChangeInterest):
        town.express(organization=OrganizationFactory())


def test_a_second_one_is_refused_while_the_first_is_open(town):
    first = town.express()

    with pytest.raises(UnableToChangeInterest, match="尚未结束"):
        town.express(actor=town.company.colleague)

    withdraw_interest(actor=town.company.owner, interest=first)
    assert town.express().state == InterestState.SENT


def test_the_database_keeps_one_open_interest_for_each_pair(town):
    first = town.express()
    first.pk, first.code = None, "YX-2026-999999"

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_the_other_side_of_a_match_answers_instead(town):
    need = town.company.published()
    town.express(need=need)

    with pytest.raises(UnableToChangeInterest, match="请直接答复"):
        town.offer(need=need)


def test_after_a_no_one_may_ask_again(town):
    decline_interest(actor=town.institute.owner, interest=town.express(), reason="PRICE")

    assert town.express().state == InterestState.SENT


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_what_left_the_portal_is_refused(town, how):
    if how == "expired":
        yesterday = timezone.localdate() - timedelta(days=1)
        AchievementPage.objects.filter(pk=town.page.pk).update(valid_until=yesterday)
    else:
        withdraw_listing(
            page=town.page, actor=town.institute.owner, reason="已转让", now=timezone.now()
        )

    with pytest.raises(UnableToChangeInterest, match="已不在平台"):
        town.express()


def test_what_is_hidden_is_as_if_it_were_not_there(town, client):
    set_disclosure(page=town.page, actor=town.institute.owner, disclosure="HIDDEN")
    client.force_login(town.company.owner)

    assert client.get(EXPRESS, {"page": town.page.pk}).status_code == 404
    with pytest.raises(UnableToChangeInterest, match="无权"):
        town.express()


def test_a_draft_is_not_there(town):
    with pytest.raises(UnableToChangeInterest, match="无权"):
        town.express(page=town.institute.draft(title="新稿"))


def test_an_excluded_institute_is_refused(town):
    need = town.company.published()
    need.excluded.add(town.institute.organization)

    with pytest.raises(UnableToChangeInterest, match="不希望"):
        town.offer(need=need)


def test_a_directed_need_is_hidden_from_others(town):
    need = town.company.published(
        confidentiality="DIRECTED", directed_to=[town.institute.organization]
    )
    other = Institute("滨江力学研究所")

    with pytest.raises(UnableToChangeInterest, match="无权"):
        express_interest(actor=other.owner, organization=other.organization, need=need, **WORDS)
    assert town.offer(need=need).kind == TargetKind.NEED


def test_a_closed_need_is_refused_with_the_reason(town, client):
    need = town.company.published()
    Need.objects.filter(pk=need.pk).update(state="CLOSED")
    client.force_login(town.institute.owner)

    page = client.get(EXPRESS, {"need": need.code}).content.decode()

    assert "已不在平台" in page
    assert need.title not in page


def test_a_government_department_waits_for_its_check(town, client):
    office = MembershipFactory(
        organization=OrganizationFactory(kind=OrganizationKind.GOVERNMENT), role="OWNER"
    )
    client.force_login(office.user)

    page = client.get(EXPRESS, {"page": town.page.pk}).content.decode()

    assert "政府部门" in page
    with pytest.raises(UnableToChangeInterest, match="政府部门"):
        town.express(actor=office.user, organization=office.organization)


def test_without_an_organization_the_way_leads_to_one(town, client):
    client.force_login(UserFactory())

    page = client.get(EXPRESS, {"page": town.page.pk}).content.decode()

    assert f'href="{reverse("accounts:organizations")}"' in page


def test_a_pair_that_is_nobodys_is_not_there(town, client):
    client.force_login(Institute("滨江力学研究所").owner)
    query = {"page": town.page.pk, "need": town.company.published().code}

    assert client.get(EXPRESS, query).status_code == 404


@pytest.mark.parametrize(
    "query", [{}, {"page": "x"}, {"page": "9" * 30}, {"need": "XQ-2026-000000"}, {"page": "0"}]
)
def test_nonsense_is_not_there(town, client, query):
    client.force_login(town.company.owner)

    assert client.get(EXPRESS, query).status_code == 404


# The page -----------------------------------------------------------------------------------------


def test_the_form_sends_and_leads_to_the_interest(town, client):
    client.force_login(town.company.owner)
    data = {**WORDS, "organization": town.company.organization.pk}

    answer = client.post(f"{EXPRESS}?page={town.page.pk}", data)

    interest = Interest.objects.get()
    assert answer.url == interest.get_absolute_url()
    assert (interest.purpose, interest.offer) == (WORDS["purpose"], WORDS["offer"])


def test_an_open_interest_is_linked_in_place_of_the_form(town, client):
    interest = town.express()
    client.force_login(town.company.colleague)

    page = client.get(EXPRESS, {"page": town.page.pk}).content.decode()

    assert f'href="{interest.get_absolute_url()}"' in page
    assert "<textarea" not in page


def test_confidential_marks_ask_once_more_and_lose_nothing(town, client):
    client.force_login(town.company.owner)
    data = {
        **WORDS,
        "offer": "配方属商业秘密，见附表。",
        "organization": town.company.organization.pk,
    }
    address = f"{EXPRESS}?page={town.page.pk}"

    first = client.post(address, data)

    assert Interest.objects.count() == 0
    page = first.content.decode()
    assert "配方属商业秘密，见附表。" in page
    assert '<input type="hidden" name="is_confirmed" value="1"' in page
    assert client.post(address, {**data, "is_confirmed": "1"}).status_code == 302
    assert Interest.objects.get().offer == data["offer"]


def test_an_organization_of_somebody_else_is_no_choice(town, client):
    client.force_login(town.company.owner)
    other = OrganizationFactory()

    answer = client.post(f"{EXPRESS}?page={town.page.pk}", {**WORDS, "organization": other.pk})

    assert list(answer.context["form"].errors) == ["organization"]


def test_the_own_organization_is_left_out_of_the_choice(town, client):
    MembershipFactory(user=town.company.owner, organization=town.institute.organization)
    client.force_login(town.company.owner)

    form = client.get(EXPRESS, {"page": town.page.pk}).context["form"]

    assert list(form.fields["organization"].queryset) == [
        Organization.objects.get(pk=town.company.organization.pk)
    ]


# The button ---------------------------------------------------------------------------------------


def button_on(client, url, user=None):
    client.logout()
    if user:
        client.force_login(user)
    return "表达意向" in client.get(url).content.decode()


def test_the_button_stands_for_others_only(town, client):
    url = town.page.url

    assert button_on(client, url)
    assert button_on(client, url, town.company.owner)
    assert not button_on(client, url, town.institute.researcher)
    assert not button_on(client, url, person_with(PortalRole.AUDITOR))


def test_signing_in_leads_back_to_the_form(town, client):
    page = client.get(town.page.url).content.decode()

    assert f"?next=%2Finterests%2Fnew%2F%3Fpage%3D{town.page.pk}" in page


def test_the_button_names_the_open_interest(town, client):
    interest = town.express()
    client.force_login(town.company.owner)

    page = client.get(town.page.url).content.decode()

    assert f'href="{interest.get_absolute_url()}"' in page
    assert "意向已发出" in page


def test_the_button_stands_on_needs_for_enterprises(town, client):
    need = town.company.published()
    other = MembershipFactory(organization=OrganizationFactory(kind=OrganizationKind.ENTERPRISE))

    assert button_on(client, need.get_absolute_url(), other.user)
    assert not button_on(client, need.get_absolute_url(), town.company.owner)


def test_an_institute_offers_its_listing_from_the_need(town, client):
    from matchmaking.services import compute_matches
    from search.documents import registered_documents
    from search.services import rebuild_index

    need = town.company.published()
    for document in registered_documents():
        rebuild_index(document)
    compute_matches(need=need)
    client.force_login(town.institute.owner)
    query = f"page={town.page.pk}&amp;need={need.code}"

    why = client.get(reverse("matchmaking:why", args=[need.code, town.page.pk]))
    page = client.get(need.get_absolute_url()).content.decode()

    assert f"{EXPRESS}?{query}" in why.content.decode()
    assert f"{EXPRESS}?need={need.code}&amp;page={town.page.pk}" in page
    assert fresh(town.offer(need=need)).kind == TargetKind.NEED
