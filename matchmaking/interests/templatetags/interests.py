"""What pages of the rooms below show of interests: the button, figures, advice."""

from urllib.parse import urlencode

from django import template
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from achievements.models import ListingPage
from matchmaking.interests.enums import TargetKind
from matchmaking.interests.models import Interest
from matchmaking.interests.queries import noes_of, response_figures
from matchmaking.interests.queries.advice import Noes
from matchmaking.interests.views.actions import find_action
from matchmaking.models import Need
from portal.accounts.models import Organization
from portal.disclosure.enums import Level
from portal.disclosure.rules import can_request_access

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
    asked = None if TargetKind.ACHIEVEMENT in own else page
    return {"url": address, "opened": _opened(context["request"], asked, need)}


def _opened(request, page: ListingPage | None, need: Need | None) -> Interest | None:
    """The reader's open interest in the listing, else in the need; asked once for a page."""
    asked = request.__dict__.setdefault("opened_interests", {})
    key = (page and page.pk, need and need.pk)
    if key not in asked:
        target = Q(kind=TargetKind.NEED, need=need)
        if page is not None:
            target = Q(page=page.pk) & ~Q(kind=TargetKind.NEED)
        own = Q(sender_organization__in=request.user.organization_ids)
        asked[key] = Interest.objects.open().filter(target & own).first()
    return asked[key]


@register.inclusion_tag("disclosure/_withheld.html", takes_context=True)
def withheld(context, page: ListingPage | None = None, need: Need | None = None):
    """The closed fields of a listing: what each is, at which level it opens, the next step."""
    listing, request = page or need, context["request"]
    access = getattr(listing, "access", None)
    if listing is None or access is None:
        return {}
    steps = list(_steps_to(request, listing, access.lines, page, need)) if access.lines else []
    return {"lines": access.lines, "read": access.read, "steps": steps}


def _steps_to(request, listing, lines, page, need):
    """The next steps of a reader, as ``{url, label}``: only what lacks."""
    user = request.user
    if not user.is_authenticated:
        address = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        yield {"url": address, "label": _("Sign in")}
        return
    if can_request_access(user):
        address = f"{reverse('disclosure:new-request')}?{urlencode({'subject': listing.code})}"
        yield {"url": address, "label": _("Request access")}
    if not user.organization_ids:
        if not user.roles:
            yield {"url": reverse("accounts:organizations"), "label": _("Join or register")}
        return
    levels = {level for _group, level in lines}
    if Level.VERIFIED in levels:
        office = min(user.office_organization_ids or user.organization_ids)
        name = "papers" if user.office_organization_ids else "organization"
        url = reverse(f"accounts:{name}", args=[office])
        yield {"url": url, "label": _("Have the organization verified")}
    if levels & {Level.CONSENT, Level.NDA}:
        yield from _steps_in_talks(request, levels, page, need)


def _steps_in_talks(request, levels, page, need):
    """Consent and agreement belong into the talks: open them, or go there."""
    interest = _opened(request, page, need)
    if interest is None:
        given = f"page={page.pk}" if page is not None else f"need={need.code}"
        url = f"{reverse('interests:express')}?{given}"
        yield {"url": url, "label": _("Express interest, then ask for it")}
        return
    wanted = {Level.CONSENT: "ask-consent", Level.NDA: "propose-agreement"}
    for level, slug in wanted.items():
        action = find_action(slug)
        if level in levels and action is not None and action.is_allowed(request.user, interest):
            url = reverse("interests:act", args=[interest.code, slug])
            yield {"url": url, "label": action.label}


def _only_serves(user) -> bool:
    return bool(user.roles) and not user.active_memberships


@register.inclusion_tag("interests/_figures.html")
def answer_figures(organization: Organization):
    return {"organization": organization, "figures": response_figures(organization)}


@register.simple_tag
def noes(page: ListingPage | None = None, need: Need | None = None) -> Noes:
    return noes_of(page_id=page.pk if page else None, need_id=need.pk if need else None)
