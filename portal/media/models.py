import secrets
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from .validators import validate_attachment


def random_name(folder: str, filename: str) -> str:
    """Return a path that nobody can guess and that keeps only the file's ending."""
    return f"{folder}/{secrets.token_urlsafe(18)}{PurePath(filename).suffix.lower()}"


class PortalImage(AbstractImage):
    """A picture, stored under a random name and served by the checked view only (图片)."""

    alt_text = models.CharField(_("alternative text"), max_length=200, blank=True)

    admin_form_fields = ("title", "file", "alt_text", "collection", "tags")

    def get_upload_to(self, filename):
        return random_name("images", filename)


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename):
        return random_name("renditions", filename)


def document_path(instance, filename):
    return random_name("documents", filename)


class PortalDocument(AbstractDocument):
    """A file attached to a page, served as an attachment by the checked view only (附件)."""

    file = models.FileField(_("file"), upload_to=document_path)

    admin_form_fields = ("title", "file", "collection", "tags")

    def clean(self):
        """Check a new file by its content, whichever form or script it comes through."""
        super().clean()
        if self.file and not self.file._committed:  # type: ignore[attr-defined]
            try:
                validate_attachment(self.file)
            except ValidationError as error:
                raise ValidationError({"file": error}) from None
