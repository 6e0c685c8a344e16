"""What a person is told of a changed day, in the language in which it is read."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.models import MeetingTable, Slot
from events.meetings.models import MeetingRequest
from events.registration.models import Registration

from .enums import NoticeKind
from .models import Notice


@dataclass(frozen=True)
class Change:
    """One meeting of a person that has come, moved or gone; places as text, empty without."""

    kind: NoticeKind
    other: Registration
    before: str
    after: str


def changes_in(notice: Notice) -> list[Change]:
    """What differs between before and after, in the order of the day."""
    keys = {*notice.before, *notice.after}
    keys = {key for key in keys if notice.before.get(key) != notice.after.get(key)}
    places = [each[key] for each in (notice.before, notice.after) for key in keys if key in each]
    slots = Slot.objects.in_bulk({slot for slot, _table in places})
    tables = MeetingTable.objects.in_bulk({table for _slot, table in places})
    requests = MeetingRequest.objects.with_people().in_bulk([int(key) for key in keys])

    def start(key: str) -> str:
        slot = slots.get(notice.after.get(key, notice.before.get(key))[0])
        return slot.starts_at.isoformat() if slot else ""

    def say(place: list[int] | None) -> str:
        if place is None or place[0] not in slots:
            return ""
        slot, table = slots[place[0]], tables.get(place[1])
        day = timezone.localtime(slot.starts_at)
        return f"{day:%m-%d} {slot} {table or ''}".strip()

    found = []
    for key in sorted(keys, key=lambda key: (start(key), key)):
        request = requests.get(int(key))
        if request is None:
            continue
        is_asking = request.from_registration_id == notice.registration_id
        before, after = say(notice.before.get(key)), say(notice.after.get(key))
        kind = NoticeKind.MOVED if after else NoticeKind.CANCELLED
        if not before:
            kind = NoticeKind.NEW
        other = request.to_registration if is_asking else request.from_registration
        found.append(Change(kind, other, before, after))
    return found


def describe(notice: Notice) -> str:
    """A line for each change."""
    said = {
        NoticeKind.NEW: _("New: %(after)s, %(other)s"),
        NoticeKind.MOVED: _("Moved: %(before)s → %(after)s, %(other)s"),
        NoticeKind.CANCELLED: _("Cancelled: %(before)s, %(other)s"),
    }
    return "\n".join(
        said[change.kind]
        % {
            "before": change.before,
            "after": change.after,
            "other": change.other.organization_label or change.other.name,
        }
        for change in changes_in(notice)
    )
