from django.urls import path

from . import views

app_name = "workspace"
urlpatterns = [path("workspace/", views.HomeView.as_view(), name="home")]
