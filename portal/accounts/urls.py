from django.urls import path

from .views import members, organizations, people, verification

app_name = "accounts"
urlpatterns = [
    path("organizations/", organizations.organizations, name="organizations"),
    path("organizations/new/", organizations.create_organization, name="create-organization"),
    path("organizations/<int:pk>/", organizations.organization, name="organization"),
    path("organizations/<int:pk>/edit/", organizations.edit_organization, name="edit-organization"),
    path("organizations/<int:pk>/join/", members.join, name="join"),
    path("organizations/<int:pk>/take-back/", members.take_back, name="take-back"),
    path("organizations/<int:pk>/members/", members.members, name="members"),
    path("organizations/<int:pk>/papers/", verification.papers, name="papers"),
    path("organizations/<int:pk>/contact/", verification.affirm_contact, name="affirm-contact"),
    path("contacts/<int:pk>/confirm/", verification.confirm_contact, name="confirm-contact"),
    path("papers/", verification.paper_queue, name="paper-queue"),
    path("papers/<int:pk>/file/", verification.paper_file, name="paper-file"),
    path("papers/<int:pk>/check/", verification.check_paper, name="check-paper"),
    path("invitations/<int:pk>/revoke/", members.revoke_invitation, name="revoke-invitation"),
    path("invitations/<int:pk>/", members.own_invitation, name="own-invitation"),
    path("members/<int:pk>/leave/", members.leave, name="leave"),
    path("members/<int:pk>/<slug:action>/", members.member_action, name="member-action"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("me/", people.profile, name="profile"),
    path("me/consents/", people.consents, name="consents"),
    path("me/export/", people.export, name="export"),
]
