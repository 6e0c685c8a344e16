"""What staff and offices do in the editing desk goes into the audit log too."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.audit.services import record

DRAFT_SAVED = "wagtail.edit"  # of a page: every autosave; what becomes of the draft is recorded


@receiver(post_save, sender=PageLogEntry, dispatch_uid="operations.on_page_logged")
@receiver(post_save, sender=ModelLogEntry, dispatch_uid="operations.on_model_logged")
def on_logged(sender, instance, created, raw=False, **kwargs):
    if not created or raw or (sender is PageLogEntry and instance.action == DRAFT_SAVED):
        return
    record(
        actor=instance.user,
        action=instance.action[:64],
        target=_object_of(instance),
        label=instance.label[:200],
        model=instance.content_type.model if instance.content_type else "",
    )


def _object_of(entry):
    """What was acted on, or None when it is gone."""
    if entry.deleted or entry.content_type is None:
        return None
    pk = entry.page_id if isinstance(entry, PageLogEntry) else entry.object_id
    try:
        return entry.content_type.get_object_for_this_type(pk=pk)
    except (ObjectDoesNotExist, AttributeError):
        return None
