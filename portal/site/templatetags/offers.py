"""What the pages of the ground floor show of the rooms above them."""

from django import template

from portal.accounts.models import Organization
from portal.site.queries import Offers, offers_of

register = template.Library()


@register.simple_tag(takes_context=True)
def offers(context, organization: Organization) -> Offers:
    return offers_of(organization, context["request"].user)
