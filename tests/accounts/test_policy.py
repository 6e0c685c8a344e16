"""Passwords, lock-out, idle time, sessions, limits: the settings do what they say."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant, User
from portal.audit.models import AuditEvent
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def operator():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    return user


def sign_in(client, user, password=PASSWORD, **headers):
    data = {"login": user.email, "password": password}
    return client.post(reverse("account_login"), data, headers=headers)


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_the_defaults_are_those_of_the_domain_reference():
    names = (
        "PASSWORD_LENGTH PASSWORD_LENGTH_STAFF PASSWORD_KINDS PASSWORD_DAYS LOCKOUT_FAILURES "
        "LOCKOUT_MINUTES IDLE_MINUTES IDLE_MINUTES_STAFF LOG_RETENTION_DAYS SHARING_RETENTION_DAYS"
    )
    found = [getattr(django_settings, name) for name in names.split()]

    assert found == [8, 12, 3, 90, 5, 15, 30, 15, 184, 1096]
    assert django_settings.ACCOUNT_RATE_LIMITS["login_failed"].startswith("5/15m/key")


@pytest.mark.parametrize("password", ["weide7x", "weideamufer", "WEIDE-AMUFER", "weideufer77"])
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, UserFactory())


def test_staff_needs_a_longer_password():
    validate_password("Weide-7xq", UserFactory())
    with pytest.raises(ValidationError, match="12"):
        validate_password("Weide-7xq", operator())


def test_an_old_password_is_changed_first(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get("/workspace/").status_code == 200
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - timedelta(days=90))

    answer = client.get("/workspace/")
    assert (answer.status_code, answer.url) == (302, reverse("account_change_password"))
    new = "Weide-am-Ufer-26"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), data)

    sign_in(client, user, new)
    assert client.get("/workspace/").status_code == 200
    assert "accounts.change_password" in actions()


@pytest.mark.parametrize(("minutes", "signed_in"), [(29, True), (31, False)])
def test_who_asks_for_nothing_is_signed_out(minutes, signed_in):
    start, client = timezone.now(), Client()
    with time_machine.travel(start, tick=False):
        client.force_login(UserFactory())
        client.get("/workspace/")
    with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
        answer = client.get("/workspace/")
        assert (answer.status_code == 200, "_auth_user_id" in client.session) == (
            signed_in,
            signed_in,
        )
        if not signed_in:
            assert answer.url == "/accounts/login/?next=/workspace/"
            assert actions() == ["accounts.sign_out"]


def test_staff_is_signed_out_sooner_and_every_request_counts():
    user, start, client = operator(), timezone.now(), Client()
    TOTP.activate(user, SECRET)
    seen = []
    for minutes in (0, 14, 28, 44):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            if not minutes:
                client.force_login(user)
            headers = {"HX-Request": "true"} if minutes == 44 else {}
            answer = client.get("/workspace/", headers=headers)
            seen.append((answer.status_code, "HX-Redirect" in answer))

    assert seen == [(200, False), (200, False), (200, False), (200, True)]
    assert "_auth_user_id" not in client.session


def test_staff_has_one_session_at_a_time():
    user = operator()
    first, second = Client(), Client()
    sign_in(first, user)
    first.get("/workspace/")

    sign_in(second, user)
    assert first.get(reverse("account_email")).status_code == 302
    assert second.get(reverse("account_email")).status_code == 200


def test_a_session_gets_a_new_key_at_sign_in(client):
    """A key that somebody planted before is worth nothing afterwards."""
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    sign_in(client, UserFactory())

    assert "_auth_user_id" in client.session
    assert client.session.session_key != before


def test_signing_in_and_out_and_failing_is_recorded_with_the_address(client):
    user = UserFactory()
    sign_in(client, user, "falsch")
    sign_in(client, user)
    client.post(reverse("account_logout"))
    sign_in(client, UserFactory.build(email="weg@example.com"), "falsch")

    lines = list(AuditEvent.objects.order_by("pk"))
    assert [(line.action, line.actor_id, line.target_id) for line in lines] == [
        ("accounts.fail_sign_in", None, str(user.pk)),
        ("accounts.sign_in", user.pk, ""),
        ("accounts.sign_out", user.pk, ""),
        ("accounts.fail_sign_in", None, ""),
    ]
    assert {line.ip_address for line in lines} == {"127.0.0.1"}
    assert "falsch" not in str([line.payload for line in lines])


def test_a_password_reset_answers_alike_for_known_and_unknown_addresses(client):
    known = UserFactory()
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (known.email, "weg@example.com")
    ]

    assert [(each.status_code, each.url) for each in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2
    assert [message.to for message in mail.outbox] == [[known.email], ["weg@example.com"]]


def test_adding_somebody_elses_address_tells_nothing(client):
    known, client_user = UserFactory(), UserFactory()
    client.force_login(client_user)
    sign_in(client, client_user)
    answers = [
        client.post(reverse("account_email"), {"email": email, "action_add": ""}, follow=True)
        for email in (known.email, "frei@example.com")
    ]

    texts = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert texts[0] == [t.replace("frei@example.com", known.email) for t in texts[1]]


def test_the_admin_has_no_way_round_the_accounts_pages(client):
    assert client.get("/admin/password_reset/").status_code in {302, 404}
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.url == "/accounts/login/?next=/admin/"
    user = UserFactory()
    client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_only_the_configured_proxies_are_believed(client, settings):
    user = UserFactory()
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    sign_in(client, user, "falsch", **forged)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sign_in(client, user, "falsch", **forged)

    seen = AuditEvent.objects.order_by("pk").values_list("ip_address", flat=True)
    assert list(seen) == ["127.0.0.1", "203.0.113.9"]


@pytest.mark.parametrize("person", ["signed in", "stranger"])
def test_a_door_that_is_used_too_often_closes_for_a_while(settings, person):
    settings.RATE_LIMITS = {"suggest": (3, 60)}
    client, other = Client(), Client()
    if person == "signed in":
        client.force_login(UserFactory())
        other.force_login(UserFactory())

    statuses = [client.get("/search/suggest/?q=a").status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 429, 429]
    assert other.get("/search/suggest/?q=a").status_code == (200 if person == "signed in" else 429)


def test_invitations_by_mail_are_limited(client, settings):
    settings.RATE_LIMITS = {"invite": (2, 3600)}
    owner = MembershipFactory(role="OWNER")
    client.force_login(owner.user)
    address = reverse("accounts:members", args=[owner.organization_id])

    statuses = [
        client.post(address, {"email": f"p{number}@example.com", "role": "MEMBER"}).status_code
        for number in range(3)
    ]

    assert (statuses, client.get(address).status_code) == ([302, 302, 429], 200)
