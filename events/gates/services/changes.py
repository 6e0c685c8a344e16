"""What every door shares: the refusal, and who is written down as having acted."""

from django.utils.translation import gettext as _


class UnableToCheckIn(Exception):
    """The gate cannot do this; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToCheckIn(
            _("You are not named for this door, or your access has run out: ask the organizer.")
        )
