from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from achievements.enums import Disclosure
from achievements.models import AchievementPage, InstitutePage, ListingPage
from events.models import FairPage
from ip.models import PatentPage
from matchmaking.enums import Confidentiality
from matchmaking.models import Need
from matchmaking.oversight.counters import latest_snapshot
from portal.accounts.models import Organization, Visitor
from portal.disclosure.queries import open_parts
from portal.taxonomy.models import Industry

from .templatetags.frame import localize_path

CACHE_SECONDS = 60
OFFERS_SHOWN = 5


@dataclass(frozen=True)
class PublicCount:
    """A public number with its definition and the list behind it."""

    label: str
    value: int
    url: str
    definition: str
    unit: str = ""


def public_achievements() -> QuerySet[AchievementPage]:
    return AchievementPage.objects.current().filter(disclosure=Disclosure.PUBLIC)


def public_needs() -> QuerySet[Need]:
    return Need.objects.published().exclude(confidentiality=Confidentiality.DIRECTED)


def public_counts() -> list[PublicCount]:
    """The home page's numbers, recounted once a minute in each language."""
    key = f"site.public_counts.{get_language()}"
    counts = cache.get(key)
    if counts is None:
        counts = _count()
        cache.set(key, counts, CACHE_SECONDS)
    return counts


def _count() -> list[PublicCount]:
    return [
        PublicCount(
            _("Institutes"),
            InstitutePage.objects.live().count(),
            reverse("achievements:institutes"),
            _("Institutes with a page on the portal."),
        ),
        PublicCount(
            _("Achievements"),
            public_achievements().count(),
            reverse("achievements:list"),
            _("Published, valid today, readable by everybody."),
        ),
        PublicCount(
            _("Patents"),
            PatentPage.objects.current().filter(disclosure=Disclosure.PUBLIC).count(),
            reverse("ip:list"),
            _("Patent pages published, valid today, readable by everybody."),
        ),
        PublicCount(
            _("Needs"),
            public_needs().count(),
            reverse("matchmaking:needs"),
            _("Needs published and valid today, directed ones left out."),
        ),
        PublicCount(
            _("Fairs"),
            FairPage.objects.upcoming(timezone.now()).count(),
            localize_path("/events/"),
            _("Fairs and exhibitions still to come."),
        ),
        *_conversions(),
    ]


def _conversions() -> list[PublicCount]:
    """What last night's snapshot of the ledger says; nothing before there is enough to tell."""
    snapshot = latest_snapshot()
    if snapshot is None or snapshot.until is None:
        return []
    total, url = snapshot.figures["total"], reverse("oversight:figures")
    until = {"day": snapshot.until.isoformat()}
    return [
        PublicCount(
            _("Contracts signed"),
            total["cases"],
            url,
            _("Contracts of conversion cases, up to %(day)s.") % until,
        ),
        PublicCount(
            _("Contract amounts"),
            round(Decimal(total["amount"]) / 10_000),
            url,
            _("Sum of these contracts, up to %(day)s.") % until,
            _("10,000 yuan"),
        ),
        PublicCount(
            _("Income received"),
            round(Decimal(total["received"]) / 10_000),
            url,
            _("Payments that owners recorded, up to %(day)s.") % until,
            _("10,000 yuan"),
        ),
    ]


def new_achievements(limit: int = 6) -> list[AchievementPage]:
    return open_parts(
        public_achievements()
        .select_related("institute__organization__district")
        .prefetch_related("industries")
        .order_by("-first_published_at")[:limit]
    )


def closing_needs(limit: int = 6) -> list[Need]:
    """Public needs whose deadline comes next."""
    today = timezone.localdate()
    return open_parts(
        public_needs()
        .filter(deadline__gte=today, deadline__lte=today + timedelta(days=90))
        .select_related("organization__district")
        .order_by("deadline")[:limit]
    )


def next_fair() -> FairPage | None:
    return FairPage.objects.upcoming(timezone.now()).select_related("district").first()


def industries_with_counts() -> QuerySet[Industry]:
    """The industries, each with its number of public achievements."""
    today = timezone.localdate()
    current = Q(
        achievements__live=True,
        achievements__disclosure=Disclosure.PUBLIC,
        achievements__withdrawn_at__isnull=True,
        achievements__archived_at__isnull=True,
        achievements__institute__live=True,
    ) & (Q(achievements__valid_until__isnull=True) | Q(achievements__valid_until__gte=today))
    return (
        Industry.objects.current()
        .annotate(achievement_count=Count("achievements", filter=current, distinct=True))
        .order_by("sort_order")
    )


@dataclass(frozen=True)
class Offers:
    """What an organization has on the portal, as one reader may know it."""

    institute: InstitutePage | None
    shelves: list[tuple[str, list, int]]


def offers_of(organization: Organization, user: Visitor) -> Offers:
    """The organization's page, newest listings and needs; anonymous needs are nobody's here."""
    needs = Need.objects.published().for_user(user).filter(organization=organization)
    shelves = [
        (label, list(found[:OFFERS_SHOWN]), found.count())
        for label, found in (
            (_("Achievements"), _listings_of(AchievementPage, organization, user)),
            (_("Patents"), _listings_of(PatentPage, organization, user)),
            (
                _("Needs"),
                needs.exclude(confidentiality=Confidentiality.ANONYMOUS).order_by("-published_at"),
            ),
        )
    ]
    institute = InstitutePage.objects.live().filter(organization=organization).first()
    return Offers(institute, [shelf for shelf in shelves if shelf[2]])


def _listings_of(model: type[ListingPage], organization: Organization, user: Visitor) -> QuerySet:
    found = model.objects.current().for_user(user).of_organizations([organization.pk])
    return found.order_by("-first_published_at", "-pk")
