from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from achievements.documents import AchievementDocument
from achievements.models import AchievementPage, ListingPage
from ip.documents import PatentDocument
from ip.models import PatentPage
from portal.accounts.models import Membership, Organization, User
from portal.audit.services import record
from portal.disclosure.queries import open_part, open_parts
from portal.notifications.services import notify
from search.documents import REGISTERED

from ..documents import NeedDocument
from ..enums import CandidateKind, Confidentiality, Direction, Grade, NeedState
from ..gates import failed_gates
from ..matcher import (
    FEEDBACK_LABELS,
    METHOD_VERSION,
    Candidate,
    explain,
    find_candidates,
    grade_of,
    rerank,
    weigh_terms,
    weigh_titles,
    weigh_words,
)
from ..models import Impression, Match, MatchMark, Need, Verdict
from ..rules import can_manage_need, judging_side
from .needs import _require

KEPT_MATCHES = 50
CONCERNED_NEEDS = 50
KEPT_NEEDS = 20
INVITED_RANK = 3
INVITED_GRADES = {Grade.STRONG, Grade.GOOD}
SOURCES = (
    (CandidateKind.ACHIEVEMENT, AchievementDocument, AchievementPage),
    (CandidateKind.PATENT, PatentDocument, PatentPage),
)


def need_text(need: Need) -> str:
    """The text of a need beside its title, as the matcher reads it: what is open to everybody."""
    need = open_part(need)
    parts = [need.problem, need.current_solution, need.constraints, need.keywords]
    return "\n".join([*parts, *[str(target) for target in need.targets.all()]])


def listing_text(page: ListingPage) -> str:
    """The text of a listing beside its title; what is closed neither finds nor explains."""
    page = open_part(page)
    if isinstance(page, PatentPage):
        return f"{page.summary}\n{page.value}\n{page.applications}\n{page.patent.abstract}"
    return f"{page.summary}\n{page.description}\n{page.innovations}\n{page.scenarios}"


def owner_of(match: Match) -> int | None:
    """The organization that publishes a match's listing."""
    model = {str(kind): model for kind, _document, model in SOURCES}[match.candidate_kind]
    owners = model.objects.filter(pk=match.page_id)
    return owners.values_list("institute__organization", flat=True).first()


def compute_matches(*, need: Need) -> int:
    """Rank achievements and patents for one need and keep the best fifty with their reasons.

    Raises ``SearchUnavailable``; a need that is not published keeps no matches.
    """
    if need.state != NeedState.PUBLISHED:
        Match.objects.filter(need=need).delete()
        return 0
    need = open_part(need)
    excluded = [need.organization_id, *need.excluded.values_list("pk", flat=True)]
    filters: list[dict] = [
        {"terms": {"visible_to": [REGISTERED]}},
        {"range": {"valid_until": {"gte": timezone.now().isoformat()}}},
        {"bool": {"must_not": [{"terms": {"organization_id": excluded}}]}},
    ]
    found: list[tuple[Candidate, str, ListingPage]] = []
    for kind, document, model in SOURCES:
        weights = weigh_terms(need.title, need_text(need), document)
        candidates = find_candidates(weights, document, filters=filters, size=KEPT_MATCHES)
        current = model.objects.current().select_related("institute__organization__district")
        wanted = current.filter(pk__in=[int(candidate.pk) for candidate in candidates])
        pages = {page.pk: page for page in open_parts(wanted)}
        found += [
            (candidate, kind, pages[int(candidate.pk)])
            for candidate in candidates
            if int(candidate.pk) in pages
        ]
    return _store(need, found)


def forget_reasons(*, listing: Need | ListingPage) -> None:
    """Take the reasons out of the matches of a need or listing until they are computed anew."""
    matches = Match.objects.filter(need=listing.pk)
    if isinstance(listing, ListingPage):
        matches = Match.objects.filter(page_id=listing.pk)
    matches.update(terms=[], failed_gates=[], contributions={})


