"""What a listing's closed fields say, by level and reader: at no door more than is open."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection

from achievements.models import AchievementPage
from achievements.services import save_draft
from matchmaking.models import Match
from matchmaking.services import compute_matches, rank_needs
from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.disclosure.enums import Basis, Level
from portal.disclosure.models import Reading
from portal.disclosure.queries import open_part, parts_for
from portal.disclosure.services import (
    UnableToDisclose,
    answer_request,
    end_agreement,
    end_consent,
    set_levels,
)
from portal.media.models import PortalDocument, PortalImage
from search.documents import get_document, registered_documents
from search.services import rebuild_index
from tests.factories.accounts import UserFactory
from tests.factories.disclosure import asked_by, grant, in_days, overseer, signed, verify
from tests.factories.listings import Institute, make_reviewer
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TITLE = "鲲鹏石墨烯导热膜"
WORDS = {
    "FIGURES": "蓝鲸指标",
    "DETAILS": "雪豹工艺",
    "PRICE": "432.1",
    "PEOPLE": "白鹭纳米所",
    "FILES": "金雕附件",
}
MARKS = re.compile(r"</?mark>")
LEVELS = [Level.VERIFIED, Level.CONSENT, Level.NDA]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def listing(institute):
    """A published achievement with a telling word in each of its field groups."""
    collection = Collection.objects.get(name=f"organization-{institute.organization.pk}")
    content = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(content, "PNG")
    institute.image = PortalImage.objects.create(
        title="照片", file=ImageFile(content, "p.png"), collection=collection
    )
    institute.file = PortalDocument.objects.create(
        title=WORDS["FILES"], file=ContentFile(b"%PDF-1.7 x", name="a.pdf"), collection=collection
    )
    page = institute.draft(title=TITLE).get_latest_revision_as_object()
    page.description = f"{WORDS['DETAILS']}，已在中试线上运行。"
    page.indicators.create(name=WORDS["FIGURES"], value="1500", unit="W/(m·K)")
    page.price_min = page.price_max = 4_321_000
    page.completing_units.create(name=WORDS["PEOPLE"])
    page.pictures.create(image=institute.image)
    page.attachments.create(document=institute.file)
    save_draft(page=page, actor=institute.researcher)
    page.get_latest_revision().publish(skip_permission_checks=True)
    return AchievementPage.objects.get(pk=page.pk)


def close(listing, institute, level, *groups):
    groups = groups or WORDS
    set_levels(actor=institute.owner, listing=listing, levels=dict.fromkeys(groups, Level(level)))


def index_everything():
    for document in registered_documents():
        rebuild_index(document)
    cache.clear()


def body(user, address):
    client = Client()
    if user:
        client.force_login(user)
    return MARKS.sub("", client.get(address).content.decode())


def read_by(user, listing):
    """The groups whose words ``user`` finds on the page."""
    text = body(user, listing.url)
    assert TITLE in text
    return {group for group, word in WORDS.items() if word in text}


def file_statuses(user, institute):
    client = Client()
    if user:
        client.force_login(user)
    found = []
    for file in (institute.image.get_rendition("width-40").file, institute.file.file):
        answer = client.get(f"/media/{file.name}")
        b"".join(getattr(answer, "streaming_content", ()))
        found.append(answer.status_code)
    return found


# The page -----------------------------------------------------------------------------------------


def test_without_a_level_everything_is_public_and_nothing_is_logged(listing, institute):
    assert read_by(None, listing) == set(WORDS)
    assert file_statuses(None, institute) == [200, 200]
    assert not Reading.objects.exists()


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_opens_to_those_who_reached_it(listing, institute, company, level):
    close(listing, institute, level)
    verified, consented, bound = Company("甲"), Company("乙"), Company("丙")
    verify(verified.organization)
    grant(listing, consented, institute.owner)
    signed(listing, bound, institute)
    readers = {
        "visitor": (None, 9),
        "stranger": (UserFactory(), 9),
        "unverified": (company.owner, 9),
        "verified": (verified.colleague, Level.VERIFIED),
        "consent": (consented.colleague, Level.CONSENT),
        "agreement": (bound.colleague, Level.NDA),
        "own side": (institute.colleague, Level.PUBLIC),
    }
    everything = set(WORDS)
    reaches = {
        name: 3 if name == "own side" else 0 if number == 9 else number
        for name, (_user, number) in readers.items()
    }

    seen = {name: read_by(user, listing) for name, (user, _number) in readers.items()}
    files = {name: file_statuses(user, institute) for name, (user, _number) in readers.items()}

    assert seen == {
        name: everything if reach >= level else set() for name, reach in reaches.items()
    }
    assert files == {
        name: [200, 200] if reach >= level else [404, 404] for name, reach in reaches.items()
    }


@pytest.mark.parametrize("group", WORDS)
def test_one_closed_group_leaves_the_others_open(listing, institute, group):
    close(listing, institute, Level.CONSENT, group)

    assert read_by(None, listing) == set(WORDS) - {group}


@pytest.mark.parametrize(
    "role", ["REVIEWER", "OPERATOR", "BROKER", "FINANCE", "EDITOR", "AUDITOR", "COMMISSION"]
)
def test_the_platforms_people_read_no_closed_field_of_what_is_published(listing, institute, role):
    close(listing, institute, Level.VERIFIED)

    assert read_by(overseer(PortalRole[role]), listing) == set()


def test_another_companys_consent_and_agreement_open_nothing(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    other = Company("别家")
    grant(listing, other, institute.owner)
    signed(institute.published(title="别的成果"), company, institute)

    assert read_by(company.owner, listing) == set()


def test_an_agreement_with_somebody_else_than_the_owner_opens_nothing(listing, institute, company):
    close(listing, institute, Level.NDA)
    third = Institute("滨江力学研究所")
    own = third.published(title="力学成果")
    agreement = signed(own, company, third)
    agreement.listings.create(listing=listing.code)

    assert read_by(company.owner, listing) == set()


def test_consent_is_over_after_its_last_day(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    consent = grant(listing, company, institute.owner, days=3)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert read_by(company.owner, listing) == set(WORDS)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert read_by(company.owner, listing) == set()
        assert consent.state == "EXPIRED"


def test_a_consent_that_was_ended_opens_nothing_and_its_readings_stay(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    consent = grant(listing, company, institute.owner)
    assert read_by(company.owner, listing) == set(WORDS)

    end_consent(actor=institute.owner, consent=consent)

    assert read_by(company.owner, listing) == set()
    assert file_statuses(company.owner, institute) == [404, 404]
    assert Reading.objects.count() == 1


def test_an_agreement_opens_from_its_first_to_its_last_day(listing, institute, company):
    close(listing, institute, Level.NDA)
    signed(listing, company, institute, starts_on=in_days(2), ends_on=in_days(5))
    seen = []
    for days in (0, 2, 5, 6):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            seen.append(read_by(company.owner, listing) == set(WORDS))

    assert seen == [False, True, True, False]


def test_an_agreement_that_was_ended_opens_nothing(listing, institute, company):
    close(listing, institute, Level.NDA)
    agreement = signed(listing, company, institute)

    end_agreement(actor=company.owner, agreement=agreement, reason="洽谈结束")

    assert read_by(company.owner, listing) == set()


def test_who_left_the_company_reads_nothing_more(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    company.colleague.memberships.update(state="LEFT")

    assert read_by(User.objects.get(pk=company.colleague.pk), listing) == set()


def test_a_granted_request_opens_its_groups_to_the_requester_for_its_time(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    request = asked_by(auditor, listing, ["FIGURES", "PRICE"])
    assert read_by(auditor, listing) == set()

    answer_request(actor=institute.owner, request=request, grant=True)

    assert read_by(auditor, listing) == {"FIGURES", "PRICE"}
    assert read_by(overseer(), listing) == set()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert read_by(auditor, listing) == set()


def test_a_refused_request_opens_nothing(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    request = asked_by(auditor, listing)

    answer_request(actor=institute.owner, request=request, grant=False, answer="与补助无关")

    assert read_by(auditor, listing) == set()


def test_an_auditor_without_the_role_reads_nothing_by_an_old_request(listing, institute):
    close(listing, institute, Level.NDA)
    auditor = overseer()
    asked_by(auditor, listing, legal_basis="审计法第三十四条")
    auditor.role_grants.all().delete()

    assert read_by(User.objects.get(pk=auditor.pk), listing) == set()


# Every other door ---------------------------------------------------------------------------------


def search_doors(words):
    return [
        "/",
        "/achievements/",
        "/achievements/?sort=cheapest",
        *[f"/achievements/?q={word}" for word in words],
        *[f"/search/?q={word}" for word in words],
        *[f"/search/suggest/?q={word[:2]}" for word in words],
        "/industries/new_materials/",
        "/feeds/achievements.xml",
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_the_index_and_every_list_hold_only_what_is_public(listing, institute, company, level):
    index_everything()
    assert TITLE in body(None, f"/achievements/?q={WORDS['DETAILS']}")
    close(listing, institute, level)
    index_everything()
    readers = [None, UserFactory(), company.owner, institute.owner, overseer()]
    indexed = str(get_document("achievement").to_body(listing))

    assert [word for word in (*WORDS.values(), "4321000") if word in indexed] == []
    for user in readers:
        text = "".join(body(user, each) for each in search_doors([]))
        assert [word for word in WORDS.values() if word in text] == []
        for word in (WORDS["FIGURES"], WORDS["DETAILS"]):
            assert f'href="{listing.url}"' not in body(user, f"/achievements/?q={word}")
            assert f'href="{listing.url}"' not in body(user, f"/search/?q={word}")


def test_price_facets_and_their_counts_know_no_closed_price(listing, institute):
    def found(parameters):
        return Client().get(f"/achievements/?{parameters}").context["result"]

    index_everything()
    assert found("price=2000000-").total == 1

    close(listing, institute, Level.VERIFIED, "PRICE")
    index_everything()

    result = found("")
    [facet] = [each for each in result.facets if each.name == "price"]
    assert found("price=2000000-").total == 0
    assert {option.value: option.count for option in facet.options if option.count} == {"none": 1}
    assert "Price not public" in body(None, "/en/achievements/")


def test_a_changed_level_writes_the_document_again(
    listing, institute, django_capture_on_commit_callbacks
):
    index_everything()

    with django_capture_on_commit_callbacks(execute=True):
        close(listing, institute, Level.CONSENT)
    assert f'href="{listing.url}"' not in body(None, f"/achievements/?q={WORDS['DETAILS']}")

    with django_capture_on_commit_callbacks(execute=True):
        close(listing, institute, Level.PUBLIC)
    assert f'href="{listing.url}"' in body(None, f"/achievements/?q={WORDS['DETAILS']}")


def test_reconciling_sees_a_level_that_the_index_missed(listing, institute):
    from search.services import check_index

    index_everything()
    close(listing, institute, Level.CONSENT)

    assert [str(pk) for pk in check_index(get_document("achievement")).pks] == [str(listing.pk)]


def test_matches_and_their_reasons_rest_on_what_is_public(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    need = company.published(
        title="鲲鹏导热膜", problem=f"需要{WORDS['DETAILS']}" * 20, budget_max=100_000
    )
    index_everything()
    compute_matches(need=need)
    match = Match.objects.get(need=need, page=listing.pk)
    why = body(company.owner, reverse("matchmaking:why", args=[need.code, listing.pk]))

    assert match.failed_gates == []
    assert [term for term, _share in match.terms if term in {"雪豹", "豹工"}] == []
    assert [word for word in (WORDS["FIGURES"], WORDS["PRICE"]) if word in why] == []

    close(listing, institute, Level.PUBLIC)
    index_everything()
    compute_matches(need=need)
    match = Match.objects.get(need=need, page=listing.pk)
    assert match.failed_gates == ["BUDGET_TOO_LOW"]
    assert "雪豹" in [term for term, _share in match.terms]


def test_a_needs_closed_fields_stay_closed_at_every_door(listing, institute, company):
    secrets = {"constraints": "渡鸦条件", "current_solution": "麋鹿方案"}
    need = company.published(budget_max=7_654_000, **secrets)
    words = [*secrets.values(), "765.4", "1400"]
    set_levels(
        actor=company.owner,
        listing=need,
        levels=dict.fromkeys(["FIGURES", "DETAILS", "PRICE"], Level.CONSENT),
    )
    index_everything()
    compute_matches(need=need)
    rank_needs(page_id=listing.pk)
    doors = [
        need.get_absolute_url(),
        "/",
        "/needs/",
        "/needs/?q=导热",
        "/industries/new_materials/",
        "/feeds/needs.xml",
        reverse("matchmaking:why", args=[need.code, listing.pk]),
        reverse("matchmaking:listing_needs", args=[listing.pk]),
    ]
    readers = [None, institute.owner, make_reviewer(), overseer(), overseer(PortalRole.BROKER)]

    seen = [(u, w) for u in readers for w in words if w in "".join(body(u, each) for each in doors)]
    assert seen == []
    indexed = str(get_document("need").to_body(need))
    assert [word for word in (*secrets.values(), "7654000") if word in indexed] == []
    own = body(company.owner, need.get_absolute_url())
    assert [word for word in words if word not in own] == []
    grant(need, institute, company.owner)
    assert [w for w in words if w not in body(institute.owner, need.get_absolute_url())] == []


def test_a_patent_pages_closed_fields_stay_closed(institute):
    page = institute.patent_draft(institute.patent(), value="水獭收益", price_min=3_210_000)
    page.get_latest_revision().publish(skip_permission_checks=True)
    page.refresh_from_db()
    set_levels(
        actor=institute.owner, listing=page, levels={"DETAILS": Level.NDA, "PRICE": Level.NDA}
    )
    index_everything()
    doors = [page.url, "/patents/", "/search/?q=水獭", institute.page.url]

    assert [
        d for d in doors if {"水獭收益", "321"} & set(re.findall("水獭收益|321", body(None, d)))
    ] == []
    assert "水獭收益" in body(institute.owner, page.url)


def test_reviewers_read_everything_while_it_is_under_review_and_that_is_logged(company):
    need = company.in_review(constraints="渡鸦条件")
    set_levels(actor=company.owner, listing=need, levels={"FIGURES": Level.NDA})
    reviewer = make_reviewer()

    assert "渡鸦条件" in body(reviewer, need.get_absolute_url())
    assert list(Reading.objects.values_list("user", "listing", "groups", "basis")) == [
        (reviewer.pk, need.code, "FIGURES", Basis.REVIEW)
    ]


# A part is for reading ----------------------------------------------------------------------------


def test_a_part_is_never_saved(listing, institute):
    close(listing, institute, Level.CONSENT)

    with pytest.raises(TypeError):
        open_part(listing).save()
    assert AchievementPage.objects.get(pk=listing.pk).description != ""


def test_parts_take_the_same_number_of_queries_for_one_and_for_many(
    listing, institute, company, django_assert_num_queries
):
    pages = [listing, *[institute.published(title=f"成果{number}") for number in range(8)]]
    for page in pages:
        close(page, institute, Level.NDA)
    reader = company.owner
    assert reader.organization_ids
    assert reader.roles == frozenset()
    pages = list(AchievementPage.objects.select_related("institute__organization"))

    with django_assert_num_queries(3):
        parts_for(reader, pages[:1])
    with django_assert_num_queries(3):
        parts_for(reader, pages)


# The log ------------------------------------------------------------------------------------------


def test_a_reading_says_who_for_whom_what_when_and_why(listing, institute, company):
    close(listing, institute, Level.CONSENT, "FIGURES", "PRICE")
    close(listing, institute, Level.NDA, "DETAILS")
    grant(listing, company, institute.owner)

    assert read_by(company.owner, listing) == set(WORDS) - {"DETAILS"}

    [line] = Reading.objects.all()
    assert (line.user, line.organization, line.listing) == (
        company.owner,
        company.organization,
        listing.code,
    )
    assert (line.groups, line.level, line.basis) == (
        "FIGURES,PRICE",
        Level.CONSENT,
        Basis.CONSENT,
    )
    assert line.owner_organization == institute.organization


def test_a_second_reading_of_the_day_is_the_same_line(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    read_by(company.owner, listing)
    read_by(company.owner, listing)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        read_by(company.owner, listing)

    assert Reading.objects.count() == 2


def test_the_owners_own_reading_and_the_public_line_are_not_logged(listing, institute):
    close(listing, institute, Level.CONSENT, "FIGURES")
    read_by(institute.owner, listing)
    file_statuses(institute.colleague, institute)
    read_by(None, listing)

    assert not Reading.objects.exists()


def test_reading_a_file_is_logged(listing, institute, company):
    close(listing, institute, Level.VERIFIED, "FILES")
    verify(company.organization)
    assert file_statuses(company.owner, institute) == [200, 200]

    [line] = Reading.objects.all()
    assert (line.groups, line.basis, line.organization) == (
        "FILES",
        Basis.VERIFIED,
        company.organization,
    )


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_changes_or_deletes_a_reading(listing, institute, company, change):
    close(listing, institute, Level.CONSENT)
    grant(listing, company, institute.owner)
    read_by(company.owner, listing)

    changes = {
        "update": lambda: Reading.objects.update(groups="PRICE"),
        "delete": lambda: Reading.objects.all()._raw_delete("default"),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        changes[change]()


# Setting levels -----------------------------------------------------------------------------------


def test_levels_are_set_by_whoever_may_change_the_listing(listing, institute, company):
    for stranger in (company.owner, institute.colleague, make_reviewer()):
        with pytest.raises(UnableToDisclose):
            set_levels(actor=stranger, listing=listing, levels={"PRICE": 2})
    set_levels(actor=institute.researcher, listing=listing, levels={"PRICE": 2})

    event = AuditEvent.objects.get(action="disclosure.set_levels")
    assert (event.payload["before"], event.payload["after"]) == ({"PRICE": 0}, {"PRICE": 2})


@pytest.mark.parametrize("levels", [{"THREAD": 1}, {"PRICE": 7}])
def test_unknown_groups_and_levels_are_refused(listing, institute, levels):
    with pytest.raises(UnableToDisclose):
        set_levels(actor=institute.owner, listing=listing, levels=levels)


def test_the_same_levels_again_record_nothing(listing, institute):
    close(listing, institute, Level.CONSENT)
    close(listing, institute, Level.CONSENT)

    assert AuditEvent.objects.filter(action="disclosure.set_levels").count() == 1


def test_publishing_an_older_text_leaves_the_levels(listing, institute):
    close(listing, institute, Level.CONSENT)
    save_draft(page=listing.get_latest_revision_as_object(), actor=institute.researcher)
    listing.revisions.order_by("-pk")[1].publish(skip_permission_checks=True)

    assert read_by(None, listing) == set()
