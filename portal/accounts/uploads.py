"""What an uploaded file is, read from its content; its name says nothing."""

import zipfile
import zlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

PICTURES = {"PNG": ".png", "JPEG": ".jpg"}
OFFICE_PARTS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
CONTENT_TYPES = "[Content_Types].xml"
MACROS = "vbaproject.bin"
NOT_A_PICTURE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


def detect_suffix(file) -> str:
    """Return the ending that fits the content, empty for anything but PDF, PNG and JPEG."""
    file.seek(0)
    is_pdf = file.read(5) == b"%PDF-"
    file.seek(0)
    if is_pdf:
        return ".pdf"
    try:
        with Image.open(file, formats=list(PICTURES)) as image:
            kind = image.format
            image.verify()
    except NOT_A_PICTURE:
        return ""
    finally:
        file.seek(0)
    return PICTURES[kind or ""]


def detect_office_suffix(file) -> str:
    """Return .docx, .xlsx or .pptx for an Office file without macros, else nothing."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        return ""
    finally:
        file.seek(0)
    if CONTENT_TYPES not in names or any(name.lower().endswith(MACROS) for name in names):
        return ""
    for part, suffix in OFFICE_PARTS.items():
        if any(name.startswith(part) for name in names):
            return suffix
    return ""


def is_archive(file) -> bool:
    file.seek(0)
    try:
        return zipfile.is_zipfile(file)
    finally:
        file.seek(0)


def check_size(file) -> None:
    """Raise ``ValidationError`` for an empty file and for one beyond ``UPLOAD_MAX_BYTES``."""
    if not file.size:
        raise ValidationError(_("The file is empty."))
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(megabytes)d MB. Please make it smaller."),
            code="too_large",
            params={"megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        )
