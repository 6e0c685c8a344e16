"""A room for the tests of search: companies over the accounts' organizations."""

from portal.accounts.enums import OrganizationKind, OrganizationSize
from portal.accounts.models import Organization
from search.documents import (
    PUBLIC,
    REGISTERED,
    STAFF,
    BaseDocument,
    Keyword,
    Long,
    organization_token,
)
from search.listing import Facet, Interval, ListSearch, RangeFacet, Sort
from search.views import SearchListView

VISIBILITY = {
    OrganizationKind.GOVERNMENT: [STAFF],
    OrganizationKind.BANK_OR_FUND: [REGISTERED, STAFF],
}


def kind_labels(values):
    return {
        value: OrganizationKind(value).label for value in values if value in OrganizationKind.values
    }


class CompanyDocument(BaseDocument):
    model = Organization
    kind = "company"
    label = "Companies"
    result_template = "search/test_result.html"
    list_url_name = "companies"

    form = Keyword()
    size = Keyword()
    staff = Long()

    @classmethod
    def queryset(cls):
        return Organization.objects.filter(merged_into=None)

    @classmethod
    def from_instance(cls, instance):
        visible_to = VISIBILITY.get(instance.kind, [PUBLIC])
        if instance.kind == OrganizationKind.OTHER:
            visible_to = [organization_token(instance.pk)]
        return {
            "title": instance.name,
            "alternate_titles": [instance.name_en],
            "body": [instance.introduction],
            "words": [instance.short_name],
            "names": [instance.district.name, instance.district.name_en],
            "codes": [instance.credit_code] if instance.credit_code else [],
            "visible_to": visible_to,
            "published_at": instance.created_at,
            "organization_id": instance.pk,
            "form": instance.kind,
            "size": instance.size,
            "staff": len(instance.introduction) or None,
        }


class CompanySearch(ListSearch):
    document = CompanyDocument
    facets = (
        Facet("form", field="form", label="Form", display=kind_labels),
        Facet("size", field="size", label="Size"),
        RangeFacet(
            "staff",
            field="staff",
            label="Staff",
            intervals=(Interval("-10", "few", None, 10), Interval("10-", "many", 10, None)),
            missing_label="not said",
        ),
    )
    sorts = (Sort("newest", "-published_at", "Newest first"), Sort("staff", "-staff", "Largest"))

    def fallback_queryset(self, user):
        return Organization.objects.filter(kind=OrganizationKind.ENTERPRISE).order_by("-created_at")


class CompanyListView(SearchListView):
    search_class = CompanySearch
    title = "Companies"


SIZES = list(OrganizationSize.values)
