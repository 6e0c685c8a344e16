from celery import shared_task

from search.client import SearchUnavailable

from .models import Need
from .queries import MODELS, listed_pages
from .services import compute_matches, expire_needs, match_listing, rank_needs, remind_of_validity


@shared_task(
    name="matchmaking.compute_matches",
    autoretry_for=(SearchUnavailable,),
    retry_backoff=True,
    retry_jitter=True,
    max_retries=5,
    time_limit=120,
)
def task_compute_matches(*, need_ids: list[int], **kwargs):
    """Match needs anew, and rank the needs of the listings in their lists.

    Needs that are no longer published lose their matches.
    """
    for need in Need.objects.filter(pk__in=need_ids):
        compute_matches(need=need)
    for page_id in listed_pages(need_ids=need_ids):
        rank_needs(page_id=page_id)


@shared_task(
    name="matchmaking.match_listing",
    autoretry_for=(SearchUnavailable,),
    retry_backoff=True,
    retry_jitter=True,
    max_retries=5,
    time_limit=300,
)
def task_match_listing(*, page_id: int, **kwargs):
    """Find the needs that a changed listing may fit and match them anew."""
    match_listing(page_id=page_id)


@shared_task(name="matchmaking.sweep", time_limit=1800)
def task_sweep(**kwargs):
    """Expire what is due, remind of what ends soon, and match every published need anew."""
    expire_needs()
    remind_of_validity()
    for need in Need.objects.published().iterator():
        compute_matches(need=need)
    for model in MODELS.values():
        for page_id in model.objects.current().values_list("pk", flat=True).iterator():
            rank_needs(page_id=page_id)
