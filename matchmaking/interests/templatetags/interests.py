"""What pages of the rooms below show of interests: the button, figures, advice."""

from urllib.parse import urlencode

from django import template
from django.db.models import Q
from django.urls import reverse

from achievements.models import ListingPage
from matchmaking.interests.enums import TargetKind
from matchmaking.interests.models import Interest
from matchmaking.interests.queries import noes_of, response_figures
from matchmaking.interests.queries.advice import Noes
from matchmaking.models import Need
from portal.accounts.models import Organization

register = template.Library()


@register.inclusion_tag("interests/_button.html", takes_context=True)
def interest_button(context, page: ListingPage | None = None, need: Need | None = None):
    """The way to an interest in a listing or a need; with both the reader's side decides.

    Leads to sign-in, to the form, or to the interest that is open already; the own side and those
    who only serve the platform get none.
    """
    user = context["request"].user
    given = (page and f"page={page.pk}", need and f"need={need.code}")
    address = f"{reverse('interests:express')}?{'&'.join(part for part in given if part)}"
    if not user.is_authenticated:
        return {"url": f"{reverse('account_login')}?{urlencode({'next': address})}"}
    owners = {
        TargetKind.NEED: need and need.organization_id,
        TargetKind.ACHIEVEMENT: page and page.organization.pk,
    }
    own = {kind for kind, owner in owners.items() if owner in user.organization_ids}
    if own == {kind for kind, owner in owners.items() if owner} or _only_serves(user):
        return {}
    if page and need and not own:
        return {}
    is_need = page is None or TargetKind.ACHIEVEMENT in own
    target = Q(kind=TargetKind.NEED, need=need)
    if page is not None and not is_need:
        target = Q(page=page.pk) & ~Q(kind=TargetKind.NEED)
    opened = Interest.objects.open().filter(target, sender_organization__in=user.organization_ids)
    return {"url": address, "opened": opened.first()}


def _only_serves(user) -> bool:
    return bool(user.roles) and not user.active_memberships


@register.inclusion_tag("interests/_figures.html")
def answer_figures(organization: Organization):
    return {"organization": organization, "figures": response_figures(organization)}


@register.simple_tag
def noes(page: ListingPage | None = None, need: Need | None = None) -> Noes:
    return noes_of(page_id=page.pk if page else None, need_id=need.pk if need else None)
