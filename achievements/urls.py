from django.urls import path

from . import views
from .imports import views as imports

app_name = "achievements"
urlpatterns = [
    path("achievements/", views.AchievementListView.as_view(), name="list"),
    path("institutes/", views.InstituteListView.as_view(), name="institutes"),
    path("experts/", views.ExpertListView.as_view(), name="experts"),
    path("workspace/listings/", views.MyListingsView.as_view(), name="my-listings"),
    path("workspace/achievements/new/", views.StartView.as_view(), name="start"),
    path("workspace/listings/<int:pk>/", views.ListingView.as_view(), name="listing"),
    path("workspace/listings/<int:pk>/check/", views.CheckView.as_view(), name="check"),
    path("workspace/listings/<int:pk>/preview/", views.PreviewView.as_view(), name="preview"),
    path("workspace/listings/<int:pk>/edit/files/", views.FilesView.as_view(), name="files"),
    path("workspace/listings/<int:pk>/edit/<slug:step>/", views.StepView.as_view(), name="edit"),
    path("workspace/listings/<int:pk>/versions/", views.VersionsView.as_view(), name="versions"),
    path(
        "workspace/listings/<int:pk>/versions/<int:revision>/",
        views.VersionView.as_view(),
        name="version",
    ),
    path("workspace/listings/<int:pk>/delete/", views.DeleteDraftView.as_view(), name="delete"),
    path(
        "workspace/listings/<int:pk>/do/<slug:action>/",
        views.ListingActionView.as_view(),
        name="action",
    ),
    path("workspace/import/", imports.upload, name="import-upload"),
    path("workspace/import/<int:pk>/", imports.report, name="import"),
    path("workspace/import/<int:pk>/submit/", imports.submit, name="import-submit"),
    path("workspace/import/<int:pk>/wrong/", imports.wrong, name="import-wrong"),
    path("workspace/import/<int:pk>/write/", imports.write, name="import-write"),
    path(
        "workspace/import/template/<slug:kind>.<slug:suffix>",
        imports.template,
        name="import-template",
    ),
    path("workspace/reviews/", views.ReviewListView.as_view(), name="reviews"),
    path("workspace/reviews/<int:pk>/", views.ReviewView.as_view(), name="review"),
    path(
        "workspace/reviews/<int:pk>/preview/",
        views.ReviewPreviewView.as_view(),
        name="review-preview",
    ),
]
