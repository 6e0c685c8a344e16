from .duties import change_feed, duties, feed
from .figures import export, kpi_detail, kpi_list, overview, records
from .public import public_figures
from .reports import (
    figure,
    prepare_annual,
    report,
    report_action,
    report_file,
    reports,
    totals_file,
)
from .supervision import monday, supervision, supervision_rule

__all__ = [
    "change_feed",
    "duties",
    "export",
    "feed",
    "figure",
    "kpi_detail",
    "kpi_list",
    "monday",
    "overview",
    "prepare_annual",
    "public_figures",
    "records",
    "report",
    "report_action",
    "report_file",
    "reports",
    "supervision",
    "supervision_rule",
    "totals_file",
]
