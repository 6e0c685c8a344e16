"""What the clock does after fairs: all of it follows from the database."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from events.fairs.models import Fair
from events.meetings.services.changes import tell
from events.registration.models import Delivery, Registration
from portal.audit.services import record

from ..enums import FollowUpState, Stage
from ..models import Feedback, FollowUp
from ..queries import due_follow_ups, fairs_to_ask_about, people_to_ask, purged_words
from .follow_ups import naming, tell_owner
from .links import feedback_url

REMIND_AFTER = {Stage.FIRST: timedelta(days=3), Stage.SECOND: timedelta(days=10)}
ASK_WITHIN = timedelta(days=30)  # who was not asked by then, say because the portal stood still
TITLES = {
    Stage.FIRST: gettext_lazy("How were your meetings? Two taps for each"),
    Stage.SECOND: gettext_lazy("Half a year later: what came of your meetings?"),
}
AGAIN = gettext_lazy("Still open: what came of your meetings?")
LINES: dict[Stage, str | Promise] = {
    Stage.FIRST: gettext_lazy(
        "The other side does not see your answer. The link needs no sign-in; it is for you alone."
    ),
    Stage.SECOND: gettext_lazy(
        "Talks or a contract that began there count for the fair by your answer. The link needs "
        "no sign-in; it is for you alone."
    ),
}


def sweep_aftermath(*, now: datetime | None = None) -> None:
    """Ask people what came of their meetings, remind once, remind of follow-ups, erase old words.

    Run twice or late it does nothing twice.
    """
    now = now or timezone.now()
    for stage in Stage:
        for fair in fairs_to_ask_about(stage, now, ASK_WITHIN):
            for person in people_to_ask(fair, stage, now):
                ask(registration=person, stage=stage, now=now)
    for follow_up in due_follow_ups(timezone.localdate(now)):
        remind_owner(follow_up=follow_up)
    for fair in purged_words():
        erase_words(fair=fair, now=now)


@transaction.atomic
def ask(*, registration: Registration, stage: Stage, now: datetime) -> None:
    """Ask one person about all meetings of a fair in one message, and some days later once more."""
    key = f"feedback:{stage}"
    asked = Delivery.objects.filter(registration=registration, key=key).first()
    if asked is not None and now < asked.sent_at + REMIND_AFTER[stage]:
        return
    tell(
        registration,
        kind="fair-feedback",
        title=TITLES[stage] if asked is None else AGAIN,
        lines=[LINES[stage]],
        key=key if asked is None else f"{key}:again",
        url=feedback_url(registration),
    )


@transaction.atomic
def remind_owner(*, follow_up: FollowUp) -> None:
    tell_owner(
        follow_up,
        follow_up.owner,
        kind="follow-up-due",
        title=format_lazy(gettext_lazy("Due on {day}: {what}"), **naming(follow_up)),
        key=f"follow-up:{follow_up.pk}:due",
    )


@transaction.atomic
def erase_words(*, fair: Fair, now: datetime) -> int:
    """Take out what people wrote of each other once the fair's retention is over.

    The outcomes stay as figures; what is not done by then nobody does any more.
    """
    comments = Feedback.objects.filter(meeting__fair=fair).exclude(comment="")
    number = comments.update(comment="", shares_comment=False)
    tasks = FollowUp.objects.filter(meeting__fair=fair)
    number += tasks.exclude(note="").update(note="")
    number += tasks.filter(state=FollowUpState.OPEN).update(
        state=FollowUpState.DROPPED, ended_at=now
    )
    if number:
        record(
            actor=None,
            action="aftermath.erase_words",
            target=fair,
            organization_id=fair.organizer_id,
            count=number,
        )
    return number
