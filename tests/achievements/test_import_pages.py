import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from achievements.models import AchievementPage
from portal.jobs.models import Job
from tests.achievements.test_imports import FIRST, SECOND, as_csv
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db
UPLOAD = "/workspace/import/"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def office(institute):
    return signed_in(institute.owner)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(client, institute, content, callbacks, name="成果.csv"):
    with callbacks(execute=True):
        return client.post(
            UPLOAD,
            {
                "organization": institute.organization.pk,
                "kind": "achievements",
                "file": SimpleUploadedFile(name, content),
            },
        )


def test_a_clean_table_is_checked_then_written(
    office, institute, django_capture_on_commit_callbacks
):
    answer = send(office, institute, as_csv(FIRST, SECOND), django_capture_on_commit_callbacks)
    checked = Job.objects.get()
    assert answer.url == f"/workspace/import/{checked.pk}/"
    assert (checked.state, checked.result["new"], checked.percent) == ("SUCCEEDED", 2, 100)
    assert "确认写入" in office.get(answer.url).content.decode()
    assert AchievementPage.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(f"/workspace/import/{checked.pk}/write/")

    assert AchievementPage.objects.count() == 2
    assert "均为草稿" in office.get(answer.url).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"/workspace/import/{checked.pk}/write/")
    assert Job.objects.count() == 2


def test_wrong_rows_are_listed_and_cannot_be_written(
    office, institute, django_capture_on_commit_callbacks
):
    wrong = [*FIRST[:4], "魔法", *FIRST[5:]]
    answer = send(office, institute, as_csv(wrong, SECOND), django_capture_on_commit_callbacks)

    page = office.get(answer.url).content.decode()
    assert ("成果形式" in page, "确认写入" in page) == (True, False)
    office.post(f"{answer.url}write/")
    assert AchievementPage.objects.count() == 0


def test_a_file_that_is_no_table_says_so(office, institute, django_capture_on_commit_callbacks):
    answer = send(office, institute, b"no zip", django_capture_on_commit_callbacks, "成果.xlsx")

    assert "不是Excel表格" in office.get(answer.url).content.decode()


def test_another_suffix_keeps_the_form(office, institute, django_capture_on_commit_callbacks):
    answer = send(office, institute, b"x", django_capture_on_commit_callbacks, "成果.pdf")

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["file"])


def test_strangers_neither_import_nor_read_a_report(
    office, institute, django_capture_on_commit_callbacks
):
    other = signed_in(Institute("滨江力学研究所").owner)
    answer = send(office, institute, as_csv(FIRST), django_capture_on_commit_callbacks)
    report = answer.url

    assert signed_in(institute.researcher).get(UPLOAD).status_code == 403
    assert other.get(report).status_code == 404
    assert other.post(f"{report}write/").status_code == 404
    refused = send(other, institute, as_csv(FIRST), django_capture_on_commit_callbacks)
    assert list(refused.context["form"].errors) == ["organization"]


@pytest.mark.parametrize("kind", ["achievements", "patents", "needs"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_templates_are_tables_that_the_import_knows(office, kind, suffix, language):
    from achievements.imports import find_importer, read_table

    answer = office.get(f"{language}/workspace/import/template/{kind}.{suffix}")

    table = read_table(answer.content, f"x.{suffix}")
    places, ignored = find_importer(kind)._find_columns(table.headings)
    assert (len(places), ignored) == (len(find_importer(kind).columns), [])


def test_wrong_rows_come_back_as_a_table_and_are_paged(
    office, institute, django_capture_on_commit_callbacks
):
    rows = [[f"B-{number}", *FIRST[1:4], "魔法", *FIRST[5:]] for number in range(60)]
    answer = send(office, institute, as_csv(*rows, SECOND), django_capture_on_commit_callbacks)

    first, second = office.get(answer.url), office.get(f"{answer.url}?page=2")
    assert [len(page.context["page_obj"].object_list) for page in (first, second)] == [50, 10]
    assert 'href="/workspace/import/"' in first.content.decode().split("</h1>")[1]

    table = office.get(f"{answer.url}wrong/").content.decode("utf-8-sig").splitlines()
    assert len(table) == 61
    assert table[0].endswith(",错误明细")
    assert table[1].startswith("B-0,石墨烯导热膜连续制备,")
    assert "“魔法”" in table[1]

    corrected = "\n".join(table).replace(",魔法,", ",TECHNOLOGY,").encode()
    again = send(office, institute, corrected, django_capture_on_commit_callbacks)
    assert office.get(again.url).context["job"].result["new"] == 60


def test_an_unreadable_file_shows_no_progress(
    office, institute, django_capture_on_commit_callbacks
):
    answer = send(office, institute, b"no zip", django_capture_on_commit_callbacks, "成果.xlsx")

    page = office.get(answer.url).content.decode()
    assert "<progress" not in page
    assert page.count('href="/workspace/import/"') == 3


def test_what_was_written_is_sent_to_review_at_once(
    office, institute, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(office, institute, as_csv(FIRST, SECOND), django_capture_on_commit_callbacks)
        written = office.post(f"{answer.url}write/")
    button = f'action="{written.url}submit/"'
    assert button in office.get(written.url).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        sent = office.post(f"{written.url}submit/")

    first, second = AchievementPage.objects.order_by("source_id")
    assert (first.workflow_in_progress, second.workflow_in_progress) == (True, False)
    job = office.get(sent.url).context["job"]
    assert (job.result["submitted"], [each["title"] for each in job.result["refused"]]) == (
        1,
        [SECOND[1]],
    )
    assert second.code in office.get(sent.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"{written.url}submit/")
    assert Job.objects.filter(kind="import-submit").count() == 1


def test_nobody_sends_what_another_imported(office, institute, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(office, institute, as_csv(FIRST), django_capture_on_commit_callbacks)
        written = office.post(f"{answer.url}write/")

    assert signed_in(institute.editor).post(f"{written.url}submit/").status_code == 404
