"""Consent to disclosure: who asks, who answers, what is told, and what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matchmaking.interests.services import (
    UnableToChangeInterest,
    ask_consent as ask_in_talks,
    express_interest,
)
from portal.accounts.enums import PortalRole
from portal.disclosure.enums import ConsentState
from portal.disclosure.models import DisclosureConsent
from portal.disclosure.services import (
    UnableToDisclose,
    end_consent,
    grant_consent,
    refuse_consent,
    set_levels,
)
from tests.factories.accounts import UserFactory
from tests.factories.disclosure import ask, grant, in_days, overseer, told
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Consents -----------------------------------------------------------------------------------------


def test_asking_tells_the_office_and_the_author(town):
    consent = ask(town.page, town.company, actor=town.company.colleague)

    assert consent.state == ConsentState.ASKED
    people = [town.institute.owner, town.institute.editor, town.institute.researcher]
    assert [told(user) for user in people] == [["consent-asked"]] * 3
    assert told(town.institute.colleague) == []


def test_who_may_not_ask(town):
    own = Company("自家")
    for actor, company in ((UserFactory(), town.company), (own.owner, town.company)):
        with pytest.raises(UnableToDisclose):
            ask(town.page, company, actor=actor)
    with pytest.raises(UnableToDisclose):
        ask(town.page, town.institute, actor=town.institute.owner)
    with pytest.raises(UnableToDisclose, match="用途"):
        ask(town.page, town.company, purpose="  ")


def test_one_question_at_a_time_and_none_while_it_is_open(town):
    consent = ask(town.page, town.company)
    with pytest.raises(UnableToDisclose):
        ask(town.page, town.company)
    grant_consent(actor=town.institute.owner, consent=consent, until=in_days(5))
    with pytest.raises(UnableToDisclose):
        ask(town.page, town.company)

    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert ask(town.page, town.company).state == ConsentState.ASKED


def test_who_was_refused_may_ask_again(town):
    refuse_consent(actor=town.institute.owner, consent=ask(town.page, town.company), reason="太早")

    assert ask(town.page, town.company).state == ConsentState.ASKED


def test_the_answer_reaches_who_asked(town):
    consent = ask(town.page, town.company)
    grant_consent(actor=town.institute.researcher, consent=consent, until=in_days(5))

    assert told(town.company.owner) == ["consent-granted"]
    end_consent(actor=town.institute.owner, consent=consent)
    assert told(town.company.owner) == ["consent-granted", "consent-ended"]
    assert DisclosureConsent.objects.get().state == ConsentState.ENDED


def test_only_the_owners_side_answers_and_ends(town):
    consent = ask(town.page, town.company)
    strangers = [
        town.company.owner,
        town.institute.colleague,
        Institute("滨江力学研究所").owner,
        overseer(),
    ]
    for stranger in strangers:
        with pytest.raises(UnableToDisclose):
            grant_consent(actor=stranger, consent=consent, until=in_days(5))
        with pytest.raises(UnableToDisclose):
            refuse_consent(actor=stranger, consent=consent, reason="不")
    grant_consent(actor=town.institute.owner, consent=consent, until=in_days(5))
    for stranger in strangers:
        with pytest.raises(UnableToDisclose):
            end_consent(actor=stranger, consent=consent)


@pytest.mark.parametrize("days", [-1, 3 * 365 + 2])
def test_a_consent_ends_within_three_years(town, days):
    consent = ask(town.page, town.company)

    with pytest.raises(UnableToDisclose):
        grant_consent(actor=town.institute.owner, consent=consent, until=in_days(days))


def test_a_refusal_needs_a_reason(town):
    consent = ask(town.page, town.company)

    with pytest.raises(UnableToDisclose):
        refuse_consent(actor=town.institute.owner, consent=consent, reason=" ")


def test_an_answer_is_given_once(town):
    consent = ask(town.page, town.company)
    refuse_consent(actor=town.institute.owner, consent=consent, reason="太早")
    with pytest.raises(UnableToDisclose):
        grant_consent(actor=town.institute.owner, consent=consent, until=in_days(5))
    with pytest.raises(UnableToDisclose):
        end_consent(actor=town.institute.owner, consent=consent)


def test_the_pages_of_a_consent(client, town):
    consent = ask(town.page, town.company)
    address = consent.get_absolute_url()
    client.force_login(town.company.owner)
    assert client.post(address, {"action": "grant", "until": in_days(5)}).status_code == 302
    assert DisclosureConsent.objects.get().state == ConsentState.ASKED

    client.force_login(town.institute.owner)
    assert client.post(address, {"action": "grant"}).status_code == 422
    assert client.post(address, {"action": "refuse", "reason": ""}).status_code == 422
    assert client.post(address, {"action": "nothing"}).status_code == 404
    client.post(address, {"action": "grant", "until": in_days(5)})
    assert DisclosureConsent.objects.get().state == ConsentState.GRANTED
    client.post(address, {"action": "end"})
    assert DisclosureConsent.objects.get().state == ConsentState.ENDED


# In the talks -------------------------------------------------------------------------------------


def test_consent_is_asked_for_in_the_talks(client, town):
    interest = town.express()
    client.force_login(town.company.owner)
    page = client.get(interest.get_absolute_url())
    assert [group for group, _level in page.context["disclosure"].access.lines] == [
        "DETAILS",
        "PRICE",
    ]

    act = reverse("interests:act", args=[interest.code, "ask-consent"])
    client.post(act, {"purpose": "评估产线"})

    consent = DisclosureConsent.objects.get()
    assert (consent.listing, consent.organization) == (town.page.code, town.company.organization)
    assert consent.origin == interest.get_absolute_url()
    again = client.post(act, {"purpose": "评估产线"})
    assert again.context["form"].non_field_errors() == ["贵机构已经申请过，或者已经可以查阅。"]


def test_the_receiver_asks_for_what_the_sender_brings(town):
    need = town.company.published()
    interest = town.offer(need)
    set_levels(actor=town.company.owner, listing=need, levels={"PRICE": 2})

    assert ask_in_talks(actor=town.institute.owner, interest=interest, purpose="报价").listing == (
        need.code
    )
    own = ask_in_talks(actor=town.company.owner, interest=interest, purpose="评估")
    assert own.listing == town.page.code


def test_nobody_asks_before_both_know_the_names_nor_after_the_end(town):
    need = town.company.published(confidentiality="ANONYMOUS")
    interest = express_interest(
        actor=town.institute.owner,
        organization=town.institute.organization,
        need=need,
        purpose="供样",
        ask="试验",
    )
    with pytest.raises(UnableToChangeInterest):
        ask_in_talks(actor=town.institute.owner, interest=interest, purpose="报价")
    with pytest.raises(UnableToChangeInterest):
        ask_in_talks(actor=town.company.owner, interest=town.declined(), purpose="评估")


def test_brokers_and_overseers_ask_for_no_consent(town):
    interest = town.express()
    for role in (PortalRole.BROKER, PortalRole.COMMISSION):
        with pytest.raises(UnableToChangeInterest):
            ask_in_talks(actor=overseer(role), interest=interest, purpose="评估")


# The page of a closed listing ---------------------------------------------------------------------


def steps_on(client, user, listing):
    if user:
        client.force_login(user)
    else:
        client.logout()
    text = client.get(listing.url).content.decode()
    panel = text.split('id="withheld"')[-1].split("</section>")[0] if "withheld" in text else ""
    return [part.split('"')[0] for part in panel.split('href="')[1:]]


def test_each_reader_is_shown_the_next_step(client, town):
    page, company = town.page, town.company
    set_levels(actor=town.institute.owner, listing=page, levels={"PEOPLE": 1})
    organization = company.organization.pk

    assert steps_on(client, None, page)[0].startswith("/accounts/login/?next=")
    assert steps_on(client, UserFactory(), page) == [reverse("accounts:organizations")]
    assert steps_on(client, company.owner, page) == [
        reverse("accounts:papers", args=[organization]),
        f"{reverse('interests:express')}?page={page.pk}",
    ]
    interest = town.express()
    assert steps_on(client, company.owner, page)[1:] == [
        reverse("interests:act", args=[interest.code, "ask-consent"]),
        reverse("interests:act", args=[interest.code, "propose-agreement"]),
    ]
    assert steps_on(client, company.colleague, page) == [
        reverse("accounts:organization", args=[organization])
    ]
    assert steps_on(client, overseer(), page) == [
        f"{reverse('disclosure:new-request')}?subject={page.code}"
    ]
    assert steps_on(client, town.institute.owner, page) == []


# The owner's pages --------------------------------------------------------------------------------


def test_levels_are_set_on_a_page_of_their_own(client, town):
    address = reverse("disclosure:levels", args=[town.page.code])
    client.force_login(town.institute.owner)
    table = {"FIGURES": 1, "DETAILS": 0, "PRICE": 2, "PEOPLE": 0, "FILES": 3}
    assert client.post(address, {**table, "FILES": 9}).status_code == 422

    assert client.post(address, table).status_code == 302

    form = client.get(address).context["form"]
    assert {name: int(form[name].initial) for name in form.fields} == table


def test_readings_are_shown_to_the_owner_by_listing(client, town):
    grant(town.page, town.company, town.institute.owner)
    other = town.institute.published(title="别的成果")
    set_levels(actor=town.institute.owner, listing=other, levels={"DETAILS": 2})
    grant(other, town.company, town.institute.owner)
    client.force_login(town.company.owner)
    client.get(town.page.url)
    client.get(other.url)

    client.force_login(town.institute.colleague)
    address = reverse("disclosure:readings")
    everything = client.get(address).context["page_obj"]
    chosen = client.get(f"{address}?listing={other.code.lower()}").context["page_obj"]
    assert [line.listing for line in everything] == [other.code, town.page.code]
    assert [line.listing for line in chosen] == [other.code]
    client.force_login(town.company.owner)
    assert list(client.get(address).context["page_obj"]) == []
