"""What every service of the evaluation needs."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, RoundState
from ..models import Round, Subject
from ..rules import can_run_evaluation


class UnableToEvaluate(Exception):
    """The evaluation does not allow this; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToEvaluate(
            _("You may not do this, or the round has moved on meanwhile. Please load it again.")
        )


def required_text(text: str, message: str) -> str:
    """The text without blanks around it; ``message`` says what is missing where it is empty."""
    if not text.strip():
        raise UnableToEvaluate(message)
    return text.strip()


def lock_round(actor: User, round_: Round, *states: RoundState) -> Round:
    """The round's row, locked, for somebody who runs it, in one of these states."""
    locked = Round.objects.select_for_update().select_related("scheme").get(pk=round_.pk)
    require(can_run_evaluation(actor) and locked.state in states)
    return locked


def lock_subject(subject: Subject) -> Subject:
    """The subject's row and its round's, locked: nobody moves the round meanwhile."""
    round_ = Round.objects.select_for_update().select_related("scheme").get(pk=subject.round_id)
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    locked.round = round_
    return locked


def advance(round_: Round, state: RoundState, actor: User, action: str, **payload: Any) -> None:
    if state not in ALLOWED_TRANSITIONS[round_.state]:
        raise UnableToEvaluate(
            _("The step “%(before)s” is not followed by “%(after)s”.")
            % {"before": round_.get_state_display(), "after": RoundState(state).label}
        )
    before, round_.state = round_.state, state
    round_.save()
    record(
        actor=actor,
        action=f"evaluation.{action}",
        target=round_,
        before=before,
        after=state,
        **payload,
    )


def record_subject(subject: Subject, actor: User, action: str, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"evaluation.{action}",
        target=subject,
        organization_id=subject.organization_id,
        **payload,
    )


def tell_office(subject: Subject, kind: str, title: str | Promise, **more: str) -> None:
    """Tell everybody who acts for the subject's unit."""
    body = f"{subject.round.label}\n{subject.label}"
    for membership in (
        Membership.objects.office()
        .filter(organization=subject.organization_id)
        .select_related("user")
    ):
        key = more.get("dedupe_key")
        notify(
            user=membership.user,
            kind=kind,
            title=title,
            body=body,
            url=subject.get_absolute_url(),
            dedupe_key=f"{key}:{membership.user_id}" if key else None,
        )
