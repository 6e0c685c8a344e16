"""What of this room goes into the index, and how its lists are searched."""

import re

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.disclosure.queries import open_parts
from portal.taxonomy.models import CooperationMode, District, Industry, TechnicalField
from search.documents import (
    PUBLIC,
    REGISTERED,
    STAFF,
    BaseDocument,
    Keyword,
    Long,
    organization_token,
    register,
)
from search.listing import Facet, Interval, ListSearch, RangeFacet, Sort

from .enums import Disclosure, Protection, Stage, TrlScale
from .models import AchievementPage, InstitutePage, ListingPage

__all__ = ["AchievementDocument", "AchievementSearch", "InstituteDocument", "InstituteSearch"]

_LEVEL = re.compile(rf"({'|'.join(TrlScale.values)}):\d\d")
PRICE_INTERVALS = (
    Interval("0-100000", _("below ¥100,000"), None, 100_000),
    Interval("100000-500000", _("¥100,000 to ¥500,000"), 100_000, 500_000),
    Interval("500000-2000000", _("¥500,000 to ¥2,000,000"), 500_000, 2_000_000),
    Interval("2000000-", _("¥2,000,000 and more"), 2_000_000, None),
)


def names_of(model):
    """Return a function that names coded terms, for the display of a facet."""

    def display(codes):
        return {term.code: term.label for term in model.objects.filter(code__in=codes)}

    return display


def labels_of(choices):
    """Return a function that names the members of an enumeration, for the display of a facet."""

    def display(values):
        return {value: choices(value).label for value in values if value in choices.values}

    return display


def readiness_labels(levels):
    """Name levels with their scale, for the two in use count differently."""
    coded = sorted(level.split(":") for level in levels if _LEVEL.fullmatch(level))
    return {
        f"{scale}:{level}": _("TRL %(level)s (%(scale)s)")
        % {"level": int(level), "scale": TrlScale(scale).label}
        for scale, level in coded
    }


def trl_code(page: AchievementPage) -> str:
    """Scale and level in one value that sorts by both."""
    return f"{page.trl_scale}:{page.trl_level:02}" if page.trl_level else ""


def institute_names(pks):
    known = [pk for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 19]
    institutes = InstitutePage.objects.filter(organization__in=known).select_related("organization")
    return {str(page.organization_id): page.label for page in institutes}


def listing_tokens(page: ListingPage) -> list[str]:
    """Who may find a listing: by disclosure, its own organization, staff."""
    tokens = [STAFF, organization_token(page.institute.organization_id)]
    if page.disclosure == Disclosure.PUBLIC:
        return [PUBLIC, REGISTERED, *tokens]
    if page.disclosure == Disclosure.REGISTERED:
        return [REGISTERED, *tokens]
    return tokens


def organization_names(organization: Organization) -> list[str]:
    """What an organization and its district are called, in both languages."""
    district = organization.district
    return [
        organization.name,
        organization.name_en,
        organization.short_name,
        district.name,
        district.name_en,
    ]


def listing_facts(page: ListingPage) -> dict:
    """The base fields and shared facets of any listing."""
    organization = page.institute.organization
    return {
        "title": page.title,
        "codes": [page.code],
        "words": page.keyword_list,
        "names": organization_names(organization),
        "visible_to": listing_tokens(page),
        "valid_until": page.valid_until,
        "published_at": page.first_published_at,
        "organization_id": organization.pk,
        "institute": str(organization.pk),
        "district": organization.district.code,
        "industries": [term.code for term in page.industries.all()],
        "fields": [term.code for term in page.technical_fields.all()],
        "modes": [term.code for term in page.modes.all()],
        "price": page.price_min if page.price_min is not None else page.price_max,
        "year": str(page.first_published_at.year) if page.first_published_at else "",
    }


def protection_of(page: AchievementPage) -> str:
    """Say what the linked patents of the room above amount to: their best status counts."""
    patents = [link.patent for link in page.patent_links.all()]
    if any(patent.is_living for patent in patents):
        return Protection.GRANTED
    if any(patent.is_pending for patent in patents):
        return Protection.PENDING
    return Protection.NONE


