from .access import answer_request, request_access
from .agreements import (
    accept_copy,
    confirm_agreement,
    decline_agreement,
    end_agreement,
    propose_agreement,
    upload_copy,
)
from .changes import UnableToDisclose
from .consents import ask_consent, end_consent, grant_consent, refuse_consent
from .levels import set_levels
from .readings import read_listing, read_whole, record_reading

__all__ = [
    "UnableToDisclose",
    "accept_copy",
    "answer_request",
    "ask_consent",
    "confirm_agreement",
    "decline_agreement",
    "end_agreement",
    "end_consent",
    "grant_consent",
    "propose_agreement",
    "read_listing",
    "read_whole",
    "record_reading",
    "refuse_consent",
    "request_access",
    "set_levels",
    "upload_copy",
]
