from django.urls import include, path

from tests.search.listings import CompanyListView

urlpatterns = [
    path("", include("search.urls")),
    path("companies/", CompanyListView.as_view(), name="companies"),
]
