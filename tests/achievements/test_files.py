"""Pictures, files and patents hung on a draft in the workspace."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import PageViewRestriction

from achievements.models import AchievementPage
from achievements.services import submit_listing
from ip.enums import PatentStatus
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute, make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


def picture(name="sample.png", size=(40, 30), kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind)
    return SimpleUploadedFile(name, buffer.getvalue())


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def draft(institute, client):
    client.force_login(institute.researcher)
    return institute.draft()


def post(client, draft, **data):
    return client.post(reverse("achievements:files", args=[draft.pk]), data)


def hanging(draft):
    latest = AchievementPage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    return (
        [(row.caption, row.image.collection.name) for row in latest.pictures.all()],
        [(row.title, row.document.collection.name) for row in latest.attachments.all()],
    )


def test_a_picture_and_a_file_hang_on_the_draft_in_the_institutes_collection(
    client, institute, draft
):
    post(client, draft, picture=picture(), caption="中试线")
    post(
        client,
        draft,
        attachment=SimpleUploadedFile("report.pdf", PDF),
        attachment_title="检测报告",
    )

    own = f"organization-{institute.organization.pk}"
    assert hanging(draft) == ([("中试线", own)], [("检测报告", own)])
    assert AuditEvent.objects.filter(action="achievements.attach_files").count() == 2, (
        "each upload is on record"
    )


def test_a_picture_taken_off_leaves_the_draft(client, draft):
    post(client, draft, picture=picture(), caption="一")
    post(client, draft, picture=picture(), caption="二")
    latest = draft.get_latest_revision_as_object()
    first = (
        AchievementPage.objects.get(pk=draft.pk).get_latest_revision_as_object().pictures.first()
    )

    post(client, draft, remove=f"picture:{first.image_id}")

    assert [caption for caption, _name in hanging(draft)[0]] == ["二"]
    assert list(latest.pictures.all()) == []


@pytest.mark.parametrize(
    ("field", "file"),
    [
        ("picture", SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")),
        ("picture", SimpleUploadedFile("a.svg", b"<svg/>")),
        ("attachment", SimpleUploadedFile("a.pdf", b"<html>")),
        ("attachment", SimpleUploadedFile("a.html", b"<html>")),
        ("attachment", SimpleUploadedFile("a.pdf", b"")),
    ],
    ids=["svg as png", "svg", "html as pdf", "html", "empty"],
)
def test_a_file_that_is_not_what_it_says_is_refused(client, draft, field, file):
    file.seek(0)

    answer = post(client, draft, **{field: file, "caption": "保留"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["caption"].value() == "保留"
    assert hanging(draft) == ([], [])


def test_a_file_over_the_limit_is_refused(client, draft, settings):
    settings.UPLOAD_MAX_BYTES = 20

    answer = post(client, draft, attachment=SimpleUploadedFile("a.pdf", PDF))

    assert list(answer.context["form"].errors) == ["attachment"]


def test_reviewers_of_the_platform_see_the_pictures_of_what_they_read(client, institute, draft):
    post(client, draft, picture=picture())
    latest = AchievementPage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    url = latest.pictures.first().image.file.url
    answers = {}
    for name, user in {
        "author": institute.researcher,
        "reviewer": make_reviewer(),
        "stranger": Institute("滨江力学研究所").owner,
    }.items():
        client.force_login(user)
        answer = client.get(url)
        answers[name] = answer.status_code
        b"".join(answer)

    assert answers == {"author": 200, "reviewer": 200, "stranger": 404}


def test_nothing_can_be_hung_on_a_text_under_review(client, institute, draft):
    submit_listing(page=draft, actor=institute.researcher)

    answer = post(client, draft, picture=picture())

    assert (answer.status_code, answer.url) == (
        302,
        reverse("achievements:listing", args=[draft.pk]),
    )
    assert hanging(draft) == ([], [])


def links(draft, number):
    return {
        "revision": draft.latest_revision_id,
        "patent_links-TOTAL_FORMS": 1,
        "patent_links-INITIAL_FORMS": 0,
        "patent_links-0-patent": number,
    }


@pytest.mark.parametrize("written", ["ZL{}", "CN{}", "{}", " {} "])
def test_a_patent_is_linked_by_its_number_however_it_is_written(client, institute, draft, written):
    patent = institute.patent()

    client.post(
        reverse("achievements:edit", args=[draft.pk, "patents"]),
        links(draft, written.format(patent.formatted_number)),
    )

    latest = AchievementPage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert [link.patent for link in latest.patent_links.all()] == [patent]


def test_an_unknown_number_says_where_to_record_it(client, institute, draft):
    institute.patent()
    known = institute.patent(2, status=PatentStatus.PUBLISHED)
    known_number = known.application_number
    known.delete()

    answer = client.post(
        reverse("achievements:edit", args=[draft.pk, "patents"]), links(draft, known_number)
    )

    [(_label, formset)] = answer.context["formsets"]
    assert answer.status_code == 422
    assert formset.forms[0].errors == {"patent": ["该号码尚无专利记录，请先通过“发布专利”登记。"]}


def test_a_restriction_of_the_institutes_pages_holds_for_its_listings(client):
    institute = Institute()
    page = institute.published()
    PageViewRestriction.objects.create(
        page=institute.page, restriction_type=PageViewRestriction.LOGIN
    )

    answer = client.get(page.url)
    client.force_login(UserFactory())

    assert (answer.status_code, client.get(page.url).status_code) == (302, 200)
