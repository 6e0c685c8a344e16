"""Conversion cases moved through the ordinary services, each step a day after the one before."""

from datetime import date, timedelta
from decimal import Decimal

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole, PricingRoute
from matchmaking.cases.models import Contract, ContractType, ConversionCase, ShareGroup
from portal.accounts.models import Organization
from tests.factories.listings import Institute
from tests.factories.needs import Company

START = date(2025, 3, 3)
TYPES = {
    ConversionMode.TRANSFER: ContractType.TRANSFER_PATENT,
    ConversionMode.LICENCE: ContractType.LICENCE_PATENT,
    ConversionMode.SERVICE: ContractType.SERVICE,
    ConversionMode.DEVELOPMENT: ContractType.DEVELOPMENT_COMMISSIONED,
}


class Deal:
    """An institute and a company in one case; ``on`` is the day of the last step."""

    def __init__(
        self, *, mode=ConversionMode.TRANSFER, owner=None, taker=None, co_owner=None, on=START
    ):
        self.institute = owner or Institute()
        Organization.objects.filter(pk=self.institute.organization.pk).update(is_public_body=True)
        self.company = taker or Company()
        self.mode, self.on = mode, on
        owners = [self.institute.organization, *([co_owner.organization] if co_owner else [])]
        self.case = services.open_case(
            actor=self.institute.owner,
            title="石墨烯导热膜转让",
            parties=[
                *[services.PartyEntry(PartyRole.OWNER, each) for each in owners],
                services.PartyEntry(
                    PartyRole.TAKER,
                    self.company.organization,
                    contact_name="采购部",
                    contact_email="buyer@example.com",
                ),
                services.PartyEntry(PartyRole.COMPLETER, name="林知远"),
                services.PartyEntry(PartyRole.COMPLETER, name="苏小满"),
            ],
            opened_on=on,
        )

    @property
    def owner(self):
        return self.institute.owner

    @property
    def taker(self):
        return self.company.owner

    def party(self, role, number=0):
        return self.case.parties.filter(role=role).order_by("pk")[number]

    def next_day(self, days=1):
        self.on += timedelta(days=days)
        return self.on

    def refresh(self):
        self.case = ConversionCase.objects.get(pk=self.case.pk)
        return self.case

    def move(self, kind, *, actor=None, days=1, **payload):
        event = services.make_move(
            actor=actor or self.owner,
            case=self.case,
            kind=EventKind(kind),
            occurred_on=self.next_day(days),
            payload=payload,
        )
        self.refresh()
        return event

    def to_decision(self):
        self.move("TALKS_BEGUN")
        return self.to_decision_from_talks()

    def to_decision_from_talks(self):
        self.move("EXAMINATION_BEGUN")
        self.move("DECIDED", mode=self.mode, decided_by="院务会")
        return self

    def set_price(self, price="1000000", route=PricingRoute.AGREEMENT, **more):
        services.set_price(
            actor=self.owner,
            case=self.case,
            route=route,
            price=Decimal(price),
            occurred_on=self.next_day(),
            **more,
        )
        self.refresh()
        return self

    def publicise(self, **more):
        facts = {
            "name": "石墨烯导热膜连续制备技术",
            "abstract": "卷对卷连续还原，面内导热系数不低于1500。",
            "own_venue": "院公告栏",
            "market_venue": "湖城技术市场",
        }
        self.publicity = services.open_publicity(
            actor=self.owner, case=self.case, occurred_on=self.next_day(), **facts | more
        )
        self.refresh()
        return self

    def clear_publicity(self):
        self.publicity = services.close_publicity(
            actor=self.owner, publicity=self.publicity, occurred_on=self.next_day(16)
        )
        self.refresh()
        return self

    def waive(self, *, notice=True):
        if notice:
            services.notify_completers(
                actor=self.owner, case=self.case, terms="同等条件", occurred_on=self.next_day()
            )
            self.refresh()
        for number in range(2):
            services.record_refusal(
                actor=self.owner,
                case=self.case,
                completer=self.party(PartyRole.COMPLETER, number),
                is_exercised=False,
                occurred_on=self.next_day(),
            )
            self.refresh()
        return self

    def contract(self, **fields):
        on = fields.pop("signed_on", None) or self.next_day()
        values = {
            "name": "石墨烯导热膜专利权转让",
            "type": TYPES[self.mode],
            "seller": self.party(PartyRole.OWNER),
            "buyer": self.party(PartyRole.TAKER),
            "signed_on": on,
            "valid_from": on,
            "valid_to": on + timedelta(days=730),
            "total_amount": Decimal("1000000.00"),
            "technology_amount": Decimal("900000.00"),
        }
        return Contract(**values | fields)

    def sign(self, *, instalments=(), **fields):
        self.signed = services.sign_contract(
            actor=self.owner,
            case=self.case,
            contract=self.contract(**fields),
            instalments=instalments,
        )
        self.refresh()
        return self

    def to_contract(self, **fields):
        """Go the whole way of a public owner's assignment by agreement to the signature."""
        self.to_decision().set_price().publicise().clear_publicity()
        if self.mode == ConversionMode.TRANSFER:
            self.waive()
        return self.sign(**fields)

    def pay(self, amount="1000000"):
        services.receive_payment(
            actor=self.owner,
            case=self.case,
            amount=Decimal(amount),
            occurred_on=self.next_day(),
        )
        self.refresh()
        return self

    def fix_reward(self, pool="623000", shares=None, **more):
        entries = shares or [
            services.ShareEntry(ShareGroup.MAIN, "林知远", Decimal(70)),
            services.ShareEntry(ShareGroup.MAIN, "苏小满", Decimal(20)),
            services.ShareEntry(ShareGroup.STAFF, "转化办公室", Decimal(10)),
        ]
        reward = services.fix_reward(
            actor=self.owner,
            case=self.case,
            income=Decimal(1_000_000),
            costs=Decimal(80_000),
            taxes=Decimal(30_000),
            pool=Decimal(pool),
            shares=entries,
            occurred_on=self.next_day(),
            **more,
        )
        self.refresh()
        return reward
