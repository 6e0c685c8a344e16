import secrets
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

CHECK, WRITE = "import-check", "import-write"
KEPT_LINES = 2_000


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
    return written


def _read(job: Job) -> tuple[Importer, Report]:
    assert job.organization is not None
    importer = find_importer(job.parameters["importer"])
    with default_storage.open(job.parameters["path"]) as file:
        table = read_table(file.read(), job.parameters["path"])
    report_progress(job=job, done=0, total=len(table.rows))
    report = importer.check(table, job.organization)
    report_progress(job=job, done=len(table.rows), total=len(table.rows))
    return importer, report
