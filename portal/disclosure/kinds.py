"""What can be disclosed by degrees; the rooms above register their listings and threads."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.db.models import Model, QuerySet

from portal.accounts.models import Organization, Visitor

from .enums import FieldGroup


@dataclass(frozen=True)
class ListingKind:
    """A kind of listing: a model with ``code``, ``label`` and ``organization``.

    ``groups`` names the fields and child rows that open together.
    """

    model: type[Model]
    prefix: str
    groups: Mapping[FieldGroup, tuple[str, ...]]
    rows: Callable[[], QuerySet]
    can_manage: Callable[[Visitor, Any], bool]
    author: Callable[[Any], Any]
    labels: Mapping[str, Any] = field(default_factory=dict)

    def names_in(self, group: FieldGroup) -> list[str]:
        """What the fields of a group are called, for those who say from whom on it is open."""
        return list(dict.fromkeys(self._name(name) for name in self.groups[group]))

    def _name(self, name: str) -> str:
        found = self.model._meta.get_field(name)
        related = found.related_model if found.one_to_many else None
        own = related._meta.verbose_name if related else getattr(found, "verbose_name", name)
        return str(self.labels.get(name, own))


@dataclass(frozen=True)
class Subject:
    """What an access request is about, and whose it can be."""

    code: str
    label: str
    url: str
    owners: tuple[Organization, ...]
    groups: tuple[FieldGroup, ...]


_KINDS: dict[str, ListingKind] = {}
_SUBJECTS: dict[str, Callable[[Visitor, str], Subject | None]] = {}


def register_kind(kind: ListingKind) -> None:
    _KINDS[kind.prefix] = kind


def register_subject(prefix: str, find: Callable[[Visitor, str], Subject | None]) -> None:
    """Make documents that are no listing known to access requests by their codes' prefix."""
    _SUBJECTS[prefix] = find


def kind_of(listing: Any) -> ListingKind:
    return _KINDS[listing.code.split("-")[0]]


def address_of(listing: Any) -> str:
    if hasattr(listing, "get_absolute_url"):
        return listing.get_absolute_url()
    return listing.url or ""


def find_listings(codes: Sequence[str]) -> dict[str, Any]:
    """The listings of these codes, by code, one query a kind."""
    found: dict[str, Any] = {}
    for prefix, kind in _KINDS.items():
        wanted = [code for code in codes if code.startswith(f"{prefix}-")]
        if wanted:
            found |= {row.code: row for row in kind.rows().filter(code__in=wanted)}
    return found


def find_listing(code: str) -> Any | None:
    return find_listings([code]).get(code)


def find_subject(user: Visitor, code: str) -> Subject | None:
    """What an access request of ``user`` may be about; None for what does not exist."""
    prefix = code.split("-", maxsplit=1)[0]
    if prefix in _SUBJECTS:
        return _SUBJECTS[prefix](user, code)
    listing = find_listing(code)
    if listing is None:
        return None
    return Subject(
        code,
        listing.label,
        address_of(listing),
        (listing.organization,),
        tuple(kind_of(listing).groups),
    )


def without_groups(listing: Any, groups: frozenset[str]) -> Any:
    """Return a copy of a listing in which the fields of these groups are empty.

    It is for reading only: saving it would lose what is left out.
    """
    part = copy.copy(listing)
    part.save = _refuse
    clusters = dict(getattr(part, "_cluster_related_objects", None) or {})
    prefetched = dict(getattr(part, "_prefetched_objects_cache", {}))
    for group, names in kind_of(listing).groups.items():
        for name in names if group in groups else ():
            field = part._meta.get_field(name)
            if not field.one_to_many:
                setattr(part, field.attname, None if field.null else "")
                continue
            prefetched[name] = field.related_model._default_manager.none()
            if hasattr(part, "_cluster_related_objects"):
                clusters[name] = []
    part._prefetched_objects_cache = prefetched
    if hasattr(part, "_cluster_related_objects"):
        part._cluster_related_objects = clusters
    return part


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise TypeError("A part of a listing is for reading, not for saving.")
