"""Every address of the Wagtail admin, with another institute's ids, and forms that post them."""

import io
import itertools

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.urls import NoReverseMatch, get_resolver, reverse
from PIL import Image
from wagtail.models import Collection, Page, Revision, TaskState

from achievements.models import AchievementPage, Attachment, Picture
from achievements.services import submit_listing
from portal.media.models import PortalDocument, PortalImage
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db
SECRET_TITLE, SECRET_PICTURE, SECRET_FILE = "绝不外传的成果", "绝不外传的图片", "绝不外传的文件"
SECRET_PERSON = "绝不外传的人"
SECRETS = (SECRET_TITLE, SECRET_PICTURE, SECRET_FILE, SECRET_PERSON)
WORDS = {
    "content_type_app_name": ["achievements"],
    "content_type_model_name": ["achievementpage"],
    "app_label": ["achievements", "wagtailcore"],
    "model_name": ["achievementpage", "page"],
    "filter_spec": ["width-100"],
    "action_name": ["approve", "reject"],
    "action": ["delete", "move", "publish", "unpublish", "add_tags"],
    "field_name": ["title"],
}
COUNTED = [AchievementPage, PortalImage, PortalDocument, Collection, Page, Revision, TaskState]


@pytest.fixture
def own():
    return Institute()


@pytest.fixture
def other():
    """Another institute with a page, a page under review, a picture and a file."""
    institute = Institute("远山研究所")
    for user in (institute.owner, institute.researcher):
        user.name = SECRET_PERSON
        user.save()
    institute.secret = institute.draft(title=SECRET_TITLE)
    submit_listing(page=institute.secret, actor=institute.researcher)
    institute.collection = Collection.objects.get(name=f"organization-{institute.organization.pk}")
    institute.picture = picture(institute, SECRET_PICTURE)
    institute.file = PortalDocument.objects.create(
        title=SECRET_FILE,
        file=ContentFile(b"%PDF-1.7 secret", name="secret.pdf"),
        collection=institute.collection,
    )
    return institute


def picture(institute, title):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    collection = Collection.objects.get(name=f"organization-{institute.organization.pk}")
    file = ImageFile(io.BytesIO(buffer.getvalue()), name=f"{institute.organization.pk}.png")
    return PortalImage.objects.create(title=title, file=file, collection=collection)


def admin_patterns():
    """(name, argument names) of every address below the admin."""
    found = []

    def walk(resolver, namespaces, arguments):
        for pattern in resolver.url_patterns:
            route = pattern.pattern
            names = [*arguments, *getattr(route, "converters", {})]
            if hasattr(route, "regex"):
                names += [name for name in route.regex.groupindex if name not in names]
            if hasattr(pattern, "url_patterns"):
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                walk(pattern, inner, names)
            elif pattern.name:
                found.append((":".join([*namespaces, pattern.name]), tuple(names)))

    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "admin/" and hasattr(pattern, "url_patterns"):
            walk(pattern, [], [])
    return sorted(set(found))


def addresses(other):
    """Every admin address, filled with every id of the other institute that may stand there."""
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    ids = [other.secret.pk, other.page.pk, other.picture.pk, other.file.pk, other.collection.pk]
    ids += [other.secret.latest_revision_id, state.pk, state.workflow_state_id, other.owner.pk]
    found = set()
    for name, arguments in admin_patterns():
        choices = [WORDS.get(argument, ids) for argument in arguments]
        for values in itertools.product(*choices):
            if len(set(map(str, values))) < len([v for v in values if v in ids]):
                continue
            try:
                found.add(reverse(name, kwargs=dict(zip(arguments, values, strict=True))))
            except NoReverseMatch:
                continue
    return sorted(address for address in found if not address.startswith("/admin/log"))


def fingerprint(other):
    """What another institute has, as the database keeps it."""
    rows = [
        list(Page.objects.filter(path__startswith=other.page.path).order_by("pk").values()),
        list(PortalImage.objects.filter(pk=other.picture.pk).values()),
        list(PortalDocument.objects.filter(pk=other.file.pk).values()),
        list(Collection.objects.filter(pk=other.collection.pk).values()),
        list(TaskState.objects.order_by("pk").values()),
    ]
    return repr(rows)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_tells_or_changes_anything_of_another_institute(client, own, other, method):
    client.force_login(own.owner)
    before = fingerprint(other)
    opened = addresses(other)
    assert len(opened) > 200
    counts = [model.objects.count() for model in COUNTED]

    leaks, failures = [], []
    for address in opened:
        response = getattr(client, method)(address)
        if response.status_code >= 500:
            failures.append(address)
        if not response.streaming and any(
            secret in response.content.decode(errors="ignore") for secret in SECRETS
        ):
            leaks.append(address)

    assert leaks == []
    assert failures == []
    assert fingerprint(other) == before
    assert [model.objects.count() for model in COUNTED] == counts


