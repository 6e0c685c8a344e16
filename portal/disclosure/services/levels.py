from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record

from ..enums import Level
from ..kinds import kind_of
from ..models import GroupLevel
from ..queries import levels_of
from ..rules import can_set_levels
from ..signals import levels_changed
from .changes import UnableToDisclose, require


@transaction.atomic
def set_levels(*, actor: User, listing: Any, levels: Mapping[str, int]) -> None:
    """Say from whom on groups of a listing are open, at once and at every door.

    Raises ``UnableToDisclose`` for strangers, for unknown groups and for unknown levels.
    """
    listing = kind_of(listing).rows().select_for_update(of=("self",)).get(pk=listing.pk)
    require(can_set_levels(actor, listing))
    if not levels.keys() <= kind_of(listing).groups.keys() or not {*levels.values()} <= {*Level}:
        raise UnableToDisclose(_("Please choose one of the four levels for each group."))
    before = levels_of([listing.code]).get(listing.code, {})
    changed = {
        group: level for group, level in levels.items() if level != before.get(group, Level.PUBLIC)
    }
    if not changed:
        return
    for group, level in changed.items():
        GroupLevel.objects.update_or_create(
            listing=listing.code, group=group, defaults={"level": level}
        )
    record(
        actor=actor,
        action="disclosure.set_levels",
        target=listing,
        organization_id=listing.organization.pk,
        before={group: before.get(group, Level.PUBLIC) for group in changed},
        after=changed,
    )
    levels_changed.send(type(listing), listing=listing)
