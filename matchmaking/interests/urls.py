from django.urls import path

from . import views

app_name = "interests"
urlpatterns = [
    path("interests/new/", views.express, name="express"),
    path("interests/files/<int:pk>/", views.file, name="file"),
    path("organizations/<int:pk>/answers/", views.answers, name="answers"),
    path("workspace/interests/statistics/", views.statistics, name="statistics"),
    path("workspace/interests/<slug:shelf>/", views.interest_list, name="list"),
    path("interests/<str:code>/", views.interest, name="interest"),
    path("interests/<str:code>/message/", views.write, name="write"),
    path("interests/<str:code>/discard/", views.discard, name="discard"),
    path("interests/<str:code>/do/<slug:action>/", views.act, name="act"),
]
