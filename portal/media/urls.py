from django.urls import path

from . import views

app_name = "media"
urlpatterns = [
    path("logo/<int:pk>/", views.serve_logo, name="logo"),
    path("<path:name>", views.serve_file, name="file"),
]
