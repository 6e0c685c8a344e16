from django.urls import path

from . import views

app_name = "operations"
urlpatterns = [
    path("workspace/outbox/", views.OutboxView.as_view(), name="outbox"),
    path("workspace/outbox/<int:pk>/", views.MailView.as_view(), name="mail"),
    path("workspace/audit/", views.AuditView.as_view(), name="audit"),
    path("workspace/audit/export/", views.AuditExportView.as_view(), name="audit-export"),
]
