from django.urls import path

from . import views

app_name = "cases"
urlpatterns = [
    path("workspace/cases/", views.case_list, name="list"),
    path("cases/follow-up/<str:token>/", views.follow_up, name="follow-up"),
    path("workspace/cases/new/", views.open_case, name="new"),
    path("cases/<str:code>/", views.case_detail, name="case"),
    path("cases/<str:code>/do/<slug:move>/", views.move, name="move"),
    path("cases/<str:code>/correct/<int:sequence>/", views.correct, name="correct"),
    path("cases/<str:code>/parties/", views.parties, name="parties"),
    path("cases/<str:code>/files/<int:pk>/", views.case_file, name="file"),
    path("cases/<str:code>/evidence/", views.evidence, name="evidence"),
    path("cases/<str:code>/contract.xlsx", views.contract_table, name="contract"),
    path("publicity/", views.publicity_list, name="publicities"),
    path("publicity/<int:pk>/", views.publicity_detail, name="publicity"),
    path("law/", views.rule_list, name="law"),
    path("law/<int:pk>/", views.edit_rule, name="edit-rule"),
    path("law/<int:pk>/next/", views.succeed_rule, name="succeed-rule"),
]
