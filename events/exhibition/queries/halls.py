"""What a hall shows to whom: the plan, the route, the exhibits, the figures of an exhibition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from achievements.enums import Disclosure
from achievements.models import AchievementPage
from events.fairs.enums import ENDED_STATES, UNPUBLISHED_STATES, FairState
from events.fairs.models import Fair
from events.registration.models import Registration
from ip.models import PatentPage
from portal.accounts.models import User, Visitor
from portal.disclosure.queries import open_parts
from portal.taxonomy.models import Industry

from ..enums import DECIDING_STATES, WRITING_STATES, AfterShow
from ..geometry import are_neighbours, walk
from ..models import Award, Booth, Exhibit, Exhibition, Exhibitor, Hall, Lead

MOST_LISTINGS = 60


def exhibition_of(fair: Fair) -> Exhibition:
    """The fair's settings; with their defaults where nobody has set them."""
    return Exhibition.objects.filter(fair=fair).first() or Exhibition(fair=fair)


def shown_parts(fair: Fair, exhibition: Exhibition, now: datetime) -> str:
    """What the public hall shows now: everything until the fair ends, then as it is set."""
    if fair.state in UNPUBLISHED_STATES | {FairState.CANCELLED}:
        return AfterShow.NOTHING
    if fair.state not in ENDED_STATES:
        return AfterShow.ALL
    days = exhibition.online_days
    if days is not None and fair.page.ends_at + timedelta(days=days) < now:
        return AfterShow.NOTHING
    return str(exhibition.after_show)


@dataclass(frozen=True)
class Shown:
    """An exhibit as visitors read it: its words, and what the listing behind it may be called."""

    exhibit: Exhibit
    label: str
    summary: str
    url: str = ""
    right: str = ""
    right_tone: str = ""
    page: Any = None


def shown_exhibits(exhibits: Iterable[Exhibit]) -> list[Shown]:
    """Exhibits in order, read as everybody may; those whose listing is not public fall out.

    Of a patent the label follows its legal state, so that no application is called a patent
    (Patent Law Implementing Regulations art. 101).
    """
    rows = list(exhibits)
    listings = public_listings([row.page_id for row in rows if row.page_id])
    found = []
    for row in rows:
        if row.page_id is None:
            found.append(Shown(row, row.label, row.localized_summary))
        elif row.page_id in listings:
            found.append(_shown_listing(row, listings[row.page_id]))
    return found


def public_listings(pks: Sequence[int]) -> dict[int, Any]:
    """Listings of these ids that everybody may read today, closed groups cut out."""
    if not pks:
        return {}
    found: list[Any] = []
    for model, more in ((AchievementPage, ()), (PatentPage, ("patent",))):
        pages = model.objects.current().filter(pk__in=pks, disclosure=Disclosure.PUBLIC)
        found += pages.select_related("institute__organization", *more).prefetch_related(
            "industries"
        )
    return {page.pk: page for page in open_parts(found)}


def _shown_listing(row: Exhibit, page: Any) -> Shown:
    right, tone = "", ""
    if isinstance(page, PatentPage):
        right = f"{page.patent.kind_label} {page.patent.number_label}"
        tone = "lake" if page.patent.is_living else "amber"
    return Shown(row, page.label, page.localized_summary, page.url, right, tone, page)


def _showable(exhibitor: Exhibitor) -> list[QuerySet[Any]]:
    """The organization's own public achievements and patents that are no exhibit yet."""
    taken = exhibitor.exhibits.filter(page__isnull=False).values("page")
    return [
        model.objects.current()
        .of_organizations([exhibitor.organization_id])
        .filter(disclosure=Disclosure.PUBLIC)
        .exclude(pk__in=taken)
        for model in (AchievementPage, PatentPage)
    ]


def may_be_shown(exhibitor: Exhibitor, page_id: int) -> bool:
    return any(pages.filter(pk=page_id).exists() for pages in _showable(exhibitor))


