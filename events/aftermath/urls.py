from django.urls import path

from . import views

app_name = "aftermath"
urlpatterns = [
    path("fairs/<str:code>/meetings/feedback/", views.feedback, name="feedback"),
    path("meetings/feedback/<str:token>/", views.by_link, name="by-link"),
    path("meetings/<int:pk>/interest/", views.interest, name="interest"),
    path("meetings/<int:pk>/case/", views.case, name="case"),
    path("meetings/<int:pk>/follow-up/", views.add, name="follow-up"),
    path("workspace/follow-ups/", views.follow_ups, name="follow-ups"),
    path("workspace/follow-ups/<int:pk>/<slug:action>/", views.end, name="end-follow-up"),
    path("workspace/fairs/<str:code>/outcomes/", views.outcomes, name="outcomes"),
]
