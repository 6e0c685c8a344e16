"""What pages say of a scan whose answer does not hold."""

from django import template
from django.utils.translation import gettext as _

from events.gates.enums import Result
from events.gates.queries import Conflict

register = template.Library()


@register.filter
def what_happened(conflict: Conflict) -> str:
    if not conflict.let_in_wrongly:
        return _("Turned away or held up, though the ticket was good")
    if conflict.comes_to == Result.ALREADY_IN:
        return _("Let in twice on one ticket")
    if conflict.comes_to == Result.NEED_ATTENTION:
        return _("Let out without having been in")
    return _("Let through, though the ticket was not good")
