from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Organization, User
from portal.audit.services import record
from portal.notifications.services import notify
from portal.taxonomy.services import assign_code
from search.services import schedule_sync

from ..enums import ALLOWED_TRANSITIONS, NeedOutcome, NeedState
from ..models import Need
from ..readiness import assess_need
from ..rules import (
    can_edit_need,
    can_manage_need,
    can_reopen_need,
    can_review_need,
    can_take_back_need,
)
from .values import replace_targets

CODE_PREFIX = "XQ"
REMINDED_DAYS = 14


class UnableToChangeNeed(Exception):
    """The need cannot be changed so; the message says why and what to do."""


def _require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeNeed(
            _("You may not do this, or somebody else has moved the need on meanwhile.")
        )


def _lock(need: Need) -> Need:
    return Need.objects.select_for_update().get(pk=need.pk)


def _move(need: Need, state: NeedState, actor: User | None, action: str, **payload: Any) -> None:
    if state not in ALLOWED_TRANSITIONS[need.state]:
        raise UnableToChangeNeed(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": need.get_state_display(), "after": NeedState(state).label}
        )
    before, need.state = need.state, state
    need.save()
    record(
        actor=actor,
        action=f"matchmaking.{action}",
        target=need,
        organization_id=need.organization_id,
        before=before,
        after=state,
        **payload,
    )
    publish_again(need)


def _schedule_matching(need: Need) -> None:
    from ..tasks import task_compute_matches

    transaction.on_commit(lambda: task_compute_matches.delay(need_ids=[need.pk]))


def publish_again(need: Need) -> None:
    """Bring index and matches up to what is published now."""
    schedule_sync(need)
    _schedule_matching(need)


def resync_need(*, need: Need) -> None:
    """Bring index and matches up to what of a need is public now."""
    Need.objects.filter(pk=need.pk).update(updated_at=timezone.now())
    publish_again(need)


def _tell_company(need: Need, kind: str, title: str | Promise, body: str = "", **more: str) -> None:
    if need.author:
        notify(
            user=need.author,
            kind=kind,
            title=title,
            body=f"{need.title}\n{body}".strip(),
            url=need.get_absolute_url(),
            **more,
        )


@transaction.atomic
def create_need(*, actor: User, organization: Organization, title: str) -> Need:
    """Open a draft for an organization that ``actor`` belongs to."""
    _require(organization.pk in actor.organization_ids)
    [code] = assign_code(prefix=CODE_PREFIX)
    need = Need.objects.create(code=code, organization=organization, author=actor, title=title)
    record(
        actor=actor,
        action="matchmaking.create_need",
        target=need,
        organization_id=organization.pk,
    )
    return need


@transaction.atomic
def edit_need(
    *,
    actor: User,
    need: Need,
    targets: Iterable[Mapping[str, Any]] | None = None,
    **relations: Iterable,
) -> Need:
    """Store the fields of ``need`` as a form left them; ``targets`` are row dictionaries."""
    current = _lock(need)
    _require(can_edit_need(actor, current))
    need.state = current.state
    need.save()
    for name, values in relations.items():
        getattr(need, name).set(values)
    if targets is not None:
        replace_targets(need, targets)
    Need.objects.filter(pk=need.pk).update(readiness=assess_need(need).score)
    need.refresh_from_db()
    return need


@transaction.atomic
def submit_need(*, actor: User, need: Need) -> Need:
    """Send a need on: to the platform when it is ready, else to a broker who repairs it."""
    need = _lock(need)
    _require(can_edit_need(actor, need))
    readiness = assess_need(need)
    need.readiness, need.submitted_at = readiness.score, timezone.now()
    state = NeedState.IN_REVIEW if readiness.is_ready else NeedState.AT_BROKER
    _move(need, state, actor, "submit_need", readiness=need.readiness)
    return need


@transaction.atomic
def approve_need(*, actor: User, need: Need) -> Need:
    """Publish a need after the platform's review."""
    need = _lock(need)
    _require(can_review_need(actor, need))
    now = timezone.now()
    need.published_at = need.confirmed_at = now
    need.valid_until = timezone.localdate(now) + timedelta(days=settings.NEED_VALID_DAYS)
    need.return_reason, need.field_notes = "", {}
    _move(need, NeedState.PUBLISHED, actor, "approve_need")
    _tell_company(need, "need-published", gettext_lazy("Your need is published"))
    return need


