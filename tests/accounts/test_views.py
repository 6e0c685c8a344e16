import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from stdnum.cn import uscc

from portal.accounts.enums import MembershipRole, PortalRole
from portal.accounts.models import Organization, RoleGrant, VerificationPaper
from portal.audit.models import AuditEvent
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    make_credit_code,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["members", "papers", "edit-organization"])
def test_strangers_find_no_office_pages(client, name):
    url = reverse(f"accounts:{name}", args=[OrganizationFactory().pk])
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_the_paper_queue_is_for_reviewers(client):
    client.force_login(UserFactory())
    assert client.get(reverse("accounts:paper-queue")).status_code == 403


def test_a_page_that_calls_itself_pdf_is_refused(client):
    owner = MembershipFactory(role=MembershipRole.OWNER)
    client.force_login(owner.user)
    file = SimpleUploadedFile("licence.pdf", b"<html><script>", "application/pdf")
    url = reverse("accounts:papers", args=[owner.organization_id])
    response = client.post(url, {"kind": "BUSINESS_LICENCE", "file": file})
    assert list(response.context["form"].errors) == ["file"]
    assert not VerificationPaper.objects.exists()


def test_a_paper_is_read_by_reviewers_as_an_attachment_and_on_record(client):
    owner = MembershipFactory(role=MembershipRole.OWNER)
    client.force_login(owner.user)
    file = SimpleUploadedFile("执照.html", b"%PDF-1.7 licence")
    url = reverse("accounts:papers", args=[owner.organization_id])
    client.post(url, {"kind": "BUSINESS_LICENCE", "file": file})
    paper = VerificationPaper.objects.get()
    assert paper.file.name.endswith(".pdf")
    reviewer = UserFactory()
    RoleGrant.objects.create(user=reviewer, role=PortalRole.REVIEWER)
    client.force_login(reviewer)
    response = client.get(reverse("accounts:paper-file", args=[paper.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 licence"
    assert AuditEvent.objects.filter(action="accounts.read_paper", actor=reviewer).count() == 1
    client.force_login(UserFactory())
    assert client.get(reverse("accounts:paper-file", args=[paper.pk])).status_code == 404


def test_roles_with_a_second_step_are_sent_to_its_set_up(client):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    client.force_login(user)
    response = client.get(reverse("accounts:profile"))
    assert response.status_code == 302
    assert response.url == reverse("mfa_activate_totp")


def test_the_export_holds_the_own_data(client):
    member = MembershipFactory()
    client.force_login(member.user)
    data = client.get(reverse("accounts:export")).json()
    assert data["email"] == member.user.email
    assert data["memberships"] == [
        {"organization": member.organization.name, "role": "MEMBER", "state": "ACTIVE"}
    ]


def test_reset_answers_alike_for_known_and_unknown_addresses(client):
    url = reverse("account_reset_password")
    known = client.post(url, {"email": UserFactory().email})
    unknown = client.post(url, {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def _description(**fields):
    district = OrganizationFactory.build().district
    return {"name": "新公司", "kind": "ENTERPRISE", "district": district.pk, **fields}


def test_a_code_that_is_registered_names_its_record_and_offers_to_join(client):
    holder = OrganizationFactory()
    client.force_login(UserFactory())
    response = client.post(
        reverse("accounts:create-organization"), _description(credit_code=holder.credit_code)
    )
    page = response.content.decode()
    assert holder.name in page
    assert f'href="{reverse("accounts:organization", args=[holder.pk])}#join"' in page
    assert list(response.context["form"].errors) == ["credit_code"]


def test_an_organization_without_a_code_is_called_unchecked(client):
    with_code, without = OrganizationFactory(), OrganizationFactory(credit_code=None)
    labels = [str(each.verification_label) for each in (with_code, without)]
    assert labels == ["代码已校验", "未校验"]
    page = client.get(reverse("accounts:organization", args=[without.pk])).content.decode()
    assert "未校验" in page
    assert "代码已校验" not in page


def test_a_code_that_fails_the_older_check_is_taken_with_a_warning(client):
    client.force_login(UserFactory())
    right = make_credit_code(1)[:17]
    code = right[:-1] + ("1" if right[-1] != "1" else "2")
    code += uscc.calc_check_digit(code)
    response = client.post(
        reverse("accounts:create-organization"), _description(credit_code=code), follow=True
    )
    assert "第9至17位" in response.content.decode()
    assert Organization.objects.get().credit_code == code


def test_the_form_of_a_change_warns_and_tells_whom_it_is_about(client):
    owner = MembershipFactory(role=MembershipRole.OWNER)
    client.force_login(owner.user)
    url = reverse("accounts:edit-organization", args=[owner.organization_id])
    response = client.post(url, _description(name=""))
    page = response.content.decode()
    assert f"修改“{owner.organization.name}”" in page
    assert "认证等级将重置" in page
