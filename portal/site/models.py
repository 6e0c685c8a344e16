from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from achievements.models import InstituteIndexPage
from portal.media.models import PortalImage
from portal.taxonomy.models import in_language

from .enums import ArticleKind

INSTITUTES = "institutes"


@register_setting
class PortalSettings(BaseSiteSetting):
    """What the operator of a city sets: names, contact, filing numbers (站点设置)."""

    name = models.CharField(_("portal name"), max_length=60, default="湖城产学研对接平台")
    name_en = models.CharField(
        _("portal name in English"), max_length=100, default="Lake City Technology Exchange"
    )
    commission_name = models.CharField(_("commission"), max_length=60, default="市经济和信息化局")
    commission_name_en = models.CharField(
        _("commission in English"),
        max_length=100,
        default="Municipal Bureau of Economy and Information Technology",
    )
    operator_name = models.CharField(_("operator"), max_length=100, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    icp_number = models.CharField(_("ICP filing number"), max_length=40, blank=True)
    police_number = models.CharField(_("public security filing number"), max_length=40, blank=True)
    site_code = models.CharField(_("government site code"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("portal settings")

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def commission_label(self) -> str:
        return in_language(self.commission_name, self.commission_name_en)


class HomePage(Page):
    """The start page (首页)."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]

    def route(self, request, path_components):
        """Go straight on to the institutes: their pages are read most, and lie deepest."""
        if path_components[:1] == [INSTITUTES]:
            pages = InstituteIndexPage.objects.child_of(self).live()
            if institutes := pages.filter(slug=INSTITUTES).first():
                return institutes.route(request, path_components[1:])
        return super().route(request, path_components)

    def get_context(self, request, *args, **kwargs):
        from . import queries

        context = super().get_context(request, *args, **kwargs)
        return context | {
            "counts": queries.public_counts(),
            "new_achievements": queries.new_achievements(),
            "closing_needs": queries.closing_needs(),
            "next_fair": queries.next_fair(),
            "industries": queries.industries_with_counts(),
        }

    subpage_types = [
        "achievements.InstituteIndexPage",
        "events.FairIndexPage",
        "site.ArticleIndexPage",
        "site.NoticePage",
    ]


class ArticleIndexPage(Page):
    """News and policy notes (政策与资讯)."""

    def get_context(self, request, *args, **kwargs):
        kind = request.GET.get("kind", "")
        articles = ArticlePage.objects.live().order_by("-date", "-pk")
        if kind in ArticleKind.values:
            articles = articles.filter(kind=kind)
        page_obj = Paginator(articles, 20).get_page(request.GET.get("page"))
        tabs = [("", _("All")), *ArticleKind.choices]
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "page_obj": page_obj,
            "tabs": [
                {"label": label, "url": f"?kind={value}", "is_current": kind == value}
                for value, label in tabs
            ],
        }

    max_count = 1
    parent_page_types = ["site.HomePage"]
    subpage_types = ["site.ArticlePage"]


class ArticlePage(Page):
    """A news item or the plain-language note of a policy (资讯, 政策解读)."""

    kind = models.CharField(
        _("kind"), max_length=8, choices=ArticleKind.choices, default=ArticleKind.NEWS
    )
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    date = models.DateField(_("date"), default=timezone.localdate)
    summary = models.CharField(_("summary"), max_length=200)
    body = models.TextField(_("text"), max_length=20000)
    body_en = models.TextField(_("English text"), max_length=40000, blank=True)
    picture = models.ForeignKey(
        PortalImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    parent_page_types = ["site.ArticleIndexPage"]
    subpage_types: list[str] = []

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_body(self) -> str:
        return in_language(self.body, self.body_en)

    def visible_to(self, user) -> bool:
        return self.live


class NoticePage(Page):
    """A standing text: privacy, accessibility, terms, how matching works (告知与说明)."""

    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    body = models.TextField(_("text"), max_length=40000)
    body_en = models.TextField(_("English text"), max_length=80000, blank=True)

    parent_page_types = ["site.HomePage"]
    subpage_types: list[str] = []

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_body(self) -> str:
        return in_language(self.body, self.body_en)
