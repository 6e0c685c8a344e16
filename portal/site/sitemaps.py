from django.contrib.sitemaps import Sitemap
from wagtail.models import Page

from achievements.enums import Disclosure
from achievements.models import InstitutePage
from events.models import FairPage
from ip.models import PatentPage

from .models import ArticlePage, HomePage, NoticePage
from .queries import public_achievements, public_needs


class BothLanguages(Sitemap):
    """Each address once in every language; the pages themselves name their counterparts."""

    i18n = True


class AchievementSitemap(BothLanguages):
    def items(self):
        return public_achievements().order_by("pk")

    def location(self, item):
        return item.get_url()

    def lastmod(self, item):
        return item.last_published_at


class PatentSitemap(AchievementSitemap):
    def items(self):
        return PatentPage.objects.current().filter(disclosure=Disclosure.PUBLIC).order_by("pk")


class NeedSitemap(BothLanguages):
    def items(self):
        return public_needs().order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class PageSitemap(AchievementSitemap):
    """Pages that everybody may read: institutes, fairs, news and notices."""

    def items(self):
        kinds = (HomePage, InstitutePage, FairPage, ArticlePage, NoticePage)
        return Page.objects.live().public().type(kinds).order_by("pk")


SITEMAPS = {
    "pages": PageSitemap,
    "achievements": AchievementSitemap,
    "patents": PatentSitemap,
    "needs": NeedSitemap,
}
