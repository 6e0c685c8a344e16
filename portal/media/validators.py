from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.uploads import check_size, detect_office_suffix, detect_suffix, is_archive


def validate_attachment(file) -> None:
    """Refuse files that are too large, of another kind, or not what their ending says."""
    check_size(file)
    suffix = PurePath(file.name).suffix.lower()
    if suffix.removeprefix(".") not in settings.WAGTAILDOCS_EXTENSIONS:
        raise ValidationError(
            _("Files of this kind are not taken; please choose one of: %(endings)s."),
            code="wrong_kind",
            params={"endings": ", ".join(settings.WAGTAILDOCS_EXTENSIONS)},
        )
    if not _fits(file, suffix.replace(".jpeg", ".jpg")):
        raise ValidationError(
            _("The content of this file does not fit its ending %(ending)s."),
            code="wrong_content",
            params={"ending": suffix},
        )


def _fits(file, suffix: str) -> bool:
    """Whether the content is what the ending says; Office files with macros are not."""
    if suffix == ".zip":
        return is_archive(file)
    return suffix == (detect_suffix(file) or detect_office_suffix(file))
