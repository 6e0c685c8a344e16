"""What the public finds of institutes and patents, and how it gets there."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from portal.accounts.models import Organization
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LISTS = ("achievements:list", "ip:list", "achievements:institutes")


@pytest.fixture
def institute():
    return Institute()


def publish_patent(institute, number, **facts):
    page = institute.patent_draft(institute.patent(number, **facts), title=f"导热膜专利{number}")
    page.get_latest_revision().publish(skip_permission_checks=True)
    return page


def test_institute_shows_its_patents_under_their_lawful_names(institute, client):
    pages = [publish_patent(institute, number) for number in range(1, 7)]
    pending = publish_patent(institute, 7, status="PUBLISHED")
    hidden = publish_patent(institute, 8)
    type(hidden).objects.filter(pk=hidden.pk).update(disclosure="HIDDEN")

    text = client.get(institute.page.url).content.decode()

    shown = [page.title for page in [*pages, pending, hidden] if f">{page.title}<" in text]
    assert shown == [page.title for page in [*pages[2:], pending]]
    assert "7项专利及专利申请" in text
    assert "专利申请</li>" in text
    assert f'{reverse("ip:list")}?institute={institute.organization.pk}"' in text


def test_institute_shows_its_logo(institute, client):
    assert reverse("media:logo", args=[institute.organization.pk]) not in (
        client.get(institute.page.url).content.decode()
    )
    organization = Organization.objects.get(pk=institute.organization.pk)
    organization.logo.save("logo.png", ContentFile(b"\x89PNG\r\n\x1a\n"))

    text = client.get(institute.page.url).content.decode()
    assert f'src="{reverse("media:logo", args=[organization.pk])}"' in text


@pytest.mark.parametrize("name", LISTS)
def test_the_three_lists_lead_to_one_another(client, institute, name):
    text = client.get(reverse(name)).content.decode()
    tabs = text[text.index('<nav class="tabs"') :]
    tabs = tabs[: tabs.index("</nav>")]

    assert [reverse(each) in tabs for each in LISTS] == [True, True, True]
    assert f'href="{reverse(name)}" aria-current="page"' in tabs


def test_needs_have_no_such_tabs(client, institute):
    assert '<nav class="tabs"' not in client.get(reverse("matchmaking:needs")).content.decode()
