"""What may be uploaded into the editing desk: size, kind by content, names, how it is served."""

import io
import struct
import zipfile
import zlib

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from portal.media.models import PortalDocument, PortalImage
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(kind="PNG", size=(8, 6), **options):
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **options)
    return content.getvalue()


def png_of(width, height):
    """A small file that claims to be a huge picture."""

    def chunk(name, data):
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animation(frames):
    images = [Image.new("RGB", (2000, 2000), (number * 20, 0, 0)) for number in range(frames)]
    content = io.BytesIO()
    images[0].save(content, "WEBP", lossless=True, save_all=True, append_images=images[1:])
    return content.getvalue()


def office(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return content.getvalue()


DOCUMENTS = {
    "a.pdf": b"%PDF-1.7 x",
    "a.PDF": b"%PDF-1.7 x",
    "a.png": picture(),
    "a.jpeg": picture("JPEG"),
    "a.docx": office("word/document.xml"),
    "a.xlsx": office("xl/workbook.xml"),
    "a.pptx": office("ppt/presentation.xml"),
    "a.zip": office("data.csv"),
}
BAD_DOCUMENTS = [
    ("a.pdf", b""),
    ("a.pdf", HTML),
    ("a.html", HTML),
    ("a.svg", SVG),
    ("a.pdf.html", b"%PDF-1.7 x"),
    ("a.html", b"%PDF-1.7 " + HTML),
    ("a.png", b"%PDF-1.7 x"),
    ("a.docx", office("xl/workbook.xml")),
    ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
    ("a.docm", office("word/document.xml", "word/vbaProject.bin")),
    ("a.docx", b"PK\x03\x04 broken"),
    ("a.exe", b"MZ"),
    ("a", b"%PDF-1.7 x"),
    ("a.pdf", b"%PDF-" + bytes(20 * 1024 * 1024)),
]
BAD_PICTURES = [
    ("a.png", b""),
    ("a.svg", SVG),
    ("a.png", SVG),
    ("a.png", HTML),
    ("a.png", picture("JPEG")),
    ("a.bmp", picture("BMP")),
    ("a.tiff", picture("TIFF")),
    ("a.png", png_of(30_000, 30_000)),
    ("a.png", png_of(9_000, 6_000)),
    ("a.webp", animation(13)),
    ("a.png", picture(size=(300, 300))[:200]),
    ("a.png", picture() + bytes(20 * 1024 * 1024)),
]


@pytest.fixture
def institute():
    return Institute()


def upload(client, kind, name, content, title="传入的"):
    collection = Collection.objects.get(name__startswith="organization-")
    data = {
        f"{kind}-chooser-upload-title": title,
        f"{kind}-chooser-upload-file": SimpleUploadedFile(name, content),
        f"{kind}-chooser-upload-collection": collection.pk,
    }
    namespace = {"image": "wagtailimages_chooser", "document": "wagtaildocs_chooser"}[kind]
    return client.post(reverse(f"{namespace}:create"), data)


def names(cases):
    return [f"{number}-{name}" for number, (name, _content) in enumerate(cases)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_the_allowed_kinds_are_taken_under_a_random_name(client, institute, name):
    client.force_login(institute.owner)

    assert upload(client, "document", name, DOCUMENTS[name]).status_code == 200

    [document] = PortalDocument.objects.all()
    folder, stored = document.file.name.split("/")
    assert (folder, stored.startswith("a."), len(stored) > 20) == ("documents", False, True)
    answer = client.get(f"/media/{document.file.name}")
    b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("name", "content"), BAD_DOCUMENTS, ids=names(BAD_DOCUMENTS))
def test_other_documents_are_refused(client, institute, name, content):
    client.force_login(institute.owner)

    assert upload(client, "document", name, content).status_code == 200

    assert PortalDocument.objects.count() == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_the_allowed_kinds_are_taken(client, institute, kind):
    client.force_login(institute.owner)

    upload(client, "image", f"a.{kind.lower()}", picture(kind))

    assert PortalImage.objects.count() == 1


@pytest.mark.parametrize(("name", "content"), BAD_PICTURES, ids=names(BAD_PICTURES))
def test_other_pictures_are_refused(client, institute, name, content):
    client.force_login(institute.owner)

    assert upload(client, "image", name, content).status_code == 200

    assert PortalImage.objects.count() == 0


@pytest.mark.parametrize("address", ["wagtaildocs:add", "wagtaildocs:add_multiple"])
def test_the_staffs_own_forms_check_as_much(client, institute, address):
    editor = UserFactory(is_superuser=True)
    TOTP.activate(editor, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.force_login(editor)
    field = "files[]" if "multiple" in address else "file"
    root = Collection.get_first_root_node()

    def post(name, content):
        data = {"title": "x", "collection": root.pk, field: SimpleUploadedFile(name, content)}
        client.post(reverse(address), data, headers={"X-Requested-With": "XMLHttpRequest"})
        return PortalDocument.objects.count()

    assert [post(name, content) for name, content in BAD_DOCUMENTS] == [0] * len(BAD_DOCUMENTS)
    assert post("a.pdf", b"%PDF-1.7 x") == 1


def test_a_picture_with_a_script_behind_it_stays_a_picture(client, institute):
    client.force_login(institute.owner)
    upload(client, "image", "a.jpg", picture("JPEG") + HTML)

    [image] = PortalImage.objects.all()
    answer = client.get(f"/media/{image.file.name}")
    b"".join(answer.streaming_content)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_title_with_a_script_is_text(client, institute):
    client.force_login(institute.owner)
    title = "<img src=x onerror=alert(1)>"

    upload(client, "image", "a.png", picture(), title=title)

    assert PortalImage.objects.get().title == title
    page = client.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    assert (title in page, "&lt;img src=x onerror" in page) == (False, True)
