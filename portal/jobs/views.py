from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .models import Job
from .services import UnableToMoveJob, cancel_job


@login_required
def job(request, pk):
    """The progress of one's own job; htmx asks for the bar alone (任务进度)."""
    found = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    template = "components/job.html" if request.htmx else "jobs/job.html"
    return render(request, template, {"job": found, "url": request.path})


@login_required
@require_POST
def cancel(request, pk):
    found = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    try:
        cancel_job(job=found)
    except UnableToMoveJob:
        messages.error(request, _("This job has finished already."))
    return redirect("jobs:job", pk)
