from django.db.models import Q, QuerySet

from achievements.models import AchievementPage, InstitutePage
from portal.accounts.enums import VerificationLevel
from portal.accounts.identifiers import normalize_credit_code
from portal.accounts.models import Organization, User, Visitor
from portal.disclosure.queries import open_parts

from .enums import HolderRole
from .models import Patent, PatentHolder, PatentPage

SHOWN_PATENTS = 5


def owners_by_role(patent: Patent) -> list[tuple[str, list[PatentHolder]]]:
    """Return the holders, then the applicants, each with what they are called, in order."""
    rows = list(patent.holders.select_related("organization").order_by("sort_order", "pk"))
    grouped = [
        (str(role.label), [row for row in rows if row.role == role])
        for role in (HolderRole.HOLDER, HolderRole.APPLICANT)
    ]
    return [(label, found) for label, found in grouped if found]


def find_owner(text: str, *, patent: Patent, user: User) -> Organization | None:
    """Return the organization that an owner's name or credit code means, or None.

    A name alone leads to an owner already recorded, to a checked organization or to one's own:
    anybody may register under a well-known name, and owners may change the record.
    """
    recorded = patent.holders.filter(organization__name=text).first()
    if recorded:
        return recorded.organization
    standing = Organization.objects.filter(merged_into=None)
    by_code = standing.filter(credit_code=normalize_credit_code(text)).first()
    if by_code:
        return by_code
    known = Q(verification_level__gt=VerificationLevel.FORMAT) | Q(pk__in=user.organization_ids)
    found = standing.filter(known, name=text)[:2]
    return found[0] if len(found) == 1 else None


def linked_achievements(patent: Patent, user: Visitor) -> QuerySet[AchievementPage]:
    """The achievements resting on the patent that ``user`` may read today, newest first."""
    return (
        AchievementPage.objects.current()
        .for_user(user)
        .filter(patent_links__patent=patent)
        .select_related("institute__organization")
        .distinct()
        .order_by("-first_published_at")
    )


def pages_of_patents(patents: list[Patent], user: Visitor) -> dict[int, PatentPage]:
    """Return ``{patent id: page}`` of those that ``user`` may read today, the newest."""
    pages = (
        PatentPage.objects.current()
        .for_user(user)
        .filter(patent__in=patents)
        .order_by("first_published_at")
    )
    return {page.patent_id: page for page in pages}


def newest_patents(institute: InstitutePage, user: Visitor) -> dict:
    """Return the count and the newest of the institute's pages that ``user`` may read today."""
    pages = PatentPage.objects.current().for_user(user).filter(institute=institute)
    newest = (
        pages.select_related("institute__organization__district", "patent")
        .prefetch_related("industries")
        .order_by("-first_published_at")
    )
    return {"count": pages.count(), "pages": open_parts(newest[:SHOWN_PATENTS])}
