from django.urls import path

from . import views

app_name = "ip"
urlpatterns = [
    path("patents/", views.PatentListView.as_view(), name="list"),
    path("workspace/patents/new/", views.PatentStartView.as_view(), name="start"),
    path("workspace/patents/<str:number>/", views.PatentRecordView.as_view(), name="record"),
    path("workspace/patents/<str:number>/facts/", views.PatentFactsView.as_view(), name="facts"),
]
