from django.urls import path

from . import views

app_name = "disclosure"
urlpatterns = [
    path("workspace/disclosure/levels/<str:code>/", views.levels, name="levels"),
    path("workspace/disclosure/readings/", views.readings, name="readings"),
    path("workspace/disclosure/consents/", views.consents, name="consents"),
    path("workspace/disclosure/consents/<int:pk>/", views.consent, name="consent"),
    path("workspace/disclosure/agreements/", views.agreements, name="agreements"),
    path("workspace/disclosure/agreements/<str:code>/", views.agreement, name="agreement"),
    path(
        "workspace/disclosure/agreements/<str:code>/agreement.pdf",
        views.agreement_file,
        name="agreement-pdf",
    ),
    path(
        "workspace/disclosure/agreements/<str:code>/signed/",
        views.signed_copy,
        name="agreement-copy",
    ),
    path("workspace/disclosure/requests/", views.requests, name="requests"),
    path("workspace/disclosure/requests/new/", views.new_request, name="new-request"),
    path("workspace/disclosure/requests/<str:code>/", views.request_page, name="request"),
]
