"""From application to show: who takes part, where, and when they are gone."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.fairs.services.changes import lock as lock_fair
from portal.accounts.models import Organization, User
from portal.taxonomy.models import Industry

from ..enums import PLACED_STATES, ExhibitorState
from ..models import Booth, Exhibitor
from ..queries import booth_concerns, exhibition_of
from ..rules import can_apply, can_decide, can_withdraw, takes_applications
from .changes import UnableToExhibit, given, lock, log, move, require, tell, tell_organizer


@transaction.atomic
def apply_to_exhibit(
    *,
    actor: User,
    fair: Fair,
    organization: Organization,
    plan: str,
    industries: Iterable[Industry],
    wished_area: int,
    wished_power: Decimal,
    wanted: Iterable[Organization] = (),
    unwanted: Iterable[Organization] = (),
) -> Exhibitor:
    """Apply for a booth, or anew after having withdrawn. Raises ``UnableToExhibit``."""
    fair = lock_fair(fair)
    if not takes_applications(fair, exhibition_of(fair)):
        raise UnableToExhibit(_("Applications for booths at this fair are closed."))
    require(can_apply(actor, organization))
    found = Exhibitor.objects.select_for_update().filter(fair=fair, organization=organization)
    exhibitor = found.first() or Exhibitor(fair=fair, organization=organization)
    if exhibitor.pk and exhibitor.state != ExhibitorState.WITHDRAWN:
        raise UnableToExhibit(
            _("%(name)s has applied for this fair already.") % {"name": organization.label}
        )
    wanted, unwanted = set(wanted), set(unwanted)
    _check_wishes(organization, wanted, unwanted)
    exhibitor.fair, exhibitor.state = fair, ExhibitorState.APPLIED
    exhibitor.plan, exhibitor.reason = plan, ""
    exhibitor.wished_area, exhibitor.wished_power = wished_area, wished_power
    exhibitor.applied_by, exhibitor.applied_at = actor, timezone.now()
    exhibitor.save()
    exhibitor.industries.set(industries)
    exhibitor.wanted.set(wanted)
    exhibitor.unwanted.set(unwanted)
    log(actor, exhibitor, "apply_to_exhibit", after=exhibitor.state)
    tell_organizer(
        exhibitor,
        kind="exhibitor-applied",
        title=gettext_lazy("An organization applies for a booth"),
        body=organization.name,
    )
    return exhibitor


def _check_wishes(
    organization: Organization, wanted: set[Organization], unwanted: set[Organization]
) -> None:
    if organization in wanted | unwanted:
        raise UnableToExhibit(_("Your own organization cannot be a neighbour."))
    both = wanted & unwanted
    if both:
        raise UnableToExhibit(
            _("Both wanted and not wanted as a neighbour: %(names)s.")
            % {"names": "、".join(sorted(each.label for each in both))}
        )


def _decided(actor: User, exhibitor: Exhibitor) -> Exhibitor:
    exhibitor = lock(exhibitor)
    require(can_decide(actor, exhibitor))
    exhibitor.decided_by, exhibitor.decided_at = actor, timezone.now()
    return exhibitor


@transaction.atomic
def accept_exhibitor(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    exhibitor = _decided(actor, exhibitor)
    require(exhibitor.booth is None)
    exhibitor.reason = ""
    move(exhibitor, ExhibitorState.ACCEPTED, actor=actor, action="accept_exhibitor")
    tell(
        exhibitor,
        kind="exhibitor-accepted",
        title=gettext_lazy("You are taken as exhibitor; a booth follows"),
    )
    return exhibitor


@transaction.atomic
def reject_exhibitor(*, actor: User, exhibitor: Exhibitor, reason: str) -> Exhibitor:
    """Refuse with a reason that the applicant reads. Raises without one."""
    exhibitor = _decided(actor, exhibitor)
    exhibitor.reason = given(reason)
    move(exhibitor, ExhibitorState.REJECTED, actor=actor, action="reject_exhibitor")
    tell(
        exhibitor,
        kind="exhibitor-rejected",
        title=gettext_lazy("Your application for a booth was not taken"),
        body=exhibitor.reason,
    )
    return exhibitor


@transaction.atomic
def waitlist_exhibitor(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    exhibitor = _decided(actor, exhibitor)
    move(exhibitor, ExhibitorState.WAITLISTED, actor=actor, action="waitlist_exhibitor")
    tell(
        exhibitor,
        kind="exhibitor-waitlisted",
        title=gettext_lazy("You wait for a booth: it comes when one is free"),
    )
    return exhibitor


@transaction.atomic
def assign_booth(*, actor: User, exhibitor: Exhibitor, booth: Booth) -> Exhibitor:
    """Give a booth, or another one. Concerns are kept in the record, they do not forbid it.

    Raises where somebody has it. The fair's lock makes two who give the same booth wait.
    """
    exhibitor = lock(exhibitor)
    require(can_decide(actor, exhibitor))
    booth = Booth.objects.select_related("hall").get(pk=booth.pk)
    require(booth.hall.fair_id == exhibitor.fair_id)
    other = Exhibitor.objects.filter(booth=booth).exclude(pk=exhibitor.pk).first()
    if other:
        raise UnableToExhibit(
            _("%(code)s is given to %(name)s: choose another booth.")
            % {"code": booth.code, "name": other.organization.label}
        )
    concerns = [str(each.value) for each in booth_concerns(exhibitor, booth)]
    exhibitor.booth = booth
    told: dict[str, Any] = {"booth": booth.code, "concerns": concerns}
    if exhibitor.state in PLACED_STATES:
        exhibitor.save(update_fields=["booth"])
        log(actor, exhibitor, "assign_booth", **told)
    else:
        move(exhibitor, ExhibitorState.BOOTH_GIVEN, actor=actor, action="assign_booth", **told)
    tell(
        exhibitor,
        kind="exhibitor-booth",
        title=gettext_lazy("You have been given a booth"),
        body=f"{booth.hall.name} {booth.code}",
    )
    return exhibitor


@transaction.atomic
def take_booth_back(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    """Free the booth before materials were sent; the exhibitor, who knew of it, is told."""
    exhibitor = lock(exhibitor)
    require(can_decide(actor, exhibitor) and exhibitor.booth is not None)
    code, exhibitor.booth = str(exhibitor.booth), None
    move(exhibitor, ExhibitorState.ACCEPTED, actor=actor, action="take_booth_back", booth=code)
    tell(
        exhibitor,
        kind="exhibitor-booth",
        title=gettext_lazy("Your booth is needed otherwise; another one follows"),
        body=code,
    )
    return exhibitor


@transaction.atomic
def put_on_show(*, exhibitor: Exhibitor) -> Exhibitor:
    """Open the booth while the fair is under way; nobody but the clock does it."""
    exhibitor = lock(exhibitor)
    require(exhibitor.fair.state == FairState.LIVE)
    move(exhibitor, ExhibitorState.ON_SHOW, actor=None, action="put_on_show")
    return exhibitor


@transaction.atomic
def withdraw_exhibitor(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    """Give the place up; the booth is free at once and the organizer is told."""
    exhibitor = lock(exhibitor)
    require(can_withdraw(actor, exhibitor))
    code, exhibitor.booth = str(exhibitor.booth or ""), None
    move(exhibitor, ExhibitorState.WITHDRAWN, actor=actor, action="withdraw_exhibitor", booth=code)
    tell_organizer(
        exhibitor,
        kind="exhibitor-withdrawn",
        title=gettext_lazy("An exhibitor has withdrawn"),
        body=exhibitor.organization.name,
    )
    return exhibitor
