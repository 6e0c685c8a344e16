"""What every door shares: the locks, the allowed moves, who is told."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, RegistrationState
from ..models import Delivery, Registration


class UnableToRegister(Exception):
    """The registration cannot be changed so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToRegister(
            _("You may not do this, or the registration has been moved on meanwhile.")
        )


def lock(registration: Registration) -> Registration:
    """Lock the fair first, then the row: whoever counts places waits for one another."""
    fair = Fair.objects.select_for_update(no_key=True).filter(pk=registration.fair_id)
    fair.values_list("pk", flat=True).get()
    return lock_row(registration)


def lock_row(registration: Registration) -> Registration:
    """Lock the row alone, for what takes or frees no place; the fair may not be locked after."""
    found = Registration.objects.select_for_update(of=("self",)).select_related(
        "person", "organization", "fair__page", "fair__organizer"
    )
    return found.get(pk=registration.pk)


def move(
    registration: Registration,
    state: RegistrationState,
    *,
    actor: User | None,
    action: str,
    **payload: Any,
) -> None:
    """Save a locked registration in its new state. Raises ``UnableToRegister``."""
    if state not in ALLOWED_TRANSITIONS[registration.state]:
        raise UnableToRegister(
            _("“%(before)s” cannot become “%(after)s”.")
            % {
                "before": registration.get_state_display(),
                "after": RegistrationState(state).label,
            }
        )
    before, registration.state = registration.state, state
    registration.save()
    record(
        actor=actor,
        action=action,
        target=registration,
        organization_id=registration.fair.organizer_id,
        before=before,
        after=state,
        **payload,
    )


def tell(
    registration: Registration,
    *,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    key: str,
    url: str = "",
) -> bool:
    """Tell a registered person once for each ``key``: in the workspace and by mail.

    It leads to the registration unless there is a ``url``. A guest without an account gets the
    mail alone, in both languages. Tells whether it was new.
    """
    _delivery, is_new = Delivery.objects.get_or_create(
        registration=registration, key=key, defaults={"title": str(title)[:200]}
    )
    if not is_new:
        return False
    url = url or reverse("registration:mine", args=[registration.fair.code])
    if registration.person:
        notify(
            user=registration.person,
            kind=kind,
            title=title,
            body=body,
            url=url,
        )
    elif registration.email:
        _mail_guest(registration.email, title, body, url)
    return True


def _mail_guest(email: str, title: str | Promise, body: str | Promise, url: str) -> None:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append((str(title), str(body)))
    (subject, text), (subject_en, text_en) = said
    link = f"{settings.WAGTAILADMIN_BASE_URL}{url}"
    message = "\n\n".join(part for part in (text, subject_en, text_en, link) if part)
    send_mail(subject, message, None, [email])
