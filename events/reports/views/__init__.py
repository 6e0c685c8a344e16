from .costs import costs
from .public import public
from .reading import export, records, report
from .series import edit_series, new_series, series, series_list

__all__ = [
    "costs",
    "edit_series",
    "export",
    "new_series",
    "public",
    "records",
    "report",
    "series",
    "series_list",
]
