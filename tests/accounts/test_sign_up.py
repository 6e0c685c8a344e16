"""Sign-up, sign-in and invitations through the pages, as a stranger meets them."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Site

from portal.accounts.enums import MembershipState
from portal.accounts.models import Membership, User
from portal.accounts.services import invite_member, revoke_invitation
from portal.audit.models import AuditEvent
from portal.site.models import PortalSettings
from portal.site.services import create_site_tree
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Weide-am-Ufer-26"
FORM = {"name": "池小满", "password1": PASSWORD, "password2": PASSWORD, "accept_terms": "on"}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_up(client, email):
    return client.post(reverse("account_signup"), {**FORM, "email": email})


def confirm(client):
    """Follow the link of the last mail and press its button."""
    [path] = re.findall(r"https?://[^/]+(/\S*confirm-email/\S+)", mail.outbox[-1].body)
    client.get(path)
    return client.post(path)


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_sign_up_needs_a_confirmed_address(client):
    sign_up(client, "xiaoman@example.com")
    sign_in(client, "xiaoman@example.com")
    assert not is_signed_in(client)

    confirm(client)
    sign_in(client, "xiaoman@example.com")

    assert is_signed_in(client)
    assert User.objects.get(email="xiaoman@example.com").name == "池小满"


def test_sign_up_answers_alike_for_known_and_unknown_addresses(client):
    known = UserFactory(email="bekannt@example.com")
    new = sign_up(client, "neu@example.com")
    client.logout()
    again = sign_up(client, known.email)

    assert (again.status_code, again.url) == (new.status_code, new.url)
    assert client.get(again.url).status_code == 200
    assert [message.to for message in mail.outbox] == [["neu@example.com"], [known.email]]
    assert User.objects.filter(email=known.email).count() == 1
    assert "confirm-email" not in mail.outbox[-1].body


def test_failed_sign_ins_are_limited_even_for_the_right_password(client):
    user = UserFactory(email="opfer@example.com")
    user.set_password(PASSWORD)
    user.save()

    for _ in range(5):
        sign_in(client, user.email, "falsch")
    sign_in(client, user.email)
    assert not is_signed_in(client)

    cache.clear()
    sign_in(client, user.email)
    assert is_signed_in(client)


def test_wrong_password_and_unknown_address_are_told_alike(client):
    user = UserFactory(email="da@example.com")
    user.set_password(PASSWORD)
    user.save()

    wrong = sign_in(client, user.email, "falsch").context["form"].errors
    unknown = sign_in(client, "weg@example.com", "falsch").context["form"].errors

    assert wrong == unknown


def test_a_refused_sign_in_marks_a_field_and_leads_to_it(client):
    page = sign_in(client, "weg@example.com").content.decode()
    field = page.split('id="id_password_error"')[0].rsplit('<div class="field', 1)[1]
    assert field.startswith(" field--error")
    assert '<a href="#id_password">密码：邮箱或密码不正确。</a>' in page
    assert "data-counter" not in page
    assert 'aria-invalid="true" aria-describedby="id_password_helptext id_password_error"' in page


def test_who_is_invited_signs_up_and_finds_the_invitation(client):
    owner = MembershipFactory(role="OWNER")
    invite_member(
        actor=owner.user, organization=owner.organization, email="neu@example.com", role="EDITOR"
    )
    sign_up(client, "neu@example.com")
    confirm(client)
    sign_in(client, "neu@example.com")

    [section] = client.get(reverse("workspace:home")).context["waiting"]
    [row] = section.rows
    assert row.title == owner.organization.label
    assert owner.organization.label in client.get(row.url).content.decode()
    client.post(row.url)

    member = Membership.objects.get(user__email="neu@example.com")
    assert (member.organization, member.role, member.state) == (
        owner.organization,
        "EDITOR",
        MembershipState.ACTIVE,
    )
    assert client.get(row.url).status_code == 404


def test_an_unconfirmed_or_foreign_address_finds_no_invitation(client):
    owner = MembershipFactory(role="OWNER")
    invitation = invite_member(
        actor=owner.user, organization=owner.organization, email="neu@example.com", role="EDITOR"
    )
    url = reverse("accounts:own-invitation", args=[invitation.pk])
    unconfirmed = UserFactory(email="neu@example.com")
    address = EmailAddress.objects.filter(user=unconfirmed)
    address.update(verified=False)

    for user in (unconfirmed, UserFactory()):
        client.force_login(user)
        assert client.get(url).status_code == 404

    address.update(verified=True)
    client.force_login(unconfirmed)
    assert client.get(url).status_code == 200
    revoke_invitation(actor=owner.user, invitation=invitation)
    assert client.get(url).status_code == 404


def test_a_profile_is_changed_on_record(client):
    user = UserFactory(name="旧名")
    client.force_login(user)

    client.post(reverse("accounts:profile"), {"name": "新名", "language": "zh-hans"})

    user.refresh_from_db()
    event = AuditEvent.objects.get(action="accounts.edit_profile")
    assert (user.name, event.actor) == ("新名", user)
    assert "新名" not in str(event.payload)


@pytest.mark.parametrize(("prefix", "word"), [("", "《使用条款》"), ("/en", "terms of use")])
def test_the_texts_that_are_accepted_are_one_click_away(client, prefix, word):
    page = client.get(f"{prefix}/accounts/signup/").content.decode()
    for slug in ("terms", "privacy"):
        assert f'href="{prefix}/{slug}/" target="_blank"' in page
    assert word in page


def test_a_missing_consent_is_named_without_markup_in_the_summary(client):
    data = {**FORM, "email": "neu@example.com"}
    del data["accept_terms"]
    page = client.post(reverse("account_signup"), data).content.decode()
    summary = page.split('class="error-summary"')[1].split("</div>")[0]
    assert "我已阅读并同意《使用条款》和《隐私告知》：" in summary
    assert "&lt;a" not in summary


@pytest.fixture
def operator():
    create_site_tree()
    settings = PortalSettings.for_site(Site.objects.get())
    settings.name, settings.contact_phone = "试点对接平台", "0571-5550 1000"
    settings.save()


def test_account_mails_carry_the_name_of_the_portal(client, operator):
    sign_up(client, "neu@example.com")
    body = mail.outbox[-1].body
    assert "试点对接平台" in body
    assert "Hello" not in body
    assert "来自testserver" not in body


def test_who_waits_for_a_mail_finds_the_contact(client, operator):
    sent = client.post(reverse("account_reset_password"), {"email": "weg@example.com"}).url
    signed_up = sign_up(client, "neu@example.com").url
    for address in (reverse("account_reset_password"), sent, signed_up):
        main = client.get(address).content.decode().split("<main")[1].split("</main")[0]
        assert "0571-5550 1000" in main, address


def test_an_invitation_by_mail_says_who_invites_where_to(django_capture_on_commit_callbacks):
    owner = MembershipFactory(role="OWNER")
    with django_capture_on_commit_callbacks(execute=True):
        invite_member(
            actor=owner.user,
            organization=owner.organization,
            email="neu@example.com",
            role="EDITOR",
        )
    [message] = mail.outbox
    for part in (owner.user.name, owner.organization.name, "编辑", "/invitations/"):
        assert part in message.body
