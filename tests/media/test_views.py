from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.models import Collection

from achievements.services import set_disclosure
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.media.models import PortalImage
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def institute():
    return Institute()


def make_image(collection=None):
    content = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    return PortalImage.objects.create(
        title="中试线照片",
        file=ImageFile(content, "line.png"),
        collection=collection or Collection.get_first_root_node(),
    )


def status(image, user=None):
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(f"/media/{image.file.name}")
    b"".join(getattr(answer, "streaming_content", ()))  # to its end, so that the file is closed
    return answer.status_code


def test_a_file_of_an_organization_is_read_by_its_office_only(institute):
    image = make_image(Collection.objects.get(name=f"organization-{institute.organization.pk}"))
    site_editor = UserFactory()
    RoleGrant.objects.create(user=site_editor, role=PortalRole.EDITOR)
    readers = [institute.owner, Institute("滨江力学研究所").owner, site_editor, None]

    assert [status(image, reader) for reader in readers] == [200, 404, 404, 404]


def test_a_published_page_opens_its_picture_as_far_as_its_disclosure(institute):
    image, page = make_image(), institute.published()
    page.pictures.create(image=image)
    page.save()
    stranger = UserFactory()
    seen = []
    for disclosure in ("PUBLIC", "REGISTERED", "HIDDEN"):
        set_disclosure(page=page, actor=institute.owner, disclosure=disclosure)
        seen.append((status(image), status(image, stranger), status(image, institute.researcher)))

    assert seen == [(200, 200, 200), (404, 200, 200), (404, 404, 200)]


def test_a_file_that_the_disk_lost_does_not_exist(institute):
    image = make_image(Collection.objects.get(name=f"organization-{institute.organization.pk}"))
    image.file.storage.delete(image.file.name)

    assert status(image, institute.owner) == 404


def test_a_lost_logo_does_not_exist(institute):
    institute.organization.logo.save("logo.png", ContentFile(b"x"))
    institute.organization.logo.storage.delete(institute.organization.logo.name)

    assert Client().get(f"/media/logo/{institute.organization.pk}/").status_code == 404
