import csv
import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from portal.audit.queries import find_first_break
from portal.audit.services import record
from portal.notifications.enums import MailState
from portal.notifications.models import OutgoingMail

from .forms import AuditFilterForm
from .labels import action_label, details_of
from .queries import audit_events, outgoing_mails, recorded_actions
from .rules import can_read_audit, can_read_outbox, can_send_again
from .services import send_again

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class StaffMixin(LoginRequiredMixin):
    """A page for the people of one rule; everybody else is told so."""

    rule: Any = None  # a function of rules.py

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not type(self).rule(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OutboxView(StaffMixin, ListView):
    """What the portal mailed (发件箱)."""

    rule = can_read_outbox
    template_name = "operations/outbox.html"
    context_object_name = "mails"
    paginate_by = 30
    extra_context = {"states": MailState}

    def get_queryset(self):
        asked = self.request.GET
        return outgoing_mails(query=asked.get("q", "")[:100], state=asked.get("state", ""))


class MailView(StaffMixin, DetailView):
    """One mail; its text, which may hold a sign-in link, is shown in the demo only."""

    rule = can_read_outbox
    model = OutgoingMail
    template_name = "operations/mail.html"
    context_object_name = "mail"
    extra_context = {"shows_body": settings.DEMO}

    def get_context_data(self, **kwargs):
        may_send = can_send_again(self.request.user, self.object)
        return super().get_context_data(may_send=may_send, **kwargs)

    def post(self, request, pk):
        """Send a mail again that was given up."""
        send_again(actor=request.user, mail=self.get_object())
        messages.success(request, _("The mail is tried again."))
        return redirect("operations:mail", pk)


class AuditView(StaffMixin, ListView):
    """The audit log, filtered and paged (审计日志)."""

    rule = can_read_audit
    template_name = "operations/audit.html"
    context_object_name = "events"
    paginate_by = 50

    def get_queryset(self):
        self.form = AuditFilterForm(self.request.GET or None, actions=recorded_actions())
        answers = self.form.cleaned_data if self.form.is_valid() else {}
        return audit_events(**answers)

    def get_context_data(self, **kwargs):
        broken = find_first_break() if "verify" in self.request.GET else None
        context = super().get_context_data(
            form=self.form,
            broken=broken,
            verified="verify" in self.request.GET,
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )
        context["rows"] = [
            {
                "event": event,
                "action": action_label(event.action),
                "details": details_of(event.payload),
            }
            for event in context["events"]
        ]
        return context


class AuditExportView(AuditView):
    """The same lines as CSV; the export is recorded itself."""

    def get(self, request):
        events = self.get_queryset()
        record(actor=request.user, action="operations.export_audit", lines=events.count())
        response = StreamingHttpResponse(_csv_lines(events), content_type="text/csv; charset=utf-8")
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="audit-{day}.csv"'
        return response


class Echo:
    """A file that hands every line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(events):
    writer = csv.writer(Echo())
    head = [
        _("Serial number"),
        _("When"),
        _("Who"),
        _("Action"),
        _("Object"),
        _("Details"),
        _("Digest"),
        _("Action in words"),
    ]
    yield "\ufeff" + writer.writerow(head)
    for event in events.iterator(chunk_size=500):
        row = [
            event.pk,
            timezone.localtime(event.recorded_at).isoformat(timespec="seconds"),
            event.actor.email if event.actor else _("the portal"),
            event.action,
            event.target_label,
            json.dumps(event.payload, ensure_ascii=False, sort_keys=True),
            event.digest,
            action_label(event.action),
        ]
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell):
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
