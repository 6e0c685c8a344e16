from django.utils import timezone

from events.fairs.enums import ENDED_STATES, UNPUBLISHED_STATES, FairState
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair
from events.registration.models import Registration
from portal.accounts.enums import PortalRole
from portal.accounts.models import Organization, Visitor

from .enums import GONE_STATES, SHOWN_STATES, ExhibitorState
from .models import Exhibition, Exhibitor

CLOSED_STATES = ENDED_STATES | UNPUBLISHED_STATES


def can_run_exhibition(user: Visitor, fair: Fair) -> bool:
    """Read halls, exhibitors and awards as the organizer, also once the fair is over."""
    return fair.has_exhibition and can_manage_fair(user, fair)


def can_edit_halls(user: Visitor, fair: Fair) -> bool:
    return fair.state not in ENDED_STATES and can_run_exhibition(user, fair)


def can_set_exhibition(user: Visitor, fair: Fair) -> bool:
    """What stays on-line is decided after the fair too, unless it was called off."""
    return fair.state != FairState.CANCELLED and can_run_exhibition(user, fair)


def takes_applications(fair: Fair, exhibition: Exhibition) -> bool:
    """Until the last day that the organizer set, else until the fair begins."""
    last = exhibition.applications_close_at or fair.page.starts_at
    is_open = fair.state not in CLOSED_STATES | {FairState.LIVE}
    return fair.has_exhibition and is_open and timezone.now() < last


def can_apply(user: Visitor, organization: Organization) -> bool:
    """The office of an organization applies for it."""
    return user.is_authenticated and organization.pk in user.office_organization_ids


def can_act_for(user: Visitor, exhibitor: Exhibitor) -> bool:
    return user.is_authenticated and exhibitor.organization_id in user.office_organization_ids


def can_withdraw(user: Visitor, exhibitor: Exhibitor) -> bool:
    is_open = exhibitor.state not in GONE_STATES and exhibitor.fair.state not in ENDED_STATES
    return is_open and can_act_for(user, exhibitor)


def can_write_materials(user: Visitor, exhibitor: Exhibitor) -> bool:
    """Until the fair is over; afterwards what was returned is mended, for the on-line hall."""
    state = exhibitor.fair.state
    is_mended = state == FairState.CLOSED and exhibitor.state == ExhibitorState.RETURNED
    is_open = exhibitor.is_writing and (state not in ENDED_STATES or is_mended)
    return is_open and can_act_for(user, exhibitor)


def can_check_materials(user: Visitor, exhibitor: Exhibitor) -> bool:
    """Pass or return them: the organizer, also once the fair is over, for the on-line hall."""
    fair = exhibitor.fair
    is_open = fair.state not in UNPUBLISHED_STATES | {FairState.ARCHIVED, FairState.CANCELLED}
    return is_open and can_run_exhibition(user, fair)


def can_decide(user: Visitor, exhibitor: Exhibitor) -> bool:
    """Accept, refuse, give a booth: the organizer, until the fair is over.

    Nobody decides about the own organization unless it is the one that organizes.
    """
    fair = exhibitor.fair
    return fair.state not in CLOSED_STATES and can_run_exhibition(user, fair)


def can_note_leads(user: Visitor, exhibitor: Exhibitor) -> bool:
    """Any member of the exhibitor's organization, while it shows and the fair is under way."""
    is_open = exhibitor.state == ExhibitorState.ON_SHOW and exhibitor.fair.state == FairState.LIVE
    return is_open and can_read_leads(user, exhibitor)


def can_read_leads(user: Visitor, exhibitor: Exhibitor) -> bool:
    """The exhibitor's own people alone; no role of the platform opens them."""
    return user.is_authenticated and exhibitor.organization_id in user.organization_ids


def can_export_leads(user: Visitor, exhibitor: Exhibitor) -> bool:
    return can_act_for(user, exhibitor)


def can_leave_card(user: Visitor, exhibitor: Exhibitor, registration: Registration | None) -> bool:
    """A visitor who is admitted, at a booth that is on show, not the own one."""
    if registration is None or not user.is_authenticated or not registration.is_admitted:
        return False
    is_own = exhibitor.organization_id == registration.organization_id
    return registration.person_id == user.pk and exhibitor.state in SHOWN_STATES and not is_own


def votes_are_open(fair: Fair, exhibition: Exhibition) -> bool:
    """While the fair is under way, until the result is published."""
    return fair.state == FairState.LIVE and exhibition.result_on is None


def can_publish_result(user: Visitor, fair: Fair, exhibition: Exhibition) -> bool:
    has_run = fair.state in {FairState.LIVE, FairState.CLOSED, FairState.ARCHIVED}
    return has_run and exhibition.result_on is None and can_run_exhibition(user, fair)


def can_see_picture(user: Visitor, exhibitor: Exhibitor, *, is_public: bool) -> bool:
    """What the public hall shows everybody sees; else the exhibitor, the organizer, reviewers."""
    if is_public:
        return True
    if not user.is_authenticated:
        return False
    is_side = exhibitor.organization_id in user.organization_ids
    return is_side or user.has_role(PortalRole.REVIEWER) or can_run_exhibition(user, exhibitor.fair)
