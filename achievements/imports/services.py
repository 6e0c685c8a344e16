import secrets
from collections.abc import Iterator
from pathlib import PurePath

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Organization, User
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import report_progress, start_job

from ..rules import can_import
from .importers import CHANGED, NEW, UNCHANGED, Importer, Report, UnableToImport, find_importer
from .tables import UnableToRead, read_table

CHECK, WRITE, SUBMIT = "import-check", "import-write", "import-submit"
KEPT_LINES = 5_000


def upload_table(*, actor: User, organization: Organization, kind: str, file: File) -> Job:
    """Keep an uploaded table out of everybody's reach and start its dry run.

    Raises UnableToImport for people outside the organization's office.
    """
    from ..tasks import task_check_import

    if not can_import(actor, organization):
        raise UnableToImport(_("Only the organization's own office may import for it."))
    suffix = PurePath(file.name or "").suffix.lower()
    return start_job(
        kind=CHECK,
        title=gettext_lazy("Check of %(name)s") % {"name": file.name},
        owner=actor,
        organization=organization,
        task=task_check_import,
        importer=kind,
        name=(file.name or "")[:200],
        path=default_storage.save(f"imports/{secrets.token_urlsafe(18)}{suffix}", file),
        language=translation.get_language(),
    )


def write_table(*, actor: User, checked: Job) -> Job:
    """Start writing a table whose dry run found nothing wrong.

    Raises UnableToImport when it did, or was not finished, or was written already.
    """
    from ..tasks import task_write_import

    is_clean = checked.state == JobState.SUCCEEDED and checked.result.get("wrong") == 0
    if not is_clean or checked.owner_id != actor.pk:
        raise UnableToImport(_("Only a table without wrong rows can be written."))
    if Job.objects.filter(kind=WRITE, parameters__path=checked.parameters["path"]).exists():
        raise UnableToImport(_("This table is being written already."))
    return start_job(
        kind=WRITE,
        title=gettext_lazy("Import of %(name)s") % {"name": checked.parameters["name"]},
        owner=actor,
        organization=checked.organization,
        task=task_write_import,
        **checked.parameters,
    )


def check_table(job: Job) -> dict:
    """Run the dry run of a job; what is wrong becomes its result, row by row."""
    with translation.override(job.parameters["language"]):
        try:
            _importer, report = _read(job)
        except UnableToRead as error:
            return {"wrong": 1, "message": str(error), "errors": []}
        errors = [
            {"row": row.number, "heading": heading, "message": message}
            for row in report.refused
            for heading, message in row.errors.items()
        ]
        return {
            "wrong": len(report.refused),
            "errors": errors[:KEPT_LINES],
            "warnings": [
                {"row": row.number, "heading": heading, "message": message}
                for row in report.rows
                for heading, message in row.warnings.items()
            ][:KEPT_LINES],
            "ignored": report.ignored_headings,
            **{name: report.count(name) for name in (NEW, CHANGED, UNCHANGED)},
        }


def write_checked_table(job: Job) -> dict:
    """Check once more, for the database may have changed meanwhile, and write all rows or none."""
    assert job.organization is not None
    with translation.override(job.parameters["language"]):
        importer, report = _read(job)
        written = importer.write(
            report,
            organization=job.organization,
            actor=job.owner,
            progress=lambda done, total: report_progress(job=job, done=done, total=total),
        )
    default_storage.delete(job.parameters["path"])
    if not importer.may_submit:
        return written
    drafts = [row.values[importer.identity] for row in report.rows if row.outcome != UNCHANGED]
    return {**written, "drafts": drafts}


def submit_imported(*, actor: User, written: Job) -> Job:
    """Start sending to review what an import wrote.

    Raises UnableToImport when it wrote nothing that could be sent, or that was sent already.
    """
    from ..tasks import task_submit_import

    if written.owner_id != actor.pk or not written.result.get("drafts"):
        raise UnableToImport(_("This import wrote no draft that could be sent to review."))
    if Job.objects.filter(kind=SUBMIT, parameters__written=written.pk).exists():
        raise UnableToImport(_("These drafts are being sent to review already."))
    return start_job(
        kind=SUBMIT,
        title=gettext_lazy("Review of the rows of %(name)s") % {"name": written.parameters["name"]},
        owner=actor,
        organization=written.organization,
        task=task_submit_import,
        written=written.pk,
        importer=written.parameters["importer"],
        language=translation.get_language(),
    )


def submit_imported_drafts(job: Job) -> dict:
    """Send each draft of an import to review; incomplete ones stay drafts and are named."""
    written = Job.objects.get(pk=job.parameters["written"])
    assert job.organization
    assert job.owner
    with translation.override(job.parameters["language"]):
        return find_importer(job.parameters["importer"]).submit(
            set(written.result["drafts"]),
            organization=job.organization,
            actor=job.owner,
            progress=lambda done, total: report_progress(job=job, done=done, total=total),
        )


def wrong_rows(checked: Job) -> Iterator[list[str]]:
    """The headings and the wrong rows as they were sent, each with what is wrong behind it.

    Raises UnableToRead when the table is gone.
    """
    path = checked.parameters["path"]
    if not default_storage.exists(path):
        raise UnableToRead(_("This table was written or removed since."))
    with default_storage.open(path) as file:
        table = read_table(file.read(), path)
    said: dict[int, list[str]] = {}
    for error in checked.result["errors"]:
        said.setdefault(error["row"], []).append(f"{error['heading']}: {error['message']}")
    width = len(table.headings)
    yield [*table.headings, _("What is wrong")]
    for number, cells in table.rows:
        if number in said:
            yield [*(cells + [""] * width)[:width], "; ".join(said[number])]


def _read(job: Job) -> tuple[Importer, Report]:
    assert job.organization is not None
    importer = find_importer(job.parameters["importer"])
    with default_storage.open(job.parameters["path"]) as file:
        table = read_table(file.read(), job.parameters["path"])
    report_progress(job=job, done=0, total=len(table.rows))
    report = importer.check(table, job.organization)
    report_progress(job=job, done=len(table.rows), total=len(table.rows))
    return importer, report
