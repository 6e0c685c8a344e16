from django.urls import path

from . import views

app_name = "timetable"
urlpatterns = [
    path("workspace/fairs/<str:code>/schedule/", views.schedule, name="schedule"),
    path("workspace/fairs/<str:code>/schedule/check/", views.feasibility, name="feasibility"),
    path("workspace/fairs/<str:code>/schedule/new/", views.solve, name="solve"),
    path("workspace/fairs/<str:code>/schedule/undo/", views.undo, name="undo"),
    path("workspace/fairs/<str:code>/schedule/changes/", views.changes, name="changes"),
    path("workspace/fairs/<str:code>/schedule/changes/<int:pk>/", views.lift, name="lift"),
    path("workspace/fairs/<str:code>/schedule/<int:number>/", views.version, name="version"),
    path(
        "workspace/fairs/<str:code>/schedule/<int:number>/progress/",
        views.progress,
        name="progress",
    ),
    path(
        "workspace/fairs/<str:code>/schedule/<int:number>/publish/", views.publish, name="publish"
    ),
    path(
        "workspace/fairs/<str:code>/schedule/<int:number>/do/<slug:action>/",
        views.act,
        name="act",
    ),
    path("workspace/fairs/<str:code>/schedule/<int:number>/board/", views.board, name="board"),
    path(
        "workspace/fairs/<str:code>/schedule/<int:number>/meetings/<int:pk>/",
        views.place,
        name="place",
    ),
    path("fairs/<str:code>/day/", views.my_day, name="my-day"),
    path("fairs/<str:code>/day/calendar/", views.change_feed, name="change-feed"),
    path("fairs/<str:code>/day/<int:pk>/note/", views.note, name="note"),
    path("fairs/<str:code>/day/<int:pk>.ics", views.meeting_file, name="file"),
    path("fair-calendar/<str:token>.ics", views.feed, name="feed"),
]
