from .access import new_request, request_page, requests
from .agreements import agreement, agreement_file, agreements, signed_copy
from .consents import consent, consents
from .levels import levels, readings

__all__ = [
    "agreement",
    "agreement_file",
    "agreements",
    "consent",
    "consents",
    "levels",
    "new_request",
    "readings",
    "request_page",
    "requests",
    "signed_copy",
]
