from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from achievements.models import ListingPage
from portal.disclosure.signals import levels_changed

from .models import Need
from .services import forget_reasons, resync_need
from .tasks import task_match_listing

# The listing's own document is written by another task; a late one is found by the sweep.
AFTER_INDEXING = 3


@receiver([page_published, page_unpublished], dispatch_uid="matchmaking.on_listing_changed")
def on_listing_changed(sender, instance, **kwargs):
    if isinstance(instance, ListingPage):
        _match_again(instance)


@receiver(levels_changed, dispatch_uid="matchmaking.on_levels_changed")
def on_levels_changed(sender, listing, **kwargs):
    """What is closed counts in no match any more, and what is open does."""
    forget_reasons(listing=listing)
    if isinstance(listing, Need):
        resync_need(need=listing)
    else:
        _match_again(listing)


def _match_again(listing: ListingPage) -> None:
    transaction.on_commit(
        lambda: task_match_listing.apply_async(
            kwargs={"page_id": listing.pk}, countdown=AFTER_INDEXING
        )
    )
