"""A listing with a telling word in each field group, and what its readers find of them."""

import re
from io import BytesIO

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.models import Collection

from achievements.models import AchievementPage
from achievements.services import save_draft
from portal.disclosure.enums import Level
from portal.disclosure.services import set_levels
from portal.media.models import PortalDocument, PortalImage
from search.documents import registered_documents
from search.services import rebuild_index

TITLE = "鲲鹏石墨烯导热膜"
WORDS = {
    "FIGURES": "蓝鲸指标",
    "DETAILS": "雪豹工艺",
    "PRICE": "432.1",
    "PEOPLE": "白鹭纳米所",
    "FILES": "金雕附件",
}
MARKS = re.compile(r"</?mark>")


def publish_telling_listing(institute):
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
