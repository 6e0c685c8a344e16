"""What everybody sees of an organization, and its logo."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from matchmaking.enums import Confidentiality
from matchmaking.models import Need
from portal.accounts.enums import MembershipRole, OrganizationSize
from portal.accounts.models import Organization
from portal.taxonomy.models import Industry, Park
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db


def page_of(client, organization):
    return client.get(reverse("accounts:organization", args=[organization.pk])).content.decode()


def test_the_directory_offers_to_register_with_or_without_hits(client):
    OrganizationFactory()
    address = f'href="{reverse("accounts:create-organization")}"'
    for query in ("", "?q=没有这样的机构"):
        assert address in client.get(reverse("accounts:organizations") + query).content.decode()


def test_the_facts_stand_on_the_page(client):
    organization = OrganizationFactory(size=OrganizationSize.SMALL, website="https://example.com")
    organization.industries.set([Industry.objects.get(code="textile")])
    organization.park = Park.objects.first()
    organization.save()
    facts = client.get(reverse("accounts:organization", args=[organization.pk])).context["facts"]
    assert [row["value"] for row in facts] == [
        organization.credit_code,
        "企业",
        organization.district.label,
        *([organization.park.label] if organization.park else []),
        Industry.objects.get(code="textile").label,
        "小型",
    ]
    assert 'href="https://example.com"' in page_of(client, organization)


def test_listings_stand_on_the_page_as_far_as_the_reader_may_know_them(client):
    institute = Institute()
    shown = institute.published(title="公开的成果")
    hidden = institute.published(title="隐藏的成果")
    type(hidden).objects.filter(pk=hidden.pk).update(disclosure="HIDDEN")
    institute.draft(title="草稿成果")
    page = page_of(client, institute.organization)
    assert shown.title in page
    assert hidden.title not in page
    assert "草稿成果" not in page
    assert institute.page.url in page
    client.force_login(institute.owner)
    assert hidden.title in page_of(client, institute.organization)


@pytest.mark.parametrize(
    ("confidentiality", "is_shown"),
    [
        (Confidentiality.PUBLIC, True),
        (Confidentiality.ANONYMOUS, False),
        (Confidentiality.DIRECTED, False),
    ],
)
def test_only_open_needs_stand_on_the_page(client, confidentiality, is_shown):
    company = Company()
    need = company.published(title="公司需求")
    Need.objects.filter(pk=need.pk).update(confidentiality=confidentiality)
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        assert (need.title in page_of(client, company.organization)) is is_shown


def test_an_anonymous_need_is_shown_to_no_colleague_either(client):
    """Who looks over a shoulder would else learn whose it is."""
    company = Company()
    need = company.published(title="公司需求")
    Need.objects.filter(pk=need.pk).update(confidentiality=Confidentiality.ANONYMOUS)
    client.force_login(company.owner)
    assert need.title not in page_of(client, company.organization)


def test_the_page_asks_as_much_for_three_listings_as_for_one(client):
    institute = Institute()
    counts = []
    for _round in range(2):
        institute.published(title=f"成果{_round}")
        page_of(client, institute.organization)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, institute.organization)
        counts.append(len(queries))
        institute.published(title=f"更多成果{_round}")
    assert counts[1] == counts[0]


def picture(kind="PNG"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def owner(client):
    owner = MembershipFactory(role=MembershipRole.OWNER)
    client.force_login(owner.user)
    return owner


def edit(client, owner, **fields):
    organization = Organization.objects.get(pk=owner.organization_id)
    data = {
        "name": organization.name,
        "kind": organization.kind,
        "credit_code": organization.credit_code,
        "district": organization.district_id,
        **fields,
    }
    response = client.post(reverse("accounts:edit-organization", args=[organization.pk]), data)
    organization.refresh_from_db()
    return response, organization


def test_a_logo_is_kept_under_a_name_of_chance_and_shown(client, owner):
    file = SimpleUploadedFile("我的标识.png", picture("JPEG"), "image/png")
    _response, organization = edit(client, owner, logo=file)
    assert organization.logo.name.startswith("logos/")
    assert organization.logo.name.endswith(".jpg")
    assert "标识" not in organization.logo.name
    address = reverse("media:logo", args=[organization.pk])
    assert f'src="{address}"' in page_of(client, organization)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content) == picture("JPEG")


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture("GIF")]
)
def test_what_is_no_png_or_jpeg_is_no_logo(client, owner, content):
    response, organization = edit(client, owner, logo=SimpleUploadedFile("logo.png", content))
    assert list(response.context["form"].errors) == ["logo"]
    assert not organization.logo


def test_a_logo_stays_through_other_changes_and_is_removed_on_request(
    client, owner, django_capture_on_commit_callbacks
):
    edit(client, owner, logo=SimpleUploadedFile("logo.png", picture()))
    _response, organization = edit(client, owner, introduction="新的简介")
    name = organization.logo.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        _response, organization = edit(client, owner, remove_logo="on")
    assert not organization.logo
    assert not default_storage.exists(name)
