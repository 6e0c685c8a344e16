"""Which facts of a patent contradict one another: one check for form, import and service."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .enums import (
    INVENTION_STATUSES,
    NEVER_GRANTED_STATUSES,
    ONCE_GRANTED_STATUSES,
    PatentKind,
    PatentStatus,
)
from .identifiers import (
    announces_grant,
    classes_fit,
    entered_by_pct,
    kind_of_number,
    publication_fits,
    validate_application_number,
    year_of_number,
)

PCT_ENTRY_YEARS = 3  # 32 months after priority, so at most three turns of the year after filing
DATES = ("filed_on", "published_on", "granted_on", "status_on")


def find_contradictions(patent, *, today: date) -> dict[str, str]:
    """Return ``{field name: what is wrong}``; what is not filled in is not judged.

    ``patent`` is a ``Patent``, stored or not.
    """
    return {
        **_number_against_the_rest(patent, today),
        **_status_against_the_rest(patent),
        **_dates(patent, today),
    }


def _number_against_the_rest(patent, today: date) -> dict[str, str]:
    number = patent.application_number or ""
    try:
        validate_application_number(number)
    except ValidationError:
        return {}  # the field says so by itself
    errors: dict[str, str] = {}
    kind, year = kind_of_number(number), year_of_number(number)
    if patent.kind and patent.kind != kind:
        errors["kind"] = _("By its number this is: %(kind)s.") % {"kind": kind.label}
    if year > today.year:
        errors["application_number"] = _("The year %(year)d of the number has not come yet.") % {
            "year": year
        }
    if patent.filed_on and not _year_fits(patent, year):
        errors["filed_on"] = _(
            "The number was given in %(year)d, so the filing date cannot be %(date)s. "
            "Only a divisional or an international application keeps an earlier one."
        ) % {"year": year, "date": patent.filed_on}
    if patent.publication_number and not publication_fits(patent.publication_number, kind):
        errors["publication_number"] = _("This letter belongs to another kind of right.")
    if patent.ipc and not classes_fit(patent.ipc, kind):
        errors["ipc"] = _("Designs are sorted by Locarno classes (14-03), other rights by IPC.")
    return errors


def _year_fits(patent, year: int) -> bool:
    earlier = year - patent.filed_on.year
    if patent.is_divisional:
        return earlier >= 0
    if entered_by_pct(patent.application_number):
        return 0 <= earlier <= PCT_ENTRY_YEARS
    return earlier == 0


def _status_against_the_rest(patent) -> dict[str, str]:
    errors: dict[str, str] = {}
    status = patent.status
    if status in INVENTION_STATUSES and patent.kind and patent.kind != PatentKind.INVENTION:
        errors["status"] = _("Only inventions are published and examined before the grant.")
    if status in ONCE_GRANTED_STATUSES and not patent.granted_on:
        errors["granted_on"] = _("With this legal status there is a day of grant.")
    if status in NEVER_GRANTED_STATUSES:
        if patent.granted_on:
            errors["granted_on"] = _("With this legal status there is no day of grant.")
        if patent.publication_number and announces_grant(patent.publication_number):
            errors["publication_number"] = _("This is the number of a granted right.")
        if patent.fee_paid_until:
            errors["fee_paid_until"] = _("Annual fees are due from the grant on.")
    ends, ended = patent.expires_on, patent.status_on
    if status == PatentStatus.EXPIRED and ends and ended and ended < ends:
        errors["status_on"] = _("The term ends on %(date)s only.") % {"date": ends}
    return errors


def _dates(patent, today: date) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in DATES:
        day = getattr(patent, name)
        if day and day > today:
            errors[name] = _("This day has not come yet.")
        elif day and patent.filed_on and day < patent.filed_on:
            errors[name] = _("This day lies before the filing date.")
    granted, status_on = patent.granted_on, patent.status_on
    if granted and status_on and status_on < granted and "status_on" not in errors:
        errors["status_on"] = _("The legal status cannot be older than the grant.")
    return errors
