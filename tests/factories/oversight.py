"""People who oversee, and contracts in bulk where hundreds of them are needed."""

from datetime import date, timedelta
from decimal import Decimal

from django.test import Client

from matchmaking.cases.enums import CaseStage, ConversionMode, PartyRole
from matchmaking.cases.models import CaseParty, Contract, ContractType, ConversionCase
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from tests.factories.accounts import UserFactory


def make_overseer(role=PortalRole.AUDITOR):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def bulk_contracts(pairs, *, on=date(2024, 5, 6), amount="100000.00", start=0):
    """Signed cases between (seller, buyer) organizations, rows only, a day apart."""
    cases = ConversionCase.objects.bulk_create(
        ConversionCase(
            code=f"AL-T-{start + number:06d}",
            title=f"导热膜{number}",
            stage=CaseStage.SIGNED,
            stage_since=on + timedelta(days=number),
            opened_on=on,
            signed_on=on + timedelta(days=number),
            mode=ConversionMode.SERVICE,
            contract_total=Decimal(amount),
            lead_owner=owner,
        )
        for number, (owner, _taker) in enumerate(pairs)
    )
    parties = CaseParty.objects.bulk_create(
        CaseParty(case=case, role=role, organization=organization, joined_on=on)
        for case, sides in zip(cases, pairs, strict=True)
        for role, organization in zip((PartyRole.OWNER, PartyRole.TAKER), sides, strict=True)
    )
    return Contract.objects.bulk_create(
        Contract(
            case=case,
            sequence=1,
            name=case.title,
            type=ContractType.SERVICE,
            seller=parties[2 * number],
            buyer=parties[2 * number + 1],
            signed_on=case.signed_on,
            valid_from=case.signed_on,
            valid_to=case.signed_on + timedelta(days=365),
            total_amount=Decimal(amount),
            technology_amount=Decimal(amount) / 2,
        )
        for number, case in enumerate(cases)
    )
