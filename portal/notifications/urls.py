from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notifications, name="list"),
    path("notifications/read/", views.read_all, name="read-all"),
    path("notifications/<int:pk>/", views.open_notification, name="open"),
]
