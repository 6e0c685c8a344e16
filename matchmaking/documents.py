"""What of this room goes into the index, and how its lists are searched."""

from django.utils.translation import gettext_lazy as _

from achievements.documents import labels_of, names_of, organization_names
from portal.disclosure.queries import open_parts
from portal.taxonomy.models import CooperationMode, District, Industry, TechnicalField
from search.documents import (
    PUBLIC,
    REGISTERED,
    STAFF,
    BaseDocument,
    Date,
    Keyword,
    Long,
    organization_token,
    register,
)
from search.listing import Facet, Interval, ListSearch, RangeFacet, Sort

from .enums import Confidentiality, NeedKind
from .models import Need

BUDGET_INTERVALS = (
    Interval("0-200000", _("below ¥200,000"), None, 200_000),
    Interval("200000-1000000", _("¥200,000 to ¥1,000,000"), 200_000, 1_000_000),
    Interval("1000000-", _("¥1,000,000 and more"), 1_000_000, None),
)


def need_tokens(need: Need) -> list[str]:
    """Who may find a need: everybody, or the chosen institutes; its own side and staff always."""
    tokens = [STAFF, organization_token(need.organization_id)]
    if need.confidentiality == Confidentiality.DIRECTED:
        return tokens + [organization_token(each.pk) for each in need.directed_to.all()]
    return [PUBLIC, REGISTERED, *tokens]


@register
class NeedDocument(BaseDocument):
    """A published need; an anonymous one names its organization nowhere."""

    model = Need
    kind = "need"
    label = _("Needs")
    result_template = "matchmaking/_result.html"
    list_url_name = "matchmaking:needs"

    district = Keyword()
    industries = Keyword(multi=True)
    fields = Keyword(multi=True)
    modes = Keyword(multi=True)
    need_kind = Keyword()
    budget = Long()
    deadline = Date()

    @classmethod
    def queryset(cls):
        return (
            Need.objects.published()
            .select_related("organization__district")
            .prefetch_related("industries", "technical_fields", "modes", "targets", "directed_to")
        )

    @classmethod
    def readable_rows(cls, user):
        return cls.queryset().for_user(user)

    @classmethod
    def open_rows(cls, rows):
        return open_parts(rows)

    @classmethod
    def from_instance(cls, instance):
        budget = instance.budget_max if instance.budget_max is not None else instance.budget_min
        facts = {
            "title": instance.title,
            "codes": [instance.code],
            "words": instance.keyword_list,
            "body": [
                instance.title_en,
                instance.problem,
                instance.current_solution,
                instance.constraints,
                instance.keywords,
                *[str(target) for target in instance.targets.all()],
            ],
            "visible_to": need_tokens(instance),
            "valid_until": instance.valid_until,
            "published_at": instance.published_at,
            "industries": [term.code for term in instance.industries.all()],
            "fields": [term.code for term in instance.technical_fields.all()],
            "modes": [term.code for term in instance.modes.all()],
            "need_kind": instance.kind,
            "budget": budget,
            "deadline": instance.deadline,
        }
        if instance.shows_organization:
            facts["organization_id"] = instance.organization_id
            facts["names"] = organization_names(instance.organization)
            facts["district"] = instance.organization.district.code
        else:
            facts["visible_to"] = [PUBLIC, REGISTERED, STAFF]
        return facts


class NeedSearch(ListSearch):
    document = NeedDocument
    facets = (
        Facet("industry", field="industries", label=_("Industry"), display=names_of(Industry)),
        Facet(
            "field", field="fields", label=_("Technical field"), display=names_of(TechnicalField)
        ),
        Facet("district", field="district", label=_("District"), display=names_of(District)),
        Facet("kind", field="need_kind", label=_("Kind"), display=labels_of(NeedKind)),
        Facet("mode", field="modes", label=_("Cooperation"), display=names_of(CooperationMode)),
        RangeFacet(
            "budget",
            field="budget",
            label=_("Budget"),
            intervals=BUDGET_INTERVALS,
            missing_label=_("Not stated or not public"),
        ),
    )
    sorts = (
        Sort("newest", "-published_at", _("Newest first")),
        Sort("closing", "deadline", _("Closing soonest first")),
        Sort("budget", "-budget", _("Largest budget first")),
    )

    def fallback_queryset(self, user):
        return Need.objects.published().for_user(user).order_by("-published_at")
