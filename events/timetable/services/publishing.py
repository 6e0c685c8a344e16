"""A version is published, or the last publication taken back; who is concerned is told once."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.enums import FairState
from events.fairs.models import Fair, Slot
from events.fairs.services import publish_schedule, reschedule
from events.meetings.enums import MeetingSource, MeetingState
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.meetings.services import Placed, UnableToMeet, publish_meetings
from events.registration.services import tell
from portal.accounts.models import User

from ..enums import VersionState
from ..instances import NO_TABLE, Place, as_schedule, grid_of, plan_of
from ..judging import prohibitions
from ..models import Notice, Publication, ScheduleVersion
from ..notices import describe
from ..rules import can_schedule
from .changes import UnableToSchedule, lock_fair, lock_version, log, move, require

MOST_SAID = 3
_describe = lazy(describe, str)


def told_plan(fair: Fair) -> dict[int, Place]:
    """Where people have been told to meet, by request."""
    meetings = Meeting.objects.active().filter(fair=fair, request__isnull=False, slot__isnull=False)
    rows = meetings.values_list("request_id", "slot_id", "table_id")
    return {request: (slot, table or NO_TABLE) for request, slot, table in rows}


@transaction.atomic
def publish_version(*, actor: User, version: ScheduleVersion) -> Publication:
    """Make a draft what people are told. Raises with what the independent checker found."""
    version = lock_version(version, actor)
    plan = plan_of(version)
    if not version.is_draft or not plan:
        raise UnableToSchedule(_("Only a draft with meetings in it can be published."))
    grid = grid_of(version)
    plan = {request: place for request, place in plan.items() if request in grid.request_number}
    found = prohibitions(grid, as_schedule(grid, plan))
    if found:
        said = " ".join(each.text for each in found[:MOST_SAID])
        raise UnableToSchedule(
            _("%(count)d rules are broken, so this cannot be published. %(what)s")
            % {"count": len(found), "what": said}
        )
    previous = version.fair.schedule_versions.filter(state=VersionState.PUBLISHED).first()
    if previous:
        move(previous, VersionState.SUPERSEDED)
        previous.save(update_fields=["state"])
    move(version, VersionState.PUBLISHED)
    version.published_at = timezone.now()
    version.save(update_fields=["state", "published_at"])
    publication = _put(version, plan, actor, previous=previous)
    if version.fair.state == FairState.SCHEDULING:
        publish_schedule(actor=actor, fair=version.fair)
    _record(publication, actor, "publish_version")
    return publication


def last_publication(fair: Fair) -> Publication | None:
    """The one that can be taken back: the last, unless it took one back itself."""
    last = fair.publications.order_by("-pk").first()
    return None if last is None or last.is_undo else last


@transaction.atomic
def undo_publication(*, actor: User, fair: Fair) -> Publication:
    """Put back what people had been told before; whoever's day changes by that is told."""
    fair = lock_fair(fair)
    require(can_schedule(actor, fair))
    last = last_publication(fair)
    if last is None:
        raise UnableToSchedule(_("There is no publication to take back."))
    if fair.state == FairState.LIVE:
        raise UnableToSchedule(_("The fair has begun: make a new version instead."))
    version = lock_version(last.version)
    move(version, VersionState.DRAFT)
    version.published_at = None
    version.save(update_fields=["state", "published_at"])
    if last.previous:
        previous = lock_version(last.previous)
        move(previous, VersionState.PUBLISHED)
        previous.save(update_fields=["state"])
    last.undone_at = timezone.now()
    last.save(update_fields=["undone_at"])
    plan = what_is_left(fair, last.before)
    publication = _put(version, plan, actor, is_undo=True)
    if not plan:
        reschedule(actor=actor, fair=fair)
    _record(publication, actor, "undo_publication")
    return publication


def told_after(fair: Fair, plan: dict[int, Place]) -> dict[int, Place]:
    """What people will have been told once a plan is out; it leaves alone what has begun, and
    what was agreed on the spot without it.
    """
    meetings = Meeting.objects.active().filter(fair=fair, request__isnull=False)
    begun = ~Q(state=MeetingState.ARRANGED)
    on_the_spot = Q(source=MeetingSource.ONSITE) & ~Q(request__in=list(plan))
    stays = set(meetings.filter(begun | on_the_spot).values_list("request", flat=True))
    return plan | {each: place for each, place in told_plan(fair).items() if each in stays}


def what_is_left(fair: Fair, before: dict[str, list[int]]) -> dict[int, Place]:
    """An earlier plan without requests, slots and tables that are gone."""
    agreed = set(MeetingRequest.objects.agreed().filter(fair=fair).values_list("pk", flat=True))
    slots = set(Slot.objects.filter(session__fair=fair).values_list("pk", flat=True))
    tables = set(fair.tables.values_list("pk", flat=True))
    return {
        int(request): (slot, table if table in tables else NO_TABLE)
        for request, (slot, table) in before.items()
        if int(request) in agreed and slot in slots
    }


