"""The signed link by which somebody says without signing in what came of the meetings."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from events.registration.models import Registration

SALT = "aftermath.feedback"
VALID_DAYS = 200  # until after the second stage begins, when there is a new link


def token_of(registration: Registration) -> str:
    """Opens this person's own meetings of this fair, and nothing else."""
    return signing.dumps(registration.pk, salt=SALT)


def feedback_url(registration: Registration) -> str:
    return reverse("aftermath:by-link", args=[token_of(registration)])


def find_by_token(token: str) -> Registration | None:
    """The registration that a link opens, or None for a wrong or an old one."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=timedelta(days=VALID_DAYS))
    except signing.BadSignature:
        return None
    found = Registration.objects.admitted().select_related("person", "organization", "fair__page")
    return found.filter(pk=pk).first()
