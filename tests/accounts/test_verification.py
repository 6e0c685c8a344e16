"""How an organization climbs from a checked code to a confirmed contact and a checked licence."""

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from achievements.models import InstituteIndexPage, InstitutePage
from matchmaking.services import UnableToChangeNeed, create_need
from portal.accounts import services
from portal.accounts.enums import MembershipRole, OrganizationKind, PortalRole, VerificationLevel
from portal.accounts.models import Membership, Organization, User
from portal.audit.models import AuditEvent
from portal.site.services import create_site_tree
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
Refused = services.UnableToChangeOrganization


@pytest.fixture
def owner():
    return MembershipFactory(role=MembershipRole.OWNER)


@pytest.fixture
def reviewer():
    user = UserFactory()
    services.grant_role(actor=None, user=user, role=PortalRole.REVIEWER)
    return user


def affirm(member):
    return services.affirm_contact(actor=member.user, organization=member.organization)


def level_of(member):
    return Organization.objects.get(pk=member.organization_id).verification_level


def test_a_reviewer_confirms_who_says_to_act_for_it(owner, reviewer):
    affirm(owner)
    services.confirm_contact(actor=reviewer, membership=owner, note=" 已电话核实 ")
    organization = Organization.objects.get(pk=owner.organization_id)
    assert organization.verification_level == VerificationLevel.CONTACT
    assert (organization.verified_by, organization.contact_note) == (reviewer, "已电话核实")
    assert [note.kind for note in owner.user.notifications.all()] == ["contact-confirmed"]
    event = AuditEvent.objects.get(action="accounts.confirm_contact")
    assert (event.actor, event.organization_id) == (reviewer, organization.pk)
    assert "电话" not in str(event.payload)


def test_nobody_is_confirmed_without_the_own_word(owner, reviewer):
    with pytest.raises(Refused):
        services.confirm_contact(actor=reviewer, membership=owner)
    assert level_of(owner) == VerificationLevel.FORMAT


def test_the_word_counts_from_the_office_only(owner):
    with pytest.raises(Refused):
        affirm(MembershipFactory(organization=owner.organization))


def test_the_word_needs_a_confirmed_address(owner):
    EmailAddress.objects.filter(user=owner.user).update(verified=False)
    with pytest.raises(Refused, match="验证您的邮箱"):
        affirm(owner)


def test_no_level_without_a_code(reviewer):
    owner = MembershipFactory(
        role=MembershipRole.OWNER, organization=OrganizationFactory(credit_code=None)
    )
    with pytest.raises(Refused, match="统一社会信用代码"):
        affirm(owner)
    paper = services.submit_paper(
        actor=owner.user,
        organization=owner.organization,
        kind="BUSINESS_LICENCE",
        file=ContentFile(b"%PDF-1.7", name="licence.pdf"),
    )
    with pytest.raises(Refused, match="统一社会信用代码"):
        services.check_paper(actor=reviewer, paper=paper, accept=True)


def test_a_reviewer_confirms_no_colleague(owner, reviewer):
    affirm(owner)
    MembershipFactory(organization=owner.organization, user=reviewer)
    with pytest.raises(Refused):
        services.confirm_contact(actor=User.objects.get(pk=reviewer.pk), membership=owner, note="")


def test_a_member_who_left_is_no_contact(owner, reviewer):
    editor = MembershipFactory(organization=owner.organization, role=MembershipRole.EDITOR)
    affirm(editor)
    services.leave_organization(actor=owner.user, membership=editor)
    with pytest.raises(Refused):
        services.confirm_contact(actor=reviewer, membership=editor)


def test_another_name_needs_another_word(owner, reviewer):
    affirm(owner)
    organization = Organization.objects.get(pk=owner.organization_id)
    organization.name = "另一家有限公司"
    services.edit_organization(actor=owner.user, organization=organization, industries=[])
    with pytest.raises(Refused):
        services.confirm_contact(actor=reviewer, membership=owner)


def test_a_checked_licence_is_not_lowered_to_a_contact(owner, reviewer):
    affirm(owner)
    Organization.objects.update(verification_level=VerificationLevel.LICENCE)
    with pytest.raises(Refused):
        services.confirm_contact(actor=reviewer, membership=owner)
    assert level_of(owner) == VerificationLevel.LICENCE


