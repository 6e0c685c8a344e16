"""What an interest may be about, and why one may not be expressed."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from achievements.models import ListingPage
from matchmaking.enums import Confidentiality, NeedState
from matchmaking.models import Need
from matchmaking.queries import MODELS
from portal.accounts.models import Organization, User

from .enums import TargetKind
from .models import Interest

ENDED_STATES = (NeedState.PUBLISHED, NeedState.EXPIRED, NeedState.CLOSED)


@dataclass(frozen=True)
class Subject:
    """The receiver's listing or need; ``brought`` is the sender's organization in a match."""

    kind: TargetKind
    receiver: Organization
    page: ListingPage | None = None
    need: Need | None = None
    is_current: bool = True
    brought: int | None = None

    @property
    def label(self) -> str:
        target = self.need if self.kind == TargetKind.NEED else self.page
        assert target is not None
        return target.label

    @property
    def url(self) -> str:
        if self.kind == TargetKind.NEED:
            assert self.need is not None
            return self.need.get_absolute_url()
        assert self.page is not None
        return self.page.url

    @property
    def names_receiver(self) -> bool:
        return self.kind != TargetKind.NEED or (
            self.need is not None and self.need.shows_organization
        )


@dataclass(frozen=True)
class Refusal:
    """Why no interest can be expressed, and where to go instead."""

    reason: str
    url: str = ""
    url_label: str = ""


def find_subject(user: User, *, page_id: int | None = None, need_code: str = "") -> Subject | None:
    """Return what ``user`` may be interested in; None: nothing that this person may know of.

    With a page and a need one of them is the person's own, and the other one is the subject.
    """
    page = _find_page(user, page_id) if page_id else None
    need = _find_need(user, need_code) if need_code else None
    if (page_id and page is None) or (need_code and need is None):
        return None
    if page and need:
        return _subject_of_pair(user, page, need)
    if page:
        return _subject_of_page(page)
    return _subject_of_need(need) if need else None


def _subject_of_page(page: ListingPage) -> Subject:
    kind = next(kind for kind, model in MODELS.items() if isinstance(page, model))
    return Subject(TargetKind(kind), page.organization, page=page, is_current=page.is_current)


def _subject_of_need(need: Need) -> Subject:
    current = Need.objects.published().filter(pk=need.pk).exists()
    return Subject(TargetKind.NEED, need.organization, need=need, is_current=current)


def _subject_of_pair(user: User, page: ListingPage, need: Need) -> Subject | None:
    owner, company = page.organization.pk, need.organization_id
    if company in user.organization_ids:
        return replace(_subject_of_page(page), need=need, brought=company)
    if owner in user.organization_ids and page.is_current:
        return replace(_subject_of_need(need), page=page, brought=owner)
    return None


def _find_page(user: User, page_id: int) -> ListingPage | None:
    """A listing that stands or once stood on the portal, by its disclosure."""
    for model in MODELS.values():
        readable = model.objects.for_user(user).filter(first_published_at__isnull=False)
        page = readable.select_related("institute__organization").filter(pk=page_id).first()
        if page:
            return page
    return None


def _find_need(user: User, code: str) -> Need | None:
    """A need that ``user`` may read, or that everybody could read before it ended."""
    needs = Need.objects.filter(code=code, published_at__isnull=False).select_related(
        "organization"
    )
    readable = needs.filter(pk__in=Need.objects.for_user(user).values("pk")).first()
    if readable:
        return readable
    ended = needs.filter(state__in=ENDED_STATES).exclude(
        pk__in=Need.objects.published().values("pk")
    )
    return ended.exclude(confidentiality=Confidentiality.DIRECTED).first()


def sending_organizations(user: User, subject: Subject) -> list[Organization]:
    """Organizations in whose name ``user`` could express the interest, refused ones included."""
    return [
        membership.organization
        for membership in user.active_memberships
        if membership.organization.may_take_part
        and subject.brought in {None, membership.organization_id}
    ]


def refusal_for(
    user: User, subject: Subject, organization: Organization | None = None
) -> Refusal | None:
    """Say why ``user`` cannot express this interest, in that organization's name or in any."""
    if not user.active_memberships:
        return Refusal(
            _("Join or register your organization first."),
            reverse("accounts:organizations"),
            _("Join or register"),
        )
    senders = [organization] if organization else sending_organizations(user, subject)
    if not senders or any(each.pk not in user.organization_ids for each in senders):
        return Refusal(_("A government department takes part once its papers have been checked."))
    if not subject.is_current:
        return Refusal(_("It is not on the portal any more: expired, withdrawn or closed."))
    refusals = [_refusal_of(each, subject) for each in senders]
    return None if None in refusals else refusals[0]


def _refusal_of(organization: Organization, subject: Subject) -> Refusal | None:
    if organization.pk == subject.receiver.pk:
        return Refusal(_("It is your own organization's."))
    need = subject.need if subject.kind == TargetKind.NEED else None
    if need is not None and need.excluded.filter(pk=organization.pk).exists():
        return Refusal(_("The company does not wish to hear from your organization here."))
    found = open_interest(organization, subject)
    if found is None:
        return None
    if found.sender_organization_id == organization.pk:
        reason = _("Your organization has expressed its interest already; it is still open.")
    else:
        reason = _("The other side has expressed its interest already; please answer it.")
    return Refusal(reason, found.get_absolute_url(), _("Open the interest"))


def open_interest(organization: Organization, subject: Subject) -> Interest | None:
    """The open interest of an organization in the subject, or the other side's in the match."""
    interests = Interest.objects.open()
    if subject.kind == TargetKind.NEED:
        own = interests.filter(kind=TargetKind.NEED, need=subject.need)
    else:
        own = interests.exclude(kind=TargetKind.NEED).filter(
            page_id=subject.page and subject.page.pk
        )
    found = own.filter(sender_organization=organization).first()
    if found or not (subject.page and subject.need):
        return found
    return interests.filter(
        page_id=subject.page.pk,
        need=subject.need,
        sender_organization=subject.receiver,
        receiver_organization=organization,
    ).first()
