"""The one door to the audit log (审计日志)."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from portal.accounts.models import Visitor

from .models import AuditEvent

GENESIS = "0" * 64
CHAIN_LOCK = 7_001  # PostgreSQL advisory lock: appends wait for one another


def compute_digest(event: AuditEvent) -> str:
    """Return SHA-256 over the canonical JSON of every stored field and the previous digest."""
    content = {
        "recorded_at": event.recorded_at.isoformat(),
        "actor": event.actor_id,
        "action": event.action,
        "target_type": event.target_type_id,
        "target_id": event.target_id,
        "target_label": event.target_label,
        "organization": event.organization_id,
        "payload": event.payload,
        "ip_address": event.ip_address,
        "previous": event.previous_digest,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_waiting: ContextVar[list[AuditEvent] | None] = ContextVar("waiting", default=None)


def record(
    *,
    actor: Visitor | None,
    action: str,
    target: models.Model | None = None,
    organization_id: int | None = None,
    ip_address: str | None = None,
    **payload: Any,
) -> AuditEvent:
    """Append one event in the caller's transaction; ``action`` is ``<app>.<verb_noun>``.

    Within ``recorded_last`` it is stored when that block ends.

    What cannot be recorded does not happen: an error here ends the caller's transaction too.

    ``actor`` is a user, or None for the portal itself. ``payload`` must be JSON and carry no
    contact data: a line can never be erased.
    """
    event = AuditEvent(
        actor=actor if actor is not None and actor.is_authenticated else None,
        action=action,
        target_type=ContentType.objects.get_for_model(target) if target else None,
        target_id=str(target.pk) if target else "",
        target_label=str(target)[:200] if target else "",
        organization_id=organization_id,
        payload=payload,
        ip_address=ip_address,
    )
    waiting = _waiting.get()
    if waiting is None:
        _append([event])
    else:
        waiting.append(event)
    return event


@contextmanager
def recorded_last() -> Iterator[None]:
    """Append what the block records when it ends: the chain's lock is the last that it takes.

    Decorates a service that many call at once, under its ``transaction.atomic``. Everybody who
    records waits for that lock until the one before has committed. A block that fails records
    nothing, also where a block around it goes on.
    """
    outer = _waiting.get()
    waiting: list[AuditEvent] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if outer is None:
        _append(waiting)
    else:
        outer += waiting


@transaction.atomic(savepoint=False)
def _append(events: list[AuditEvent]) -> None:
    if not events:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEvent.objects.order_by("-pk").values_list("digest", flat=True).first()
    previous = last or GENESIS
    for event in events:
        event.recorded_at, event.previous_digest = timezone.now(), previous
        previous = event.digest = compute_digest(event)
    AuditEvent.objects.bulk_create(events)
