"""The guest list: upload, dry run, writing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from events.fairs.views.reading import get_fair
from portal.accounts.limits import limited
from portal.jobs.models import Job

from .. import services
from ..forms import GuestsForm
from ..guests import GuestImporter
from ..rules import can_decide
from ..services.guests import CHECK, WRITE

SHOWN = 200


def _jobs(request, fair):
    kinds = {"kind__in": [CHECK, WRITE], "parameters__fair": fair.pk}
    return Job.objects.for_user(request.user).filter(**kinds)


@login_required
@limited("import")
def guests(request, code):
    """Choose a list; its dry run starts at once."""
    fair = get_fair(request.user, code, can_decide)
    form = GuestsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = services.upload_guests(actor=request.user, fair=fair, file=form.cleaned_data["file"])
        return redirect("registration:guest-report", fair.code, job.pk)
    context = {
        "fair": fair,
        "form": form,
        "columns": GuestImporter.columns,
        "jobs": _jobs(request, fair).order_by("-pk")[:10],
    }
    return render(request, "registration/guests.html", context, status=422 if form.errors else 200)


@login_required
def guest_report(request, code, pk):
    """The progress of a dry run or of the writing, and then what it found."""
    fair = get_fair(request.user, code, can_decide)
    job = get_object_or_404(_jobs(request, fair), pk=pk)
    if request.htmx and not job.is_finished:
        return render(request, "components/job.html", {"job": job, "url": request.path})
    context = {
        "fair": fair,
        "job": job,
        "is_check": job.kind == CHECK,
        "lines": job.result.get("errors", [])[:SHOWN],
    }
    response = render(request, "registration/guest_report.html", context)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def write(request, code, pk):
    fair = get_fair(request.user, code, can_decide)
    checked = get_object_or_404(_jobs(request, fair), pk=pk, kind=CHECK)
    try:
        job = services.import_guests(actor=request.user, fair=fair, checked=checked)
    except services.UnableToRegister as error:
        messages.error(request, str(error))
        return redirect("registration:guest-report", fair.code, pk)
    return redirect("registration:guest-report", fair.code, job.pk)
