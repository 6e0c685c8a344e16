from django.urls import path

from . import views

app_name = "registration"
urlpatterns = [
    path("fairs/<str:code>/register/", views.begin, name="begin"),
    path("fairs/<str:code>/register/check/", views.check, name="check"),
    path("fairs/<str:code>/register/<slug:step>/", views.step, name="step"),
    path("fairs/<str:code>/registration/", views.mine, name="mine"),
    path("fairs/<str:code>/registration/do/<slug:action>/", views.act, name="act"),
    path("fairs/<str:code>/participants/", views.participants, name="participants"),
    path("registrations/files/<int:pk>/", views.file, name="file"),
    path("workspace/registrations/", views.own_list, name="own"),
    path("workspace/fairs/<str:code>/people/", views.people, name="people"),
    path("workspace/fairs/<str:code>/people/decide/", views.decide, name="decide"),
    path("workspace/fairs/<str:code>/people/<int:pk>/", views.person, name="person"),
    path("workspace/fairs/<str:code>/export/<slug:suffix>/", views.export, name="export"),
    path("workspace/fairs/<str:code>/badges/", views.badges, name="badges"),
    path("workspace/fairs/<str:code>/questions/", views.questions, name="questions"),
    path("workspace/fairs/<str:code>/questions/<int:pk>/", views.question, name="question"),
    path("workspace/fairs/<str:code>/guests/", views.guests, name="guests"),
    path("workspace/fairs/<str:code>/guests/<int:pk>/", views.guest_report, name="guest-report"),
    path("workspace/fairs/<str:code>/guests/<int:pk>/write/", views.write, name="write-guests"),
    path("workspace/fairs/<str:code>/mail/", views.mailings, name="mailings"),
    path("workspace/fairs/<str:code>/mail/<int:pk>/", views.mailing, name="mailing"),
    path("workspace/fairs/<str:code>/remind/<slug:slug>/", views.remind, name="remind"),
]
