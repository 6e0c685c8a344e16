"""Who is seen by whom, and the figures of a fair that fills."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import TruncDate

from achievements.enums import Disclosure
from achievements.models import AchievementPage
from events.fairs.enums import ENDED_STATES, FairState, ListVisibility, ParticipantRole
from events.fairs.models import Fair
from events.fairs.rules import can_read_people
from ip.models import PatentPage
from matchmaking.enums import Confidentiality
from matchmaking.models import Need
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, User, Visitor

from .enums import RegistrationState
from .models import Registration, WaitEntry
from .places import Places, places_of
from .reminders import Reminder, reminders

MOST_LISTINGS, DAYS_SHOWN = 40, 14


def registration_of(user: Visitor, fair: Fair) -> Registration | None:
    if not user.is_authenticated:
        return None
    found = Registration.objects.filter(fair=fair, person=user.pk).with_names()
    return found.first()


DETAILS = (
    "industries",
    "answers__question",
    "entries__page",
    "entries__need",
    "availabilities__slot",
)


def with_details(registration: Registration) -> Registration:
    """The same row with all that its page shows, in a query for each kind."""
    prefetch_related_objects([registration], *DETAILS)
    return registration


def is_participant(user: Visitor, fair: Fair) -> bool:
    """Those who are admitted see the list of participants; so does who runs or oversees it."""
    own = registration_of(user, fair)
    return (own is not None and own.is_admitted) or can_read_people(user, fair)


def list_visibility(user: Visitor, fair: Fair, now: datetime) -> str:
    """What the list shows to this reader now; some days after the fair it closes to everybody."""
    if fair.state in {FairState.CANCELLED, FairState.ARCHIVED} or fair.purged_at:
        return ListVisibility.HIDE_ALL
    if fair.page.ends_at + timedelta(days=fair.display_after_days) < now:
        return ListVisibility.HIDE_ALL
    shown = fair.list_participants if is_participant(user, fair) else fair.list_public
    return str(shown)


def visible_people(user: Visitor, fair: Fair, now: datetime) -> QuerySet[Registration]:
    """Admitted people as this reader may see them; ``shows_name`` follows the consent alone.

    Without it a row tells organization and role (PIPL art. 25). Consents count as of now: one
    taken back takes the name out at once.
    """
    visibility = list_visibility(user, fair, now)
    people = Registration.objects.filter(fair=fair).admitted().with_names()
    if visibility == ListVisibility.HIDE_ALL:
        return people.none()
    purposes = [ConsentPurpose.FAIR_PUBLIC]
    if is_participant(user, fair):
        purposes.append(ConsentPurpose.FAIR_PEERS)
    if visibility == ListVisibility.WITH_CONSENT:
        agreed = people.with_consent(*purposes)
        return agreed.annotate(shows_name=Value(True, output_field=BooleanField()))
    given = Consent.objects.in_force().filter(
        user=OuterRef("person"), subject=fair.code, text__purpose__in=purposes
    )
    return people.annotate(shows_name=Exists(given))


def offers_of(user: User) -> list[Any]:
    """Achievements and patents that the person may bring: the own ones first."""
    found: list[Any] = []
    for model in (AchievementPage, PatentPage):
        pages = model.objects.current().of_organizations(user.organization_ids)
        pages = pages.filter(disclosure=Disclosure.PUBLIC)
        found += pages.order_by("-first_published_at")[:MOST_LISTINGS]
    return sorted(found, key=lambda page: page.owner_id != user.pk)[:MOST_LISTINGS]


def needs_of(user: User) -> QuerySet[Need]:
    """Published needs that name the person's organization: a list names it beside them."""
    needs = Need.objects.published().filter(organization__in=user.organization_ids)
    needs = needs.filter(confidentiality=Confidentiality.PUBLIC)
    return needs.order_by("-pk")[:MOST_LISTINGS]


def place_in_line(registration: Registration) -> int:
    """How many of the same role wait before somebody, plus one; 0 for who does not wait."""
    own = registration.waits.filter(outcome="").first()
    if own is None:
        return 0
    waiting = WaitEntry.objects.filter(
        outcome="",
        registration__fair=registration.fair_id,
        registration__role=registration.role,
        registration__state=RegistrationState.WAITLISTED,
    )
    before = waiting.filter(joined_at__lt=own.joined_at)
    same = waiting.filter(joined_at=own.joined_at, pk__lt=own.pk)
    return before.count() + same.count() + 1


@dataclass(frozen=True)
class RolePlaces:
    """One bar of the dashboard: a role with its places, and how many are held or wished for."""

    role: str
    label: str
    held: int
    capacity: int | None
    pending: int
    waiting: int

    @property
    def percent(self) -> int:
        return min(round(100 * self.held / self.capacity), 100) if self.capacity else 0


def role_places(fair: Fair, places: Places | None = None) -> list[RolePlaces]:
    places = places or places_of(fair)
    rows = fair.registrations.values("role", "state").annotate(number=Count("pk")).order_by()
    counted = {(row["role"], row["state"]): row["number"] for row in rows}
    order = [role for role in ParticipantRole if role in places.limits]
    return [
        RolePlaces(
            role=role.value,
            label=str(role.label),
            held=places.held[role],
            capacity=places.limits[role],
            pending=counted.get((role, RegistrationState.PENDING), 0),
            waiting=counted.get((role, RegistrationState.WAITLISTED), 0),
        )
        for role in order
    ]


def states_of(fair: Fair) -> Counter[str]:
    rows = fair.registrations.values("state").annotate(number=Count("pk")).order_by()
    return Counter({row["state"]: row["number"] for row in rows})


def registrations_by_day(
    fair: Fair, until: date, days: int = DAYS_SHOWN
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of a chart: each day with what came in by role, and the roles that came at all."""
    since = until - timedelta(days=days - 1)
    rows = (
        fair.registrations.filter(submitted_at__date__gte=since, submitted_at__date__lte=until)
        .annotate(day=TruncDate("submitted_at"))
        .values("day", "role")
        .annotate(number=Count("pk"))
        .order_by()
    )
    counted = {(row["day"], row["role"]): row["number"] for row in rows}
    roles = [role for role in ParticipantRole if any(each == role for _day, each in counted)]
    shown = [since + timedelta(days=place) for place in range(days)]
    return (
        [
            {
                "label": f"{day:%m-%d}",
                "values": [counted.get((day, role), 0) for role in roles],
            }
            for day in shown
        ],
        [str(role.label) for role in roles],
    )


def due_reminders(fair: Fair) -> list[tuple[Reminder, int]]:
    """Each reminder with how many people it finds now."""
    return [(each, each.find(fair).count()) for each in reminders()]


def own_registrations(user: User) -> QuerySet[Registration]:
    found = Registration.objects.filter(person=user).select_related("fair__page__district")
    return found.order_by("-fair__page__starts_at", "-pk")


def to_decide(user: User) -> QuerySet[Registration]:
    """Registrations that wait for the office of the organizer, the oldest first."""
    pending = Registration.objects.filter(
        state=RegistrationState.PENDING, fair__organizer__in=user.office_organization_ids
    )
    running = pending.exclude(fair__state__in=ENDED_STATES)
    return running.select_related("fair__page").order_by("submitted_at", "pk")
