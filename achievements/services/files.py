from django.core.files import File
from django.db import transaction
from wagtail.models import Collection

from portal.accounts.models import User
from portal.audit.services import record
from portal.media.models import PortalDocument, PortalImage

from ..models import Attachment, ListingPage, Picture
from .listings import save_draft

ATTACHED = {"picture": ("pictures", "image_id"), "attachment": ("attachments", "document_id")}


@transaction.atomic
def attach_files(
    *,
    page: ListingPage,
    actor: User,
    picture: File | None = None,
    caption: str = "",
    attachment: File | None = None,
    attachment_title: str = "",
) -> None:
    """Store an uploaded picture and file with the institute and hang them on the draft.

    ``page`` is the latest draft. Raises ``UnableToChangeListing`` as ``save_draft`` does.
    """
    collection = _collection_of(page)
    if picture:
        image = PortalImage.objects.create(
            title=caption or page.title[:200],
            alt_text=caption,
            file=picture,
            collection=collection,
            uploaded_by_user=actor,
        )
        page.pictures.add(Picture(image=image, caption=caption, sort_order=page.pictures.count()))
    if attachment:
        document = PortalDocument.objects.create(
            title=attachment_title or (attachment.name or "")[:200],
            file=attachment,
            collection=collection,
            uploaded_by_user=actor,
        )
        page.attachments.add(
            Attachment(
                document=document, title=attachment_title, sort_order=page.attachments.count()
            )
        )
    save_draft(page=page, actor=actor, base_revision=page.latest_revision_id)
    record(
        actor=actor,
        action="achievements.attach_files",
        target=page,
        organization_id=page.institute.organization_id,
        picture=picture.name if picture else "",
        attachment=attachment.name if attachment else "",
    )


@transaction.atomic
def detach_file(*, page: ListingPage, actor: User, kind: str, file_id: int) -> None:
    """Take a picture or file off the draft; the published text keeps it until the next review."""
    relation, key = ATTACHED[kind]
    rows = getattr(page, relation)
    rows.remove(*[row for row in rows.all() if getattr(row, key) == file_id])
    save_draft(page=page, actor=actor, base_revision=page.latest_revision_id)
    record(
        actor=actor,
        action="achievements.detach_file",
        target=page,
        organization_id=page.institute.organization_id,
        kind=kind,
        file=file_id,
    )


def _collection_of(page: ListingPage) -> Collection:
    return Collection.objects.get(name=f"organization-{page.institute.organization_id}")
