from django.urls import path

from . import views

app_name = "fairs"
urlpatterns = [
    path("workspace/fairs/", views.fair_list, name="list"),
    path("workspace/fairs/new/", views.plan, name="new"),
    path("workspace/fairs/<str:code>/", views.fair, name="fair"),
    path("workspace/fairs/<str:code>/check/", views.check, name="check"),
    path("workspace/fairs/<str:code>/plan/<slug:step>/", views.step, name="step"),
    path("workspace/fairs/<str:code>/grid/", views.grid, name="grid"),
    path("workspace/fairs/<str:code>/sessions/<int:pk>/", views.session, name="session"),
    path("workspace/fairs/<str:code>/tables/", views.tables, name="tables"),
    path("workspace/fairs/<str:code>/tables/<int:pk>/", views.table, name="table"),
    path("workspace/fairs/<str:code>/do/<slug:action>/", views.act, name="act"),
]
