"""What must not stand in an exhibitor's materials, and what is still missing (参展资料核验)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from achievements.validators import validate_text
from ip.validators import validate_patent_claims

from .models import Exhibit, Exhibitor
from .queries import shown_exhibits

BOOTH_TEXTS = ("fascia", "fascia_en", "introduction", "introduction_en")
EXHIBIT_TEXTS = ("title", "title_en", "summary", "summary_en", "caption")


@dataclass(frozen=True)
class Finding:
    """A text that is refused: where it stands, the field, and why."""

    place: str
    field: str
    message: str


def refused_texts(record: Exhibitor | Exhibit, names: tuple[str, ...]) -> dict[str, str]:
    """``{field: why}`` of the texts that may not be shown.

    驰名商标 is refused by Trademark Law art. 14; a granted patent may be claimed of a listing
    alone, whose state the portal knows (Patent Law Implementing Regulations art. 101).
    """
    found: dict[str, str] = {}
    for name in names:
        text = getattr(record, name)
        try:
            validate_text(text)
        except ValidationError as error:
            found[name] = " ".join(error.messages)
            continue
        try:
            validate_patent_claims(text, is_living=False)
        except ValidationError as error:
            words = (error.params or {}).get("words", "")
            found[name] = _(
                "“%(words)s”: show the patent's own listing instead, "
                "which says what state it is in, and leave this out."
            ) % {"words": words}
    return found


def findings(exhibitor: Exhibitor) -> list[Finding]:
    """Every refused text of the booth, its exhibits and their pictures' captions, as of now."""
    found = list(_of(exhibitor, BOOTH_TEXTS, _("Booth")))
    for exhibit in exhibitor.exhibits.all():
        if exhibit.page_id is None:
            found += _of(exhibit, EXHIBIT_TEXTS, exhibit.title)
    return found


def _of(record: Exhibitor | Exhibit, names: tuple[str, ...], place: str) -> Iterator[Finding]:
    for name, why in refused_texts(record, names).items():
        label = str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        yield Finding(place, label, why)


def missing_materials(exhibitor: Exhibitor) -> list[str]:
    """What is to be written before the materials can be sent."""
    missing = []
    if not exhibitor.fascia:
        missing.append(_("Write the lettering of the booth."))
    if not exhibitor.introduction:
        missing.append(_("Say what visitors find at the booth."))
    exhibits = list(exhibitor.exhibits.all())
    if not exhibits:
        missing.append(_("Add at least one exhibit."))
    shown = {each.exhibit.pk for each in shown_exhibits(exhibits)}
    if any(exhibit.pk not in shown for exhibit in exhibits):
        missing.append(_("A listing among the exhibits is not public any more: take it out."))
    return missing