def match_listing(*, page_id: int) -> list[int]:
    """Match those published needs anew that a changed listing may concern; return their ids.

    These are the needs that share most of its weighted words, and those that list it already;
    a listing that is no longer current leaves their lists. Raises ``SearchUnavailable``.
    """
    concerned = set(Match.objects.filter(page_id=page_id).values_list("need_id", flat=True))
    for _kind, _document, model in SOURCES:
        page = model.objects.current().filter(pk=page_id).first()
        if page:
            weights = weigh_terms(page.title, listing_text(page), NeedDocument)
            found = find_candidates(weights, NeedDocument, size=CONCERNED_NEEDS)
            concerned |= {int(candidate.pk) for candidate in found}
    needs = Need.objects.filter(pk__in=concerned).order_by("pk")
    for need in needs:
        compute_matches(need=need)
    rank_needs(page_id=page_id)
    return [need.pk for need in needs]


def rank_needs(*, page_id: int) -> int:
    """Rank the published needs for one listing, for its institute; the other direction.

    A listing that is no longer current keeps none. Raises ``SearchUnavailable``.
    """
    matches = []
    for kind, _document, model in SOURCES:
        page = (
            model.objects.current()
            .select_related("institute__organization__district")
            .filter(pk=page_id)
            .first()
        )
        if page:
            matches = _needs_of(open_part(page), kind)
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page_id)
        Match.objects.filter(page_id=page_id, direction=Direction.LISTING_TO_NEED).delete()
        Match.objects.bulk_create(matches)
    return len(matches)


def _needs_of(page: ListingPage, kind: str) -> list[Match]:
    words = weigh_words(page.title, listing_text(page), NeedDocument)
    weights = weigh_terms(page.title, listing_text(page), NeedDocument)
    candidates = find_candidates(weights, NeedDocument, size=CONCERNED_NEEDS)
    owner = page.institute.organization_id
    wanted = (
        Need.objects.published()
        .filter(pk__in=[int(candidate.pk) for candidate in candidates])
        .exclude(organization=owner)
        .exclude(excluded=owner)
        .prefetch_related("targets")
    )
    needs = {need.pk: need for need in open_parts(wanted)}
    found = [candidate for candidate in candidates if int(candidate.pk) in needs]
    now = timezone.now()
    matches = []
    for rank, candidate in enumerate(found[:KEPT_NEEDS], start=1):
        need = needs[int(candidate.pk)]
        reason = explain(words, need.title, need_text(need))
        matches.append(
            Match(
                need=need,
                page_id=page.pk,
                candidate_kind=kind,
                direction=Direction.LISTING_TO_NEED,
                rank=rank,
                base_rank=rank,
                score=candidate.score,
                coverage=reason.coverage,
                grade=grade_of(rank, reason),
                contributions={"title": reason.title_share, "text": reason.text_share},
                terms=reason.terms,
                failed_gates=failed_gates(need, page),
                method_version=METHOD_VERSION,
                computed_at=now,
            )
        )
    return matches


def _store(need: Need, found: Sequence[tuple[Candidate, str, ListingPage]]) -> int:
    now = timezone.now()
    labels = {
        str(verdict.page_id): verdict.level
        for verdict in Verdict.objects.counted().filter(need=need).order_by("updated_at")
    }
    by_pk = {candidate.pk: (kind, page) for candidate, kind, page in found}
    words = weigh_words(need.title, need_text(need), AchievementDocument)
    candidates = sorted((each[0] for each in found), key=lambda each: (-each.score, each.pk))
    base = {candidate.pk: rank for rank, candidate in enumerate(candidates, start=1)}
    ranked = rerank(candidates, _title_vectors(by_pk, labels), labels)[:KEPT_MATCHES]
    matches = [
        _match(
            need=need,
            candidate=candidate,
            rank=rank,
            base_rank=base[candidate.pk],
            source=by_pk[candidate.pk],
            words=words,
            now=now,
        )
        for rank, candidate in enumerate(ranked, start=1)
    ]
    with transaction.atomic():
        Need.objects.select_for_update().get(pk=need.pk)
        Match.objects.filter(need=need, direction=Direction.NEED_TO_LISTING).delete()
        Match.objects.bulk_create(matches)
        _invite_institutes(need, [match for match in matches if match.rank <= INVITED_RANK])
    return len(matches)


def _invite_institutes(need: Need, matches: Iterable[Match]) -> None:
    """Tell the offices of the institutes, once for each, which of their listings fit a need."""
    good = {match.page_id: match for match in matches if match.grade in INVITED_GRADES}
    for _kind, _document, model in SOURCES:
        pages = model.objects.filter(pk__in=good).select_related("institute__organization")
        for page in pages:
            organization = page.institute.organization
            if not is_open_to(need, organization):
                continue
            offices = Membership.objects.office().filter(organization=organization)
            for membership in offices.select_related("user"):
                if membership.user.recommendations_enabled:
                    notify(
                        user=membership.user,
                        kind="listing-fits",
                        title=gettext_lazy("One of your listings fits a need"),
                        body=f"{page.title} → {need.title}",
                        url=reverse("matchmaking:why", args=[need.code, page.pk]),
                        dedupe_key=f"fits:{need.pk}:{page.pk}:{membership.user_id}",
                    )


