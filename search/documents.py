"""What goes into the index: the base document, the registry, who may find what."""

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time as time_of_day, timedelta
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from elasticsearch.dsl import (
    Boolean,
    Date,
    Document,
    Double,
    Integer,
    Keyword,
    Long,
    Text,
)

from portal.accounts.models import Visitor

from .analysis import analyse, analyse_uncut, normalize, runs
from .codes import code_forms
from .lexicon import current_lexicon
from .pinyin import spellings, suggest_tokens

PUBLIC, REGISTERED, STAFF = "public", "registered", "staff"
STAFF_ROLES = frozenset({"COMMISSION", "REVIEWER", "AUDITOR"})
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANALYSIS_VERSION = 2
SHORTEST_LATIN, LONGEST_WORD = 4, 30
NOTHING = "\u2205"


def organization_token(pk: int) -> str:
    return f"org:{pk}"


def user_token(pk: int) -> str:
    return f"user:{pk}"


def visibility_tokens(user: Visitor | None) -> list[str]:
    """What a reader holds; a document is found when it carries one of them."""
    if user is None or not user.is_authenticated:
        return [PUBLIC]
    tokens = [PUBLIC, REGISTERED, user_token(user.pk)]
    tokens += [organization_token(pk) for pk in sorted(user.organization_ids)]
    if user.has_role(*STAFF_ROLES):
        tokens.append(STAFF)
    return tokens


def _terms_field() -> Text:
    return Text(analyzer="whitespace")


class BaseDocument(Document):
    """One kind of listing in the index; a room subclasses and registers it.

    ``from_instance`` returns the room's own fields and, of the base fields, ``title``, ``body``
    (texts), and optionally ``alternate_titles`` (English name, short name), ``codes`` (numbers
    that find it in every way of writing them), ``words`` (its keywords: suggested as they stand),
    ``names`` (of who offers it and where: they find it, with little weight, and never count for
    matching), ``visible_to`` (default: public), ``valid_until``, ``published_at``,
    ``organization_id``. Documents without a text still hold a placeholder term, so that both
    engines count every document.
    """

    model: ClassVar[type[models.Model]]
    kind: ClassVar[str]
    label: ClassVar[Any]
    result_template: ClassVar[str]
    list_url_name: ClassVar[str] = ""
    revision_field: ClassVar[str] = "updated_at"
    in_site_search: ClassVar[bool] = True
    do_not_call_in_templates: ClassVar[bool] = True

    title = Keyword(index=False, doc_values=False)
    title_terms = _terms_field()
    title_plain = _terms_field()
    body_terms = _terms_field()
    names_terms = _terms_field()
    suggest = Keyword(multi=True)
    words = Keyword(multi=True)
    codes = Keyword(multi=True)
    visible_to = Keyword(multi=True)
    valid_until = Date()
    published_at = Date()
    updated_at = Date()
    organization_id = Long()
    sort_id = Long()
    revision = Long()

    @classmethod
    def queryset(cls) -> models.QuerySet:
        """Rows that may be in the index: live and not expired."""
        raise NotImplementedError

    @classmethod
    def readable_rows(cls, user: Any) -> models.QuerySet:
        """Of these rows those that ``user`` may read; a room with secrets narrows them."""
        return cls.queryset()

    @classmethod
    def open_rows(cls, rows: Iterable) -> list:
        """The rows as everybody may read them, in few queries; a room with closed fields cuts them.

        Only these go into the index and into lists. What is cut already stays as it is.
        """
        return list(rows)

    @classmethod
    def from_instance(cls, instance: Any) -> dict:
        raise NotImplementedError

    @classmethod
    def alias(cls) -> str:
        """The name that searches and writes use; it points to one index at a time."""
        return f"{settings.SEARCH['PREFIX']}-{cls.kind}"

    @classmethod
    def mapping(cls) -> dict:
        return {"dynamic": "strict", **cls._doc_type.mapping.to_dict()}

    @classmethod
    def schema_version(cls) -> str:
        """Changes when the mapping, the analysis or the generic words do: a rebuild is due."""
        mapping = json.dumps(cls._doc_type.mapping.to_dict(), sort_keys=True)
        digest = hashlib.sha256(mapping.encode()).hexdigest()[:12]
        return f"{ANALYSIS_VERSION}.{digest}.{current_lexicon().digest}"

    @classmethod
    def revision_of(cls, instance: Any) -> int:
        """Microseconds of ``revision_field``: what reconcile compares with the database."""
        return as_revision(getattr(instance, cls.revision_field))

    @classmethod
    def address_of(cls, instance: Any) -> str:
        """Where a row is read; empty when it has no page of its own."""
        if hasattr(instance, "get_absolute_url"):
            return instance.get_absolute_url()
        return getattr(instance, "url", None) or ""

    @classmethod
    def to_body(cls, instance: Any) -> dict:
        """The whole index body of one row, ready for either engine."""
        [instance] = cls.open_rows([instance])
        facts = cls.from_instance(instance)
        title = facts.pop("title")
        titles = [title, *filter(None, facts.pop("alternate_titles", ()))]
        text = " ".join(filter(None, facts.pop("body", ())))
        names = " ".join(filter(None, facts.pop("names", ())))
        words = words_of(titles, facts.pop("words", ()))
        tokens = [token for part in titles for token in suggest_tokens(normalize(part))]
        tokens += [token for word in words for token in spellings(word)]
        valid_until = _end_of(facts.pop("valid_until", None))
        return {
            "title": title,
            "title_terms": join_terms(analyse(" ".join(titles))),
            "title_plain": join_terms(analyse_uncut(" ".join(titles))),
            "body_terms": join_terms(analyse(text)),
            "names_terms": join_terms(analyse(names)),
            "suggest": list(dict.fromkeys(tokens)),
            "words": words,
            "codes": [form for code in facts.pop("codes", ()) for form in code_forms(code)],
            "visible_to": list(facts.pop("visible_to", [PUBLIC])),
            "valid_until": _as_json(valid_until),
            "published_at": _as_json(facts.pop("published_at", None)),
            "updated_at": _as_json(getattr(instance, cls.revision_field)),
            "organization_id": facts.pop("organization_id", None),
            "sort_id": instance.pk,
            "revision": cls.revision_of(instance),
            **{name: _as_json(value) for name, value in facts.items()},
        }


