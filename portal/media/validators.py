from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What the first bytes of each kind of file are; the ending alone proves nothing.
SIGNATURES = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".pptx": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}


def validate_attachment(file) -> None:
    """Refuse files that are too large, of another kind, or not what their ending says."""
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(megabytes)d MB. Please make it smaller."),
            code="too_large",
            params={"megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        )
    suffix = PurePath(file.name).suffix.lower()
    signature = SIGNATURES.get(suffix)
    if signature is None:
        raise ValidationError(
            _("Files of this kind are not taken; please choose one of: %(endings)s."),
            code="wrong_kind",
            params={"endings": ", ".join(ending.removeprefix(".") for ending in SIGNATURES)},
        )
    file.seek(0)
    beginning = file.read(len(signature))
    file.seek(0)
    if beginning != signature:
        raise ValidationError(
            _("The content of this file does not fit its ending %(ending)s."),
            code="wrong_content",
            params={"ending": suffix},
        )
