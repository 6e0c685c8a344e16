from django.urls import path

from . import views

app_name = "evaluation"
urlpatterns = [
    path("evaluation/", views.published, name="published"),
    path("evaluation/rounds/<int:pk>/", views.public_round, name="public-round"),
    path("evaluation/schemes/", views.schemes, name="schemes"),
    path("evaluation/schemes/<int:pk>/", views.scheme_detail, name="scheme"),
    path("workspace/evaluation/schemes/new/", views.begin_scheme, name="begin-scheme"),
    path("workspace/evaluation/schemes/<int:pk>/edit/", views.edit_scheme, name="edit-scheme"),
    path("workspace/evaluation/schemes/<int:pk>/compare/", views.compare, name="compare"),
    path(
        "workspace/evaluation/schemes/<int:pk>/indicator/",
        views.add_indicator,
        name="add-indicator",
    ),
    path(
        "workspace/evaluation/schemes/<int:pk>/do/<slug:action>/",
        views.scheme_action,
        name="scheme-action",
    ),
    path("workspace/evaluation/", views.rounds, name="rounds"),
    path("workspace/evaluation/new/", views.open_round, name="open-round"),
    path("workspace/evaluation/rounds/<int:pk>/", views.round_detail, name="round"),
    path("workspace/evaluation/rounds/<int:pk>/enter/", views.enter, name="enter"),
    path("workspace/evaluation/rounds/<int:pk>/experts/", views.panel, name="panel"),
    path("workspace/evaluation/rounds/<int:pk>/moderation/", views.moderate, name="moderate"),
    path("workspace/evaluation/rounds/<int:pk>/results/", views.results, name="results"),
    path("workspace/evaluation/rounds/<int:pk>/archive/", views.archive_file, name="archive-file"),
    path(
        "workspace/evaluation/rounds/<int:pk>/do/<slug:action>/",
        views.round_action,
        name="round-action",
    ),
    path("workspace/evaluation/own/", views.own, name="own"),
    path("workspace/evaluation/own/<int:pk>/", views.subject_detail, name="subject"),
    path("workspace/evaluation/own/<int:pk>/report/", views.report, name="report"),
    path(
        "workspace/evaluation/own/<int:pk>/do/<slug:action>/",
        views.subject_action,
        name="subject-action",
    ),
    path("workspace/evaluation/evidence/<int:pk>/", views.evidence_file, name="evidence"),
    path("workspace/evaluation/tasks/", views.tasks, name="tasks"),
    path("workspace/evaluation/tasks/<int:pk>/", views.score, name="score"),
    path("workspace/evaluation/pool/<int:pk>/", views.interests, name="interests"),
]
