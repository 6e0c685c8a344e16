from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("search/", views.SiteSearchView.as_view(), name="site"),
    path("search/suggest/", views.SuggestView.as_view(), name="suggest"),
    path("workspace/search/words/<slug:kind>/", views.words, name="words"),
    path("workspace/search/words/<slug:kind>/<int:pk>/", views.word, name="word"),
    path("workspace/search/fruitless/", views.fruitless, name="fruitless"),
    path("workspace/search/fruitless/<int:pk>/settle/", views.settle, name="settle"),
    path("workspace/search/indexes/", views.indexes, name="indexes"),
    path("workspace/search/indexes/rebuild/", views.rebuild, name="rebuild"),
]