def test_from_the_word_to_the_level_through_the_pages(client, owner, reviewer):
    papers = reverse("accounts:papers", args=[owner.organization_id])
    client.force_login(owner.user)
    assert 'name="acts_for"' in client.get(papers).content.decode()
    url = reverse("accounts:affirm-contact", args=[owner.organization_id])
    client.post(url)
    assert not Membership.objects.filter(affirmed_at__isnull=False).exists()
    client.post(url, {"acts_for": "1"})
    assert "等待审核人员核实" in client.get(papers).content.decode()

    client.force_login(reviewer)
    desk = reverse("accounts:paper-queue")
    assert owner.user.email in client.get(desk).content.decode()
    client.post(reverse("accounts:confirm-contact", args=[owner.pk]), {"note": "电话"})
    assert owner.user.email not in client.get(desk).content.decode()

    client.logout()
    public = client.get(reverse("accounts:organization", args=[owner.organization_id]))
    page = public.content.decode()
    assert "联系人已核实" in page
    assert "平台审核员于" in page
    assert reviewer.name not in page
    assert "电话" not in page.split("<main")[1].split("</main")[0]


def accept_licence(member, reviewer):
    paper = services.submit_paper(
        actor=member.user,
        organization=member.organization,
        kind="INSTITUTION_CERTIFICATE",
        file=ContentFile(b"%PDF-1.7", name="certificate.pdf"),
    )
    services.check_paper(actor=reviewer, paper=paper, accept=True)


@pytest.fixture
def institute():
    organization = OrganizationFactory(kind=OrganizationKind.INSTITUTE)
    return MembershipFactory(role=MembershipRole.OWNER, organization=organization)


def test_a_verified_institute_can_publish_at_once(client, institute, reviewer):
    create_site_tree()
    client.force_login(institute.user)
    assert client.get(reverse("achievements:start")).url == reverse("accounts:organizations")
    accept_licence(institute, reviewer)
    page = InstitutePage.objects.get(organization=institute.organization)
    assert page.live
    assert client.get(reverse("achievements:start")).status_code == 200


def test_without_a_place_for_its_page_an_institute_stays_unverified(institute, reviewer):
    InstituteIndexPage.objects.all().delete()
    with pytest.raises(Refused), transaction.atomic():
        accept_licence(institute, reviewer)
    assert level_of(institute) == VerificationLevel.FORMAT


def test_a_verified_enterprise_gets_no_page_for_institutes(owner, reviewer):
    create_site_tree()
    accept_licence(owner, reviewer)
    assert level_of(owner) == VerificationLevel.LICENCE
    assert not InstitutePage.objects.exists()


@pytest.fixture
def department():
    organization = OrganizationFactory(kind=OrganizationKind.GOVERNMENT, name="湖畔区某局")
    return MembershipFactory(role=MembershipRole.OWNER, organization=organization)


def _need(member):
    user = User.objects.get(pk=member.user_id)
    organization = Organization.objects.get(pk=member.organization_id)
    return create_need(actor=user, organization=organization, title="需求")


@pytest.mark.parametrize("level", [VerificationLevel.FORMAT, VerificationLevel.CONTACT])
def test_a_department_does_nothing_before_its_papers_are_checked(client, department, level):
    Organization.objects.update(verification_level=level)
    with pytest.raises(UnableToChangeNeed):
        _need(department)
    client.force_login(department.user)
    assert client.get(reverse("matchmaking:start")).url == reverse("accounts:organizations")
    assert (
        "须通过证照核验"
        in client.get(
            reverse("accounts:papers", args=[department.organization_id])
        ).content.decode()
    )
    members = reverse("accounts:members", args=[department.organization_id])
    assert client.get(members).status_code == 200


def test_a_department_acts_once_its_papers_are_checked(department):
    Organization.objects.update(verification_level=VerificationLevel.LICENCE)
    assert _need(department).organization == department.organization


def test_the_desk_asks_as_much_for_three_contacts_as_for_one(client, reviewer, owner):
    client.force_login(reviewer)
    affirm(owner)
    client.get(reverse("accounts:paper-queue"))
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("accounts:paper-queue"))
        counts.append((len(response.context["contacts"]), len(queries)))
        for _more in range(2):
            affirm(MembershipFactory(role=MembershipRole.OWNER))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]
