"""The signed link by which an asked person answers without signing in."""

from django.core import signing
from django.urls import reverse

from ..models import MeetingRequest

SALT = "meetings.answer"


def token_of(request: MeetingRequest) -> str:
    """Opens this request for this asked person alone; it ends with the request's own term."""
    return signing.dumps([request.pk, request.to_registration_id], salt=SALT)


def answer_url(request: MeetingRequest) -> str:
    return reverse("meetings:answer", args=[token_of(request)])


def find_by_token(token: str) -> MeetingRequest | None:
    """The request that a link opens, or None for a wrong one."""
    try:
        pk, asked = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    found = MeetingRequest.objects.with_people()
    return found.filter(pk=pk, to_registration=asked).first()
