"""The border between institutes in the Wagtail admin."""

import pytest
from django.urls import get_resolver, reverse

from achievements.border import ALLOWED_NAMES
from achievements.services import submit_listing
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db


@pytest.fixture
def institutes():
    return Institute(), Institute(name="远山研究所")


def admin_names():
    """Every named admin URL without arguments."""
    names = []

    def walk(resolver, namespaces):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                walk(pattern, inner)
            elif pattern.name:
                names.append(":".join([*namespaces, pattern.name]))

    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "admin/" and hasattr(pattern, "url_patterns"):
            walk(pattern, [])
    return sorted(set(names))


def test_allowed_names_exist():
    assert sorted(set(ALLOWED_NAMES) - set(admin_names())) == []


def test_office_sees_its_own_institute(client, institutes):
    own, _other = institutes
    client.force_login(own.owner)

    response = client.get(reverse("wagtailadmin_explore", args=[own.page.pk]))

    assert response.status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_explore",
    ],
)
def test_office_is_refused_at_another_institute(client, institutes, name, method):
    own, other = institutes
    secret = other.draft(title="别家的秘密成果")
    client.force_login(own.owner)

    response = getattr(client, method)(reverse(name, args=[secret.pk]), follow=True)

    assert "别家的秘密成果" not in response.content.decode()


def test_every_admin_page_outside_the_list_is_refused(client, institutes):
    own, _other = institutes
    client.force_login(own.owner)
    opened = []
    for name in admin_names():
        if name in ALLOWED_NAMES:
            continue
        try:
            address = reverse(name)
        except Exception:  # noqa: BLE001, S112  it takes arguments
            continue
        if address.startswith("/admin/login") or "/admin/" not in address:
            continue
        response = client.get(address)
        if response.status_code == 200:
            opened.append(name)

    assert opened == []


def test_members_without_an_office_do_not_enter(client, institutes):
    own, _other = institutes
    client.force_login(own.researcher)

    assert client.get("/admin/").status_code == 302


def test_sidebars_account_leads_to_the_portals_own(client, institutes):
    client.force_login(institutes[0].owner)

    assert client.get(reverse("wagtailadmin_account")).url == reverse("accounts:profile")


def test_sidebars_search_finds_ones_own_pages(client, institutes):
    own, other = institutes
    own.draft(title="石墨烯自家成果")
    other.draft(title="石墨烯别家成果")
    client.force_login(own.owner)

    response = client.get(reverse("wagtailadmin_pages:search") + "?q=石墨烯", follow=True)

    html = response.content.decode()
    assert response.status_code == 200
    assert "石墨烯自家成果" in html
    assert "石墨烯别家成果" not in html


@pytest.mark.parametrize(("who", "leads"), [("owner", True), ("editor", False)])
def test_editing_desk_leads_to_the_review_those_who_may_decide(client, institutes, who, leads):
    own, _other = institutes
    page = own.draft(author=own.editor)
    state = submit_listing(page=page, actor=own.editor).current_task_state
    client.force_login(getattr(own, who))

    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert (reverse("achievements:review", args=[state.pk]) in html) == leads
    assert reverse("achievements:reviews") in html
