from django.core.paginator import Paginator
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from portal.accounts.models import Organization
from portal.disclosure.queries import open_parts
from portal.media.models import PortalImage
from portal.taxonomy.models import in_language

from ..admin_forms import OwnFilesForm


class InstituteIndexPage(Page):
    """The parent of all institutes; its address lists them (机构库)."""

    max_count = 1
    parent_page_types = ["site.HomePage"]
    subpage_types = ["achievements.InstitutePage"]

    def route(self, request, path_components):
        """Find the institute with what its pages show of its organization in one query."""
        if not path_components:
            return super().route(request, path_components)
        slug, *rest = path_components
        institutes = InstitutePage.objects.child_of(self).select_related("organization__district")
        return get_object_or_404(institutes, slug=slug).route(request, rest)


class InstitutePage(Page):
    """What a publishing organization says of itself; its listings lie below (机构主页)."""

    base_form_class = OwnFilesForm

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="institute_page", verbose_name=_("organization")
    )
    introduction = models.TextField(_("introduction"), max_length=3000, blank=True)
    introduction_en = models.TextField(_("English introduction"), max_length=6000, blank=True)
    strengths = models.TextField(_("research strengths"), max_length=1000, blank=True)
    office_name = models.CharField(_("transfer office"), max_length=80, blank=True)
    office_email = models.EmailField(_("office e-mail"), blank=True)
    office_phone = models.CharField(_("office phone"), max_length=30, blank=True)
    picture = models.ForeignKey(
        PortalImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    parent_page_types = ["achievements.InstituteIndexPage"]
    subpage_types = ["achievements.AchievementPage", "ip.PatentPage"]

    content_panels = [
        FieldPanel(name)
        for name in (
            "introduction",
            "introduction_en",
            "strengths",
            "office_name",
            "office_email",
            "office_phone",
            "picture",
        )
    ]
    promote_panels: list = []
    settings_panels: list = []

    def route(self, request, path_components):
        result = super().route(request, path_components)
        if result.page != self:
            result.page.institute = self
        return result

    def get_context(self, request, *args, **kwargs):
        from ..queries import readable_achievements

        context = super().get_context(request, *args, **kwargs)
        paginator = Paginator(readable_achievements(self, request.user), 20)
        context["paginator"] = paginator
        page_obj = paginator.get_page(request.GET.get("page"))
        page_obj.object_list = open_parts(page_obj)
        context["page_obj"] = page_obj
        return context

    def visible_to(self, user) -> bool:
        return self.live

    @property
    def localized_introduction(self) -> str:
        return in_language(self.introduction, self.introduction_en)

    @property
    def institute(self) -> "InstitutePage":
        """The institute whose people review this page: itself, as a listing names its own."""
        return self

    @property
    def label(self) -> str:
        return self.organization.label
