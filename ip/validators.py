import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CLAIMS_A_PATENT = re.compile(
    r"ZL[\s:.\-–—号]*\d"
    r"|专利号|专利证书"
    r"|(?:授权|已获|获得|取得)(?:的|了|过)?(?:\d+|[一二三四五六七八九十两多]+)?[项件个]?"
    r"(?:国家|中国|国际|美国)?(?:授权|发明|实用新型|外观设计)*专利(?!申请)"
    r"|国家专利|patented|granted\s+patent",
    re.IGNORECASE,
)
_WELL_KNOWN_MARK = re.compile(
    r"[驰馳][\s·\-]*名[\s·\-]*商[\s·\-]*[标標]|well[\s-]*known\s+trade\s*-?\s*marks?", re.IGNORECASE
)
_NUMBER = re.compile(r"ZL[\s:.\-–—号]*((?:\d[\s.]*){8,12}[.\s]*[\dX])", re.IGNORECASE)


def validate_patent_claims(text: str, *, is_living: bool) -> None:
    """Refuse text that calls an application or a lapsed right a patent.

    Doing so in product material is counterfeiting a patent (Patent Law Implementing Regulations
    art. 101). Raises ``ValidationError`` quoting the words.
    """
    found = None if is_living else _CLAIMS_A_PATENT.search(unicodedata.normalize("NFKC", text))
    if found:
        raise _refusal(found.group())


def refused_claims(record, names: Iterable[str], *, is_living: bool) -> dict:
    """Return ``{field name: ValidationError}`` of these texts of a record."""
    errors: dict = {}
    for name in names:
        try:
            validate_patent_claims(getattr(record, name), is_living=is_living)
        except ValidationError as error:
            errors[name] = error
    return errors


def validate_trademark_claims(text: str) -> None:
    """Refuse 驰名商标: it must not stand in advertising or exhibitions (Trademark Law art. 14).

    Raises ``ValidationError`` quoting the words.
    """
    found = _WELL_KNOWN_MARK.search(unicodedata.normalize("NFKC", text))
    if found:
        raise ValidationError(
            _(
                "“%(words)s” must not be used in advertising or at exhibitions "
                "(Trademark Law art. 14): please take it out."
            ),
            code="trademark_claim",
            params={"words": found.group()},
        )


def validate_named_patents(text: str) -> None:
    """Refuse a text that gives the ZL mark to a number which the portal knows as no living patent.

    Raises ``ValidationError`` quoting the number.
    """
    from .identifiers import normalize_application_number
    from .models import Patent

    marked = {
        normalize_application_number(found[1]): found[0].strip()
        for found in _NUMBER.finditer(unicodedata.normalize("NFKC", text))
    }
    if not marked:
        return
    for patent in Patent.objects.filter(application_number__in=marked):
        if not patent.is_living:
            raise _refusal(marked[patent.application_number])


def _refusal(words: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(words)s” may be said of a granted patent in force only. "
            "This one is not: please write “专利申请” or leave it out."
        ),
        code="patent_claim",
        params={"words": words},
    )