def _record(publication: Publication, actor: User, action: str) -> None:
    told, number = publication.notices.count(), publication.version.number
    log(actor, publication.fair, action, version=number, told=told)


def _put(
    version: ScheduleVersion, plan: dict[int, Place], actor: User, **values: Any
) -> Publication:
    """Write the meetings and what each person is to be told; the telling follows the commit."""
    from ..tasks import task_tell

    before = told_plan(version.fair)
    try:
        publish_meetings(actor=actor, fair=version.fair, placed=_placed(version.fair, plan))
    except UnableToMeet as error:
        raise UnableToSchedule(str(error)) from error
    publication = Publication.objects.create(
        fair=version.fair,
        version=version,
        before={str(request): place for request, place in before.items()},
        published_by=actor,
        **values,
    )
    _write_notices(publication, before, told_plan(version.fair))
    transaction.on_commit(lambda: task_tell.delay(publication_id=publication.pk))
    return publication


def _placed(fair: Fair, plan: dict[int, Place]) -> list[Placed]:
    """The plan, and the meetings that no plan made, which stay; what has begun is not touched."""
    meetings = Meeting.objects.active().filter(fair=fair)
    begun = set(meetings.exclude(state=MeetingState.ARRANGED).values_list("request", flat=True))
    on_the_spot = Q(source=MeetingSource.ONSITE) & ~Q(request__in=list(plan))
    others = meetings.filter(Q(request=None) | on_the_spot, state=MeetingState.ARRANGED)
    placed = [
        Placed(slot=slot, table=table, meeting=pk)
        for pk, slot, table in others.values_list("pk", "slot", "table")
        if slot is not None
    ]
    return placed + [
        Placed(slot=slot, table=table or None, request=request)
        for request, (slot, table) in sorted(plan.items())
        if request not in begun
    ]


def _write_notices(
    publication: Publication, before: dict[int, Place], after: dict[int, Place]
) -> None:
    """One for each person whose day changes.

    Who has not been told of an earlier publication yet hears of both at once, and nothing where
    the two cancel each other out.
    """
    waiting = {
        notice.registration_id: notice
        for notice in Notice.objects.select_for_update().filter(
            publication__fair=publication.fair, told_at=None
        )
    }
    changed = {r for r in before.keys() | after.keys() if before.get(r) != after.get(r)}
    mine = _by_person(before.keys() | after.keys())
    concerned = {person for person, theirs in mine.items() if theirs & changed} | waiting.keys()
    notices = []
    for person in sorted(concerned):
        theirs = mine.get(person, set())
        earlier = waiting[person].before if person in waiting else _part(before, theirs)
        now = _part(after, theirs)
        if earlier != now:
            notices.append(
                Notice(publication=publication, registration_id=person, before=earlier, after=now)
            )
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting.values()]).delete()
    Notice.objects.bulk_create(notices)


def _part(plan: dict[int, Place], requests: set[int]) -> dict[str, list[int]]:
    return {str(each): list(plan[each]) for each in sorted(requests) if each in plan}


def _by_person(requests: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Seat.objects.filter(meeting__request__in=list(requests))
    for person, request in rows.values_list("registration_id", "meeting__request_id"):
        found[person].add(request)
    return found


def tell_people(*, publication: Publication) -> int:
    """Tell everybody who was not told yet; nobody twice, however often it runs or breaks off."""
    told = 0
    for pk in publication.notices.filter(told_at=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            notice = (
                Notice.objects.select_for_update(of=("self",))
                .select_related("registration__person", "registration__fair__page", "publication")
                .filter(pk=pk, told_at=None)
                .first()
            )
            if notice is None:  # a newer publication has taken it over
                continue
            told += tell(
                notice.registration,
                kind="fair-schedule",
                title=_title(notice),
                body=_describe(notice),
                key=f"schedule:{notice.publication_id}",
                url=reverse("timetable:my-day", args=[notice.registration.fair.code]),
            )
            notice.told_at = timezone.now()
            notice.save(update_fields=["told_at"])
    return told


def _title(notice: Notice) -> Any:
    label = notice.registration.fair.page.lazy_label
    if notice.before:
        return format_lazy(gettext_lazy("Your meetings have changed: {fair}"), fair=label)
    return format_lazy(gettext_lazy("Your meetings are arranged: {fair}"), fair=label)


def sweep_notices() -> int:
    """Tell what a broken-off run has left."""
    waiting = Publication.objects.filter(notices__told_at=None, notices__isnull=False).distinct()
    return sum(tell_people(publication=publication) for publication in waiting.order_by("pk"))
