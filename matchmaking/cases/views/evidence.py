"""What proves a case's contract on one sheet, and its row for the official register."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from .. import register, services
from ..evidence import evidence_of
from ..rules import takes_part
from .cases import get_case

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def evidence(request, code):
    """Contract, invoice, receipt, delivery, acceptance and relation, with what is missing."""
    case = get_case(request.user, code)
    proofs = evidence_of(case)
    context = {
        "case": case,
        "proofs": proofs,
        "missing": sum(len(proof.missing) for proof in proofs),
        "today": timezone.localdate(),
        "inside": takes_part(request.user, case),
        "contracts": case.contracts.exists(),
    }
    return render(request, "cases/evidence.html", context)


@login_required
def contract_table(request, code):
    """The contracts of a case as rows of the official form, always in Chinese."""
    case = get_case(request.user, code)
    if not case.contracts.exists():
        raise Http404
    with translation.override("zh-hans"):
        content = register.contract_table(case)
    services.record_export(actor=request.user, case=case)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{case.code}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
