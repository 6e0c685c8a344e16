from django.urls import path

from . import views

app_name = "gates"
urlpatterns = [
    path("workspace/fairs/<str:code>/check-in/", views.desk, name="desk"),
    path("workspace/fairs/<str:code>/check-in/gates/<int:pk>/", views.gate, name="gate"),
    path("workspace/fairs/<str:code>/check-in/conflicts/", views.conflicts, name="conflicts"),
    path("workspace/fairs/<str:code>/check-in/duties/", views.duties, name="duties"),
    path(
        "workspace/fairs/<str:code>/check-in/duties/<int:pk>/revoke/", views.revoke, name="revoke"
    ),
    path("workspace/fairs/<str:code>/check-in/on-the-spot/", views.onsite, name="onsite"),
    path("door/worker.js", views.worker, name="worker"),
    path("door/leave/", views.leave, name="leave"),
    path("door/enter/<str:token>/", views.enter, name="enter"),
    path("door/<str:code>/", views.door, name="door"),
    path("door/<str:code>/tables/", views.tables, name="tables"),
    path("door/<str:code>/tables/<int:pk>/", views.note, name="note"),
    path("door/<str:code>/<int:pk>/", views.scan, name="scan"),
    path("door/<str:code>/<int:pk>/list/", views.offline_list, name="offline-list"),
    path("door/<str:code>/<int:pk>/sync/", views.sync, name="sync"),
    path("fairs/<str:code>/board/", views.board, name="board"),
    path("fairs/<str:code>/contacts/", views.contacts, name="contacts"),
    path("fairs/<str:code>/contacts/<int:pk>.vcf", views.card, name="card"),
    path("fairs/<str:code>/contacts/<int:pk>/<slug:action>/", views.answer, name="answer"),
    path("fairs/<str:code>/contacts/with/<str:handle>/", views.ask, name="ask"),
]