def listings_to_show(exhibitor: Exhibitor) -> list[Any]:
    """What may be put on show, the newest first, as everybody may read it."""
    found = [
        pages.order_by("-first_published_at")[:MOST_LISTINGS] for pages in _showable(exhibitor)
    ]
    return [page for pages in found for page in open_parts(pages)]


@dataclass(frozen=True)
class Place:
    """A booth as the plan draws it."""

    booth: Booth
    exhibitor: Exhibitor | None = None
    industry: Industry | None = None
    stop: int = 0
    url: str = ""
    is_chosen: bool = False
    is_dim: bool = False


@dataclass
class Plan:
    """A hall with its booths; ``stops`` are those of the route, in order."""

    hall: Hall
    places: list[Place] = field(default_factory=list)
    has_route: bool = False

    @property
    def stops(self) -> list[Place]:
        return sorted((each for each in self.places if each.stop), key=lambda each: each.stop)

    @property
    def by_code(self) -> list[Place]:
        return sorted(self.places, key=lambda each: each.booth.code)

    @property
    def free(self) -> int:
        return sum(each.exhibitor is None for each in self.places)

    @property
    def power_kw(self) -> Decimal:
        return sum((each.booth.power_kw for each in self.places), Decimal(0))

    def beside(self, booth: Booth) -> list[Place]:
        """The booths next to one, with who stands there."""
        others = [each for each in self.places if each.booth.pk != booth.pk]
        return [each for each in others if are_neighbours(each.booth, booth)]

    @property
    def industries(self) -> list[Industry]:
        found = {each.industry.pk: each.industry for each in self.places if each.industry}
        return [found[pk] for pk in sorted(found)]


def shown_exhibitors(fair: Fair) -> QuerySet[Exhibitor]:
    shown = Exhibitor.objects.filter(fair=fair).shown().with_names()
    return shown.prefetch_related("industries")


def visitors_plans(fair: Fair, chosen: Sequence[str]) -> list[Plan]:
    """Every hall with who is shown there; with industries chosen, the route through them.

    The route goes hall by hall, along one row of booths and back along the next.
    """
    exhibitors = {each.booth_id: each for each in shown_exhibitors(fair)}
    halls = fair.halls.prefetch_related("booths")
    plans, stop = [], 0
    for hall in halls:
        plan = Plan(hall, has_route=bool(chosen))
        for booth in walk(hall.booths.all()):
            exhibitor = exhibitors.get(booth.pk)
            industry = _industry_of(exhibitor, chosen)
            is_stop = bool(exhibitor) and (not chosen or _fits(exhibitor, chosen))
            stop += is_stop
            plan.places.append(
                Place(
                    booth,
                    exhibitor,
                    industry,
                    stop=stop if is_stop else 0,
                    is_dim=bool(chosen) and not is_stop,
                )
            )
        plans.append(plan)
    return plans


def highlight(plans: Sequence[Plan], exhibitor: Exhibitor) -> Plan | None:
    """The hall of one exhibitor with its booth marked and no route."""
    for plan in plans:
        if any(each.booth.pk == exhibitor.booth_id for each in plan.places):
            plan.places = [
                replace(each, stop=0, is_chosen=each.booth.pk == exhibitor.booth_id)
                for each in plan.places
            ]
            return plan
    return None


def _fits(exhibitor: Exhibitor | None, chosen: Sequence[str]) -> bool:
    return exhibitor is not None and any(term.code in chosen for term in exhibitor.industries.all())


def _industry_of(exhibitor: Exhibitor | None, chosen: Sequence[str] = ()) -> Industry | None:
    """The industry whose colour a booth takes: a chosen one, else the first of its own."""
    terms = sorted(exhibitor.industries.all(), key=lambda term: term.pk) if exhibitor else []
    return next((term for term in terms if term.code in chosen), terms[0] if terms else None)


