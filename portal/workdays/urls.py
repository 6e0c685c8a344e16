from django.urls import path

from . import views

app_name = "workdays"
urlpatterns = [
    path("workspace/calendar/", views.calendar, name="calendar"),
    path("workspace/calendar/<int:pk>/remove/", views.remove, name="remove"),
]
