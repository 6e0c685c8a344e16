"""What every door shares: the locks, the allowed moves, who is told."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.fairs.services.changes import lock as lock_fair
from portal.accounts.models import Membership, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, ExhibitorState
from ..models import Exhibitor


class UnableToExhibit(Exception):
    """The exhibition cannot be changed so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToExhibit(_("You may not do this, or somebody else has moved it on meanwhile."))


def given(reason: str) -> str:
    """The reason that the exhibitor reads. Raises without one."""
    if not reason.strip():
        raise UnableToExhibit(_("Say why: the exhibitor reads it."))
    return reason.strip()


def lock(exhibitor: Exhibitor) -> Exhibitor:
    """Lock the fair first, then the row: whoever gives booths waits for one another."""
    fair = lock_fair(exhibitor.fair)
    found = Exhibitor.objects.select_for_update(of=("self",)).select_related("organization")
    locked = found.get(pk=exhibitor.pk)
    locked.fair = fair
    return locked


def log(actor: User | None, exhibitor: Exhibitor, action: str, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"exhibition.{action}",
        target=exhibitor,
        organization_id=exhibitor.organization_id,
        **payload,
    )


def move(
    exhibitor: Exhibitor, state: ExhibitorState, *, actor: User | None, action: str, **payload: Any
) -> None:
    """Save a locked exhibitor in its new state. Raises ``UnableToExhibit``."""
    if state not in ALLOWED_TRANSITIONS[exhibitor.state]:
        raise UnableToExhibit(
            _("“%(before)s” cannot become “%(after)s”.")
            % {
                "before": exhibitor.get_state_display(),
                "after": ExhibitorState(state).label,
            }
        )
    before, exhibitor.state = exhibitor.state, state
    exhibitor.save()
    log(actor, exhibitor, action, before=before, after=state, **payload)


def tell(
    exhibitor: Exhibitor,
    *,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    dedupe_key: str | None = None,
) -> int:
    """Tell the exhibitor's office; returns how many people."""
    office = Membership.objects.office().filter(
        organization=exhibitor.organization_id, user__is_active=True
    )
    return _notify(
        office,
        exhibitor.fair,
        reverse("exhibition:mine", args=[exhibitor.pk]),
        kind=kind,
        title=title,
        body=body,
        dedupe_key=dedupe_key,
    )


def tell_organizer(
    exhibitor: Exhibitor, *, kind: str, title: str | Promise, body: str | Promise = ""
) -> int:
    office = Membership.objects.office().filter(
        organization=exhibitor.fair.organizer_id, user__is_active=True
    )
    url = reverse("exhibition:application", args=[exhibitor.fair.code, exhibitor.pk])
    return _notify(office, exhibitor.fair, url, kind=kind, title=title, body=body)


def _notify(
    office: Any,
    fair: Fair,
    url: str,
    *,
    kind: str,
    title: str | Promise,
    body: str | Promise,
    dedupe_key: str | None = None,
) -> int:
    named = fair.page.lazy_label
    people = list(office.select_related("user").order_by("pk"))
    for membership in people:
        notify(
            user=membership.user,
            kind=kind,
            title=title,
            body=format_lazy("{}\n{}", named, body) if body else named,
            url=url,
            dedupe_key=f"{dedupe_key}:{membership.user_id}" if dedupe_key else None,
        )
    return len(people)
