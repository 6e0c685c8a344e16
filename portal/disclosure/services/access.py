from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Organization, User
from portal.audit.services import record
from portal.taxonomy.services import assign_code

from ..enums import REQUEST_MOVES, RequestState
from ..kinds import find_subject
from ..models import AccessRequest
from ..queries import people_of
from ..rules import can_answer_request, can_request_access
from .changes import UnableToDisclose, require, require_text, tell

CODE_PREFIX = "CY"
LONGEST_ACCESS = timedelta(days=90)


@transaction.atomic
def request_access(
    *,
    actor: User,
    subject: str,
    owner: Organization,
    groups: Collection[str],
    reason: str,
    until: date,
    legal_basis: str = "",
) -> AccessRequest:
    """Ask an owner to open what is closed, with a reason and for a time.

    With a ``legal_basis`` (law and article) it is a statutory one: granted at once, and shown to
    the owner. Raises ``UnableToDisclose``.
    """
    require(can_request_access(actor))
    found = find_subject(actor, subject)
    if found is None or owner not in found.owners or not groups or not {*groups} <= {*found.groups}:
        raise UnableToDisclose(_("There is nothing under this code that could be opened."))
    reason = require_text(reason, _("Please give the reason; the owner reads it."))
    today = timezone.localdate()
    if not today <= until <= today + LONGEST_ACCESS:
        raise UnableToDisclose(
            _("Choose a day between today and %(last)s.")
            % {"last": (today + LONGEST_ACCESS).isoformat()}
        )
    [code] = assign_code(prefix=CODE_PREFIX)
    statutory = bool(legal_basis.strip())
    request = AccessRequest.objects.create(
        code=code,
        subject=found.code,
        subject_label=found.label,
        subject_url=found.url,
        groups=",".join(sorted(groups)),
        owner_organization=owner,
        requester=actor,
        reason=reason[:500],
        legal_basis=legal_basis.strip()[:200],
        until=until,
        state=RequestState.GRANTED if statutory else RequestState.ASKED,
        answered_at=timezone.now() if statutory else None,
    )
    record(
        actor=actor,
        action="disclosure.request_access",
        target=request,
        organization_id=owner.pk,
        subject=found.code,
        groups=request.groups,
        until=until.isoformat(),
        legal_basis=request.legal_basis,
    )
    _tell_owner(request)
    return request


def _tell_owner(request: AccessRequest) -> None:
    title = (
        gettext_lazy("The authority reads what is closed, on the ground of the law")
        if request.legal_basis
        else gettext_lazy("The authority asks to read what is closed")
    )
    tell(
        people_of(request.owner_organization_id),
        kind="access-request",
        title=title,
        about=request.subject_label,
        body=request.reason,
        url=request.get_absolute_url(),
    )


@transaction.atomic
def answer_request(
    *, actor: User, request: AccessRequest, grant: bool, answer: str = ""
) -> AccessRequest:
    """Grant a request for its time, or refuse it with a reason."""
    request = AccessRequest.objects.select_for_update().get(pk=request.pk)
    require(can_answer_request(actor, request))
    if not grant:
        require_text(answer, _("Please write why not; the other side reads it."))
    if grant and request.until < timezone.localdate():
        raise UnableToDisclose(_("Its time is over; the authority has to ask anew."))
    state = RequestState.GRANTED if grant else RequestState.REFUSED
    require(state in REQUEST_MOVES[request.state])
    request.state, request.answer = state, answer.strip()[:500]
    request.answered_by, request.answered_at = actor, timezone.now()
    request.save()
    record(
        actor=actor,
        action="disclosure.answer_request",
        target=request,
        organization_id=request.owner_organization_id,
        state=state,
    )
    title = format_lazy(
        "{} {}", gettext_lazy("Your access request was answered:"), RequestState(state).label
    )
    tell(
        [request.requester],
        kind="access-answered",
        title=title,
        about=request.subject_label,
        body=request.answer,
        url=request.get_absolute_url(),
    )
    return request
