"""Yes, no, and the ends of an interest."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.workdays.queries import working_days_between

from ..enums import DeclineReason, InterestState, Party
from ..models import Interest, InterestMessage
from ..rules import can_accept, can_close, can_decline, can_withdraw, side_of
from .changes import UnableToChangeInterest, lock, move, note_first_reply, require, tell_side
from .opening import share_contact

OTHER_SIDE = {Party.SENDER: Party.RECEIVER, Party.RECEIVER: Party.SENDER}


def _stop_clock(interest: Interest, actor: User, now: datetime) -> None:
    note_first_reply(interest, now)
    interest.answered_at, interest.answered_by = now, actor
    interest.answered_in = working_days_between(
        timezone.localdate(interest.sent_at), timezone.localdate(now)
    )


@transaction.atomic
def answer_interest(
    *,
    actor: User,
    interest: Interest,
    text: str = "",
    shares_contact: bool = False,
    ip_address: str | None = None,
) -> Interest:
    """Accept to talk; ``text`` is the first message. From here on both sides know the names."""
    interest, now = lock(interest), timezone.now()
    require(can_accept(actor, interest))
    _stop_clock(interest, actor, now)
    interest.accepted_at = now
    interest.receiver_shares_contact = shares_contact
    move(interest, InterestState.ANSWERED, actor=actor, action="interests.answer_interest")
    if text.strip():
        InterestMessage.objects.create(
            interest=interest, author=actor, side=Party.RECEIVER, text=text.strip(), sent_at=now
        )
    if shares_contact:
        share_contact(actor=actor, recipient=interest.sender_organization, ip_address=ip_address)
    title = gettext_lazy("Your interest was answered: the other side wants to talk")
    tell_side(interest, Party.SENDER, kind="interest-answered", title=title)
    return interest


@transaction.atomic
def decline_interest(
    *, actor: User, interest: Interest, reason: str, comment: str = ""
) -> Interest:
    """Say no with a coded reason, which the other side reads with the comment.

    Raises ``UnableToChangeInterest`` also for “another reason” that is not explained.
    """
    interest, now = lock(interest), timezone.now()
    require(can_decline(actor, interest))
    if reason == DeclineReason.OTHER and not comment.strip():
        raise UnableToChangeInterest(_("Please explain the other reason in the comment."))
    side = side_of(actor, interest)
    assert side is not None
    if interest.state == InterestState.SENT:
        _stop_clock(interest, actor, now)
    interest.ended_at, interest.ended_by, interest.declined_side = now, actor, side
    interest.decline_reason = DeclineReason(reason)
    interest.decline_comment = comment.strip()[:500]
    move(
        interest,
        InterestState.DECLINED,
        actor=actor,
        action="interests.decline_interest",
        reason=reason,
    )
    tell_side(
        interest,
        OTHER_SIDE[side],
        kind="interest-declined",
        title=gettext_lazy("The other side says no and gives its reason"),
        body=DeclineReason(reason).label,
    )
    return interest


@transaction.atomic
def withdraw_interest(*, actor: User, interest: Interest) -> Interest:
    """Take an interest back that nobody has answered yet."""
    interest = lock(interest)
    require(can_withdraw(actor, interest))
    interest.ended_at, interest.ended_by = timezone.now(), actor
    move(interest, InterestState.WITHDRAWN, actor=actor, action="interests.withdraw_interest")
    title = gettext_lazy("An interest was taken back; nothing is left to answer")
    tell_side(interest, Party.RECEIVER, kind="interest-withdrawn", title=title)
    return interest


@transaction.atomic
def close_interest(*, actor: User, interest: Interest, note: str) -> Interest:
    """End the talks without a no: both agreed, or the matter goes on elsewhere."""
    interest = lock(interest)
    require(can_close(actor, interest))
    if not note.strip():
        raise UnableToChangeInterest(_("Please write how the talks ended."))
    side = side_of(actor, interest)
    assert side is not None
    interest.ended_at, interest.ended_by = timezone.now(), actor
    interest.closing_note = note.strip()[:300]
    move(interest, InterestState.CLOSED, actor=actor, action="interests.close_interest")
    title = gettext_lazy("The other side has ended the talks")
    tell_side(
        interest,
        OTHER_SIDE[side],
        kind="interest-closed",
        title=title,
        body=interest.closing_note,
    )
    return interest
