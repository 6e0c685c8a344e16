"""Generated organizations and cases, the same for the same number."""

from datetime import date, timedelta
from decimal import Decimal

from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole, PricingRoute
from matchmaking.cases.models import ContractType
from matchmaking.cases.services import CaseDraft, PartyEntry, Step, add_cases
from portal.accounts.enums import MembershipRole, OrganizationKind
from portal.accounts.models import Membership, Organization, User
from portal.taxonomy.models import District

INSTITUTES, COMPANIES, CHUNK = 40, 400, 5_000
FIRST_DAY = date(2021, 1, 4)
DAYS = 1_600


def make_organizations() -> tuple[list[Organization], list[Organization], list[User]]:
    """Return institutes, companies, and one owner for each institute in the same order."""
    districts = list(District.objects.current())

    def make(kind: OrganizationKind, count: int, label: str) -> list[Organization]:
        return Organization.objects.bulk_create(
            [
                Organization(
                    name=f"{label}{number}",
                    credit_code=f"{kind[:2]}3301{number:012d}",
                    kind=kind,
                    is_public_body=kind == OrganizationKind.INSTITUTE,
                    district=districts[number % len(districts)],
                )
                for number in range(count)
            ]
        )

    institutes = make(OrganizationKind.INSTITUTE, INSTITUTES, "研究所")
    companies = make(OrganizationKind.ENTERPRISE, COMPANIES, "企业")
    owners = User.objects.bulk_create(
        [User(email=f"owner{number}@bench.example") for number in range(INSTITUTES)]
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, organization=institute, role=MembershipRole.OWNER)
            for user, institute in zip(owners, institutes, strict=True)
        ]
    )
    return institutes, companies, owners


def draft(number: int, institutes: list[Organization], companies: list[Organization]) -> CaseDraft:
    """A case with ten events: one in four is a licence by agreement, the rest contract work."""
    opened = FIRST_DAY + timedelta(days=number % DAYS)
    day = iter(opened + timedelta(days=step) for step in range(1, 60, 3))
    total = f"{(number % 90 + 10) * 10_000}.00"
    is_licence = number % 4 == 0
    mode = ConversionMode.LICENCE if is_licence else ConversionMode.SERVICE
    kind = ContractType.LICENCE_PATENT if is_licence else ContractType.SERVICE
    priced = {"route": PricingRoute.LISTING, "price": total, "price_venue": "市场"}
    signed = opened + timedelta(days=16)
    return CaseDraft(
        title=f"项目{number}",
        opened_on=opened,
        parties=[
            PartyEntry(PartyRole.OWNER, institutes[number % len(institutes)]),
            PartyEntry(PartyRole.TAKER, companies[number * 7 % len(companies)]),
        ],
        steps=[
            Step(EventKind.TALKS_BEGUN, next(day)),
            Step(EventKind.NDA_SIGNED, next(day), {"nda_until": "2030-01-01"}),
            Step(EventKind.EXAMINATION_BEGUN, next(day)),
            Step(EventKind.DECIDED, next(day), {"mode": mode}),
            Step(EventKind.PRICE_SET, next(day), priced),
            Step(EventKind.CONTRACT_SIGNED, signed, {"contract_total": total}),
            Step(EventKind.PERFORMANCE_BEGUN, opened + timedelta(days=20)),
            Step(EventKind.PAYMENT_RECEIVED, opened + timedelta(days=40), {"amount": total}),
            Step(EventKind.ACCEPTED, opened + timedelta(days=50)),
        ],
        contract={
            "name": f"项目{number}",
            "type": kind,
            "valid_from": signed,
            "valid_to": signed + timedelta(days=365),
            "total_amount": Decimal(total),
            "technology_amount": Decimal(total),
        },
    )


def make_cases(count: int, institutes: list[Organization], companies: list[Organization]) -> None:
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        add_cases(actor=None, drafts=[draft(n, institutes, companies) for n in numbers])