@pytest.mark.parametrize("name", ["wagtailimages_chooser", "wagtaildocs_chooser"])
def test_choosers_list_only_ones_own(client, own, other, name):
    picture(own, "自家的图片")
    client.force_login(own.owner)

    for query in ("", "?q=绝不外传", f"?collection_id={other.collection.pk}"):
        for view in ("choose", "choose_results"):
            text = client.get(reverse(f"{name}:{view}") + query).content.decode()
            assert not any(secret in text for secret in SECRETS)
            assert other.organization.name not in text


def test_nothing_is_uploaded_into_another_institutes_collection(client, own, other):
    client.force_login(own.owner)
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    buffer.name = "new.png"
    buffer.seek(0)

    client.post(
        reverse("wagtailimages_chooser:create"),
        {
            "image-chooser-upload-title": "潜入",
            "image-chooser-upload-file": buffer,
            "image-chooser-upload-collection": other.collection.pk,
        },
    )

    assert not PortalImage.objects.filter(collection=other.collection, title="潜入").exists()


def test_an_edited_page_takes_no_foreign_picture_file_or_parent(client, own, other):
    """The ids are posted in the form of one's own page, as the editor's script would."""
    page = own.draft(title="自家的成果").get_latest_revision_as_object()
    client.force_login(own.owner)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    data = posted(form)
    data |= {
        "pictures-TOTAL_FORMS": 1,
        "pictures-0-image": other.picture.pk,
        "pictures-0-ORDER": 1,
        "attachments-TOTAL_FORMS": 1,
        "attachments-0-document": other.file.pk,
        "attachments-0-ORDER": 1,
    }

    response = client.post(address, data)

    assert response.url == "/admin/"
    saved = AchievementPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [each.image_id for each in saved.pictures.all()] == []
    assert [each.document_id for each in saved.attachments.all()] == []
    assert not Picture.objects.filter(image=other.picture).exists()
    assert not Attachment.objects.filter(document=other.file).exists()
    assert not any(secret in response.content.decode() for secret in SECRETS)


def posted(form) -> dict:
    """What a browser would post of a page form as it was given out."""
    data = {}
    parts = [form, *form.formsets.values()]
    for part in parts:
        forms = [part.management_form, *part.forms] if hasattr(part, "management_form") else [part]
        for each in forms:
            for bound in each:
                value = bound.value()
                data[bound.html_name] = "" if value is None else value
    return data


def test_an_edited_page_takes_ones_own_picture(client, own, other):
    page = own.draft(title="自家的成果").get_latest_revision_as_object()
    mine = picture(own, "自家的图片")
    client.force_login(own.owner)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = posted(client.get(address).context["form"])
    data |= {"pictures-TOTAL_FORMS": 1, "pictures-0-image": mine.pk, "pictures-0-ORDER": 1}

    client.post(address, data)

    saved = AchievementPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [each.image_id for each in saved.pictures.all()] == [mine.pk]


def test_the_institutes_page_takes_no_foreign_picture(client, own, other):
    client.force_login(own.owner)
    address = reverse("wagtailadmin_pages:edit", args=[own.page.pk])
    data = posted(client.get(address).context["form"]) | {"picture": other.picture.pk}

    response = client.post(address, data)

    assert response.url == "/admin/"
    own.page.refresh_from_db()
    assert own.page.get_latest_revision_as_object().picture_id is None


def test_the_desk_says_who_else_edits_ones_own_pages_only(client, own, other):
    mine = own.draft(title="自家的成果")
    client.force_login(own.owner)

    def ping(model, pk):
        arguments = [*model.split("."), pk, 0]
        return client.post(reverse("wagtailadmin_editing_sessions:ping", args=arguments))

    assert ping("wagtailcore.page", mine.pk).status_code == 200
    for model, pk in (
        ("wagtailcore.page", other.secret.pk),
        ("wagtailcore.page", "abc"),
        ("wagtailcore.page", f"_{ord(str(other.secret.pk)[0]):X}{str(other.secret.pk)[1:]}"),
        ("achievements.achievementpage", other.secret.pk),
        ("media.portalimage", other.picture.pk),
    ):
        answer = ping(model, pk)
        assert (answer.status_code, SECRET_PERSON in answer.content.decode()) == (403, False)
