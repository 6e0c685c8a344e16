from django.urls import path

from . import views

app_name = "meetings"
urlpatterns = [
    path("fairs/<str:code>/meetings/", views.desk, name="desk"),
    path("fairs/<str:code>/meetings/mine/", views.mine, name="mine"),
    path("fairs/<str:code>/meetings/people/", views.people, name="people"),
    path("fairs/<str:code>/meetings/people/<int:pk>/", views.person, name="person"),
    path("fairs/<str:code>/meetings/people/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("fairs/<str:code>/meetings/people/<int:pk>/lift/", views.lift, name="lift"),
    path("fairs/<str:code>/meetings/refused/", views.refused, name="refused"),
    path("fairs/<str:code>/meetings/requests/<slug:shelf>/", views.requests, name="requests"),
    path("meetings/requests/<int:pk>/", views.request, name="request"),
    path("meetings/requests/<int:pk>/do/<slug:action>/", views.act, name="act"),
    path("meetings/answer/<str:token>/", views.answer, name="answer"),
    path("meetings/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("workspace/fairs/<str:code>/requests/", views.overview, name="overview"),
]
