"""Daily anchors: the heads of all chains, exported so that nobody can rewrite them unseen."""

import hashlib
import json
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.audit.services import record
from portal.notifications.services import notify

from ..ledger import GENESIS
from ..models import Anchor, ConversionCase


def anchor_digest(content: bytes, previous: str) -> str:
    return hashlib.sha256(previous.encode() + content).hexdigest()


@transaction.atomic
def write_anchor(*, day: date, now: datetime) -> Anchor | None:
    """Export the heads of the cases that moved since the last anchor; once a day, else None.

    The auditors are mailed the digest, which they keep outside of the portal.
    """
    if Anchor.objects.filter(day=day).exists():
        return None
    last = Anchor.objects.order_by("-day").first()
    known: dict[str, int] = {}
    for earlier in Anchor.objects.order_by("day"):
        known |= {line["case"]: line["version"] for line in read_heads(earlier)}
    heads = [
        {"case": code, "version": version, "digest": digest}
        for code, version, digest in ConversionCase.objects.order_by("code").values_list(
            "code", "version", "head_digest"
        )
        if known.get(code) != version
    ]
    audit = AuditEvent.objects.order_by("-pk").first()
    lines = [{"audit": audit.pk, "digest": audit.digest} if audit else {"audit": 0}, *heads]
    content = "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines).encode()
    previous = last.digest if last else GENESIS
    anchor = Anchor(
        day=day,
        created_at=now,
        case_count=len(heads),
        previous_digest=previous,
        digest=anchor_digest(content, previous),
    )
    anchor.file.save(f"{day.isoformat()}.jsonl", ContentFile(content), save=False)
    anchor.save()
    record(actor=None, action="cases.write_anchor", target=anchor, result=anchor.digest)
    for auditor in User.objects.filter(role_grants__role=PortalRole.AUDITOR, is_active=True):
        notify(
            user=auditor,
            kind="anchor",
            title=format_lazy(gettext_lazy("Anchor of the cases' ledger, {day}"), day=f"{day}"),
            body=f"SHA-256 {anchor.digest}",
            dedupe_key=f"anchor:{day}:{auditor.pk}",
        )
    return anchor


def read_heads(anchor: Anchor) -> list[dict]:
    """Return the heads of cases that an anchor's file lists."""
    with anchor.file.open("rb") as file:
        lines = [json.loads(line) for line in file.read().splitlines()]
    return [line for line in lines if "case" in line]
