from collections.abc import Iterable
from copy import copy
from datetime import MAXYEAR, date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from achievements.models import AchievementPage, InstitutePage
from achievements.services import create_listing
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify
from search.services import schedule_sync_many

from .consistency import find_contradictions
from .enums import (
    DEAD_STATUSES,
    DESIGN_TERM_CHANGED_ON,
    FORMER_DESIGN_TERM_YEARS,
    LIVING_STATUSES,
    ONCE_GRANTED_STATUSES,
    TERM_YEARS,
    HolderRole,
    PatentKind,
    PatentSource,
    PatentStatus,
    next_statuses,
)
from .identifiers import normalize_application_number, validate_application_number
from .models import Patent, PatentHolder, PatentInventor, PatentPage, PatentStatusEvent
from .rules import can_edit_patent, can_write_about


class UnableToRecordPatent(Exception):
    """The patent's facts cannot be recorded as given; the message says why."""


def compute_term_end(kind: str, filed_on: date) -> date:
    """Return the last day of the term counted from filing (Patent Law art. 42)."""
    years = TERM_YEARS[kind]
    if kind == PatentKind.DESIGN and filed_on < DESIGN_TERM_CHANGED_ON:
        years = FORMER_DESIGN_TERM_YEARS
    year = min(filed_on.year + years, MAXYEAR)
    try:
        return filed_on.replace(year=year)
    except ValueError:  # 29 February
        return filed_on.replace(year=year, day=28)


@transaction.atomic
def record_patent(
    *,
    actor: User,
    number: str,
    holders: Iterable[dict] = (),
    inventors: Iterable[dict] = (),
    **facts: Any,
) -> Patent:
    """Record one application once; ``holders`` and ``inventors`` are lists of row dictionaries.

    Raises ``ValidationError`` for a wrong number or facts that contradict one another, and
    ``UnableToRecordPatent`` when the number is recorded already.
    """
    number = normalize_application_number(number)
    validate_application_number(number)
    existing = Patent.objects.filter(application_number=number).first()
    if existing:
        raise UnableToRecordPatent(
            _("%(number)s is recorded already. Enter the number again to see its record.")
            % {"number": existing.formatted_number}
        )
    facts.setdefault("status", PatentStatus.ACCEPTED)
    facts.setdefault("status_on", facts.get("granted_on") or facts["filed_on"])
    if facts["status"] == PatentStatus.GRANTED and not facts.get("granted_on"):
        facts["granted_on"] = facts["status_on"]
    patent = Patent(
        application_number=number,
        recorded_by=actor,
        expires_on=compute_term_end(facts["kind"], facts["filed_on"]),
        **facts,
    )
    patent.full_clean(exclude=["expires_on"])
    patent.save()
    PatentHolder.objects.bulk_create(
        PatentHolder(patent=patent, sort_order=order, **row) for order, row in enumerate(holders)
    )
    PatentInventor.objects.bulk_create(
        PatentInventor(patent=patent, sort_order=order, **row)
        for order, row in enumerate(inventors)
    )
    PatentStatusEvent.objects.create(
        patent=patent, status=patent.status, occurred_on=patent.status_on, recorded_by=actor
    )
    record(actor=actor, action="ip.record_patent", target=patent)
    return patent


def holder_role(status: str) -> HolderRole:
    """Say what an owner is called: a holder once the right was granted, before it an applicant."""
    return HolderRole.HOLDER if status in ONCE_GRANTED_STATUSES else HolderRole.APPLICANT


@transaction.atomic
def begin_page(
    *,
    actor: User,
    institute: InstitutePage,
    title: str,
    patent: Patent | None,
    number: str,
    facts: dict[str, Any],
) -> PatentPage:
    """Open the draft of a page about ``patent``, or about a new one recorded from ``facts``.

    Raises ``UnableToRecordPatent`` for an application that is still its applicants' secret, and
    ``ValidationError`` as ``record_patent`` does.
    """
    if patent is None:
        owner = {"organization": institute.organization, "role": holder_role(facts["status"])}
        patent = record_patent(actor=actor, number=number, holders=[owner], **facts)
    elif not can_write_about(actor, patent):
        raise UnableToRecordPatent(
            _("This application is not published yet: only its applicants may write about it.")
        )
    return create_listing(
        page=PatentPage(title=title, patent=patent), institute=institute, actor=actor
    )


