from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("fairs/<str:code>/report/", views.public, name="public"),
    path("workspace/fairs/series/", views.series_list, name="series-list"),
    path("workspace/fairs/series/new/", views.new_series, name="new-series"),
    path("workspace/fairs/series/<int:pk>/", views.series, name="series"),
    path("workspace/fairs/series/<int:pk>/edit/", views.edit_series, name="edit-series"),
    path("workspace/fairs/<str:code>/report/", views.report, name="report"),
    path("workspace/fairs/<str:code>/report/costs/", views.costs, name="costs"),
    path("workspace/fairs/<str:code>/report/<slug:key>/", views.records, name="records"),
    path(
        "workspace/fairs/<str:code>/report/<slug:key>/<slug:suffix>/",
        views.export,
        name="export",
    ),
]
