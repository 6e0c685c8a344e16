"""Who learns of a listing or a need, at every door: pages, lists, counts, words, files, feeds."""

import re
from io import BytesIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from achievements.models import AchievementPage
from achievements.services import save_draft, set_disclosure
from matchmaking.services import compute_matches, mark_match, rank_needs
from portal.accounts.models import ConsentText, RoleGrant
from portal.accounts.services import give_consent
from portal.media.models import PortalDocument, PortalImage
from portal.notifications.models import Notification
from search.documents import get_document, registered_documents
from search.services import rebuild_index
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MARKS = re.compile(r"</?mark>")
TITLE, WORD = "鲲鹏石墨烯导热膜", "鲲鹏"
LIST_DOORS = [
    "/",
    "/en/",
    "/achievements/",
    f"/achievements/?q={WORD}",
    "/achievements/?industry=new_materials&stage=MIDDLE&sort=newest",
    "/search/",
    f"/search/?q={WORD}",
    f"/search/?q={WORD}&kind=achievement",
    "/search/?q=鲲棚石墨烯",
    "/search/suggest/?q=鲲",
    "/search/suggest/?q=kunpeng",
    "/search/suggest/?q=kps",
    "/industries/new_materials/",
    "/sitemap.xml",
    "/feeds/achievements.xml",
    "/workspace/",
    "/workspace/listings/",
    "/workspace/reviews/",
    "/workspace/fitting/",
    "/workspace/needs/own/",
    "/notifications/",
    "/experts/",
]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def listing(institute):
    """A published achievement with a picture, its rendition and an attachment."""
    collection = Collection.objects.get(name=f"organization-{institute.organization.pk}")
    content = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(content, "PNG")
    institute.image = PortalImage.objects.create(
        title="照片", file=ImageFile(content, "p.png"), collection=collection
    )
    institute.file = PortalDocument.objects.create(
        title="说明", file=ContentFile(b"%PDF-1.7 x", name="a.pdf"), collection=collection
    )
    page = institute.draft(title=TITLE).get_latest_revision_as_object()
    page.pictures.create(image=institute.image)
    page.attachments.create(document=institute.file)
    save_draft(page=page, actor=institute.researcher)
    page.get_latest_revision().publish(skip_permission_checks=True)
    return AchievementPage.objects.get(pk=page.pk)


def index_everything():
    for document in registered_documents():
        rebuild_index(document)
    cache.clear()


def person(role):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return user