@transaction.atomic
def change_patent_status(
    *, patent: Patent, actor: User, status: str, occurred_on: date, note: str = ""
) -> Patent:
    """Record a step of the legal history; pages, lists and index follow by themselves.

    Raises ``UnableToRecordPatent`` for a step that the law does not know, a date before the last
    step, or a stranger.
    """
    patent = Patent.objects.select_for_update().get(pk=patent.pk)
    if not can_edit_patent(actor, patent):
        raise UnableToRecordPatent(_("You may not change this patent's record."))
    if status not in next_statuses(patent.status, patent.kind):
        raise UnableToRecordPatent(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": patent.get_status_display(), "after": PatentStatus(status).label}
        )
    if occurred_on < patent.status_on:
        raise UnableToRecordPatent(
            _("The date lies before the last step of %(date)s.") % {"date": patent.status_on}
        )
    _refuse_contradictions(patent, status, occurred_on)
    _write_status(patent, actor, status, occurred_on, note)
    return patent


def _refuse_contradictions(patent: Patent, status: str, occurred_on: date) -> None:
    """Raise ``UnableToRecordPatent`` when the step contradicts the facts already recorded."""
    after = copy(patent)
    _set_status(after, status, occurred_on)
    errors = find_contradictions(after, today=timezone.localdate())
    if errors:
        raise UnableToRecordPatent(" ".join(str(message) for message in errors.values()))


