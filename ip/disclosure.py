"""Which fields of a patent page open together; the register's facts are public anyway."""

from achievements.rules import can_edit_listing
from portal.disclosure.enums import FieldGroup
from portal.disclosure.kinds import ListingKind, register_kind

from .models import PatentPage

register_kind(
    ListingKind(
        model=PatentPage,
        prefix=PatentPage.CODE_PREFIX,
        groups={
            FieldGroup.DETAILS: ("value", "value_en", "applications"),
            FieldGroup.PRICE: ("price_min", "price_max"),
        },
        rows=lambda: PatentPage.objects.select_related("institute__organization", "owner"),
        can_manage=can_edit_listing,
        author=lambda page: page.owner,
    )
)
