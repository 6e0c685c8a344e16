"""What can be evaluated: for each type of object its candidates, names, units and people.

A room above registers its own with ``register_objects``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from achievements.enums import Disclosure
from achievements.models import AchievementPage, Completer, CompletingUnit
from ip.models import AchievementPatent, PatentInventor, PatentPage
from matchmaking.cases.models import CaseParty, ConversionCase
from portal.accounts.enums import PUBLISHING_KINDS, OrganizationKind
from portal.accounts.models import Membership, Organization

from .enums import ObjectType

Ids = Collection[int]


@dataclass(frozen=True)
class Candidate:
    object_id: int
    label: str
    label_en: str
    organization_id: int


class ObjectSource(Protocol):
    def candidates(
        self, *, organization_ids: Ids | None = None, object_ids: Ids | None = None
    ) -> list[Candidate]:
        """What may be entered: of all organizations or of these, all or these alone."""

    def units(self, object_ids: Ids) -> dict[int, set[int]]:
        """Organizations behind each object beyond the one that answers for it."""

    def people(self, object_ids: Ids) -> dict[int, set[int]]:
        """Users whose work each object is."""


_sources: dict[str, ObjectSource] = {}


def register_objects(object_type: str, source: ObjectSource) -> None:
    _sources[object_type] = source


def source_of(object_type: str) -> ObjectSource | None:
    return _sources.get(object_type)


def types_with_objects() -> list[str]:
    return [value for value in ObjectType.values if value in _sources]


def _by_first(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


class Achievements:
    """Public achievements of today; their people are completers and inventors.

    Results are published, so a title that not everybody may read is not evaluated here.
    """

    def candidates(
        self, *, organization_ids: Ids | None = None, object_ids: Ids | None = None
    ) -> list[Candidate]:
        pages = AchievementPage.objects.current().filter(disclosure=Disclosure.PUBLIC)
        if organization_ids is not None:
            pages = pages.filter(institute__organization__in=organization_ids)
        if object_ids is not None:
            pages = pages.filter(pk__in=object_ids)
        rows = pages.order_by("title", "pk").values_list(
            "pk", "title", "title_en", "institute__organization"
        )
        return [Candidate(*row) for row in rows]

    def units(self, object_ids: Ids) -> dict[int, set[int]]:
        rows = CompletingUnit.objects.filter(page__in=object_ids, organization__isnull=False)
        return _by_first(rows.values_list("page", "organization"))

    def people(self, object_ids: Ids) -> dict[int, set[int]]:
        completers = Completer.objects.filter(page__in=object_ids, user__isnull=False)
        patents = AchievementPatent.objects.filter(page__in=object_ids)
        pages_of = _by_first(patents.values_list("patent", "page"))
        inventors = PatentInventor.objects.filter(patent__in=pages_of, user__isnull=False)
        pairs = list(completers.values_list("page", "user"))
        for patent, user in inventors.values_list("patent", "user"):
            pairs += [(page, user) for page in pages_of[patent]]
        return _by_first(pairs)


class Cases:
    """Signed conversion cases; their people are completers and the broker.

    Results are published: a case goes by its code and the title of its listing where everybody
    may read that, never by its own title, which may name the taker.
    """

    def candidates(
        self, *, organization_ids: Ids | None = None, object_ids: Ids | None = None
    ) -> list[Candidate]:
        cases = ConversionCase.objects.filter(signed_on__isnull=False, lead_owner__isnull=False)
        if organization_ids is not None:
            cases = cases.filter(lead_owner__in=organization_ids)
        if object_ids is not None:
            cases = cases.filter(pk__in=object_ids)
        rows = list(cases.order_by("code").values_list("pk", "code", "page", "lead_owner"))
        titles = self._public_titles({page for _pk, _code, page, _owner in rows if page})
        found = []
        for pk, code, page, owner in rows:
            title, title_en = titles.get(page, ("", ""))
            labels = (f"{code} {title}".strip(), f"{code} {title_en or title}".strip())
            found.append(Candidate(pk, *labels, owner))
        return found

    def _public_titles(self, pages: Ids) -> dict[int, tuple[str, str]]:
        listings = AchievementPage.objects.current().filter(disclosure=Disclosure.PUBLIC)
        rows = listings.filter(pk__in=pages).values_list("pk", "title", "title_en")
        patents = PatentPage.objects.current().filter(disclosure=Disclosure.PUBLIC)
        rows_too = patents.filter(pk__in=pages).values_list("pk", "title", "title_en")
        return {pk: (title, title_en) for pk, title, title_en in [*rows, *rows_too]}

    def units(self, object_ids: Ids) -> dict[int, set[int]]:
        parties = CaseParty.objects.filter(case__in=object_ids, organization__isnull=False)
        return _by_first(parties.values_list("case", "organization"))

    def people(self, object_ids: Ids) -> dict[int, set[int]]:
        parties = CaseParty.objects.filter(case__in=object_ids, user__isnull=False)
        brokers = ConversionCase.objects.filter(pk__in=object_ids, broker__isnull=False)
        pairs = list(parties.values_list("case", "user"))
        return _by_first([*pairs, *brokers.values_list("pk", "broker")])


class Organizations:
    """Organizations of some kinds; their people are their members."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = kinds

    def candidates(
        self, *, organization_ids: Ids | None = None, object_ids: Ids | None = None
    ) -> list[Candidate]:
        found = Organization.objects.filter(kind__in=self.kinds, merged_into__isnull=True)
        for ids in (organization_ids, object_ids):
            if ids is not None:
                found = found.filter(pk__in=ids)
        rows = found.order_by("name", "pk").values_list("pk", "name", "name_en")
        return [Candidate(pk, name, name_en, pk) for pk, name, name_en in rows]

    def units(self, object_ids: Ids) -> dict[int, set[int]]:
        return {}

    def people(self, object_ids: Ids) -> dict[int, set[int]]:
        members = Membership.objects.active().filter(organization__in=object_ids)
        return _by_first(members.values_list("organization", "user"))


register_objects(ObjectType.ACHIEVEMENT, Achievements())
register_objects(ObjectType.CASE, Cases())
register_objects(ObjectType.INSTITUTE, Organizations(sorted(PUBLISHING_KINDS)))
register_objects(
    ObjectType.BROKER, Organizations([OrganizationKind.INTERMEDIARY, *sorted(PUBLISHING_KINDS)])
)
