from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View

from achievements.queries import institutes_of
from achievements.services import create_listing
from achievements.steps import steps_of
from search.views import SearchListView

from . import services
from .documents import PatentSearch
from .enums import HolderRole
from .forms import PatentStartForm, StatusForm
from .models import Patent, PatentPage
from .rules import can_edit_patent


class PatentListView(SearchListView):
    search_class = PatentSearch
    title = gettext_lazy("Patents")


class PatentStartView(LoginRequiredMixin, View):
    """Record a patent, or find it, and open the draft of its page."""

    def get(self, request):
        return self._render(PatentStartForm(institutes=institutes_of(request.user)))

    def post(self, request):
        form = PatentStartForm(request.POST, institutes=institutes_of(request.user))
        if not form.is_valid():
            return self._render(form, status=422)
        data = form.cleaned_data
        patent = Patent.objects.filter(application_number=data["number"]).first()
        if patent is None:
            patent = services.record_patent(
                actor=request.user,
                number=data["number"],
                kind=data["kind"],
                title=data["patent_title"],
                filed_on=data["filed_on"],
                status=data["status"],
                status_on=data["status_on"],
                holders=[
                    {
                        "organization": data["institute"].organization,
                        "role": HolderRole.HOLDER,
                    }
                ],
            )
        page = create_listing(
            page=PatentPage(title=data["title"], patent=patent),
            institute=data["institute"],
            actor=request.user,
        )
        return redirect("achievements:edit", page.pk, steps_of(PatentPage)[0].slug)

    def _render(self, form, status=200):
        if not form.fields["institute"].queryset:
            raise PermissionDenied(_("Join an institute first: only its members publish for it."))
        return render(self.request, "ip/start.html", {"form": form}, status=status)


class PatentRecordView(LoginRequiredMixin, View):
    """The record of one patent with its legal history, and the next step of it."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.patent = get_object_or_404(Patent, application_number=kwargs["number"])
        if not can_edit_patent(request.user, self.patent):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, number):
        return self._render(StatusForm(patent=self.patent))

    def post(self, request, number):
        form = StatusForm(request.POST, patent=self.patent)
        if not form.is_valid():
            return self._render(form, status=422)
        try:
            services.change_patent_status(
                patent=self.patent, actor=request.user, **form.cleaned_data
            )
        except services.UnableToRecordPatent as error:
            form.add_error(None, str(error))
            return self._render(form, status=422)
        messages.success(request, _("Recorded; pages and lists follow."))
        return redirect("ip:record", self.patent.application_number)

    def _render(self, form, status=200):
        context = {
            "patent": self.patent,
            "form": form,
            "events": self.patent.status_events.order_by("-occurred_on", "-pk"),
            "holders": self.patent.holders.select_related("organization"),
            "pages": self.patent.pages.select_related("institute__organization"),
        }
        return render(self.request, "ip/record.html", context, status=status)
