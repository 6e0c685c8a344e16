"""The versions of a text as a person tells them apart, not one for each autosave."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Revision, TaskState

from .contents import field_label
from .models import ListingPage
from .steps import steps_of

FOLDED = timedelta(hours=1)
SHOWN = 300  # revisions, the newest ones
ROW_KEYS = {"pk", "page", "sort_order"}


@dataclass
class Version:
    """The latest of some revisions that one person saved within an hour, and the ``earlier``."""

    revision: Revision
    is_published: bool
    is_submitted: bool
    earlier: list[Revision] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def versions_of(page: ListingPage) -> list[Version]:
    """Return the versions, the newest first, each with the labels of what changed in it.

    What was published or sent to review stays a version of its own.
    """
    submitted = set(
        TaskState.objects.filter(
            workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
            workflow_state__object_id=str(page.pk),
        ).values_list("revision", flat=True)
    )
    versions: list[Version] = []
    for revision in page.revisions.select_related("user").order_by("-pk")[:SHOWN]:
        is_published = revision.pk == page.live_revision_id
        is_submitted = revision.pk in submitted
        if versions and not (is_published or is_submitted) and _folds(versions[-1], revision):
            versions[-1].earlier.append(revision)
            continue
        versions.append(Version(revision, is_published, is_submitted))
    for newer, older in pairwise(versions):
        newer.changed = _changed_labels(page, older.revision.content, newer.revision.content)
    return versions


def _folds(version: Version, older: Revision) -> bool:
    newest = version.revision
    return newest.user_id == older.user_id and newest.created_at - older.created_at < FOLDED


def _changed_labels(page: ListingPage, before: dict, after: dict) -> list[str]:
    names = [name for step in steps_of(type(page)) for name in step.field_names]
    return [
        field_label(page, name)
        for name in names
        if _bare(before.get(name)) != _bare(after.get(name))
    ]


def _bare(value):
    """Leave out of rows what storing them changes, and the order of chosen terms."""
    if isinstance(value, list):
        bare = [_bare(each) for each in value]
        return bare if any(isinstance(each, dict) for each in bare) else sorted(bare)
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if key not in ROW_KEYS}
    return value
