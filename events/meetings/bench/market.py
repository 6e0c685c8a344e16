"""A generated fair with fewer places than people who want to come, open for all of it at once."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Site

from events.enums import FairKind
from events.fairs import services
from events.fairs.enums import ParticipantRole, SchedulingMode
from events.fairs.models import Fair
from events.models import FairIndexPage
from portal.accounts.enums import (
    MembershipRole,
    OrganizationKind,
    PortalRole,
    VerificationLevel,
)
from portal.accounts.models import Membership, Organization, RoleGrant, User
from portal.taxonomy.models import District, Industry

ROLES = (ParticipantRole.ENTERPRISE, ParticipantRole.INSTITUTE)
SLOTS, TABLES = 12, 30
PLACES = 0.8  # of those who want to come


def open_fair(people: int) -> Fair:
    """Registration and requests are open, nobody approves; the places of each role are limited."""
    _make_index()
    owner, organizer = _make_organizer()
    reviewer = User.objects.create(email="reviewer@bench.example", name="审核人")
    RoleGrant.objects.create(user=reviewer, role=PortalRole.REVIEWER)
    begins = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    begins += timedelta(days=30)
    fair = services.plan_fair(
        actor=owner,
        organizer=organizer,
        title="供需对接会",
        kind=FairKind.MATCHMAKING,
        summary="企业与院所面对面。",
        starts_at=begins,
        ends_at=begins + timedelta(hours=9),
        venue="会展中心",
        district=organizer.district,
    )
    now = timezone.now()
    fair = services.edit_fair(
        actor=owner,
        fair=fair,
        values={
            "body": "企业与院所面对面。",
            "industries": list(Industry.objects.all()[:1]),
            "address": "湖墅南路1号",
            "registration_opens_at": now - timedelta(hours=1),
            "registration_closes_at": begins - timedelta(days=2),
            "requests_open_at": now - timedelta(minutes=1),
            "requests_close_at": begins - timedelta(days=1),
            "scheduling_mode": SchedulingMode.PARTICIPANT,
            "needs_approval": False,
        },
    )
    each = int(people * PLACES) // len(ROLES)
    services.set_people(
        actor=owner,
        fair=fair,
        capacity=each * len(ROLES),
        roles=dict.fromkeys(ROLES, each),
        pairs=[ROLES, ROLES[::-1]],
    )
    services.add_session(
        actor=owner,
        fair=fair,
        name="全天",
        starts_at=begins,
        slot_minutes=20,
        gap_minutes=5,
        count=SLOTS,
    )
    services.add_tables(actor=owner, fair=fair, letter="A", count=TABLES, accessible=2)
    services.submit_fair(actor=owner, fair=fair)
    services.approve_fair(actor=reviewer, fair=fair)
    return services.open_requests(actor=owner, fair=fair)


def _make_organizer() -> tuple[User, Organization]:
    organizer = Organization.objects.create(
        name="会展服务中心",
        credit_code="EV3301000000000001",
        kind=OrganizationKind.ENTERPRISE,
        verification_level=VerificationLevel.LICENCE,
        district=District.objects.current()[0],
    )
    owner = User.objects.create(email="owner@bench.example", name="办会人")
    Membership.objects.create(user=owner, organization=organizer, role=MembershipRole.OWNER)
    return owner, organizer


def _make_index() -> None:
    """Where fairs are announced, below whatever home an empty portal has."""
    home = Site.objects.get(is_default_site=True).root_page
    if not FairIndexPage.objects.exists():
        home.add_child(instance=FairIndexPage(title="活动", slug="events"))


def make_people(count: int) -> list[User]:
    return User.objects.bulk_create(
        [
            User(email=f"guest{number}@bench.example", name=f"来宾{number}")
            for number in range(count)
        ]
    )