def words_of(titles: Iterable[str], keywords: Iterable[str]) -> list[str]:
    """What stands as a word by itself: the keywords, and the Latin words of the titles."""
    found = [" ".join(normalize(word).split()) for word in keywords]
    found += [
        run
        for title in titles
        for run, han in runs(normalize(title))
        if not han and len(run) >= SHORTEST_LATIN and run.isalpha()
    ]
    return [word for word in dict.fromkeys(found) if 1 < len(word) <= LONGEST_WORD]


def join_terms(terms: Iterable[str]) -> str:
    """Terms as the text of a whitespace-analysed field; none become the placeholder."""
    return " ".join(terms) or NOTHING


def _end_of(valid_until: date | datetime | None) -> datetime:
    """A listing is valid through its last day."""
    if valid_until is None:
        return FOR_EVER
    if isinstance(valid_until, datetime):
        return valid_until
    midnight = datetime.combine(valid_until + timedelta(days=1), time_of_day.min)
    return timezone.make_aware(midnight) - timedelta(milliseconds=1)


def as_revision(moment: datetime | None) -> int:
    if moment is None:
        return 0
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _as_json(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_json(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return float(value) if hasattr(value, "as_tuple") else str(value)


_registry: dict[str, type[BaseDocument]] = {}


Registered = TypeVar("Registered", bound=type[BaseDocument])


def register(document: Registered) -> Registered:
    """Make a document known to search, tabs, rebuild and reconcile."""
    _registry[document.kind] = document
    return document


@contextmanager
def only_registered(*documents: type[BaseDocument]) -> Iterator[None]:
    """Replace the registry for a while; for tests."""
    before = dict(_registry)
    _registry.clear()
    _registry.update({document.kind: document for document in documents})
    try:
        yield
    finally:
        _registry.clear()
        _registry.update(before)


def registered_documents() -> list[type[BaseDocument]]:
    return list(_registry.values())


def get_document(kind: str) -> type[BaseDocument]:
    """The document registered for a kind; raises ``KeyError``."""
    return _registry[kind]


def documents_of(model: type[models.Model]) -> list[type[BaseDocument]]:
    """Documents made from a model or one of its parents."""
    return [document for document in _registry.values() if issubclass(model, document.model)]


_clock = threading.Lock()
_last_version = 0


def next_version() -> int:
    """External version of what is about to be read: microseconds, growing within the process.

    It is taken before the rows are read. Of two writers the one that read later has the higher
    version and the newer rows, whichever reaches the engine first.
    """
    global _last_version  # noqa: PLW0603  one clock per process
    with _clock:
        _last_version = max(_last_version + 1, time.time_ns() // 1000)
        return _last_version


__all__ = [
    "PUBLIC",
    "REGISTERED",
    "STAFF",
    "BaseDocument",
    "Boolean",
    "Date",
    "Double",
    "Integer",
    "Keyword",
    "Long",
    "Text",
    "get_document",
    "organization_token",
    "register",
    "registered_documents",
    "user_token",
    "visibility_tokens",
]
