"""The people of the ledger's story, and what stands on the portal before it begins."""

from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from achievements.models import Completer
from matchmaking.cases.models import ConversionCase
from matchmaking.models import Need
from portal.accounts.enums import MembershipRole, OrganizationKind, PortalRole
from portal.accounts.models import Organization, RoleGrant, User
from tests.e2e.people import Person
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.factories.cases import Deal
from tests.factories.closed_listings import index_everything
from tests.factories.listings import Institute
from tests.factories.needs import Company
from tests.factories.second_step import SECRET, code_of

LONG_AGO = date(2024, 3, 4)
TITLE = "石墨烯导热膜连续制备技术"
UNIT, OTHER_UNIT = "湖畔材料研究院", "滨江力学研究所"
EXPERTS = ["何静", "吕文", "孔祥"]


@dataclass
class LakeTown:
    """Who is called how in the story, each with a browser of their own."""

    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


def _named(user: User, name: str, *, has_second_step: bool = False) -> User:
    user.name = name
    user.save()
    if has_second_step:
        TOTP.activate(user, SECRET)
    return user


def _staff(name: str, role: PortalRole) -> User:
    user = _named(UserFactory(), name, has_second_step=True)
    RoleGrant.objects.create(user=user, role=role)
    return user


def _member(organization: Organization, name: str, role=MembershipRole.OWNER) -> User:
    return _named(MembershipFactory(organization=organization, role=role).user, name)


def settle() -> dict[str, User]:
    """Write the town: an institute and a company that match, and all who look on."""
    index_everything()
    with transaction.atomic():
        users, company = _settle_people()
    company.published()
    return users


def _settle_people() -> tuple[dict[str, User], Company]:
    institute = Institute(UNIT)
    Organization.objects.filter(pk=institute.organization.pk).update(is_public_body=True)
    page = institute.published(title=TITLE)
    Completer.objects.create(page=page, name="林知远", user=institute.researcher)
    Completer.objects.create(page=page, name="苏小满")
    company, rival = Company("湖畔电子有限公司"), Company("对岸新材料有限公司")
    neighbour = _settle_neighbour()
    agency = OrganizationFactory(name="湖城技术转移中心", kind=OrganizationKind.INTERMEDIARY)
    academy = Institute("滨江材料学院")
    people = {
        "office": _named(institute.owner, "周明", has_second_step=True),
        "neighbour": _named(neighbour.owner, "沈岸"),
        "researcher": _named(institute.researcher, "林知远"),
        "company": _named(company.owner, "陈立", has_second_step=True),
        "rival": _named(rival.owner, "方正"),
        "broker": _member(agency, "顾桥"),
        "commission": _staff("评估处", PortalRole.COMMISSION),
        "auditor": _staff("审计员", PortalRole.AUDITOR),
        **{name: _member(academy.organization, name) for name in EXPERTS},
    }
    return people, company


def _settle_neighbour() -> Institute:
    """Another institute sold a result the year before; its case must not be mixed up with ours."""
    deal = Deal(owner=Institute(OTHER_UNIT), on=LONG_AGO).to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay()
    return deal.institute


def next_code(portal):
    """Return a function that waits for the next code of the second step and reads it."""

    def wait_and_read() -> str:
        portal.wait_for_next_code()
        return code_of()

    return wait_and_read


def own_case() -> ConversionCase:
    return ConversionCase.objects.get(title=TITLE)


def own_need() -> Need:
    return Need.objects.get()
