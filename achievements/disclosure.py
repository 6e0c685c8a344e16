"""Which fields of an achievement open together."""

from portal.disclosure.enums import FieldGroup
from portal.disclosure.kinds import ListingKind, register_kind

from .models import AchievementPage
from .rules import can_edit_listing

register_kind(
    ListingKind(
        model=AchievementPage,
        prefix=AchievementPage.CODE_PREFIX,
        groups={
            FieldGroup.FIGURES: (
                "indicators",
                "comparison_today",
                "comparison_cost",
                "comparison_gain",
                "comparison_tested_by",
                "trl_evidence",
            ),
            FieldGroup.DETAILS: ("description", "description_en", "innovations", "scenarios"),
            FieldGroup.PRICE: ("price_min", "price_max"),
            FieldGroup.PEOPLE: ("completing_units", "completers"),
            FieldGroup.FILES: ("pictures", "attachments"),
        },
        rows=lambda: AchievementPage.objects.select_related("institute__organization", "owner"),
        can_manage=can_edit_listing,
        author=lambda page: page.owner,
    )
)
