from django.contrib.sitemaps.views import sitemap
from django.urls import path

from . import views
from .sitemaps import SITEMAPS

app_name = "site"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("industries/<slug:code>/", views.industry, name="industry"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]
