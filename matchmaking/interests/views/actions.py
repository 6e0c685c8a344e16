"""What may be done with an interest, one page each: its form, rule, door and words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.disclosure.forms import ProposeForm

from .. import rules, services
from ..forms import (
    AnswerForm,
    AskConsentForm,
    CloseInterestForm,
    ConfirmForm,
    DeclineForm,
    HandOverForm,
    IntroduceForm,
)
from ..models import Interest


@dataclass(frozen=True)
class Action:
    slug: str
    label: Promise
    text: Promise
    done: Promise
    form: type[forms.Form]
    is_allowed: Callable[[User, Interest], bool]
    door: Callable[..., Any]
    button: str = "button--quiet"
    in_section: bool = False

    def make_form(self, interest: Interest, data=None) -> forms.Form:
        if self.form is HandOverForm:
            brokers = services.brokers_for(interest).exclude(pk=interest.broker_id or 0)
            return HandOverForm(data, brokers=brokers)
        return self.form(data)


ACTIONS = (
    Action(
        "answer",
        _("Accept to talk"),
        _("The other side is told at once, and the clock stops."),
        _("Answered. You are in talks now."),
        AnswerForm,
        rules.can_accept,
        services.answer_interest,
        "button--action",
    ),
    Action(
        "decline",
        _("Say no"),
        _("The other side reads the reason and the comment."),
        _("The other side has been told, with your reason."),
        DeclineForm,
        rules.can_decline,
        services.decline_interest,
    ),
    Action(
        "withdraw",
        _("Take the interest back"),
        _("Nobody has to answer it any more. It stays in both lists."),
        _("Taken back."),
        ConfirmForm,
        rules.can_withdraw,
        services.withdraw_interest,
    ),
    Action(
        "close",
        _("End the talks"),
        _("Without a no: you are agreed, or go on elsewhere."),
        _("The talks are ended."),
        CloseInterestForm,
        rules.can_close,
        services.close_interest,
    ),
    Action(
        "introduce",
        _("Record an introduction"),
        _("Time and mandate are kept and cannot be changed."),
        _("Recorded; both sides have been told."),
        IntroduceForm,
        rules.can_introduce,
        services.introduce,
        "button--action",
    ),
    Action(
        "ask-consent",
        _("Ask to open what is closed"),
        _("The owner opens it for a time, or refuses with a reason; every reading is logged."),
        _("Asked. You will be told the answer."),
        AskConsentForm,
        rules.can_ask_consent,
        services.ask_consent,
        in_section=True,
    ),
    Action(
        "propose-agreement",
        _("Propose a confidentiality agreement"),
        _("The text is written from the portal's template, in Chinese with the English beside."),
        _("Proposed. Both sides sign it on its page."),
        ProposeForm,
        rules.can_propose_agreement,
        services.propose_agreement,
        in_section=True,
    ),
    Action(
        "hand-over",
        _("Hand over to another broker"),
        _("You stay in the history."),
        _("Handed over."),
        HandOverForm,
        rules.can_hand_over,
        services.hand_over,
    ),
)


def actions_for(user: User, interest: Interest) -> list[Action]:
    return [action for action in ACTIONS if action.is_allowed(user, interest)]


def find_action(slug: str) -> Action | None:
    return next((action for action in ACTIONS if action.slug == slug), None)
