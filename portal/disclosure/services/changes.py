"""What every door shares."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications.services import notify


class UnableToDisclose(Exception):
    """It cannot be disclosed, agreed or asked so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToDisclose(
            _("You may not do this, or somebody else has moved the matter on meanwhile.")
        )


def require_text(text: str, message: str) -> str:
    if not text.strip():
        raise UnableToDisclose(message)
    return text.strip()


def tell(
    people: Iterable[User],
    *,
    kind: str,
    title: str | Promise,
    about: str,
    url: str,
    body: str = "",
    besides: User | None = None,
) -> None:
    for user in people:
        if user != besides:
            text = format_lazy("{}\n{}", about, body) if body else about
            notify(user=user, kind=kind, title=title, body=text, url=url)
