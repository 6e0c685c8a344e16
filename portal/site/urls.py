from django.contrib.sitemaps.views import sitemap
from django.urls import path

from . import views
from .feeds import AchievementFeed, NeedFeed
from .sitemaps import SITEMAPS

app_name = "site"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("industries/<slug:code>/", views.industry, name="industry"),
    path("open-data/", views.open_data, name="open-data"),
    path("robots.txt", views.robots, name="robots"),
    path("feeds/achievements.xml", AchievementFeed(), name="achievement-feed"),
    path("feeds/needs.xml", NeedFeed(), name="need-feed"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]
