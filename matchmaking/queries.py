from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from achievements.models import AchievementPage, ListingPage
from achievements.queries import listings_of
from ip.models import PatentPage
from portal.accounts.enums import ConsentPurpose, PortalRole
from portal.accounts.models import User, Visitor
from portal.accounts.queries import has_consent
from search.services import rows_alike

from .documents import NeedDocument
from .enums import CandidateKind, Direction, Grade, NeedState
from .matcher import FEEDBACK_LABELS
from .models import Match, MatchMark, Need, Verdict

MODELS: dict[str, type[ListingPage]] = {
    CandidateKind.ACHIEVEMENT: AchievementPage,
    CandidateKind.PATENT: PatentPage,
}
FITTING_RANK = 3
RELATED = 4
_ORDERS = {"own": ("-updated_at", "pk"), "repaired": ("-updated_at", "pk")}
FITTING_GRADES = (Grade.STRONG, Grade.GOOD)


def _listings(matches: Iterable[Match], user: User) -> dict[int, ListingPage]:
    """The current listings of these matches that ``user`` may read, by id."""
    listings: dict = {}
    for kind, model in MODELS.items():
        ids = [match.page_id for match in matches if match.candidate_kind == kind]
        listings |= (
            model.objects.current()
            .for_user(user)
            .select_related("institute__organization__district")
            .in_bulk(ids)
        )
    return listings


def ranked_matches(need: Need, user: User) -> list[Match]:
    """The matches of a need that ``user`` may read, best first.

    Each carries its ``listing``, the user's ``verdict`` and the company's ``mark`` (or None).
    With recommendations switched off the order is by date (PIPL art. 24).
    """
    matches = list(
        Match.objects.filter(need=need, direction=Direction.NEED_TO_LISTING)
        .select_related("need")
        .order_by("rank")
    )
    listings = _listings(matches, user)
    verdicts = Verdict.objects.filter(need=need, user=user).select_related("user")
    own = {verdict.page_id: verdict for verdict in verdicts}
    marks = {mark.page_id: mark for mark in MatchMark.objects.filter(need=need)}
    shown = [match for match in matches if match.page_id in listings]
    for match in shown:
        match.listing = listings[match.page_id]
        match.verdict = own.get(match.page_id)
        match.mark = marks.get(match.page_id)
    if not user.recommendations_enabled:
        shown.sort(key=lambda match: match.listing.first_published_at, reverse=True)
    return shown


def match_of(need: Need, page_id: int, user: User) -> Match | None:
    """One match with its listing, from whichever side it was found; None: not for this reader."""
    found = Match.objects.filter(need=need, page_id=page_id).order_by("-direction")
    found = found.prefetch_related("need__targets")
    match = found.select_related("need__organization", "need__wished_district").first()
    listing = _listings([match], user).get(page_id) if match else None
    if match is None or listing is None:
        return None
    match.listing = listing
    match.verdict = Verdict.objects.filter(need=need, page_id=page_id, user=user).first()
    match.mark = MatchMark.objects.filter(need=need, page_id=page_id).first()
    return match


def needs_for_listing(page: ListingPage, user: User) -> list[Match]:
    """Published needs that a listing fits, best first, those that ``user`` may read."""
    readable = Need.objects.for_user(user).published().exclude(excluded__in=user.organization_ids)
    matches = Match.objects.filter(
        page_id=page.pk, direction=Direction.LISTING_TO_NEED, need__in=readable
    ).select_related("need__organization__district")
    if not user.recommendations_enabled:
        return list(matches.order_by("-need__published_at"))
    return list(matches.order_by("rank"))


def fitting_needs(user: User, page_ids: Iterable[int] | QuerySet) -> QuerySet[Match]:
    """Needs in whose lists these listings stand high: what an institute is invited to answer."""
    readable = Need.objects.for_user(user).published().exclude(excluded__in=user.organization_ids)
    return (
        Match.objects.filter(
            page_id__in=page_ids,
            direction=Direction.NEED_TO_LISTING,
            rank__lte=FITTING_RANK,
            grade__in=FITTING_GRADES,
            need__in=readable,
        )
        .select_related("need", "page")
        .order_by("rank", "-need__published_at")
    )


def own_answers(need: Need, user: User) -> list[Match]:
    """What this person's listings have in common with a need, best first; one row a listing."""
    matches = (
        Match.objects.filter(need=need, page__in=listings_of(user).order_by(), page__live=True)
        .select_related("page")
        .order_by("rank", "direction")
    )
    return list({match.page_id: match for match in reversed(matches)}.values())[::-1]


