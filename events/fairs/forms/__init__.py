from .acting import CancelFairForm, ConfirmForm, CopyForm, MoveForm, ReturnForm
from .grid import SessionForm, SlotsForm, TableForm, TablesForm
from .planning import BasicsForm, DatesForm, PeopleForm, PlaceForm, PlanForm, PrivacyForm

__all__ = [
    "BasicsForm",
    "CancelFairForm",
    "ConfirmForm",
    "CopyForm",
    "DatesForm",
    "MoveForm",
    "PeopleForm",
    "PlaceForm",
    "PlanForm",
    "PrivacyForm",
    "ReturnForm",
    "SessionForm",
    "SlotsForm",
    "TableForm",
    "TablesForm",
]
