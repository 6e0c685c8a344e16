"""An institute, a company and interests between them, made through the ordinary services."""

from matchmaking.interests.models import Interest
from matchmaking.interests.services import answer_interest, decline_interest, express_interest
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import Company

WORDS = {
    "purpose": "手机散热模组减薄到0.1毫米后返修率上升，想在现有产线上试用。",
    "ask": "寄送三种厚度的样品各五片，约一次线上交流。",
    "offer": "提供整机散热测试台和完整测试数据。",
}


class Town:
    """An institute with a published achievement, a company with a published need."""

    def __init__(self):
        self.institute, self.company = Institute(), Company()
        self.page = self.institute.published()

    def express(self, **more) -> Interest:
        """The company's interest in the achievement."""
        return express_interest(
            actor=more.pop("actor", self.company.owner),
            organization=more.pop("organization", self.company.organization),
            page=more.pop("page", self.page),
            **{**WORDS, **more},
        )

    def offer(self, need=None, **more) -> Interest:
        """The institute's interest in the need, with its achievement."""
        return express_interest(
            actor=self.institute.owner,
            organization=self.institute.organization,
            page=more.pop("page", self.page),
            need=need or self.company.published(),
            **{**WORDS, **more},
        )

    def in_talks(self, **more) -> Interest:
        return answer_interest(actor=self.institute.owner, interest=self.express(), **more)

    def declined(self, reason="TOO_EARLY", **more) -> Interest:
        return decline_interest(
            actor=self.institute.owner, interest=self.express(), reason=reason, **more
        )


def person_with(role: PortalRole):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    return user


def fresh(interest: Interest) -> Interest:
    return Interest.objects.get(pk=interest.pk)
