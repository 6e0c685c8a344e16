from django.db import models
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager, PageQuerySet

from portal.taxonomy.models import District, Industry, in_language

from .enums import FairKind

_in_language = lazy(in_language, str)


class FairQuerySet(PageQuerySet):
    def upcoming(self, now):
        return self.live().filter(ends_at__gte=now).order_by("starts_at")

    def past(self, now):
        return self.live().filter(ends_at__lt=now).order_by("-starts_at")


class FairIndexPage(Page):
    """The calendar of fairs (活动日历)."""

    max_count = 1
    parent_page_types = ["site.HomePage"]
    subpage_types = ["events.FairPage"]

    def get_context(self, request, *args, **kwargs):
        now = timezone.now()
        fairs = FairPage.objects.select_related("district")
        context = super().get_context(request, *args, **kwargs)
        return context | {"upcoming": fairs.upcoming(now), "past": fairs.past(now)[:20]}


class FairPage(Page):
    """The announcement of a fair (对接会, 成果展示会).

    The facts in ``OUTSIDE_REVIEW`` belong to whoever plans the fair: they change at once, and
    publishing an older revision of the text never touches them.
    """

    OUTSIDE_REVIEW = ("kind", "starts_at", "ends_at", "venue", "district_id", "slug")

    kind = models.CharField(_("kind"), max_length=12, choices=FairKind.choices)
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    summary = models.CharField(_("in one line"), max_length=120)
    summary_en = models.CharField(_("in one line, English"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=8000, blank=True)
    body_en = models.TextField(_("English text"), max_length=16000, blank=True)
    starts_at = models.DateTimeField(_("begins"), db_index=True)
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    venue = models.CharField(_("venue"), max_length=200)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="fairs", verbose_name=_("district")
    )
    industries = ParentalManyToManyField(
        Industry, related_name="fairs", verbose_name=_("industries"), blank=True
    )

    objects = PageManager.from_queryset(FairQuerySet)()

    parent_page_types = ["events.FairIndexPage"]
    subpage_types: list[str] = []
    is_creatable = False  # planned in the workspace; the editing desk edits the text
    content_panels = [
        *Page.content_panels,
        FieldPanel("title_en"),
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        FieldPanel("body"),
        FieldPanel("body_en"),
    ]
    promote_panels: list = []

    class Meta:
        verbose_name = _("fair")
        verbose_name_plural = _("fairs")

    def with_content_json(self, content):
        page = super().with_content_json(content)
        for name in self.OUTSIDE_REVIEW:
            setattr(page, name, getattr(self, name))
        page.industries = list(self.industries.all())
        return page

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def lazy_label(self) -> str:
        """The title in whichever language it is read in the end, for what is told to people."""
        return _in_language(self.title, self.title_en)

    @property
    def localized_summary(self) -> str:
        return in_language(self.summary, self.summary_en)

    @property
    def localized_body(self) -> str:
        return in_language(self.body, self.body_en)
