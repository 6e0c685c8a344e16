import hashlib
from collections.abc import Iterator

from portal.audit.models import AuditEvent

from ..models import Archive


def broken_archives() -> Iterator[str]:
    """Name each archive whose file is gone, changed, or not what the audit log sealed."""
    sealed = dict(
        AuditEvent.objects.filter(action="evaluation.archive_round").values_list(
            "target_id", "payload"
        )
    )
    for archive in Archive.objects.select_related("round").order_by("pk"):
        noted = sealed.get(str(archive.round_id), {}).get("digest", "")
        try:
            with archive.file.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            found = ""
        if not found == archive.digest == noted:
            yield f"The archive of evaluation round {archive.round_id} is not what was sealed."
