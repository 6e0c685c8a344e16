"""Reading a case's papers and figures, put on record."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.models import User
from portal.audit.services import record

from ..models import CaseFile, ConversionCase
from ..rules import can_read_case, can_read_file


@transaction.atomic
def read_file(*, actor: User, file: CaseFile) -> CaseFile:
    """Give a paper to a reader who may have it. Raises ``PermissionDenied``."""
    if not can_read_file(actor, file):
        raise PermissionDenied
    record(actor=actor, action="cases.read_file", target=file, code=file.case.code)
    return file


@transaction.atomic
def record_export(*, actor: User, case: ConversionCase) -> None:
    """Note that a case's contracts were taken out as a table. Raises ``PermissionDenied``."""
    if not can_read_case(actor, case):
        raise PermissionDenied
    record(actor=actor, action="cases.export_contracts", target=case)
