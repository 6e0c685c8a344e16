"""Institutes and listings in the states that tests need, made through the ordinary services."""

from datetime import date

from achievements.models import AchievementPage
from achievements.services import create_listing, onboard_organization, save_draft
from ip.enums import ONCE_GRANTED_STATUSES, HolderRole, PatentKind, PatentStatus
from ip.identifiers import compute_check_character
from ip.models import PatentPage
from ip.services import compute_term_end, record_patent
from portal.accounts.enums import MembershipRole, OrganizationKind, PortalRole
from portal.accounts.models import RoleGrant
from portal.site.services import create_site_tree
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory


class Institute:
    """An onboarded institute with its people: owner, editor, two researchers."""

    def __init__(self, name="湖畔材料研究院"):
        create_site_tree()
        self.organization = OrganizationFactory(name=name, kind=OrganizationKind.INSTITUTE)
        self.owner = self._person(MembershipRole.OWNER)
        self.editor = self._person(MembershipRole.EDITOR)
        self.researcher = self._person(MembershipRole.MEMBER)
        self.colleague = self._person(MembershipRole.MEMBER)
        self.page = onboard_organization(organization=self.organization, actor=None)

    def _person(self, role):
        return MembershipFactory(organization=self.organization, role=role).user

    def draft(self, *, author=None, complete=True, title="石墨烯导热膜连续制备技术"):
        """Return a draft achievement; ``complete`` ones may be submitted."""
        page = create_listing(
            page=AchievementPage(title=title),
            institute=self.page,
            actor=author or self.researcher,
        )
        if complete:
            page.summary = "面内导热系数不低于1500 W/(m·K)，成本降低三成。"
            page.description = "以卷对卷方式连续还原氧化石墨烯，已在中试线上运行六个月。"
            page.form, page.stage = "TECHNOLOGY", "MIDDLE"
            page.industries = [Industry.objects.get(code="new_materials")]
            page.technical_fields = [TechnicalField.objects.get(code="MATERIALS")]
            page.modes = [CooperationMode.objects.get(code="LICENCE")]
            save_draft(page=page, actor=author or self.researcher)
        return AchievementPage.objects.get(pk=page.pk)

    def published(self, **kwargs):
        """Return a live achievement, published without the review."""
        page = self.draft(**kwargs)
        page.get_latest_revision().publish(skip_permission_checks=True)
        return AchievementPage.objects.get(pk=page.pk)

    def patent(self, number=1, *, status=PatentStatus.GRANTED, filed=date(2020, 3, 2)):
        digits = f"{filed.year}1{number:07d}"
        ended = status == PatentStatus.EXPIRED
        return record_patent(
            actor=self.researcher,
            number=digits + compute_check_character(digits),
            kind=PatentKind.INVENTION,
            title="一种石墨烯导热膜的制备方法",
            filed_on=filed,
            status=status,
            status_on=compute_term_end(PatentKind.INVENTION, filed) if ended else filed,
            granted_on=filed if status in ONCE_GRANTED_STATUSES else None,
            holders=[{"organization": self.organization, "role": HolderRole.HOLDER}],
        )

    def patent_draft(self, patent, **texts):
        page = create_listing(
            page=PatentPage(title=texts.pop("title", "更薄的导热膜"), patent=patent),
            institute=self.page,
            actor=self.researcher,
        )
        page.summary, page.value = "膜厚减半而导热不减。", "手机散热模组可减薄0.2毫米。"
        page.industries = [Industry.objects.get(code="new_materials")]
        page.technical_fields = [TechnicalField.objects.get(code="MATERIALS")]
        page.modes = [CooperationMode.objects.get(code="LICENCE")]
        for name, text in texts.items():
            setattr(page, name, text)
        save_draft(page=page, actor=self.researcher)
        return PatentPage.objects.get(pk=page.pk)


def make_reviewer():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.REVIEWER)
    return user
