from django.contrib.sitemaps import Sitemap

from achievements.enums import Disclosure
from ip.models import PatentPage

from .queries import public_achievements, public_needs


class AchievementSitemap(Sitemap):
    def items(self):
        return public_achievements().order_by("pk")

    def location(self, item):
        return item.get_url()

    def lastmod(self, item):
        return item.last_published_at


class PatentSitemap(AchievementSitemap):
    def items(self):
        return PatentPage.objects.current().filter(disclosure=Disclosure.PUBLIC).order_by("pk")


class NeedSitemap(Sitemap):
    def items(self):
        return public_needs().order_by("pk")

    def lastmod(self, item):
        return item.updated_at


SITEMAPS = {
    "achievements": AchievementSitemap,
    "patents": PatentSitemap,
    "needs": NeedSitemap,
}
