"""What every answer carries, what production asks of Django, and which addresses lead away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from matchmaking.services import compute_matches, mark_match
from portal.notifications.models import Notification
from portal.site.services import create_site_tree
from search.documents import registered_documents
from search.services import rebuild_index
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import PROBLEM, Company
from tests.test_roles import addresses, people  # noqa: F401  fixtures

ROOT = Path(__file__).parents[1]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "PORTAL_SECRET_KEY": "Ks7!" + "x9Qz-4TrWu_8" * 6,
    "PORTAL_HOSTS": "portal.example.org",
    "PORTAL_BASE_URL": "https://portal.example.org",
}
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


def manage(tmp_path, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **PRODUCTION, "PORTAL_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_deployment_check_is_clean_under_the_production_settings(tmp_path):
    answer = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert (answer.returncode, answer.stderr.strip()) == (0, "")
    assert "no issues" in answer.stdout


def test_production_cookies_travel_encrypted_and_out_of_scripts_reach(tmp_path):
    names = [
        *("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE"),
        *("CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
    ]
    code = f"from django.conf import settings as s; print([getattr(s, n) for n in {names}], s.DEMO)"
    code += "; print(s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.DEBUG)"

    answer = manage(tmp_path, "shell", "--no-imports", "-c", code)

    assert answer.stdout.splitlines() == [f"{[True] * len(names)} False", "Lax Lax False"]


def policy(answer):
    parts = answer["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


@pytest.mark.django_db
def test_every_answer_carries_the_policy_and_is_framed_by_nobody(addresses, people):  # noqa: F811
    client = Client()
    client.force_login(people[2]["office"])
    paths = [*addresses.values(), "/", "/en/", "/nowhere/", "/needs/a%00b/", "/admin/login/"]
    paths += ["/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/", "/media/none.png"]

    answers = {path: client.get(path) for path in paths if not path.startswith("/admin/")}

    wrong = {path: policy(each) for path, each in answers.items() if policy(each) != POLICY}
    assert wrong == {}
    for header, value in (
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
    ):
        assert {each.get(header) for each in answers.values()} == {value}


@pytest.mark.django_db
def test_no_form_works_without_its_token(addresses, people):  # noqa: F811
    client = Client(enforce_csrf_checks=True)
    client.force_login(people[2]["office"])

    seen = {path: client.post(path).status_code for path in addresses.values()}

    assert set(seen.values()) == {403}


AWAY = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: x=1",
    " https://evil.example",
    "/%0d%0aSet-Cookie:%20x=1",
]


@pytest.mark.django_db
@pytest.mark.parametrize("target", AWAY)
def test_no_address_leads_away(client, target):
    create_site_tree()
    user = UserFactory()
    theme = client.post("/preferences/", {"theme": "dark", "next": target})
    login = f"{reverse('account_login')}?next={target}"
    signed = client.post(login, {"login": user.email, "password": PASSWORD, "next": target})
    note = Notification.objects.create(user=user, kind="x", title="x", url=target)
    opened = client.post(reverse("notifications:open", args=[note.pk]))

    for answer in (theme, signed, opened):
        assert answer.status_code == 302
        assert answer.url.startswith("/")
        assert answer.url[1:2] not in {"/", "\\"}
        assert "\n" not in answer["Location"]
        assert "x" not in answer.cookies


@pytest.mark.django_db
def test_a_script_in_any_text_is_shown_as_text(client):
    """Titles, names, texts and file names: what one person writes another one reads."""
    bad = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    create_site_tree()
    institute = Institute(name=bad)
    institute.owner.name = institute.researcher.name = bad[:60]
    institute.owner.save()
    institute.researcher.save()
    institute.organization.introduction = bad
    institute.organization.save()
    page = institute.published(title=bad)
    draft = page.get_latest_revision_as_object()
    for name in ("description", "scenarios", "comparison_gain", "keywords"):
        setattr(draft, name, bad)
    draft.save_revision().publish(skip_permission_checks=True)
    client.force_login(institute.owner)
    paths = [
        page.url,
        institute.page.url,
        "/",
        "/achievements/",
        f"/achievements/?q={bad}",
        f"/search/?q={bad}",
        "/workspace/",
        "/workspace/listings/",
        "/feeds/achievements.xml",
        reverse("achievements:listing", args=[page.pk]),
        reverse("achievements:check", args=[page.pk]),
        reverse("achievements:preview", args=[page.pk]),
        reverse("achievements:edit", args=[page.pk, "technology"]),
        reverse("accounts:organization", args=[institute.organization.pk]),
        reverse("accounts:members", args=[institute.organization.pk]),
        reverse("accounts:organizations"),
        reverse("accounts:profile"),
    ]

    answers = {path: client.get(path) for path in paths}

    assert {each.status_code for each in answers.values()} == {200}
    live = [p for p, each in answers.items() if "<script>alert" in each.content.decode()]
    live += [p for p, each in answers.items() if "<img src=x" in each.content.decode()]
    assert live == []


@pytest.mark.django_db
def test_a_script_in_a_need_is_shown_as_text_to_everybody(client):
    bad = "石墨烯导热膜<script>alert(1)</script>"
    listing = Institute().published(title=bad)
    company = Company(name=bad)
    texts = dict.fromkeys(("problem", "current_solution", "constraints"), f"{PROBLEM}{bad}")
    need = company.published(title=bad, decision_maker=bad, partner_wishes=bad, **texts)
    for document in registered_documents():
        rebuild_index(document)
    compute_matches(need=need)
    match = need.matches.get(page_id=listing.pk)
    mark_match(actor=company.owner, match=match, note=bad)
    client.force_login(company.owner)
    paths = [
        need.get_absolute_url(),
        "/needs/",
        "/needs/?q=石墨烯",
        "/search/?q=石墨烯",
        "/search/suggest/?q=石墨",
        "/workspace/",
        "/workspace/needs/own/",
        "/feeds/needs.xml",
        reverse("matchmaking:matches", args=[need.code]),
        reverse("matchmaking:why", args=[need.code, listing.pk]),
        reverse("matchmaking:step", args=[need.code, "problem"]),
        reverse("matchmaking:check", args=[need.code]),
    ]

    answers = {path: client.get(path, headers={"HX-Request": "true"}) for path in paths}

    assert {each.status_code for each in answers.values()} == {200}
    assert [p for p, each in answers.items() if "<script>alert" in each.content.decode()] == []
