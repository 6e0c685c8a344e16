"""Needs in the states that tests need, made through the ordinary services."""

from datetime import timedelta

from django.utils import timezone

from matchmaking.models import Need
from matchmaking.services import approve_need, create_need, edit_need, submit_need
from portal.accounts.enums import MembershipRole, OrganizationKind, PortalRole
from portal.accounts.models import RoleGrant
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import make_reviewer

PROBLEM = (
    "手机散热模组的导热膜在厚度减到0.1毫米后导热系数下降明显，整机满载十分钟后温度超过45℃，"
    "自2024年起返修率上升到3%。希望找到石墨烯等新型导热膜的连续制备技术，在不增加成本的前提下"
    "提高面内导热系数。"
)
READY = {
    "problem": PROBLEM,
    "current_solution": "外购人工石墨膜，厚度一降导热就降，价格又高。",
    "constraints": "幅宽不小于500毫米",
    "budget_max": 900_000,
    "decision_maker": "技术副总",
}
TARGET = {"metric": "面内导热系数", "operator": "GE", "value": "1400", "unit": "W/(m·K)"}


class Company:
    """An enterprise with its owner and a colleague."""

    def __init__(self, name="湖畔电子有限公司"):
        self.organization = OrganizationFactory(name=name, kind=OrganizationKind.ENTERPRISE)
        self.owner = self._person(MembershipRole.OWNER)
        self.colleague = self._person(MembershipRole.MEMBER)

    def _person(self, role):
        return MembershipFactory(organization=self.organization, role=role).user

    def draft(self, *, title="手机散热用石墨烯导热膜", ready=True, directed_to=None, **texts):
        """Return a draft need; ``ready`` ones pass the gate."""
        need = create_need(actor=self.owner, organization=self.organization, title=title)
        texts = {**(READY if ready else {"problem": "想找散热技术。"}), **texts}
        for name, value in texts.items():
            setattr(need, name, value)
        need.deadline = timezone.localdate() + timedelta(days=300) if ready else None
        edit_need(
            actor=self.owner,
            need=need,
            targets=[TARGET] if ready else [],
            **({"directed_to": directed_to} if directed_to else {}),
        )
        return Need.objects.get(pk=need.pk)

    def in_review(self, **texts):
        return submit_need(actor=self.owner, need=self.draft(**texts))

    def published(self, **texts):
        need = self.in_review(**texts)
        approve_need(actor=make_reviewer(), need=need)
        return Need.objects.get(pk=need.pk)


def make_broker():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.BROKER)
    return user
