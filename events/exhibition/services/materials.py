"""What is shown at a booth, and the check before the public sees it."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.taxonomy.models import Industry

from ..checks import EXHIBIT_TEXTS, findings, missing_materials, refused_texts
from ..enums import ExhibitorState
from ..models import Exhibit, Exhibitor
from ..queries import may_be_shown
from ..rules import can_check_materials, can_write_materials
from .changes import UnableToExhibit, given, lock, log, move, require, tell, tell_organizer

MOST_EXHIBITS = 20


def _lock_to_write(actor: User, exhibitor: Exhibitor) -> Exhibitor:
    exhibitor = lock(exhibitor)
    require(can_write_materials(actor, exhibitor))
    return exhibitor


@transaction.atomic
def edit_materials(
    *, actor: User, exhibitor: Exhibitor, values: dict[str, Any], industries: Iterable[Industry]
) -> Exhibitor:
    """Write lettering and introduction. What may not be shown is refused when it is sent."""
    exhibitor = _lock_to_write(actor, exhibitor)
    for name in ("fascia", "fascia_en", "introduction", "introduction_en"):
        setattr(exhibitor, name, values[name])
    exhibitor.save()
    exhibitor.industries.set(industries)
    log(actor, exhibitor, "edit_materials")
    return exhibitor


@transaction.atomic
def show_listing(*, actor: User, exhibitor: Exhibitor, page_id: int) -> Exhibit:
    """Show one of the organization's own public listings. Raises for any other."""
    exhibitor = _lock_to_write(actor, exhibitor)
    _check_room(exhibitor)
    if not may_be_shown(exhibitor, page_id):
        raise UnableToExhibit(
            _("Only your organization's public listings can be shown, each once.")
        )
    exhibit = Exhibit.objects.create(exhibitor=exhibitor, page_id=page_id, order=_next(exhibitor))
    log(actor, exhibitor, "show_listing", page=page_id)
    return exhibit


@transaction.atomic
def save_exhibit(
    *,
    actor: User,
    exhibitor: Exhibitor,
    values: dict[str, str],
    picture: UploadedFile | None = None,
    exhibit: Exhibit | None = None,
) -> Exhibit:
    """Write an exhibit in own words. Raises ``UnableToExhibit`` for words that may not be shown."""
    exhibitor = _lock_to_write(actor, exhibitor)
    if exhibit is None:
        _check_room(exhibitor)
        exhibit = Exhibit(exhibitor=exhibitor, order=_next(exhibitor))
    else:
        exhibit = exhibitor.exhibits.select_for_update().get(pk=exhibit.pk, page=None)
    for name in EXHIBIT_TEXTS:
        setattr(exhibit, name, values[name])
    refused = refused_texts(exhibit, EXHIBIT_TEXTS)
    if refused:
        raise UnableToExhibit(" ".join(refused.values()))
    before = str(exhibit.picture.name or "")
    if picture:
        exhibit.picture = picture
    exhibit.save()
    if picture and before:
        storage = exhibit.picture.storage
        transaction.on_commit(lambda: storage.delete(before))
    log(actor, exhibitor, "save_exhibit", exhibit=exhibit.pk)
    return exhibit


@transaction.atomic
def remove_exhibit(*, actor: User, exhibit: Exhibit) -> None:
    exhibitor = _lock_to_write(actor, exhibit.exhibitor)
    storage, name = exhibit.picture.storage, str(exhibit.picture.name or "")
    log(actor, exhibitor, "remove_exhibit", exhibit=exhibit.pk)
    exhibit.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _check_room(exhibitor: Exhibitor) -> None:
    if exhibitor.exhibits.count() >= MOST_EXHIBITS:
        raise UnableToExhibit(
            _("A booth shows at most %(most)d exhibits.") % {"most": MOST_EXHIBITS}
        )


def _next(exhibitor: Exhibitor) -> int:
    last = exhibitor.exhibits.order_by("-order").values_list("order", flat=True).first()
    return 0 if last is None else last + 1


@transaction.atomic
def submit_materials(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    """Send the materials to the organizer. Raises what is missing or may not be shown."""
    exhibitor = _lock_to_write(actor, exhibitor)
    _refuse(exhibitor)
    exhibitor.submitted_at, exhibitor.reason = timezone.now(), ""
    move(exhibitor, ExhibitorState.SUBMITTED, actor=actor, action="submit_materials")
    tell_organizer(
        exhibitor,
        kind="exhibitor-materials",
        title=gettext_lazy("Materials of an exhibitor wait for the check"),
        body=exhibitor.organization.name,
    )
    return exhibitor


def _refuse(exhibitor: Exhibitor) -> None:
    said = missing_materials(exhibitor)
    said += [f"{each.place} · {each.field}：{each.message}" for each in findings(exhibitor)]
    if said:
        raise UnableToExhibit(" ".join(said))


@transaction.atomic
def pass_materials(*, actor: User, exhibitor: Exhibitor) -> Exhibitor:
    """Let the materials go public. Raises where a text may not be shown, as of now."""
    exhibitor = lock(exhibitor)
    require(can_check_materials(actor, exhibitor))
    _refuse(exhibitor)
    move(exhibitor, ExhibitorState.PASSED, actor=actor, action="pass_materials")
    tell(
        exhibitor,
        kind="exhibitor-passed",
        title=gettext_lazy("Your materials have passed the check"),
    )
    return exhibitor


@transaction.atomic
def return_materials(*, actor: User, exhibitor: Exhibitor, reason: str) -> Exhibitor:
    """Send the materials back with a reason that the exhibitor reads. Raises without one.

    What is on show leaves the public hall at once, until it has passed anew.
    """
    exhibitor = lock(exhibitor)
    require(can_check_materials(actor, exhibitor))
    exhibitor.reason = given(reason)
    move(exhibitor, ExhibitorState.RETURNED, actor=actor, action="return_materials")
    tell(
        exhibitor,
        kind="exhibitor-returned",
        title=gettext_lazy("Your materials were returned"),
        body=exhibitor.reason,
    )
    return exhibitor
