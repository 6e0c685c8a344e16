"""The guest list: a dry run row by row, then all rows or none; who has no account is invited."""

import secrets
from pathlib import PurePath

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from achievements.imports.importers import CHANGED, NEW, UNCHANGED, Report, Row
from achievements.imports.tables import UnableToRead, read_table
from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import record
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import report_progress, start_job

from ..enums import RegistrationState, Source
from ..guests import KEPT, GuestImporter
from ..models import Registration
from ..rules import can_decide
from .changes import UnableToRegister, require, tell

CHECK, WRITE = "guests-check", "guests-write"
KEPT_LINES, MOST_GUESTS = 2_000, 5_000
INVITATION = gettext_lazy(
    "{fair}\n\nSign in or register with this address ({email}) to see your badge, to say when you "
    "can come, and to decide who sees your name."
)


def upload_guests(*, actor: User, fair: Fair, file: File) -> Job:
    """Keep an uploaded list out of everybody's reach and start its dry run."""
    from ..tasks import task_check_guests

    require(can_decide(actor, fair))
    suffix = PurePath(file.name or "").suffix.lower()
    return start_job(
        kind=CHECK,
        title=gettext_lazy("Check of %(name)s") % {"name": file.name},
        owner=actor,
        organization=fair.organizer,
        task=task_check_guests,
        fair=fair.pk,
        name=(file.name or "")[:200],
        path=default_storage.save(f"imports/{secrets.token_urlsafe(18)}{suffix}", file),
        language=translation.get_language(),
    )


def import_guests(*, actor: User, fair: Fair, checked: Job) -> Job:
    """Start writing a list whose dry run found nothing wrong; raises otherwise."""
    from ..tasks import task_write_guests

    require(can_decide(actor, fair))
    is_clean = checked.state == JobState.SUCCEEDED and checked.result.get("wrong") == 0
    if not is_clean or checked.owner_id != actor.pk or checked.parameters["fair"] != fair.pk:
        raise UnableToRegister(_("Only a list without wrong rows can be written."))
    if Job.objects.filter(kind=WRITE, parameters__path=checked.parameters["path"]).exists():
        raise UnableToRegister(_("This list is being written already."))
    return start_job(
        kind=WRITE,
        title=gettext_lazy("Import of %(name)s") % {"name": checked.parameters["name"]},
        owner=actor,
        organization=checked.organization,
        task=task_write_guests,
        **checked.parameters,
    )


def check_guests(job: Job) -> dict:
    """Run the dry run: what is wrong becomes its result, row by row and field by field."""
    with translation.override(job.parameters["language"]):
        fair = Fair.objects.select_related("page").get(pk=job.parameters["fair"])
        try:
            report = _read(job, GuestImporter(fair))
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
            "ignored": report.ignored_headings,
            **{name: report.count(name) for name in (NEW, CHANGED, UNCHANGED)},
        }


def _read(job: Job, importer: GuestImporter) -> Report:
    with default_storage.open(job.parameters["path"]) as file:
        table = read_table(file.read(), job.parameters["path"], maximum_rows=MOST_GUESTS)
    report = importer.check(table, job.organization)
    report_progress(job=job, done=len(table.rows), total=len(table.rows))
    return report


@transaction.atomic
def write_guests(job: Job) -> dict:
    """Check once more, for places may have gone meanwhile, and write all rows or none."""
    with translation.override(job.parameters["language"]):
        found = Fair.objects.select_for_update(of=("self",)).select_related("page", "organizer")
        fair = found.get(pk=job.parameters["fair"])
        if job.owner is None or not can_decide(job.owner, fair):
            raise UnableToRegister(_("You may no longer change this fair; nothing was written."))
        importer = GuestImporter(fair)
        report = _read(job, importer)
        if report.refused:
            raise UnableToRegister(
                _("%(count)d rows are wrong; correct them first, nothing was written.")
                % {"count": len(report.refused)}
            )
        for row in report.rows:
            if row.outcome != UNCHANGED:
                _write(row, fair, importer, job.owner)
        written = {name: report.count(name) for name in (NEW, CHANGED, UNCHANGED)}
        record(
            actor=job.owner,
            action="registration.import_guests",
            target=fair,
            organization_id=fair.organizer_id,
            new=written[NEW],
            changed=written[CHANGED],
        )
    transaction.on_commit(lambda: default_storage.delete(job.parameters["path"]))
    return written


def _write(row: Row, fair: Fair, importer: GuestImporter, actor: User) -> None:
    """A guest, admitted now, or a corrected one; each is invited once."""
    now, email = timezone.now(), row.values["email"]
    registration = row.values.get("registration") or _find_or_begin(fair, email, importer)
    for name in KEPT:
        if name in row.values:
            setattr(registration, name, row.values[name])
    organization = importer.organizations.get(registration.organization_name)
    registration.organization = organization or registration.organization
    if row.outcome == NEW:
        registration.state = RegistrationState.APPROVED
        registration.submitted_at = registration.approved_at = registration.decided_at = now
        registration.decided_by, registration.reject_reason = actor, ""
        registration.invited_at = now
    registration.save()
    if row.outcome == NEW:
        invite_guest(registration)


def _find_or_begin(fair: Fair, email: str, importer: GuestImporter) -> Registration:
    known = Registration.objects.filter(fair=fair, email=email).first()
    return known or Registration(
        fair=fair, email=email, person=importer.person_for(email), source=Source.GUEST_LIST
    )


def invite_guest(registration: Registration) -> None:
    """Tell a guest of the place; without an account the mail says how to claim it."""
    fair = registration.fair
    tell(
        registration,
        kind="fair-invitation",
        title=gettext_lazy("You are invited to a fair, a place is kept for you"),
        body=format_lazy(INVITATION, fair=fair.page.lazy_label, email=registration.email),
        key=f"invitation:{registration.pk}",
    )