def related_needs(need: Need, user: Visitor) -> list[Need]:
    """Needs whose titles share most words, among those ``user`` may find."""
    pks = rows_alike(NeedDocument, title=need.title, but=need.pk, user=user, size=RELATED)
    found = {
        row.pk: row
        for row in NeedDocument.open_rows(NeedDocument.queryset().for_user(user).filter(pk__in=pks))
    }
    return [found[pk] for pk in pks if pk in found]


def contact_of(need: Need) -> User | None:
    """Whom a broker may call about a need: its author, who shows the contact data to members.

    Nobody for an anonymous need: a person's name would give the organization away.
    """
    author = need.author if need.shows_organization else None
    return author if author and has_consent(author, ConsentPurpose.SHOW_CONTACT) else None


def candidates_for(user: User) -> QuerySet[Match]:
    """Strong candidates for the needs of one's organizations that are neither judged nor hidden."""
    needs = Need.objects.published().filter(organization__in=user.organization_ids)
    judged = Verdict.objects.filter(need=OuterRef("need"), page=OuterRef("page"))
    marked = MatchMark.objects.filter(need=OuterRef("need"), page=OuterRef("page"))
    return (
        Match.objects.filter(
            need__in=needs,
            direction=Direction.NEED_TO_LISTING,
            rank__lte=FITTING_RANK,
            grade__in=FITTING_GRADES,
        )
        .exclude(Exists(judged) | Exists(marked))
        .select_related("need", "page")
        .order_by("rank", "-need__published_at")
    )


def desk_of(user: User) -> dict[str, tuple[str, QuerySet[Need]]]:
    """The shelves of a person's desk of needs: key → (label, needs); only those that may be theirs.

    ``decide``: rewrites to decide on; ``repair``: needs that wait for a broker; ``repaired``: those
    that this broker has worked on; ``review``: needs and changes that wait for the platform;
    ``own``: the own organizations' needs.
    """
    needs = Need.objects.select_related("organization", "broker")
    own = needs.filter(organization__in=user.organization_ids)
    shelves = {}
    if user.organization_ids:
        shelves["decide"] = _("Rewrites to decide on"), own.filter(state=NeedState.PROPOSED)
    if user.has_role(PortalRole.BROKER):
        waits = needs.filter(state=NeedState.AT_BROKER)
        shelves["repair"] = _("Needs to repair"), waits
        mine = needs.filter(broker=user).exclude(state=NeedState.AT_BROKER)
        shelves["repaired"] = _("Repaired by me"), mine
    if user.has_role(PortalRole.REVIEWER):
        changed = Q(state=NeedState.PUBLISHED, pending_changes__is_submitted=True)
        waiting = needs.filter(Q(state=NeedState.IN_REVIEW) | changed)
        shelves["review"] = _("Needs to review"), waiting
    if user.organization_ids:
        shelves["own"] = _("My needs"), own
    return {
        key: (label, rows.order_by(*_ORDERS.get(key, ("submitted_at", "pk"))))
        for key, (label, rows) in shelves.items()
    }


def listed_pages(*, need_ids: Iterable[int]) -> list[int]:
    """The listings that stand in these needs' lists."""
    matches = Match.objects.filter(need__in=need_ids, direction=Direction.NEED_TO_LISTING)
    return sorted(set(matches.values_list("page_id", flat=True)))


def is_reranked(need: Need) -> bool:
    """Tell whether the list's order already follows everything that was judged on this need."""
    verdicts = Verdict.objects.counted().filter(need=need)
    judged = verdicts.aggregate(pages=Count("page", distinct=True), latest=Max("updated_at"))
    if judged["pages"] < FEEDBACK_LABELS:
        return False
    computed = Match.objects.filter(need=need, direction=Direction.NEED_TO_LISTING)
    return computed.filter(computed_at__gte=judged["latest"]).exists()


def _first_industry(model: Any, side: str, reference: str) -> Subquery:
    links = model.industries.through.objects.filter(**{side: OuterRef(reference)})
    return Subquery(links.order_by("industry__sort_order", "industry").values("industry__code")[:1])


def industry_of_page(page: str) -> Coalesce:
    """The first industry of the listing that ``page`` leads to: each counts in one only."""
    return Coalesce(
        _first_industry(AchievementPage, "achievementpage", page),
        _first_industry(PatentPage, "patentpage", page),
    )


def industry_of_need(need: str) -> Subquery:
    return _first_industry(Need, "need", need)
