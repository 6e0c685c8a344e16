"""Joining, leaving and inviting through the pages."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from portal.accounts.enums import MembershipRole, MembershipState
from portal.accounts.models import Membership
from portal.accounts.services import invite_member, request_membership
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(role=MembershipRole.OWNER)


def page_of(client, organization):
    return client.get(reverse("accounts:organization", args=[organization.pk])).content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_who_has_asked_sees_that_and_takes_it_back(client, owner):
    organization, asker = owner.organization, UserFactory()
    client.force_login(asker)
    assert "申请加入</button>" in page_of(client, organization)
    request_membership(actor=asker, organization=organization, message="")
    page = page_of(client, organization)
    assert "已申请加入" in page
    assert "申请加入</button>" not in page
    client.post(reverse("accounts:take-back", args=[organization.pk]))
    assert "申请加入</button>" in page_of(client, organization)


def test_a_member_leaves_after_a_question(client, owner):
    member = MembershipFactory(organization=owner.organization)
    client.force_login(member.user)
    url = reverse("accounts:leave", args=[member.pk])
    assert f'href="{url}"' in page_of(client, owner.organization)
    assert owner.organization.name in client.get(url).content.decode()
    assert Membership.objects.active().filter(pk=member.pk).exists()
    response = client.post(url)
    assert response.url == reverse("accounts:organization", args=[owner.organization_id])
    member.refresh_from_db()
    assert member.state == MembershipState.LEFT
    assert client.get(url).status_code == 404


def test_an_owner_removes_a_member_after_a_question(client, owner):
    member = MembershipFactory(organization=owner.organization)
    client.force_login(owner.user)
    url = reverse("accounts:leave", args=[member.pk])
    assert member.user.name in client.get(url).content.decode()
    assert client.post(url).url == reverse("accounts:members", args=[owner.organization_id])
    member.refresh_from_db()
    assert member.state == MembershipState.LEFT


def test_a_member_removes_nobody_else(client, owner):
    member = MembershipFactory(organization=owner.organization)
    client.force_login(member.user)
    assert client.post(reverse("accounts:leave", args=[owner.pk])).status_code == 404
    assert (
        client.post(reverse("accounts:member-action", args=[owner.pk, "remove"])).status_code == 404
    )


@pytest.mark.parametrize(
    ("name", "data"), [("leave", {}), ("member-action", {"role": MembershipRole.MEMBER})]
)
def test_the_last_owner_is_told_so_on_the_members_page(client, owner, name, data):
    client.force_login(owner.user)
    arguments = [owner.pk, "role"] if data else [owner.pk]
    response = client.post(reverse(f"accounts:{name}", args=arguments), data)
    assert response.url == reverse("accounts:members", args=[owner.organization_id])
    assert said(response) == ["最后一位负责人不能退出或降级，请先指定其他负责人。"]


def test_an_invitation_is_declined_on_its_page(client, owner):
    user = UserFactory()
    invitation = invite_member(
        actor=owner.user, organization=owner.organization, email=user.email, role="EDITOR"
    )
    client.force_login(user)
    url = reverse("accounts:own-invitation", args=[invitation.pk])
    assert 'name="decline"' in client.get(url).content.decode()
    assert client.post(url, {"decline": "1"}).url == reverse("workspace:home")
    assert not user.memberships.exists()
    assert client.get(url).status_code == 404


def test_a_mailed_link_names_the_organization_and_ends_with_its_invitation(
    client, owner, monkeypatch
):
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: "known-token")
    user = UserFactory()
    invite_member(
        actor=owner.user, organization=owner.organization, email=user.email, role="EDITOR"
    )
    client.force_login(user)
    url = reverse("accounts:invitation", args=["known-token"])
    assert owner.organization.name in client.get(url).content.decode()
    client.post(url, {"accept": "1"})
    assert user.memberships.get().role == MembershipRole.EDITOR
    assert client.get(url).url == reverse("workspace:home")


def test_an_unknown_link_leads_to_the_workspace(client):
    client.force_login(UserFactory())
    response = client.get(reverse("accounts:invitation", args=["unknown"]))
    assert response.url == reverse("workspace:home")
    assert said(response) == ["该邀请已失效，请联系机构重新发送。"]


def test_roles_and_messages_call_the_owner_alike(client, owner):
    client.force_login(owner.user)
    page = client.get(reverse("accounts:members", args=[owner.organization_id])).content.decode()
    assert "负责人" in page
    assert "所有者" not in page


def test_a_stranger_to_the_organization_sees_no_way_to_leave(client):
    organization = OrganizationFactory()
    client.force_login(UserFactory())
    assert "退出该机构" not in page_of(client, organization)
