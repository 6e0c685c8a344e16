import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CLAIMS_A_PATENT = re.compile(r"ZL\s*\d|专利号|授权专利|已获专利|国家专利|patented", re.IGNORECASE)


def validate_patent_claims(text: str, *, is_living: bool) -> None:
    """Refuse text that calls an application or a lapsed right a patent.

    Doing so in product material is counterfeiting a patent (Patent Law Implementing Regulations
    art. 101). Raises ``ValidationError`` quoting the words.
    """
    found = None if is_living else _CLAIMS_A_PATENT.search(text)
    if found:
        raise ValidationError(
            _(
                "“%(words)s” may be said of a granted patent in force only. "
                "This one is not: please write “专利申请” or leave it out."
            ),
            code="patent_claim",
            params={"words": found.group()},
        )
