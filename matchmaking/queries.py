from django.db.models import Count, Max

from achievements.models import AchievementPage
from ip.models import PatentPage

from .enums import CandidateKind, Direction
from .matcher import FEEDBACK_LABELS
from .models import Match, Need, Verdict

MODELS = {CandidateKind.ACHIEVEMENT: AchievementPage, CandidateKind.PATENT: PatentPage}


def ranked_matches(need: Need, user) -> list[Match]:
    """The matches of a need that ``user`` may read, best first, each with its ``listing``.

    With recommendations switched off the order is by date (PIPL art. 24).
    """
    matches = list(
        Match.objects.filter(need=need, direction=Direction.NEED_TO_LISTING)
        .select_related("need")
        .order_by("rank")
    )
    listings = {}
    for kind, model in MODELS.items():
        ids = [match.page_id for match in matches if match.candidate_kind == kind]
        listings |= (
            model.objects.current()
            .for_user(user)
            .select_related("institute__organization__district")
            .in_bulk(ids)
        )
    verdicts = {
        verdict.page_id: verdict
        for verdict in Verdict.objects.filter(need=need, user=user).select_related("user")
    }
    shown = []
    for match in matches:
        if match.page_id in listings:
            match.listing = listings[match.page_id]
            match.verdict = verdicts.get(match.page_id)
            shown.append(match)
    if not user.recommendations_enabled:
        shown.sort(key=lambda match: match.listing.first_published_at, reverse=True)
    return shown


def is_reranked(need: Need) -> bool:
    """Tell whether the list's order already follows everything that was judged on this need."""
    verdicts = Verdict.objects.filter(need=need)
    judged = verdicts.aggregate(pages=Count("page", distinct=True), latest=Max("updated_at"))
    if judged["pages"] < FEEDBACK_LABELS:
        return False
    computed = Match.objects.filter(need=need, direction=Direction.NEED_TO_LISTING)
    return computed.filter(computed_at__gte=judged["latest"]).exists()
