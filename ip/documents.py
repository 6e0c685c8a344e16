"""What of this room goes into the index, and how its lists are searched."""

from django.utils.translation import gettext_lazy as _

from achievements.documents import LISTING_FACETS, LISTING_SORTS, labels_of, listing_facts
from portal.disclosure.queries import open_parts
from search.documents import BaseDocument, Keyword, Long, register
from search.listing import Facet, ListSearch

from .enums import PatentKind, PatentStatus
from .models import Patent, PatentPage


def number_forms(patent: Patent) -> list[str]:
    """The numbers under which a patent is looked for, with and without prefix and check digit."""
    number = patent.application_number
    forms = [f"{prefix}{each}" for prefix in ("ZL", "CN") for each in (number, number[:-1])]
    return [*forms, patent.publication_number]


@register
class PatentDocument(BaseDocument):
    """A patent page, with the legal status of its record."""

    model = PatentPage
    kind = "patent"
    label = _("Patents")
    result_template = "ip/_result.html"
    list_url_name = "ip:list"
    revision_field = "updated_at"

    institute = Keyword()
    district = Keyword()
    industries = Keyword(multi=True)
    fields = Keyword(multi=True)
    modes = Keyword(multi=True)
    price = Long()
    year = Keyword()
    patent_kind = Keyword()
    status = Keyword()

    @classmethod
    def queryset(cls):
        return (
            PatentPage.objects.current()
            .select_related("institute__organization__district", "patent")
            .prefetch_related("industries", "technical_fields", "modes")
        )

    @classmethod
    def readable_rows(cls, user):
        return cls.queryset().for_user(user)

    @classmethod
    def open_rows(cls, rows):
        return open_parts(rows)

    @classmethod
    def from_instance(cls, instance):
        patent = instance.patent
        return listing_facts(instance) | {
            "codes": [instance.code, *number_forms(patent)],
            "body": [
                instance.title_en,
                instance.summary,
                instance.value,
                instance.value_en,
                instance.applications,
                instance.keywords,
                patent.title,
                patent.abstract,
                patent.application_number,
                patent.ipc,
            ],
            "patent_kind": patent.kind,
            "status": patent.status,
        }


class PatentSearch(ListSearch):
    document = PatentDocument
    facets = (
        *LISTING_FACETS,
        Facet("status", field="status", label=_("Legal status"), display=labels_of(PatentStatus)),
        Facet("kind", field="patent_kind", label=_("Kind"), display=labels_of(PatentKind)),
    )
    sorts = LISTING_SORTS

    def fallback_queryset(self, user):
        return PatentPage.objects.current().for_user(user).order_by("-first_published_at")
