from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from achievements.models import ListingPage
from matchmaking.models import Need
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Organization, User
from portal.accounts.queries import current_text
from portal.accounts.services import give_consent
from portal.audit.services import record
from portal.taxonomy.services import assign_code

from ..clock import due_date, term_of
from ..disclosure import CODE_PREFIX
from ..enums import Party
from ..models import Interest
from ..subjects import Subject, find_subject, refusal_for
from .changes import UnableToChangeInterest, tell_side


def share_contact(*, actor: User, recipient: Organization, ip_address: str | None = None) -> None:
    """Write the separate consent that names the recipient (PIPL art. 23)."""
    text = current_text(ConsentPurpose.SHARE_CONTACT)
    give_consent(actor=actor, text=text, recipient=recipient, ip_address=ip_address)


def _demand_subject(
    actor: User, organization: Organization, page: ListingPage | None, need: Need | None
) -> Subject:
    subject = find_subject(
        actor, page_id=page.pk if page else None, need_code=need.code if need else ""
    )
    if subject is None:
        raise UnableToChangeInterest(_("It is not on the portal, or you may not read it."))
    refusal = refusal_for(actor, subject, organization)
    if refusal:
        raise UnableToChangeInterest(refusal.reason)
    return subject


@transaction.atomic
def express_interest(
    *,
    actor: User,
    organization: Organization,
    page: ListingPage | None = None,
    need: Need | None = None,
    purpose: str,
    ask: str,
    offer: str = "",
    shares_contact: bool = False,
    ip_address: str | None = None,
) -> Interest:
    """Send an interest in a listing or a need, or from a match with both; its clock starts.

    Raises ``UnableToChangeInterest`` with the reason for whom, what or when it cannot be.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    subject = _demand_subject(actor, organization, page, need)
    if shares_contact and not subject.names_receiver:
        raise UnableToChangeInterest(
            _("Who keeps its name to itself cannot be named as recipient of contact data.")
        )
    now, days = timezone.now(), term_of(subject.kind)
    [code] = assign_code(prefix=CODE_PREFIX)
    interest = Interest.objects.create(
        code=code,
        kind=subject.kind,
        page_id=subject.page.pk if subject.page else None,
        need=subject.need,
        sender_organization=organization,
        sender=actor,
        receiver_organization=subject.receiver,
        purpose=purpose,
        offer=offer,
        ask=ask,
        sender_shares_contact=shares_contact,
        sent_at=now,
        term_days=days,
        due_on=due_date(timezone.localdate(now), days),
    )
    if shares_contact:
        share_contact(actor=actor, recipient=subject.receiver, ip_address=ip_address)
    record(
        actor=actor,
        action="interests.express_interest",
        target=interest,
        organization_id=organization.pk,
        kind=subject.kind,
        due_on=interest.due_on.isoformat(),
    )
    title = format_lazy(
        gettext_lazy("New interest, please answer by {date}"), date=f"{interest.due_on:%Y-%m-%d}"
    )
    tell_side(interest, Party.RECEIVER, kind="interest-new", title=title)
    return interest
