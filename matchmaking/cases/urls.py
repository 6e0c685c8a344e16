from django.urls import path

from . import views

app_name = "cases"
urlpatterns = [
    path("workspace/cases/", views.case_list, name="list"),
    path("cases/follow-up/<str:token>/", views.follow_up, name="follow-up"),
    path("cases/<str:code>/", views.case_detail, name="case"),
]
