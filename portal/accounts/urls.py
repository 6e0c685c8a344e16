from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/new/", views.create_organization, name="create-organization"),
    path("organizations/<int:pk>/", views.organization, name="organization"),
    path("organizations/<int:pk>/edit/", views.edit_organization, name="edit-organization"),
    path("organizations/<int:pk>/join/", views.join, name="join"),
    path("organizations/<int:pk>/members/", views.members, name="members"),
    path("organizations/<int:pk>/papers/", views.papers, name="papers"),
    path("papers/", views.paper_queue, name="paper-queue"),
    path("papers/<int:pk>/file/", views.paper_file, name="paper-file"),
    path("papers/<int:pk>/check/", views.check_paper, name="check-paper"),
    path("invitations/<int:pk>/revoke/", views.revoke_invitation, name="revoke-invitation"),
    path("invitations/<int:pk>/", views.own_invitation, name="own-invitation"),
    path("members/<int:pk>/<slug:action>/", views.member_action, name="member-action"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("me/", views.profile, name="profile"),
    path("me/consents/", views.consents, name="consents"),
    path("me/export/", views.export, name="export"),
]
