from django.urls import path

from . import views

app_name = "matchmaking"
urlpatterns = [
    path("needs/", views.NeedListView.as_view(), name="needs"),
    path("workspace/needs/new/", views.start, name="start"),
    path("needs/<str:code>/", views.need_detail, name="need"),
    path("needs/<str:code>/edit/", views.edit, name="edit"),
    path("needs/<str:code>/edit/<slug:step>/", views.NeedStepView.as_view(), name="step"),
    path("needs/<str:code>/check/", views.check, name="check"),
    path("needs/<str:code>/rewrite/", views.rewrite, name="rewrite"),
    path("needs/<str:code>/decide/", views.decide, name="decide"),
    path("needs/<str:code>/close/", views.close, name="close"),
    path("needs/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("needs/<str:code>/matches/", views.matches, name="matches"),
    path("needs/<str:code>/matches/<int:page_id>/", views.why, name="why"),
    path("needs/<str:code>/matches/<int:page_id>/verdict/", views.judge, name="judge"),
    path("needs/<str:code>/matches/<int:page_id>/mark/", views.mark, name="mark"),
    path("workspace/listings/<int:page_id>/needs/", views.listing_needs, name="listing_needs"),
    path("workspace/fitting/", views.fitting, name="fitting"),
    path("workspace/needs/<slug:shelf>/", views.desk, name="desk"),
    path("workspace/matching/", views.matching_statistics, name="statistics"),
    path("needs/<str:code>/do/<slug:action>/", views.act, name="act"),
]
