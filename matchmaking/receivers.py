from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from achievements.models import ListingPage

from .tasks import task_match_listing

# The listing's own document is written by another task; a late one is found by the sweep.
AFTER_INDEXING = 3


@receiver([page_published, page_unpublished], dispatch_uid="matchmaking.on_listing_changed")
def on_listing_changed(sender, instance, **kwargs):
    if isinstance(instance, ListingPage):
        transaction.on_commit(
            lambda: task_match_listing.apply_async(
                kwargs={"page_id": instance.pk}, countdown=AFTER_INDEXING
            )
        )