def organizers_plan(hall: Hall, chosen: int | None = None) -> Plan:
    """The hall with everybody who has been given a booth, checked or not."""
    given = Prefetch(
        "exhibitor",
        Exhibitor.objects.select_related("organization").prefetch_related("industries"),
    )
    plan = Plan(hall)
    for booth in walk(hall.booths.prefetch_related(given)):
        exhibitor = getattr(booth, "exhibitor", None)
        plan.places.append(
            Place(booth, exhibitor, _industry_of(exhibitor), is_chosen=booth.pk == chosen)
        )
    return plan


def applications(fair: Fair) -> QuerySet[Exhibitor]:
    rows = Exhibitor.objects.filter(fair=fair).with_names().prefetch_related("industries")
    return rows.annotate(exhibit_count=Count("exhibits")).order_by("applied_at", "pk")


def states_of(fair: Fair) -> dict[str, int]:
    rows = Exhibitor.objects.filter(fair=fair).values("state").annotate(number=Count("pk"))
    return {row["state"]: row["number"] for row in rows.order_by()}


def own_exhibitors(user: User) -> QuerySet[Exhibitor]:
    own = Exhibitor.objects.for_user(user).with_names().select_related("fair__page")
    own = own.annotate(lead_count=Count("leads"))
    return own.order_by("-fair__page__starts_at", "-pk")


def waiting_exhibitors(user: User) -> QuerySet[Exhibitor]:
    """What waits for the person's offices: to decide as the organizer, or materials to write.

    The state tells which of the two.
    """
    offices = user.office_organization_ids
    to_decide = Q(state__in=DECIDING_STATES, fair__organizer__in=offices)
    to_write = Q(state__in=WRITING_STATES, organization__in=offices)
    rows = Exhibitor.objects.filter(to_decide | to_write).exclude(fair__state__in=ENDED_STATES)
    return rows.select_related("fair__page", "organization").order_by("applied_at", "pk")


def leads_of(user: Visitor, exhibitor: Exhibitor) -> QuerySet[Lead]:
    """The exhibitor's leads for its own people, the latest first."""
    rows = Lead.objects.for_user(user).filter(exhibitor=exhibitor).with_consent()
    rows = rows.select_related("registration__organization", "registration__person", "consent")
    return rows.prefetch_related("registration__industries").order_by("-at", "-pk")


def cards_of(registration: Registration) -> QuerySet[Lead]:
    """Who has noted this visitor, and whether the visitor's consent holds."""
    rows = Lead.objects.filter(registration=registration).with_consent()
    return rows.select_related(
        "exhibitor__organization", "exhibitor__booth__hall", "consent"
    ).order_by("-at", "-pk")


@dataclass(frozen=True)
class Tally:
    """An award with the votes that exhibitors have, most first."""

    award: Award
    rows: list[tuple[Exhibitor, int]]

    @property
    def winners(self) -> list[Exhibitor]:
        """Those with most votes; several where they are level."""
        most = self.rows[0][1] if self.rows else 0
        return [exhibitor for exhibitor, votes in self.rows if votes == most]

    @property
    def total(self) -> int:
        return sum(votes for _exhibitor, votes in self.rows)


def tallies(fair: Fair) -> list[Tally]:
    exhibitors = {each.pk: each for each in Exhibitor.objects.filter(fair=fair).with_names()}
    counted = (
        Award.objects.filter(fair=fair)
        .values("pk", "votes__exhibitor")
        .annotate(number=Count("votes"))
        .order_by()
    )
    found: dict[int, list[tuple[Exhibitor, int]]] = {}
    for row in counted:
        if row["votes__exhibitor"]:
            exhibitor = exhibitors[row["votes__exhibitor"]]
            found.setdefault(row["pk"], []).append((exhibitor, row["number"]))
    return [
        Tally(award, sorted(found.get(award.pk, []), key=lambda pair: (-pair[1], pair[0].pk)))
        for award in fair.awards.all()
    ]
