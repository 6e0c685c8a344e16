"""The signed link by which an asked person answers without signing in."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from ..models import MeetingRequest

SALT = "meetings.answer"
SHOWN_DAYS = 45  # an answer is due much earlier; so long the link still shows what was said


def token_of(request: MeetingRequest) -> str:
    """Opens this request for this asked person alone."""
    return signing.dumps([request.pk, request.to_registration_id], salt=SALT)


def answer_url(request: MeetingRequest) -> str:
    return reverse("meetings:answer", args=[token_of(request)])


def find_by_token(token: str) -> MeetingRequest | None:
    """The request that a link opens, or None for a wrong or an old one."""
    try:
        pk, asked = signing.loads(token, salt=SALT, max_age=timedelta(days=SHOWN_DAYS))
    except (signing.BadSignature, ValueError):
        return None
    found = MeetingRequest.objects.with_people()
    return found.filter(pk=pk, to_registration=asked).first()
