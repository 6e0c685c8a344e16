import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.limits import limited
from portal.jobs.models import Job

from .forms import UploadForm
from .importers import UnableToImport, find_importer, importer_choices
from .services import (
    CHECK,
    SUBMIT,
    WRITE,
    submit_imported,
    upload_table,
    write_table,
    wrong_rows,
)
from .tables import UnableToRead
from .templates import csv_template, xlsx_template

LINES_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES = {"csv": (csv_template, "text/csv; charset=utf-8"), "xlsx": (xlsx_template, XLSX)}


@login_required
@limited("import")
def upload(request):
    """Choose a table; its dry run starts at once (批量导入)."""
    if not request.user.office_organization_ids:
        raise PermissionDenied(_("Only the office of an organization imports for it."))
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        job = upload_table(actor=request.user, **form.cleaned_data)
        return redirect("achievements:import", job.pk)
    context = {"form": form, "kinds": importer_choices()}
    return render(request, "achievements/import_upload.html", context)


@login_required
def report(request, pk):
    """The progress of a dry run or of the writing, and then what it found."""
    jobs = Job.objects.for_user(request.user).filter(kind__in=[CHECK, WRITE, SUBMIT])
    job = get_object_or_404(jobs, pk=pk)
    if request.htmx and not job.is_finished:
        return render(request, "components/job.html", {"job": job, "url": request.path})
    lines = Paginator(job.result.get("errors", []), LINES_A_PAGE)
    context = {
        "job": job,
        "is_check": job.kind == CHECK,
        "is_submission": job.kind == SUBMIT,
        "page_obj": lines.get_page(request.GET.get("page")),
    }
    response = render(request, "achievements/import_report.html", context)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def write(request, pk):
    checked = get_object_or_404(Job.objects.for_user(request.user), pk=pk, kind=CHECK)
    try:
        job = write_table(actor=request.user, checked=checked)
    except UnableToImport as error:
        messages.error(request, str(error))
        return redirect("achievements:import", pk)
    return redirect("achievements:import", job.pk)


@login_required
@require_POST
def submit(request, pk):
    """Send to review what an import wrote."""
    written = get_object_or_404(Job.objects.for_user(request.user), pk=pk, kind=WRITE)
    try:
        job = submit_imported(actor=request.user, written=written)
    except UnableToImport as error:
        messages.error(request, str(error))
        return redirect("achievements:import", pk)
    return redirect("achievements:import", job.pk)


@login_required
def wrong(request, pk):
    """The wrong rows as a table to correct and to send again."""
    checked = get_object_or_404(Job.objects.for_user(request.user), pk=pk, kind=CHECK)
    if not checked.result.get("errors"):
        raise Http404
    text = io.StringIO()
    try:
        csv.writer(text).writerows(wrong_rows(checked))
    except UnableToRead as error:
        messages.error(request, str(error))
        return redirect("achievements:import", pk)
    content = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="wrong-rows-{pk}.csv"'
    return response


@login_required
def template(request, kind, suffix):
    """An empty table with the headings of one kind."""
    try:
        importer, (make, content_type) = find_importer(kind), TEMPLATES[suffix]
    except KeyError:
        raise Http404 from None
    response = HttpResponse(make(importer), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind}.{suffix}"'
    return response
