from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("search/", views.SiteSearchView.as_view(), name="site"),
    path("search/suggest/", views.SuggestView.as_view(), name="suggest"),
]
