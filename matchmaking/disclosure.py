"""Which fields of a need open together; the problem is what everybody reads."""

from django.utils.translation import gettext_lazy as _

from portal.disclosure.enums import FieldGroup
from portal.disclosure.kinds import ListingKind, register_kind

from .models import Need
from .rules import can_manage_need
from .services.needs import CODE_PREFIX

register_kind(
    ListingKind(
        model=Need,
        prefix=CODE_PREFIX,
        groups={
            FieldGroup.FIGURES: ("targets", "constraints"),
            FieldGroup.DETAILS: ("current_solution",),
            FieldGroup.PRICE: ("budget_min", "budget_max"),
        },
        rows=lambda: Need.objects.select_related("organization", "author"),
        can_manage=can_manage_need,
        author=lambda need: need.author,
        labels={"targets": _("Targets")},
    )
)
