"""Planning a fair: its announcement and how it is run, in steps, or after a past one."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import EXHIBITION_KINDS, FairKind
from events.models import FairIndexPage, FairPage
from portal.accounts.models import Organization, User
from portal.audit.services import record
from portal.taxonomy.services import assign_code

from ..enums import (
    VISIBILITY_ORDER,
    FairState,
    ParticipantRole,
)
from ..models import Fair, MeetingSession, MeetingTable, RoleCapacity, RolePair, Slot
from ..rules import can_edit_plan, can_organize, can_read_fair
from ..ties import copy_ties, exhibitors_of, registered_people
from .changes import UnableToChangeFair, lock, require

CODE_PREFIX = "DH"
PAGE_FIELDS = frozenset(
    ("title", "title_en", "summary", "summary_en", "body", "body_en", "kind", "industries")
)
PLACE_FIELDS = frozenset(("starts_at", "ends_at", "venue", "district"))
FAIR_FIELDS = frozenset(
    [
        "theme",
        "address",
        "directions",
        "latitude",
        "longitude",
        "languages",
        "capacity",
        "registration_opens_at",
        "registration_closes_at",
        "requests_open_at",
        "requests_close_at",
        "schedule_publish_at",
        "request_mode",
        "scheduling_mode",
        "max_requests_out",
        "max_meetings",
        "needs_approval",
        "change_resets_approval",
        "offer_hours",
        "with_exhibition",
        "list_public",
        "list_participants",
        "display_after_days",
        "retention_days",
        "co_organizers",
    ]
)
OFFERING = (ParticipantRole.INSTITUTE, ParticipantRole.UNIVERSITY, ParticipantRole.EXPERT)
SEEKING = (ParticipantRole.ENTERPRISE, ParticipantRole.INVESTOR)
FIRST_ROLES = (*SEEKING, *OFFERING, ParticipantRole.INTERMEDIARY, ParticipantRole.VISITOR)


@transaction.atomic
def plan_fair(
    *,
    actor: User,
    organizer: Organization,
    title: str,
    kind: str,
    starts_at: Any,
    ends_at: Any,
    venue: str,
    district: Any,
    summary: str = "",
) -> Fair:
    """Begin a fair with its unpublished page; offering and seeking roles may ask each other."""
    require(can_organize(actor, organizer))
    [code] = assign_code(prefix=CODE_PREFIX)
    page = FairPage(
        title=title,
        slug=code.lower(),
        kind=FairKind(kind),
        summary=summary,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        district=district,
        live=False,
        owner=actor,
    )
    FairIndexPage.objects.get().add_child(instance=page)
    fair = Fair.objects.create(
        code=code, page=page, organizer=organizer, created_by=actor, languages=["zh"]
    )
    _write_roles(fair, dict.fromkeys(FIRST_ROLES))
    pairs = {(one, other) for one in SEEKING for other in OFFERING}
    _write_pairs(fair, pairs | {(other, one) for one, other in pairs})
    record(actor=actor, action="fairs.plan_fair", target=fair, organization_id=organizer.pk)
    return fair


@transaction.atomic
def edit_fair(*, actor: User, fair: Fair, values: Mapping[str, Any]) -> Fair:
    """Store what a step of the plan says; sessions follow to another day.

    Raises ``UnableToChangeFair`` where a list would show more than people registered under, or
    an announced fair would quietly change its time or place.
    """
    fair = lock(fair)
    require(can_edit_plan(actor, fair))
    _refuse_loosening(fair, values)
    _refuse_closing_exhibition(fair, values)
    page = FairPage.objects.get(pk=fair.page_id)
    if fair.state != FairState.DRAFT:
        _refuse_quiet_move(page, values)
    changed = [name for name, value in values.items() if _differs(fair, page, name, value)]
    of_page = [name for name in changed if name in PAGE_FIELDS | PLACE_FIELDS]
    for name in of_page:
        setattr(page, name, values[name])
    if of_page:
        save_page(page, actor)
        shift_grid(fair, _days_between(fair.page.starts_at, page.starts_at))
        fair.page = page
    for name in set(changed) & FAIR_FIELDS - {"co_organizers"}:
        setattr(fair, name, values[name])
    fair.save()
    if "co_organizers" in changed:
        fair.co_organizers.set(values["co_organizers"])
    if changed:
        record(
            actor=actor,
            action="fairs.edit_fair",
            target=fair,
            organization_id=fair.organizer_id,
            fields=sorted(changed),
        )
    return fair


def _days_between(before: Any, after: Any) -> timedelta:
    """Whole days by which a plan is moved: its sessions go along, at their hours."""
    return timezone.localdate(after) - timezone.localdate(before)


def save_page(page: FairPage, actor: User | None) -> None:
    """Write an announcement, and as a revision too, so that the editing desk goes on from it."""
    page.save()
    revision = page.save_revision(user=actor)
    if page.live:
        revision.publish(user=actor, skip_permission_checks=True)


def _differs(fair: Fair, page: FairPage, name: str, value: Any) -> bool:
    if name in {"industries", "co_organizers"}:
        related = getattr(page if name == "industries" else fair, name)
        return {each.pk for each in related.all()} != {each.pk for each in value}
    if name in PAGE_FIELDS | PLACE_FIELDS:
        return getattr(page, name) != value
    return name in FAIR_FIELDS and getattr(fair, name) != value


def _refuse_loosening(fair: Fair, values: Mapping[str, Any]) -> None:
    """People registered under what a list shows: after that it shows the same or less."""
    order = {each: place for place, each in enumerate(VISIBILITY_ORDER)}
    longer = "display_after_days" in values and (
        values["display_after_days"] > fair.display_after_days
        or values.get("retention_days", 0) > fair.retention_days
    )
    wider = any(
        name in values and order[values[name]] > order[getattr(fair, name)]
        for name in ("list_public", "list_participants")
    )
    if (wider or longer) and registered_people(fair):
        raise UnableToChangeFair(
            _(
                "People have registered under what the list shows and how long data is kept: "
                "from now on it may only show less, for a shorter time."
            )
        )


def _refuse_closing_exhibition(fair: Fair, values: Mapping[str, Any]) -> None:
    closes = fair.with_exhibition and not values.get("with_exhibition", True)
    if closes and fair.page.kind not in EXHIBITION_KINDS and exhibitors_of(fair):
        raise UnableToChangeFair(
            _("Organizations have applied for booths: the fair keeps its exhibition.")
        )


def _refuse_quiet_move(page: FairPage, values: Mapping[str, Any]) -> None:
    if any(name in values and getattr(page, name) != values[name] for name in PLACE_FIELDS):
        raise UnableToChangeFair(
            _("The fair is announced: use “Move the fair”, so that everybody is told.")
        )


@transaction.atomic
def set_people(
    *,
    actor: User,
    fair: Fair,
    capacity: int | None,
    roles: Mapping[str, int | None],
    pairs: Iterable[tuple[str, str]],
) -> Fair:
    """Store which roles are admitted, with their places, and who may ask whom."""
    fair = lock(fair)
    require(can_edit_plan(actor, fair))
    if not roles:
        raise UnableToChangeFair(_("Admit at least one role."))
    fair.capacity = capacity
    fair.save(update_fields=["capacity"])
    _write_roles(fair, roles)
    _write_pairs(fair, {(one, other) for one, other in pairs if {one, other} <= set(roles)})
    record(actor=actor, action="fairs.set_people", target=fair, organization_id=fair.organizer_id)
    return fair


def _write_roles(fair: Fair, roles: Mapping[str, int | None]) -> None:
    fair.roles.exclude(role__in=roles).delete()
    for role, capacity in roles.items():
        RoleCapacity.objects.update_or_create(fair=fair, role=role, defaults={"capacity": capacity})


def _write_pairs(fair: Fair, pairs: set[tuple[str, str]]) -> None:
    fair.pairs.all().delete()
    RolePair.objects.bulk_create(
        RolePair(fair=fair, asking=one, asked=other) for one, other in sorted(pairs)
    )


@transaction.atomic
def copy_fair(*, actor: User, fair: Fair, title: str, starts_at: Any) -> Fair:
    """Plan a fair after a past one: the same rules, grid, tables and questions, at another time.

    People, their answers and who owned a booth are not copied.
    """
    require(can_read_fair(actor, fair) and can_organize(actor, fair.organizer))
    source, shift = fair.page, starts_at - fair.page.starts_at
    copy = plan_fair(
        actor=actor,
        organizer=fair.organizer,
        title=title,
        kind=source.kind,
        summary=source.summary,
        starts_at=starts_at,
        ends_at=source.ends_at + shift,
        venue=source.venue,
        district=source.district,
    )
    page = copy.page
    for name in ("summary_en", "body", "body_en"):
        setattr(page, name, getattr(source, name))
    page.industries = list(source.industries.all())
    save_page(page, actor)
    for name in FAIR_FIELDS - {"co_organizers"}:
        value = getattr(fair, name)
        setattr(copy, name, value + shift if name.endswith("_at") and value else value)
    copy.copied_from = fair
    copy.save()
    copy.co_organizers.set(fair.co_organizers.all())
    _write_roles(copy, dict(fair.roles.values_list("role", "capacity")))
    _write_pairs(copy, set(fair.pairs.values_list("asking", "asked")))
    _copy_grid(fair, copy, shift)
    copy_ties(fair, copy)
    return copy


def _copy_grid(fair: Fair, copy: Fair, shift: timedelta) -> None:
    for session in fair.sessions.order_by("starts_at", "pk"):
        slots = list(session.slots.order_by("index"))
        session.pk, session.fair, session.starts_at = None, copy, session.starts_at + shift
        session._state.adding = True
        session.save()
        for slot in slots:
            slot.pk, slot.session = None, session
            slot.starts_at, slot.ends_at = slot.starts_at + shift, slot.ends_at + shift
        Slot.objects.bulk_create(slots)
    tables = list(fair.tables.order_by("pk"))
    for table in tables:
        table.pk, table.fair, table.owner = None, copy, None
    MeetingTable.objects.bulk_create(tables)


def shift_grid(fair: Fair, shift: timedelta) -> None:
    """Move every session with its slots, in one step for each table."""
    if not shift:
        return
    MeetingSession.objects.filter(fair=fair).update(starts_at=F("starts_at") + shift)
    Slot.objects.filter(session__fair=fair).update(
        starts_at=F("starts_at") + shift, ends_at=F("ends_at") + shift
    )
