"""What a reader finds on a need's page and in the lists, and a broker on the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.models import Need
from matchmaking.services import (
    UnableToChangeNeed,
    compute_matches,
    decide_proposal,
    propose_rewrite,
    submit_need,
    take_need,
)
from portal.accounts.models import ConsentText
from portal.accounts.services import give_consent
from search.documents import registered_documents
from search.services import rebuild_index
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import PROBLEM, TARGET, Company, make_broker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def company():
    return Company()


def index_everything():
    for document in registered_documents():
        rebuild_index(document)


def page_for(user, address):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(address)


def text_for(user, need):
    return page_for(user, need.get_absolute_url()).content.decode()


# The way on for an institute ----------------------------------------------------------------------


def test_an_institute_finds_its_own_listing_that_fits(company):
    institute, other = Institute(), Institute("滨江力学研究所")
    need = company.published()
    listing, foreign = institute.published(), other.published(title="石墨烯导热膜涂布装置")
    index_everything()
    compute_matches(need=need)

    page = page_for(institute.owner, need.get_absolute_url())

    assert [match.page_id for match in page.context["answers"]] == [listing.pk]
    text = page.content.decode()
    assert reverse("matchmaking:why", args=[need.code, listing.pk]) in text
    assert foreign.title not in text


def test_an_institute_without_one_is_led_to_publish(company):
    page = page_for(Institute().researcher, company.published().get_absolute_url())

    assert page.context["answers"] == []
    assert reverse("achievements:start") in page.content.decode()


def test_who_is_not_asked_to_solve(company):
    institute, rival = Institute(), Company("隔壁机械有限公司")
    need = company.published()
    need.excluded.add(institute.organization)

    readers = [institute.owner, rival.owner, company.owner, UserFactory()]

    assert ["我能解决" in text_for(user, need) for user in readers] == [False] * 4
    assert f"/accounts/login/?next={need.get_absolute_url()}" in text_for(None, need)


# Facts --------------------------------------------------------------------------------------------


def test_a_need_names_its_district_and_dates(company):
    deadline = timezone.localdate() + timedelta(days=300)
    need = company.published()
    index_everything()

    for address in (need.get_absolute_url(), "/needs/"):
        text = page_for(None, address).content.decode()
        shown = (
            company.organization.district.label,
            f"{timezone.localdate(need.published_at):%Y-%m-%d}",
            "剩余 300 天",
        )
        assert [each in text for each in shown] == [True] * 3, address
        assert f"{deadline:%Y-%m-%d}" in text


def test_an_anonymous_need_does_not_name_its_district(company):
    need = company.published(confidentiality="ANONYMOUS")
    index_everything()
    name = company.organization.district.label

    detail, listed = text_for(None, need), page_for(None, "/needs/?q=石墨烯").content.decode()

    assert f"<dd>{name}</dd>" not in detail
    assert f"<li>{name}</li>" not in listed
    assert need.get_absolute_url() in listed


def test_related_needs_are_those_that_one_may_read(company):
    need = company.published()
    near = company.published(title="平板散热用石墨烯导热膜")
    directed = company.published(
        title="笔记本散热用石墨烯导热膜",
        confidentiality="DIRECTED",
        directed_to=[Institute().organization],
    )
    index_everything()

    assert page_for(None, need.get_absolute_url()).context["related"] == [near]
    own = page_for(company.owner, need.get_absolute_url()).context["related"]
    assert {each.pk for each in own} == {near.pk, directed.pk}


# The broker's desk --------------------------------------------------------------------------------


@pytest.fixture
def waiting(company):
    return submit_need(actor=company.owner, need=company.draft(ready=False))


def act(user, need, action):
    client = Client()
    client.force_login(user)
    return client.post(reverse("matchmaking:act", args=[need.code, action]))


def test_a_broker_takes_a_need_and_another_takes_it_over(waiting):
    first, second = make_broker(), make_broker()
    rewrite = reverse("matchmaking:rewrite", args=[waiting.code])
    assert page_for(second, rewrite).status_code == 200

    act(first, waiting, "take")
    assert Need.objects.get(pk=waiting.pk).broker == first
    assert page_for(second, rewrite).status_code == 404
    with pytest.raises(UnableToChangeNeed):
        propose_rewrite(actor=second, need=waiting, content={"problem": PROBLEM})

    act(second, waiting, "take")
    assert [page_for(each, rewrite).status_code for each in (first, second)] == [404, 200]


def test_nobody_else_takes_a_need(company, waiting):
    for user in (company.owner, UserFactory(), Institute().owner):
        with pytest.raises(UnableToChangeNeed):
            take_need(actor=user, need=waiting)


def test_the_queue_tells_waiting_time_and_owner(waiting):
    first, second = make_broker(), make_broker()
    take_need(actor=first, need=waiting)
    Need.objects.update(submitted_at=timezone.now() - timedelta(days=3, minutes=1))
    desk = reverse("matchmaking:desk", args=["repair"])

    mine, theirs = (page_for(each, desk).content.decode() for each in (first, second))

    assert ("3\xa0日" in mine, "<strong>您</strong>" in mine) == (True, True)
    assert (first.get_full_name() in theirs, "接手处理" in theirs) == (True, True)


def test_a_broker_finds_what_was_repaired(company, waiting):
    broker = make_broker()
    content = {"problem": PROBLEM, "targets": [TARGET]}
    proposal = propose_rewrite(actor=broker, need=waiting, content=content)
    decide_proposal(actor=company.owner, proposal=proposal, accepted=["problem", "targets"])
    desk = reverse("matchmaking:desk", args=["repaired"])

    assert list(page_for(broker, desk).context["page_obj"]) == [waiting]
    assert list(page_for(make_broker(), desk).context["page_obj"]) == []
    assert page_for(company.owner, desk).status_code == 404


def test_the_company_is_named_to_the_broker_with_consent_only(company, waiting):
    broker, author = make_broker(), company.owner
    assert author.email not in text_for(broker, waiting)

    text = ConsentText.objects.filter(purpose="SHOW_CONTACT").latest("version")
    give_consent(actor=author, text=text)

    assert author.email in text_for(broker, waiting)
    assert (
        author.email
        in page_for(broker, reverse("matchmaking:rewrite", args=[waiting.code])).content.decode()
    )


def test_an_anonymous_need_names_its_company_to_the_broker_neither(company):
    broker, author, name = make_broker(), company.owner, company.organization.name
    draft = company.draft(ready=False, confidentiality="ANONYMOUS")
    need = submit_need(actor=author, need=draft)
    text = ConsentText.objects.filter(purpose="SHOW_CONTACT").latest("version")
    give_consent(actor=author, text=text)
    addresses = [
        need.get_absolute_url(),
        reverse("matchmaking:rewrite", args=[need.code]),
        reverse("matchmaking:desk", args=["repair"]),
    ]

    pages = [page_for(broker, address).content.decode() for address in addresses]

    assert [name in page or author.email in page for page in pages] == [False] * 3
    own = page_for(author, reverse("matchmaking:desk", args=["own"])).content.decode()
    assert name in own.split("<table")[1]
