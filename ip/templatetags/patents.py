"""What pages of the rooms below show of patents."""

from django import template

from achievements.models import InstitutePage
from ip.models import Patent
from ip.queries import newest_patents, pages_of_patents
from portal.accounts.models import Visitor

register = template.Library()


@register.filter
def with_addresses(patents: list[Patent], user: Visitor) -> list[tuple[Patent, str]]:
    """Return each patent with the address of the page about it that ``user`` may read, or ""."""
    pages = pages_of_patents(patents, user)
    return [(patent, pages[patent.pk].url if patent.pk in pages else "") for patent in patents]


@register.simple_tag
def institute_patents(institute: InstitutePage, user: Visitor) -> dict:
    """Return how many patents of the institute ``user`` may read, and the newest of them."""
    return newest_patents(institute, user)