@transaction.atomic
def correct_patent(
    *,
    patent: Patent,
    actor: User,
    version: str,
    facts: dict,
    holders: list[dict],
    inventors: list[dict],
    compared: bool,
) -> Patent:
    """Enter or correct the facts of a record; ``compared`` says they were read in the register.

    ``version`` is the record's ``version`` that the actor read. Raises ``ValidationError`` by
    field for facts that contradict one another, and ``UnableToRecordPatent`` for a stranger, a
    record changed meanwhile, or one that nobody owns.
    """
    patent = Patent.objects.select_for_update().get(pk=patent.pk)
    if not can_edit_patent(actor, patent):
        raise UnableToRecordPatent(_("You may not change this patent's record."))
    if version != patent.version:
        raise UnableToRecordPatent(
            _("Somebody changed this record since you opened it. Compare, then save again.")
        )
    if not holders:
        raise UnableToRecordPatent(_("Please name at least one holder or applicant."))
    before = {name: getattr(patent, name) for name in facts}
    for name, value in facts.items():
        setattr(patent, name, value)
    patent.expires_on = compute_term_end(patent.kind, patent.filed_on)
    _move_status_dates(patent, before)
    changes = {name: [str(was), str(facts[name])] for name, was in before.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    people = _replace_people(patent, holders, inventors)
    if compared:
        patent.source, patent.verified_at = PatentSource.REGISTER, timezone.now()
    elif changes or people:
        patent.source, patent.verified_at = PatentSource.MANUAL, None
    patent.full_clean(exclude=["expires_on"])
    patent.save()
    record(
        actor=actor,
        action="ip.correct_patent",
        target=patent,
        changes=changes,
        people=people,
        compared=compared,
    )
    _reindex(patent)
    return patent


def _move_status_dates(patent: Patent, before: dict) -> None:
    """Keep the legal history in step with corrected days of the grant and the last status."""
    events = patent.status_events.order_by("occurred_on", "pk")
    if patent.granted_on and before["granted_on"]:
        events.filter(status=PatentStatus.GRANTED, occurred_on=before["granted_on"]).update(
            occurred_on=patent.granted_on
        )
    last = patent.status_events.order_by("pk").last()
    if last:
        last.occurred_on = patent.status_on
        last.save(update_fields=["occurred_on"])
    days = list(patent.status_events.order_by("pk").values_list("occurred_on", flat=True))
    if days != sorted(days):
        raise ValidationError(
            {"status_on": _("The steps of the legal history would no longer follow one another.")}
        )


def _replace_people(patent: Patent, holders: list[dict], inventors: list[dict]) -> list[str]:
    """Store both lists in their order where they differ; return what changed, without names.

    An inventor's link to an account outlives a correction that keeps the name.
    """
    accounts = dict(patent.inventors.exclude(user=None).values_list("name", "user_id"))
    inventors = [row | {"user_id": accounts.get(row["name"])} for row in inventors]
    lists: tuple[tuple[str, Any, list[dict]], ...] = (
        ("holders", PatentHolder, holders),
        ("inventors", PatentInventor, inventors),
    )
    changed = []
    for name, model, rows in lists:
        stored = getattr(patent, name).order_by("sort_order", "pk")
        fresh = [model(patent=patent, sort_order=order, **row) for order, row in enumerate(rows)]
        if [_facts_of(row) for row in stored] != [_facts_of(row) for row in fresh]:
            stored.delete()
            model.objects.bulk_create(fresh)
            changed.append(name)
    return changed


def _facts_of(row: PatentHolder | PatentInventor) -> dict[str, Any]:
    names = {field.attname for field in row._meta.concrete_fields} - {"id", "sort_order"}
    return {name: getattr(row, name) for name in names}


def end_terms(*, today: date) -> int:
    """Record the end of every term that is over (Patent Law art. 42); return how many.

    Runs daily and may run twice: a patent whose end is recorded is in force no longer.
    """
    due = Patent.objects.filter(status__in=LIVING_STATUSES, expires_on__lt=today)
    pks = list(due.values_list("pk", flat=True))
    return sum(_end_term(pk, today) for pk in pks)


@transaction.atomic
def _end_term(pk: int, today: date) -> bool:
    patent = Patent.objects.select_for_update().get(pk=pk)
    if patent.status not in LIVING_STATUSES or patent.expires_on >= today:
        return False
    _write_status(patent, None, PatentStatus.EXPIRED, max(patent.expires_on, patent.status_on))
    return True


def _write_status(
    patent: Patent, actor: User | None, status: str, occurred_on: date, note: str = ""
) -> None:
    before = patent.status
    _set_status(patent, status, occurred_on)
    patent.save()
    PatentStatusEvent.objects.create(
        patent=patent, status=status, occurred_on=occurred_on, recorded_by=actor, note=note
    )
    record(
        actor=actor,
        action="ip.change_patent_status",
        target=patent,
        before=before,
        after=status,
        occurred_on=occurred_on.isoformat(),
    )
    if status == PatentStatus.GRANTED:
        _make_applicants_holders(patent)
    _follow_status(patent)


def _make_applicants_holders(patent: Patent) -> None:
    """The applicants hold what is granted to them, unless holders are recorded already."""
    if patent.holders.filter(role=HolderRole.HOLDER).exists():
        return
    for row in patent.holders.filter(role=HolderRole.APPLICANT):
        row.pk, row.role = None, HolderRole.HOLDER
        row.save()


def _set_status(patent: Patent, status: str, occurred_on: date) -> None:
    patent.status, patent.status_on = status, occurred_on
    if status == PatentStatus.GRANTED and not patent.granted_on:
        patent.granted_on = occurred_on


def _follow_status(patent: Patent) -> None:
    """Re-index every page that shows the patent, and tell the owners when the right is gone."""
    _reindex(patent)
    if patent.status not in DEAD_STATUSES:
        return
    for page in patent.pages.select_related("owner"):
        if page.owner:
            notify(
                user=page.owner,
                kind="patent-lapsed",
                title=gettext_lazy("A patent on your page is no longer in force"),
                body=f"{patent.formatted_number} {patent.title}",
                url=f"/workspace/listings/{page.pk}/",
                dedupe_key=f"patent:{patent.pk}:{patent.status}:{patent.status_on}:{page.pk}",
            )


def _reindex(patent: Patent) -> None:
    schedule_sync_many(PatentPage, list(patent.pages.values_list("pk", flat=True)))
    schedule_sync_many(
        AchievementPage, list(patent.achievement_links.values_list("page_id", flat=True))
    )
