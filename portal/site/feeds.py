from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from .queries import new_achievements, public_needs

SHOWN = 30


class AchievementFeed(Feed):
    """The newest public achievements, for feed readers (成果订阅)."""

    feed_type = Atom1Feed
    title = _("New achievements")
    subtitle = _("Published, valid today, readable by everybody.")
    link = reverse_lazy("achievements:list")

    def items(self):
        return new_achievements(SHOWN)

    def item_title(self, item):
        return item.label

    def item_description(self, item):
        return item.localized_summary

    def item_link(self, item):
        return item.url

    def item_pubdate(self, item):
        return item.first_published_at


class NeedFeed(Feed):
    """The newest public needs; an anonymous one names nobody (需求订阅)."""

    feed_type = Atom1Feed
    title = _("New needs")
    subtitle = _("Needs published and valid today, directed ones left out.")
    link = reverse_lazy("matchmaking:needs")

    def items(self):
        return public_needs().order_by("-published_at")[:SHOWN]

    def item_title(self, item):
        return item.label

    def item_description(self, item):
        return item.problem[:200]

    def item_pubdate(self, item):
        return item.published_at
