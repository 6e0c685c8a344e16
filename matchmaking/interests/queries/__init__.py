from .advice import noes_of, reasons_by_industry, reasons_overall
from .disclosure import disclosure_of
from .figures import counted_interests, organizations_in_arrears, overall_figures, response_figures
from .lists import (
    accepted_interests,
    broker_loads,
    contacts_of,
    overdue_of,
    shelves_of,
    thread_of,
    timeline_of,
    to_answer,
)

__all__ = [
    "accepted_interests",
    "broker_loads",
    "contacts_of",
    "counted_interests",
    "disclosure_of",
    "noes_of",
    "organizations_in_arrears",
    "overall_figures",
    "overdue_of",
    "reasons_by_industry",
    "reasons_overall",
    "response_figures",
    "shelves_of",
    "thread_of",
    "timeline_of",
    "to_answer",
]
