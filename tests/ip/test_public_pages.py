"""What the public finds of institutes and patents, and how it gets there."""

import re

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


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (500_000, None, "50 万元起"),
        (None, 500_000, "不超过50 万元"),
        (500_000, 800_000, "50 万元–80 万元"),
        (500_000, 500_000, "50 万元"),
        (None, None, "价格面议"),
    ],
)
def test_price_says_which_end_is_open(institute, client, low, high, shown):
    page = institute.published()
    type(page).objects.filter(pk=page.pk).update(price_min=low, price_max=high)

    text = client.get(page.url).content.decode()

    row = re.search(r"<dt>价格</dt><dd>(.*?)</dd>", text, re.DOTALL)
    assert row[1].strip() == shown


def test_english_readers_are_told_what_is_in_chinese_only(institute, client):
    achievement, patent = institute.published(), publish_patent(institute, 1)
    home = institute.page
    type(home).objects.filter(pk=home.pk).update(introduction="我们做膜。")
    told = "This text is in Chinese only."
    addresses = (achievement.url, patent.url, home.url)

    assert [told in client.get(f"/en{each}").content.decode() for each in addresses] == [True] * 3
    assert [told in client.get(each).content.decode() for each in addresses] == [False] * 3

    type(achievement).objects.filter(pk=achievement.pk).update(description_en="A film.")
    text = client.get(f"/en{achievement.url}").content.decode()
    assert (told in text, "A film." in text) == (False, True)
