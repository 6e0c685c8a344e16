"""Messages and their files."""

import secrets
from collections.abc import Iterable
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.audit.services import record

from ..enums import Party
from ..marks import find_marks
from ..models import Interest, InterestFile, InterestMessage
from ..rules import can_write, side_of
from .changes import UnableToChangeInterest, lock, note_first_reply, require, tell_side

MOST_FILES = 5


def marks_of(message: InterestMessage) -> list[str]:
    """The confidential marks in a message's text and in the names of its files."""
    names = message.files.order_by("pk").values_list("name", flat=True)
    return find_marks([message.text, *names])


@transaction.atomic
def send_message(
    *,
    actor: User,
    interest: Interest,
    text: str,
    is_confidential: bool = False,
    files: Iterable[UploadedFile] = (),
    is_confirmed: bool = False,
) -> InterestMessage:
    """Send a message, or keep it as the author's draft when it bears confidential marks.

    The draft holds text and files until the author sends it with ``is_confirmed`` or discards it;
    ``sent_at`` says which of both happened. ``files`` were checked by their content.
    """
    interest = lock(interest)
    require(can_write(actor, interest))
    side = side_of(actor, interest)
    message = draft_of(actor, interest) or InterestMessage(interest=interest, author=actor)
    new_files = list(files)
    if len(new_files) + (message.files.count() if message.pk else 0) > MOST_FILES:
        raise UnableToChangeInterest(
            _("A message takes at most %(number)d files.") % {"number": MOST_FILES}
        )
    message.side, message.text = side or "", text.strip()
    message.is_confidential = is_confidential
    message.save()
    for file in new_files:
        _attach(message, file)
    if not is_confirmed and marks_of(message):
        return message
    message.sent_at = timezone.now()
    message.save(update_fields=["sent_at"])
    if side == Party.RECEIVER:
        note_first_reply(interest, message.sent_at)
        interest.save(update_fields=["first_reply_at"])
    _tell_others(interest, message, actor)
    return message


def draft_of(user: User, interest: Interest) -> InterestMessage | None:
    return InterestMessage.objects.filter(
        interest=interest, author=user, sent_at__isnull=True
    ).first()


def _attach(message: InterestMessage, file: UploadedFile) -> None:
    suffix = PurePath(file.name or "").suffix.lower()
    kept = InterestFile(message=message, name=(file.name or "")[-120:], size=file.size or 0)
    kept.file.save(f"{secrets.token_urlsafe(18)}{suffix}", file, save=False)
    kept.save()


def _tell_others(interest: Interest, message: InterestMessage, actor: User) -> None:
    record(
        actor=actor,
        action="interests.send_message",
        target=interest,
        organization_id=interest.receiver_organization_id,
        files=message.files.count(),
    )
    for side in Party:
        is_closed = side == Party.BROKER and message.is_confidential
        if side != message.side and not is_closed:
            title = gettext_lazy("New message on an interest")
            tell_side(interest, side, kind="interest-message", title=title, besides=actor)


@transaction.atomic
def discard_draft(*, actor: User, interest: Interest) -> None:
    """Throw the author's unsent message away, with its files."""
    interest = lock(interest)
    draft = draft_of(actor, interest)
    if draft is None:
        raise UnableToChangeInterest(_("There is no unsent message any more."))
    files = [file.file for file in draft.files.all()]
    draft.delete()
    transaction.on_commit(lambda: _delete_files(files))


def _delete_files(files: Iterable[FieldFile]) -> None:
    for file in files:
        file.storage.delete(file.name or "")


def record_reading(*, actor: User, file: InterestFile) -> None:
    """Put on record who read a file of a thread."""
    record(
        actor=actor,
        action="interests.read_file",
        target=file.message.interest,
        organization_id=file.message.interest.receiver_organization_id,
        file=file.pk,
    )