@register
class AchievementDocument(BaseDocument):
    """An achievement as the index holds it."""

    model = AchievementPage
    kind = "achievement"
    label = _("Achievements")
    result_template = "achievements/_result.html"
    list_url_name = "achievements:list"
    revision_field = "updated_at"

    institute = Keyword()
    district = Keyword()
    industries = Keyword(multi=True)
    fields = Keyword(multi=True)
    modes = Keyword(multi=True)
    stage = Keyword()
    trl = Keyword()
    protection = Keyword()
    price = Long()
    year = Keyword()

    @classmethod
    def queryset(cls):
        return (
            AchievementPage.objects.current()
            .select_related("institute__organization__district")
            .prefetch_related("industries", "technical_fields", "modes", "indicators")
            .prefetch_related("patent_links__patent")
        )

    @classmethod
    def readable_rows(cls, user):
        return cls.queryset().for_user(user)

    @classmethod
    def open_rows(cls, rows):
        return open_parts(rows)

    @classmethod
    def from_instance(cls, instance):
        return listing_facts(instance) | {
            "body": [
                instance.title_en,
                instance.summary,
                instance.summary_en,
                instance.description,
                instance.description_en,
                instance.innovations,
                instance.scenarios,
                instance.keywords,
                *[str(row) for row in instance.indicators.all()],
            ],
            "stage": instance.stage,
            "trl": trl_code(instance),
            "protection": protection_of(instance),
        }


LISTING_FACETS = (
    Facet("industry", field="industries", label=_("Industry"), display=names_of(Industry)),
    Facet("field", field="fields", label=_("Technical field"), display=names_of(TechnicalField)),
    Facet("district", field="district", label=_("District"), display=names_of(District)),
    Facet("institute", field="institute", label=_("Institute"), display=institute_names),
    Facet("mode", field="modes", label=_("Cooperation"), display=names_of(CooperationMode)),
    RangeFacet(
        "price",
        field="price",
        label=_("Price"),
        intervals=PRICE_INTERVALS,
        missing_label=_("Negotiable or not public"),
    ),
    Facet("year", field="year", label=_("Year"), order="-key"),
)
LISTING_SORTS = (
    Sort("newest", "-published_at", _("Newest first")),
    Sort("cheapest", "price", _("Lowest price first")),
    Sort("dearest", "-price", _("Highest price first")),
)


class AchievementSearch(ListSearch):
    document = AchievementDocument
    facets = (
        *LISTING_FACETS,
        Facet("stage", field="stage", label=_("Stage"), display=labels_of(Stage)),
        Facet(
            "trl",
            field="trl",
            label=_("Readiness level"),
            display=readiness_labels,
            order="display",
        ),
        Facet(
            "protection", field="protection", label=_("IP status"), display=labels_of(Protection)
        ),
    )
    sorts = LISTING_SORTS

    def fallback_queryset(self, user):
        return AchievementPage.objects.current().for_user(user).order_by("-first_published_at")


@register
class InstituteDocument(BaseDocument):
    """An institute as the index holds it."""

    model = InstitutePage
    kind = "institute"
    label = _("Institutes")
    result_template = "achievements/_institute_result.html"
    list_url_name = "achievements:institutes"
    revision_field = "latest_revision_created_at"

    district = Keyword()
    industries = Keyword(multi=True)

    @classmethod
    def queryset(cls):
        return (
            InstitutePage.objects.live()
            .select_related("organization__district")
            .prefetch_related("organization__industries")
        )

    @classmethod
    def from_instance(cls, instance):
        organization = instance.organization
        return {
            "title": organization.name,
            "words": [organization.short_name],
            "names": organization_names(organization),
            "body": [
                organization.name_en,
                organization.short_name,
                instance.introduction,
                instance.introduction_en,
                instance.strengths,
            ],
            "visible_to": [PUBLIC, REGISTERED, STAFF],
            "published_at": instance.first_published_at,
            "organization_id": organization.pk,
            "district": organization.district.code,
            "industries": [term.code for term in organization.industries.all()],
        }


class InstituteSearch(ListSearch):
    document = InstituteDocument
    facets = (
        Facet("industry", field="industries", label=_("Industry"), display=names_of(Industry)),
        Facet("district", field="district", label=_("District"), display=names_of(District)),
    )

    def fallback_queryset(self, user):
        return InstitutePage.objects.live().order_by("title")