@transaction.atomic
def return_need(
    *, actor: User, need: Need, reason: str, field_notes: Mapping[str, str] | None = None
) -> Need:
    """Send a need back with a reason, and notes on single fields by their names."""
    need = _lock(need)
    _require(can_review_need(actor, need))
    if not reason.strip():
        raise UnableToChangeNeed(_("Please give the reason of the return."))
    need.return_reason, need.field_notes = reason.strip(), field_notes or {}
    _move(need, NeedState.RETURNED, actor, "return_need", reason=reason)
    _tell_company(need, "need-returned", gettext_lazy("Your need was returned"), reason)
    return need


@transaction.atomic
def confirm_need(*, actor: User, need: Need) -> Need:
    """Say that the need still stands: its validity starts anew."""
    need = _lock(need)
    _require(can_manage_need(actor, need))
    now = timezone.now()
    need.confirmed_at = now
    need.valid_until = timezone.localdate(now) + timedelta(days=settings.NEED_VALID_DAYS)
    if need.state == NeedState.EXPIRED:
        _move(need, NeedState.PUBLISHED, actor, "confirm_need")
        return need
    _require(need.state == NeedState.PUBLISHED)
    need.save()
    record(actor=actor, action="matchmaking.confirm_need", target=need)
    schedule_sync(need)
    return need


@transaction.atomic
def withdraw_need(*, actor: User, need: Need) -> Need:
    need = _lock(need)
    _require(can_manage_need(actor, need))
    need.pending_changes = None
    need.proposals.filter(decided_at=None).update(decided_at=timezone.now(), decided_by=actor)
    _move(need, NeedState.WITHDRAWN, actor, "withdraw_need")
    return need


@transaction.atomic
def close_need(*, actor: User, need: Need, outcome: str, note: str = "") -> Need:
    """End a need with what became of it."""
    need = _lock(need)
    _require(can_manage_need(actor, need))
    need.outcome, need.outcome_note = NeedOutcome(outcome), note[:500]
    need.closed_at = timezone.now()
    _move(need, NeedState.CLOSED, actor, "close_need", outcome=outcome)
    return need


@transaction.atomic
def reopen_need(*, actor: User, need: Need) -> Need:
    """Undo a closing while the need is still valid, or a withdrawal, which gives a draft."""
    need = _lock(need)
    _require(can_reopen_need(actor, need))
    was_closed = need.state == NeedState.CLOSED
    need.outcome, need.outcome_note, need.closed_at = "", "", None
    _move(need, NeedState.PUBLISHED if was_closed else NeedState.DRAFT, actor, "reopen_need")
    return need


@transaction.atomic
def take_back_need(*, actor: User, need: Need) -> Need:
    """Take a need back from the broker's queue to write on oneself."""
    need = _lock(need)
    _require(can_take_back_need(actor, need))
    _move(need, NeedState.DRAFT, actor, "take_back_need")
    return need


def expire_needs() -> int:
    """Mark published needs whose validity has ended; safe to repeat. Return how many."""
    due = Need.objects.filter(state=NeedState.PUBLISHED, valid_until__lt=timezone.localdate())
    for need in due:
        with transaction.atomic():
            locked = _lock(need)
            if locked.state == NeedState.PUBLISHED:
                _move(locked, NeedState.EXPIRED, None, "expire_need")
                title = gettext_lazy("Your need has expired: confirm it if it still stands")
                _tell_company(locked, "need-expired", title)
    return len(due)


def remind_of_validity() -> int:
    """Ask once for each term whether a need still stands that ends soon. Return how many end."""
    today = timezone.localdate()
    ending = Need.objects.published(today).filter(
        valid_until__lte=today + timedelta(days=REMINDED_DAYS)
    )
    for need in ending.select_related("author"):
        _tell_company(
            need,
            "need-ending",
            gettext_lazy("Does your need still stand? Its validity ends soon"),
            f"{need.valid_until:%Y-%m-%d}",
            dedupe_key=f"need-ending:{need.pk}:{need.valid_until}",
        )
    return len(ending)