def is_open_to(need: Need, organization: Organization) -> bool:
    """Whether an institute may learn of the need: all may, but for directed ones and exclusions."""
    if need.excluded.filter(pk=organization.pk).exists():
        return False
    if need.confidentiality != Confidentiality.DIRECTED:
        return True
    return need.directed_to.filter(pk=organization.pk).exists()


def record_impressions(*, matches: Iterable[Match]) -> None:
    """Note which matches the company's side has been shown, at the rank of the first time."""
    Impression.objects.bulk_create(
        [
            Impression(
                need_id=match.need_id,
                page_id=match.page_id,
                shown_rank=match.rank,
                grade=match.grade,
            )
            for match in matches
        ],
        ignore_conflicts=True,
    )


def _title_vectors(
    by_pk: Mapping[str, tuple[str, ListingPage]], labels: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    if len(labels) < FEEDBACK_LABELS:
        return {}
    titles = {pk: page.title for pk, (_kind, page) in by_pk.items()}
    judged = Page.objects.filter(pk__in=labels.keys() - titles.keys())
    titles |= {str(pk): title for pk, title in judged.values_list("pk", "title")}
    return weigh_titles(titles, AchievementDocument)


def _match(
    *,
    need: Need,
    candidate: Candidate,
    rank: int,
    base_rank: int,
    source: tuple[str, ListingPage],
    words: Mapping[str, float],
    now: datetime,
) -> Match:
    kind, page = source
    reason = explain(words, page.title, listing_text(page))
    return Match(
        need=need,
        page_id=page.pk,
        candidate_kind=kind,
        rank=rank,
        base_rank=base_rank,
        score=candidate.score,
        coverage=reason.coverage,
        grade=grade_of(rank, reason),
        contributions={"title": reason.title_share, "text": reason.text_share},
        terms=reason.terms,
        failed_gates=failed_gates(need, page),
        method_version=METHOD_VERSION,
        computed_at=now,
    )


@transaction.atomic
def give_verdict(
    *, actor: User, match: Match, level: int, reason: str = "", comment: str = ""
) -> Verdict:
    """Record a person's judgement; from the fifth on the rest is ranked anew.

    An institute's judgement of its own listing is kept beside them and moves nothing.
    """
    from ..tasks import task_compute_matches

    side = judging_side(actor, match.need, owner_of(match))
    _require(side is not None)
    assert side is not None
    verdict, _created = Verdict.objects.update_or_create(
        need=match.need,
        page_id=match.page_id,
        user=actor,
        defaults={
            "side": side,
            "level": level,
            "reason": reason,
            "comment": comment,
            "shown_rank": match.rank,
        },
    )
    record(
        actor=actor,
        action="matchmaking.give_verdict",
        target=match.need,
        page=match.page_id,
        level=level,
    )
    transaction.on_commit(lambda: task_compute_matches.delay(need_ids=[match.need_id]))
    return verdict


@transaction.atomic
def mark_match(
    *,
    actor: User,
    match: Match,
    shortlist: bool | None = None,
    hide: bool | None = None,
    note: str | None = None,
) -> MatchMark:
    """Keep, hide or annotate a match in the company's own list; what is None stays as it is."""
    _require(can_manage_need(actor, match.need))
    mark, _created = MatchMark.objects.get_or_create(
        organization=match.need.organization, need=match.need, page_id=match.page_id
    )
    now = timezone.now()
    if shortlist is not None:
        mark.shortlisted_at = now if shortlist else None
    if hide is not None:
        mark.hidden_at = now if hide else None
    if note is not None:
        mark.note = note[:1000]
    mark.updated_by = actor
    mark.save()
    record(
        actor=actor,
        action="matchmaking.mark_match",
        target=match.need,
        organization_id=match.need.organization_id,
        page=match.page_id,
        shortlisted=mark.shortlisted_at is not None,
        hidden=mark.hidden_at is not None,
    )
    return mark