def client_of(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


def bodies(user, addresses):
    client = client_of(user)
    answers = {each: client.get(each) for each in addresses}
    return {
        each: MARKS.sub("", answer.content.decode()) if answer.status_code == 200 else ""
        for each, answer in answers.items()
    }


def leaking(user, addresses, secrets):
    return [
        each for each, body in bodies(user, addresses).items() if any(s in body for s in secrets)
    ]


def file_statuses(user, institute):
    client = client_of(user)
    rendition = institute.image.get_rendition("width-40")
    found = []
    for file in (institute.image.file, rendition.file, institute.file.file):
        answer = client.get(f"/media/{file.name}")
        b"".join(getattr(answer, "streaming_content", ()))
        found.append(answer.status_code)
    return found


def outsiders(institute):
    """People who never learn of a hidden listing, platform roles among them."""
    roles = ("OPERATOR", "BROKER", "EDITOR", "FINANCE")
    return {
        "anonymous": None,
        "stranger": UserFactory(),
        "foreign": Institute("滨江力学研究所").owner,
        "company": Company().owner,
        **{role: person(role) for role in roles},
    }


@pytest.mark.parametrize("is_indexed_anew", [True, False], ids=["index", "late index"])
def test_a_hidden_listing_is_found_at_no_door(institute, listing, is_indexed_anew):
    """Also in the moment before the index has followed, but for suggestions and numbers."""
    index_everything()
    set_disclosure(page=listing, actor=institute.owner, disclosure="HIDDEN")
    doors = [*LIST_DOORS, listing.url, institute.page.url]
    if is_indexed_anew:
        index_everything()
    else:
        doors = [each for each in doors if "suggest" not in each and "棚" not in each]
    cache.clear()

    seen = {
        name: (leaking(user, doors, [TITLE, listing.slug]), file_statuses(user, institute))
        for name, user in outsiders(institute).items()
    }

    assert {name: each for name, each in seen.items() if each != ([], [404] * 3)} == {}
    for user in (institute.researcher, person("REVIEWER"), person("AUDITOR")):
        assert TITLE in bodies(user, [listing.url])[listing.url]


@pytest.mark.parametrize("disclosure", ["REGISTERED", "HIDDEN"])
def test_numbers_count_only_what_one_may_read(institute, listing, disclosure):
    set_disclosure(page=listing, actor=institute.owner, disclosure=disclosure)
    index_everything()

    def numbers(user):
        client = client_of(user)
        found = client.get("/achievements/").context["result"]
        facets = sum(option.count for facet in found.facets for option in facet.options)
        tabs = client.get(f"/search/?q={WORD}").context["tabs"]
        return found.total, facets, sum(tab["count"] for tab in tabs)

    assert numbers(None) == (0, 0, 0)
    assert [numbers(UserFactory())[0], numbers(institute.researcher)[0]] == [
        1 if disclosure == "REGISTERED" else 0,
        1,
    ]
    counts = {count.url: count.value for count in client_of(None).get("/").context["counts"]}
    assert counts["/achievements/"] == 0


def test_a_registered_listing_is_for_the_signed_in(institute, listing):
    set_disclosure(page=listing, actor=institute.owner, disclosure="REGISTERED")
    index_everything()
    doors = [*LIST_DOORS, listing.url, institute.page.url]

    assert leaking(None, doors, [TITLE, listing.slug]) == []
    assert file_statuses(None, institute) == [404] * 3
    stranger = UserFactory()
    found = leaking(stranger, ["/achievements/", listing.url, "/sitemap.xml"], [TITLE])
    assert found == ["/achievements/", listing.url]
    assert file_statuses(stranger, institute) == [200] * 3


def test_a_hidden_listing_leaves_the_match_lists_and_their_reasons(institute, listing):
    company = Company()
    need = company.published()
    index_everything()
    compute_matches(need=need)
    matches = reverse("matchmaking:matches", args=[need.code])
    why = reverse("matchmaking:why", args=[need.code, listing.pk])
    assert leaking(company.owner, [matches, why], [TITLE]) == [matches, why]

    set_disclosure(page=listing, actor=institute.owner, disclosure="HIDDEN")

    assert leaking(company.owner, [matches, why], [TITLE]) == []


def test_an_anonymous_need_names_its_company_at_no_door(
    institute, listing, django_capture_on_commit_callbacks
):
    company = Company("匿名之江电子有限公司")
    company.organization.short_name, company.organization.name_en = "匿名之江", "Nameless Co"
    company.organization.save()
    company.owner.name = "匿名之人"
    company.owner.save()
    need = company.published(confidentiality="ANONYMOUS")
    index_everything()
    with django_capture_on_commit_callbacks(execute=True):
        compute_matches(need=need)
    rank_needs(page_id=listing.pk)
    readers = {**outsiders(institute), "office": institute.owner, "reviewer": person("REVIEWER")}
    doors = [
        "/",
        "/needs/",
        "/needs/?q=导热",
        f"/needs/?district={company.organization.district.code}",
        "/search/?q=导热",
        "/search/?q=匿名之江",
        "/search/suggest/?q=匿名",
        "/search/suggest/?q=nimingzhijiang",
        "/industries/new_materials/",
        "/feeds/needs.xml",
        "/sitemap.xml",
        "/workspace/",
        "/workspace/fitting/",
        "/workspace/needs/repair/",
        "/workspace/needs/review/",
        "/notifications/",
        need.get_absolute_url(),
        reverse("matchmaking:matches", args=[need.code]),
        reverse("matchmaking:why", args=[need.code, listing.pk]),
        reverse("matchmaking:listing_needs", args=[listing.pk]),
    ]
    secrets = [company.organization.name, "Nameless Co", "匿名之人", company.owner.email]

    seen = {name: leaking(user, doors, secrets) for name, user in readers.items()}

    assert {name: each for name, each in seen.items() if each} == {}
    told = [message.body for message in mail.outbox if company.owner.email not in message.to]
    notes = Notification.objects.exclude(user=company.owner).values_list("title", "body", "url")
    assert any(need.title in body for body in told)
    assert [s for s in secrets if s in f"{told}{list(notes)}"] == []
    body = get_document("need").to_body(need)
    assert [s for s in [*secrets, f"org:{company.organization.pk}"] if s in str(body)] == []
    assert (body["organization_id"], body.get("district")) == (None, None)


def test_an_anonymous_draft_names_its_company_not_even_to_the_broker():
    company = Company("匿名之江电子有限公司")
    need = company.in_review(ready=False, confidentiality="ANONYMOUS")
    give_consent(actor=company.owner, text=ConsentText.objects.get(purpose="SHOW_CONTACT"))
    broker, desk = person("BROKER"), "/workspace/needs/repair/"
    doors = [desk, need.get_absolute_url(), reverse("matchmaking:rewrite", args=[need.code])]

    assert leaking(broker, doors, [need.title]) == doors
    assert leaking(broker, doors, [company.organization.name, company.owner.email]) == []
    assert leaking(company.owner, ["/workspace/needs/own/"], [company.organization.name]) != []


def test_a_directed_need_is_known_to_the_chosen_institute_only(institute, listing):
    company = Company("定向电子有限公司")
    need = company.published(
        title="定向的鲲鹏导热膜", confidentiality="DIRECTED", directed_to=[institute.organization]
    )
    index_everything()
    compute_matches(need=need)
    rank_needs(page_id=listing.pk)
    doors = [
        "/",
        "/needs/",
        "/needs/?q=定向",
        "/search/?q=定向的鲲鹏",
        "/search/suggest/?q=定向",
        "/industries/new_materials/",
        "/feeds/needs.xml",
        "/sitemap.xml",
        "/workspace/",
        "/workspace/fitting/",
        need.get_absolute_url(),
        reverse("matchmaking:why", args=[need.code, listing.pk]),
        reverse("matchmaking:matches", args=[need.code]),
    ]

    seen = {
        name: leaking(user, doors, ["定向的鲲鹏导热膜", need.code, company.organization.name])
        for name, user in outsiders(institute).items()
    }

    assert {name: each for name, each in seen.items() if each} == {}
    assert need.get_absolute_url() in leaking(institute.owner, doors, [need.title])


def test_a_companys_notes_on_a_match_are_read_by_the_company_alone(listing):
    company = Company()
    need = company.published()
    index_everything()
    compute_matches(need=need)
    match = need.matches.get(page_id=listing.pk)
    mark_match(actor=company.owner, match=match, note="只给自己看的话")
    doors = [
        reverse("matchmaking:matches", args=[need.code]),
        reverse("matchmaking:why", args=[need.code, listing.pk]),
    ]

    for role in ("BROKER", "REVIEWER", "AUDITOR", "COMMISSION"):
        assert leaking(person(role), doors, ["只给自己看的话"]) == []
    assert leaking(company.colleague, doors, ["只给自己看的话"]) == doors


def test_who_has_left_reads_nothing_more(institute, listing):
    left = MembershipFactory(organization=institute.organization, role="EDITOR")
    set_disclosure(page=listing, actor=institute.owner, disclosure="HIDDEN")
    assert TITLE in bodies(left.user, [listing.url])[listing.url]

    left.state = "LEFT"
    left.save()

    assert bodies(left.user, [listing.url])[listing.url] == ""
