"""Who reads what is not public goes on record, once a day and set of groups."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.accounts.models import User, Visitor

from ..enums import Basis, Level
from ..models import Reading
from ..queries import Access, parts_for, whole


def read_listing(*, user: Visitor, listing: Any) -> Any:
    """Return the listing as ``user`` may read it, and put on record what is above public."""
    [part] = parts_for(user, [listing])
    if user.is_authenticated:
        _log(user, part, part.access)
    return part


def read_whole(*, user: User, listing: Any, basis: Basis = Basis.REVIEW) -> Any:
    """Return everything of a listing to whoever checks or repairs it, and put that on record."""
    part = whole(listing, basis=basis)
    if listing.organization.pk not in user.organization_ids:
        _log(user, part, part.access)
    return part


def _log(user: User, listing: Any, access: Access) -> None:
    if access.basis is not None and access.read:
        record_reading(
            user=user,
            listing=listing.code,
            owner_id=listing.organization.pk,
            groups=access.read,
            level=max(access.read.values()),
            basis=access.basis,
            organization_id=access.organization_id,
        )


def record_reading(
    *,
    user: User,
    listing: str,
    owner_id: int,
    groups: Iterable[str],
    level: int = Level.NDA,
    basis: Basis,
    organization_id: int | None = None,
) -> None:
    """Append one line for this reader, listing, set of groups and day; a second one is the same."""
    now = timezone.now()
    row = Reading(
        user_id=user.pk,
        organization_id=organization_id,
        listing=listing,
        owner_organization_id=owner_id,
        groups=",".join(sorted(groups)),
        level=level,
        basis=basis,
        read_at=now,
        read_on=timezone.localdate(now),
    )
    Reading.objects.bulk_create([row], ignore_conflicts=True)
