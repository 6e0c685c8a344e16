"""What the organizer sets up: gates, and who stands at them."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import GateKind
from ..models import CheckIn, Duty, Gate
from ..rules import can_manage_gates
from .changes import UnableToCheckIn, require

LINK_BYTES = 24
OPENS_BEFORE = timedelta(minutes=90)
LONGEST_DUTY = timedelta(days=3)  # after the end of the fair


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def save_gate(
    *, actor: User, fair: Fair, values: Mapping[str, Any], gate: Gate | None = None
) -> Gate:
    """Add a gate or change one. Raises when its name is taken or it closes before it opens."""
    require(can_manage_gates(actor, fair))
    gate = gate or Gate(fair=fair)
    for name, value in values.items():
        setattr(gate, name, value)
    if not gate.opens_at < gate.closes_at:
        raise UnableToCheckIn(_("A gate closes after it opens."))
    try:
        with transaction.atomic():
            gate.save()
    except IntegrityError as error:
        raise UnableToCheckIn(_("This fair has a gate of that name.")) from error
    record(actor=actor, action="gates.save_gate", target=gate, organization_id=fair.organizer_id)
    return gate


@transaction.atomic
def remove_gate(*, actor: User, gate: Gate) -> None:
    """Take a gate out that nobody went through; others stay with what they wrote down."""
    gate = Gate.objects.select_for_update(of=("self",)).select_related("fair").get(pk=gate.pk)
    require(can_manage_gates(actor, gate.fair))
    if CheckIn.objects.filter(gate=gate).exists():
        raise UnableToCheckIn(_("People were checked here: set the time when it closes instead."))
    record(
        actor=actor,
        action="gates.remove_gate",
        target=gate,
        organization_id=gate.fair.organizer_id,
    )
    gate.delete()


def default_gate(fair: Fair) -> dict[str, Any]:
    """The entrance that most fairs have: open from before the beginning until the end."""
    return {
        "name": "主入口",
        "name_en": "Main entrance",
        "kind": GateKind.REGISTRATION,
        "opens_at": fair.page.starts_at - OPENS_BEFORE,
        "closes_at": fair.page.ends_at,
    }


@transaction.atomic
def name_person(*, actor: User, fair: Fair, person: User, expires_at: datetime) -> Duty:
    """Let somebody with a sign-in stand at the doors, and tell them; named again, only the time
    changes.
    """
    require(can_manage_gates(actor, fair))
    _check_expiry(fair, expires_at)
    duty, _created = Duty.objects.update_or_create(
        fair=fair,
        person=person,
        revoked_at=None,
        defaults={"name": str(person)[:60], "expires_at": expires_at, "named_by": actor},
    )
    notify(
        user=person,
        kind="fair-duty",
        title=gettext_lazy("You are named for the doors of a fair"),
        body=fair.page.lazy_label,
        url=reverse("gates:door", args=[fair.code]),
        dedupe_key=f"fair-duty:{duty.pk}",
    )
    record(actor=actor, action="gates.name_person", target=duty, organization_id=fair.organizer_id)
    return duty


@transaction.atomic
def make_link(*, actor: User, fair: Fair, name: str, expires_at: datetime) -> tuple[Duty, str]:
    """Make an access link for somebody without a sign-in; its token is given here and only here."""
    require(can_manage_gates(actor, fair))
    _check_expiry(fair, expires_at)
    token = secrets.token_urlsafe(LINK_BYTES)
    duty = Duty.objects.create(
        fair=fair, name=name, digest=digest_of(token), expires_at=expires_at, named_by=actor
    )
    record(actor=actor, action="gates.make_link", target=duty, organization_id=fair.organizer_id)
    return duty, token


def _check_expiry(fair: Fair, expires_at: datetime) -> None:
    if not timezone.now() < expires_at <= fair.page.ends_at + LONGEST_DUTY:
        raise UnableToCheckIn(_("Access ends in the future, at most three days after the fair."))


@transaction.atomic
def revoke_duty(*, actor: User, duty: Duty) -> Duty:
    """End somebody's access at once, also in a page that is open."""
    duty = Duty.objects.select_for_update(of=("self",)).select_related("fair").get(pk=duty.pk)
    require(can_manage_gates(actor, duty.fair))
    if duty.revoked_at is None:
        duty.revoked_at = timezone.now()
        duty.save(update_fields=["revoked_at"])
        record(
            actor=actor,
            action="gates.revoke_duty",
            target=duty,
            organization_id=duty.fair.organizer_id,
        )
    return duty
