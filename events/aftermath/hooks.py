"""What the rooms below are told: where an interest or case began, what a person's export holds."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy

from matchmaking.cases.models import ConversionCase
from matchmaking.interests.models import Interest
from matchmaking.origins import Origin, register_origin
from portal.accounts.exports import register_export
from portal.accounts.models import User

from .models import Feedback, FollowUp, MeetingOutcome


def find_origin(thing: Any) -> Origin | None:
    """The fair at whose meeting it began; a case also by the interest that it goes on from."""
    if isinstance(thing, ConversionCase):
        began = Q(case=thing)
        if thing.interest_id:
            began |= Q(interest=thing.interest_id)
    elif isinstance(thing, Interest):
        began = Q(interest=thing)
    else:
        return None
    found = MeetingOutcome.objects.filter(began).select_related("meeting__fair__page").first()
    if found is None:
        return None
    page = found.meeting.fair.page
    day = f"{timezone.localtime(page.starts_at):%Y-%m-%d}"
    return Origin(format_lazy("{} ({})", page.lazy_label, day), page.url or "")


def export_feedback(user: User) -> Iterable[dict[str, Any]]:
    rows = Feedback.objects.filter(registration__person=user.pk).select_related("meeting__fair")
    return [
        {
            "fair": row.meeting.fair.code,
            "stage": row.stage,
            "outcome": row.outcome,
            "rating": row.rating,
            "comment": row.comment,
            "organizer_may_read_comment": row.shares_comment,
            "given_at": row.given_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]


def export_follow_ups(user: User) -> Iterable[dict[str, Any]]:
    own = Q(owner__person=user.pk) | Q(created_by=user.pk)
    rows = FollowUp.objects.filter(own).select_related("meeting__fair")
    return [
        {
            "fair": row.meeting.fair.code,
            "kind": row.kind,
            "due_on": row.due_on.isoformat(),
            "note": row.note,
            "state": row.state,
        }
        for row in rows.order_by("pk")
    ]


register_origin(find_origin)
register_export("fair_feedback", export_feedback)
register_export("fair_follow_ups", export_follow_ups)
