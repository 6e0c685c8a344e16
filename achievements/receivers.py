from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move, task_submitted

from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.models import Membership, Organization
from portal.accounts.services import UnableToChangeOrganization
from portal.accounts.signals import organization_verified
from portal.disclosure.signals import levels_changed
from portal.media.signals import file_read
from search.services import schedule_sync, schedule_sync_many

from .models import InstitutePage, ListingPage, ReviewTask
from .services import (
    UnableToOnboard,
    note_file_reading,
    onboard_organization,
    resync_listing,
    sync_office_group,
    tell_reviewers,
)


def listings_below(page: Page):
    """Return ``(model, ids)`` of all listings below a page, by their class."""
    children = page.get_descendants().type(ListingPage).specific(defer=True)
    by_model: dict[type, list[int]] = {}
    for child in children:
        by_model.setdefault(child.specific_class, []).append(child.pk)
    return by_model.items()


def sync_with_descendants(page: Page) -> None:
    schedule_sync(page.specific)
    for model, pks in listings_below(page):
        schedule_sync_many(model, pks)


@receiver(page_published, dispatch_uid="achievements.on_page_published")
def on_page_published(sender, instance, **kwargs):
    if isinstance(instance, InstitutePage):
        sync_with_descendants(instance)
    elif isinstance(instance, ListingPage):
        schedule_sync(instance)


@receiver(page_unpublished, dispatch_uid="achievements.on_page_unpublished")
def on_page_unpublished(sender, instance, **kwargs):
    on_page_published(sender, instance)


@receiver(post_page_move, dispatch_uid="achievements.on_page_moved")
def on_page_moved(sender, instance, **kwargs):
    if isinstance(instance.specific, InstitutePage | ListingPage):
        sync_with_descendants(instance)


@receiver(post_delete, dispatch_uid="achievements.on_listing_deleted")
def on_listing_deleted(sender, instance, **kwargs):
    if isinstance(instance, InstitutePage | ListingPage):
        schedule_sync(instance)


@receiver(post_save, sender=Organization, dispatch_uid="achievements.on_organization_saved")
def on_organization_saved(sender, instance, **kwargs):
    for page in InstitutePage.objects.filter(organization=instance):
        sync_with_descendants(page)


@receiver([post_save, post_delete], sender=Membership, dispatch_uid="achievements.on_membership")
def on_membership_changed(sender, instance, **kwargs):
    sync_office_group(organization=instance.organization)


@receiver(task_submitted, dispatch_uid="achievements.on_task_submitted")
def on_task_submitted(sender, instance, user=None, **kwargs):
    """However a text comes to a reviewer, from the workspace or the admin, the reviewer hears."""
    if isinstance(instance.task.specific, ReviewTask):
        tell_reviewers(task_state=instance, actor=user)


@receiver(organization_verified, dispatch_uid="achievements.on_organization_verified")
def on_organization_verified(sender, organization, actor, **kwargs):
    """Give a verified institute its page, so that it can publish the same minute."""
    if organization.kind not in PUBLISHING_KINDS:
        return
    try:
        onboard_organization(organization=organization, actor=actor)
    except UnableToOnboard as error:
        raise UnableToChangeOrganization(str(error)) from error


@receiver(levels_changed, dispatch_uid="achievements.on_levels_changed")
def on_levels_changed(sender, listing, **kwargs):
    if isinstance(listing, ListingPage):
        resync_listing(page=listing)


@receiver(file_read, dispatch_uid="achievements.on_file_read")
def on_file_read(sender, user, pages, **kwargs):
    note_file_reading(user=user, pages=[p for p in pages if isinstance(p, ListingPage)])
