from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("search/", views.SiteSearchView.as_view(), name="site"),
    path("search/suggest/", views.SuggestView.as_view(), name="suggest"),
    path("workspace/search/words/<slug:kind>/", views.WordListView.as_view(), name="words"),
    path("workspace/search/words/<slug:kind>/<int:pk>/", views.WordView.as_view(), name="word"),
    path("workspace/search/fruitless/", views.FruitlessQueryListView.as_view(), name="fruitless"),
    path("workspace/search/fruitless/<int:pk>/settle/", views.settle, name="settle"),
    path("workspace/search/indexes/", views.IndexStateView.as_view(), name="indexes"),
    path("workspace/search/indexes/rebuild/", views.rebuild, name="rebuild"),
]
