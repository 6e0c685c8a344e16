from django.urls import path

from . import views

ROOM = "workspace/oversight/"
REPORTS = "workspace/reports/"

app_name = "oversight"
urlpatterns = [
    path("figures/", views.public_figures, name="figures"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("workspace/duties/", views.duties, name="duties"),
    path("workspace/duties/calendar/", views.change_feed, name="change-feed"),
    path(ROOM, views.overview, name="overview"),
    path(f"{ROOM}kpi/", views.kpi_list, name="kpis"),
    path(f"{ROOM}kpi/<str:key>/", views.kpi_detail, name="kpi"),
    path(f"{ROOM}kpi/<str:key>/records/", views.records, name="records"),
    path(f"{ROOM}kpi/<str:key>/export/<str:suffix>/", views.export, name="export"),
    path(f"{ROOM}monday/", views.monday, name="monday"),
    path(f"{ROOM}supervision/", views.supervision, name="supervision"),
    path(f"{ROOM}supervision/<str:key>/", views.supervision_rule, name="supervision-rule"),
    path(REPORTS, views.reports, name="reports"),
    path(f"{REPORTS}prepare/", views.prepare_annual, name="prepare-report"),
    path(f"{REPORTS}totals/", views.totals_file, name="report-totals"),
    path(f"{REPORTS}<int:pk>/", views.report, name="report"),
    path(f"{REPORTS}<int:pk>/figures/<str:key>/", views.figure, name="report-figure"),
    path(f"{REPORTS}<int:pk>/file/<str:suffix>/", views.report_file, name="report-file"),
    path(f"{REPORTS}<int:pk>/<str:action>/", views.report_action, name="report-action"),
]
