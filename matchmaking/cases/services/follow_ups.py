"""Asking the taker, some months after signing, what became of the result (跟踪回访)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ..enums import CaseStage, PartyRole
from ..models import CaseParty, FollowUp
from .ledger import UnableToMoveCase

SALT = "cases.follow-up"
LINK_DAYS = 45
REMIND_AFTER, CLOSE_AFTER = timedelta(days=10), timedelta(days=30)
ANSWERS = ("in_use", "sales", "tax", "jobs", "note")


def token_of(follow_up: FollowUp) -> str:
    """The secret part of a follow-up's link; it needs no sign-in and ends by itself."""
    return signing.dumps(follow_up.pk, salt=SALT)


def find_by_token(token: str) -> FollowUp | None:
    """Return the follow-up that a link opens, or None for a wrong or expired one."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=timedelta(days=LINK_DAYS))
    except signing.BadSignature:
        return None
    return FollowUp.objects.select_related("case").filter(pk=pk).first()


@transaction.atomic
def answer_follow_up(*, follow_up: FollowUp, now: datetime, answers: dict[str, Any]) -> FollowUp:
    """Keep the taker's answers; sent again within the link's term, the later ones count.

    Raises ``UnableToMoveCase`` once the follow-up is closed, and for amounts below zero.
    """
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.closed_at and not follow_up.answered_at:
        raise UnableToMoveCase(_("This question is closed. Thank you all the same."))
    for name in ("sales", "tax"):
        if answers.get(name) is not None and answers[name] < Decimal(0):
            raise UnableToMoveCase(_("The amount is out of range."))
    for name in ANSWERS:
        setattr(follow_up, name, answers.get(name, getattr(follow_up, name)))
    follow_up.answered_at = now
    follow_up.save()
    return follow_up


def sweep_follow_ups(*, today: date, now: datetime) -> dict[str, int]:
    """Mail what is due, remind once, and close what was not answered; may run twice or late.

    A broken-off case is asked nothing more. Returns how many of each.
    """
    waiting = FollowUp.objects.filter(answered_at=None, closed_at=None, due_on__lte=today)
    counts = {"sent": 0, "reminded": 0, "closed": 0}
    for pk in list(waiting.values_list("pk", flat=True)):
        step = _take_step(pk, now)
        if step:
            counts[step] += 1
    return counts


@transaction.atomic
def _take_step(pk: int, now: datetime) -> str | None:
    row = FollowUp.objects.select_for_update().select_related("case").get(pk=pk)
    if row.answered_at or row.closed_at:
        return None
    is_over = row.sent_at is not None and now - row.sent_at >= CLOSE_AFTER
    contact = _contact(row)
    if row.case.stage == CaseStage.TERMINATED or is_over or contact is None:
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        return "closed"
    if row.sent_at is None:
        row.sent_at = now
        row.save(update_fields=["sent_at"])
        _mail(row, contact)
        return "sent"
    if row.reminded_at is None and now - row.sent_at >= REMIND_AFTER:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        _mail(row, contact)
        return "reminded"
    return None


def _contact(row: FollowUp) -> CaseParty | None:
    takers = row.case.parties.present().filter(role=PartyRole.TAKER).exclude(contact_email="")
    return takers.order_by("pk").first()


def _mail(row: FollowUp, contact: CaseParty) -> None:
    path = reverse("cases:follow-up", args=[token_of(row)])
    subject = _("%(months)d months after signing: how is “%(title)s” doing?") % {
        "months": row.months,
        "title": row.case.title,
    }
    text = _(
        "%(name)s, one minute, please: is the result in use, and what has it brought?\n\n"
        "%(link)s\n\nThe link needs no sign-in and holds for %(days)d days. Your answers go to "
        "the parties and, added up, to %(commission)s."
    ) % {
        "name": contact.contact_name or contact,
        "link": f"{settings.WAGTAILADMIN_BASE_URL}{path}",
        "days": LINK_DAYS,
        "commission": settings.COMMISSION_NAME,
    }
    send_mail(subject, text, None, [contact.contact_email])
