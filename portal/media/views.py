from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from portal.accounts.models import Organization

from .models import PortalDocument, PortalImage, PortalRendition
from .rules import can_read_file, pages_using
from .signals import file_read

INLINE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


def find_owner(name: str):
    """Return the image or document that a stored file belongs to, or None."""
    folder = name.split("/", 1)[0]
    if folder == "renditions":
        rendition = PortalRendition.objects.select_related("image__collection").filter(file=name)
        found = rendition.first()
        return found.image if found else None
    kinds: dict[str, Any] = {"images": PortalImage, "documents": PortalDocument}
    model = kinds.get(folder)
    return model and model.objects.select_related("collection").filter(file=name).first()


def open_or_404(storage, name: str):
    """Open a stored file; one that the disk lost does not exist for its readers either."""
    try:
        return storage.open(name)
    except FileNotFoundError:
        raise Http404 from None


def serve_file(request, name):
    """Send a file to whom a readable page shows it; to everybody else it does not exist."""
    owner = find_owner(name)
    if owner is None or not can_read_file(request.user, owner):
        raise Http404
    file_read.send(type(owner), user=request.user, file=owner, pages=pages_using(owner))
    suffix = PurePath(name).suffix.lower()
    is_inline = suffix in INLINE_TYPES and not isinstance(owner, PortalDocument)
    response = FileResponse(
        open_or_404(default_storage, name),
        as_attachment=not is_inline,
        filename=owner.filename if isinstance(owner, PortalDocument) else PurePath(name).name,
        content_type=INLINE_TYPES[suffix] if is_inline else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response


def serve_logo(request, pk):
    """Send an organization's logo; logos are as public as the name."""
    organization = get_object_or_404(Organization, pk=pk)
    suffix = PurePath(organization.logo.name or "").suffix.lower()
    if suffix not in INLINE_TYPES:
        raise Http404
    logo = open_or_404(organization.logo.storage, organization.logo.name or "")
    response = FileResponse(logo, content_type=INLINE_TYPES[suffix])
    response["X-Content-Type-Options"] = "nosniff"
    return response
