from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View

from achievements.rules import can_edit_listing
from achievements.steps import steps_of
from achievements.views import PublisherMixin
from portal.accounts.requests import SignedInRequest
from search.views import SearchListView

from . import services
from .documents import PatentSearch
from .forms import (
    FactsForm,
    InventorFormSet,
    NewPatentForm,
    OwnerFormSet,
    PatentSearchForm,
    PatentStartForm,
    StatusForm,
    rows_of,
    show_errors,
)
from .identifiers import format_application_number, kind_of_number
from .models import Patent, PatentPage
from .queries import linked_achievements, owners_by_role
from .rules import can_edit_patent, can_write_about, is_patent_side


class PatentListView(SearchListView):
    search_class = PatentSearch
    title = gettext_lazy("Patents")


class PatentStartView(PublisherMixin):
    """Ask for the number, show the record where there is one, and open the draft of its page."""

    def get(self, request):
        if "number" not in request.GET:
            return self._ask_number(PatentSearchForm(institutes=self.institutes))
        asked = PatentSearchForm(request.GET, institutes=self.institutes)
        if not asked.is_valid():
            return self._ask_number(asked, status=422)
        patent, form_class = self._find(asked.cleaned_data["number"])
        form = form_class(initial=asked.cleaned_data, institutes=self.institutes)
        return self._render(form, patent, asked.cleaned_data)

    def post(self, request):
        asked = PatentSearchForm(request.POST, institutes=self.institutes)
        if not asked.is_valid():
            return self._ask_number(asked, status=422)
        patent, form_class = self._find(asked.cleaned_data["number"])
        form = form_class(request.POST, institutes=self.institutes)
        page = form.is_valid() and self._begin(form, patent)
        if not page:
            return self._render(form, patent, asked.cleaned_data, status=422)
        return redirect("achievements:edit", page.pk, steps_of(PatentPage)[0].slug)

    def _begin(self, form, patent) -> PatentPage | None:
        data = form.cleaned_data
        try:
            return services.begin_page(
                actor=self.request.user,
                institute=data["institute"],
                title=data["title"],
                patent=patent,
                number=data["number"],
                facts={} if patent else form.facts(),
            )
        except services.UnableToRecordPatent as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            show_errors(form, error, NewPatentForm.PLACES)
        return None

    def _find(self, number):
        patent = Patent.objects.filter(application_number=number).first()
        return patent, PatentStartForm if patent else NewPatentForm

    def _own_pages(self, patent):
        pages = patent.pages.select_related("institute")
        return [page for page in pages if can_edit_listing(self.request.user, page)]

    def _ask_number(self, form, status=200):
        return render(self.request, "ip/start.html", {"form": form}, status=status)

    def _render(self, form, patent, asked, status=200):
        context = {
            "form": form,
            "patent": patent,
            "is_open": patent is None or can_write_about(self.request.user, patent),
            "number": format_application_number(asked["number"]),
            "kind": kind_of_number(asked["number"]).label,
            "institute": asked["institute"],
            "own_pages": self._own_pages(patent) if patent else (),
            "holders": patent.holders.select_related("organization") if patent else (),
        }
        return render(self.request, "ip/begin.html", context, status=status)


class RecordView(LoginRequiredMixin, View):
    """A page of the workspace about one patent's record."""

    request: SignedInRequest
    may_open = staticmethod(is_patent_side)

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.patent = get_object_or_404(Patent, application_number=kwargs["number"])
        if not self.may_open(request.user, self.patent):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PatentRecordView(RecordView):
    """The record of one patent with its legal history; its editors take the next step here."""

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
            "can_edit": can_edit_patent(self.request.user, self.patent),
            "events": self.patent.status_events.order_by("-occurred_on", "-pk"),
            "owners": owners_by_role(self.patent),
            "inventors": self.patent.inventors.order_by("sort_order", "pk"),
            "pages": self.patent.pages.select_related("institute__organization"),
            "achievements": linked_achievements(self.patent, self.request.user),
        }
        return render(self.request, "ip/record.html", context, status=status)


class PatentFactsView(RecordView):
    """Enter and correct the facts of a record."""

    may_open = staticmethod(can_edit_patent)

    def get(self, request, number):
        owners = [
            {"owner": row.organization.name if row.organization else row.name, "role": row.role}
            for _label, rows in owners_by_role(self.patent)
            for row in rows
        ]
        inventors = self.patent.inventors.order_by("sort_order", "pk")
        people = list(inventors.values("name", "consent_confirmed"))
        return self._render(
            FactsForm(instance=self.patent),
            OwnerFormSet(initial=owners, prefix="owners"),
            InventorFormSet(initial=people, prefix="inventors"),
        )

    def post(self, request, number):
        form = FactsForm(request.POST, instance=self.patent)
        owners = OwnerFormSet(request.POST, prefix="owners")
        inventors = InventorFormSet(request.POST, prefix="inventors")
        if not all([form.is_valid(), owners.is_valid(), inventors.is_valid()]):
            return self._render(form, owners, inventors, status=422)
        try:
            services.correct_patent(
                patent=self.patent,
                actor=request.user,
                version=form.cleaned_data["version"],
                facts=form.facts(),
                holders=rows_of(owners, patent=self.patent, user=request.user),
                inventors=rows_of(inventors, patent=self.patent, user=request.user),
                compared=form.cleaned_data["compared"],
            )
        except services.UnableToRecordPatent as error:
            form = form.renewed(self.patent)
            form.add_error(None, str(error))
            return self._render(form, owners, inventors, status=422)
        except ValidationError as error:
            show_errors(form, error)
            return self._render(form, owners, inventors, status=422)
        messages.success(request, _("Recorded; pages and lists follow."))
        return redirect("ip:record", self.patent.application_number)

    def _render(self, form, owners, inventors, status=200):
        context = {
            "patent": self.patent,
            "form": form,
            "owners": owners,
            "inventors": inventors,
        }
        return render(self.request, "ip/facts.html", context, status=status)
