"""What may be done with a fair, one page each: its form, rule, door and words."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User

from .. import rules, services
from ..enums import FairState, SchedulingMode
from ..forms import CancelFairForm, ConfirmForm, CopyForm, MoveForm, ReturnForm
from ..models import Fair


@dataclass(frozen=True)
class Action:
    slug: str
    label: Promise
    text: Promise
    done: Promise
    form: type[forms.Form]
    is_allowed: Callable[[User, Fair], bool]
    door: Callable[..., Fair]
    button: str = "button--quiet"
    is_main: bool = True

    def make_form(self, fair: Fair, data=None) -> forms.Form:
        return MoveForm(data, fair=fair) if self.form is MoveForm else self.form(data)


def _managed_in(*states: FairState) -> Callable[[User, Fair], bool]:
    return lambda user, fair: fair.state in states and rules.can_manage_fair(user, fair)


def _may_open_requests(user: User, fair: Fair) -> bool:
    is_open = fair.state == FairState.REG_OPEN and fair.has_meetings
    return is_open and rules.can_manage_fair(user, fair)


def _may_schedule(user: User, fair: Fair) -> bool:
    is_next = fair.state == FairState.BOOKING and fair.scheduling_mode == SchedulingMode.ORGANIZER
    return is_next and rules.can_manage_fair(user, fair)


def _may_copy(user: User, fair: Fair) -> bool:
    return fair.state != FairState.DRAFT and rules.can_organize(user, fair.organizer)


ACTIONS = (
    Action(
        "submit",
        _("Send to review"),
        _("The platform looks at the plan and announces the fair."),
        _("Sent. You will be told when it is announced."),
        ConfirmForm,
        rules.can_submit_fair,
        services.submit_fair,
        "button--action",
    ),
    Action(
        "approve",
        _("Approve and announce"),
        _("The page goes public at once; registration opens on its date."),
        _("Announced; the organizer has been told."),
        ConfirmForm,
        rules.can_review_fair,
        services.approve_fair,
        "button--action",
    ),
    Action(
        "return",
        _("Return with a reason"),
        _("The organizer changes the plan and sends it again."),
        _("Returned; the organizer has been told."),
        ReturnForm,
        rules.can_review_fair,
        services.return_fair,
    ),
    Action(
        "open-registration",
        _("Open registration now"),
        _("People can register from this moment, before the date that was set."),
        _("Registration is open."),
        ConfirmForm,
        _managed_in(FairState.PUBLISHED),
        services.open_registration,
    ),
    Action(
        "open-requests",
        _("Open requests now"),
        _("Admitted people can ask each other for meetings, before the date that was set."),
        _("Requests are open."),
        ConfirmForm,
        _may_open_requests,
        services.open_requests,
    ),
    Action(
        "start-scheduling",
        _("Close requests and schedule"),
        _("Nobody can send or answer requests any more; the schedule is made of what there is."),
        _("Requests are closed."),
        ConfirmForm,
        _may_schedule,
        services.start_scheduling,
    ),
    Action(
        "reopen-requests",
        _("Open requests again"),
        _("People can send and answer requests again until you schedule."),
        _("Requests are open."),
        ConfirmForm,
        _managed_in(FairState.SCHEDULING),
        services.reopen_requests,
    ),
    Action(
        "move",
        _("Move the fair"),
        _("The grid moves along; everybody who registered is told from where to where, and why."),
        _("Moved; everybody is being told."),
        MoveForm,
        rules.can_move_fair,
        services.move_fair,
        is_main=False,
    ),
    Action(
        "copy",
        _("Plan another one like it"),
        _("Texts, rules, roles, grid, tables and questions are copied; people are not."),
        _("A new fair is planned; look through its steps."),
        CopyForm,
        _may_copy,
        services.copy_fair,
        is_main=False,
    ),
    Action(
        "cancel",
        _("Call the fair off"),
        _("This cannot be taken back. Everybody who registered is told."),
        _("Called off; everybody is being told."),
        CancelFairForm,
        rules.can_cancel_fair,
        services.cancel_fair,
        "button--danger",
        is_main=False,
    ),
)


def actions_for(user: User, fair: Fair) -> list[Action]:
    return [action for action in ACTIONS if action.is_allowed(user, fair)]


def find_action(slug: str) -> Action | None:
    return next((action for action in ACTIONS if action.slug == slug), None)
