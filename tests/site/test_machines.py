"""What machines read: robots.txt, the sitemap, the feeds; and the tree they hang on."""

import re

import pytest
from django.test import Client
from wagtail.models import Site

from achievements.services import set_disclosure
from portal.site.services import create_site_tree
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db


def text(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_robots_stay_out_of_private_pages_in_both_languages():
    create_site_tree()

    assert text("/robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /workspace/",
        "Disallow: /accounts/",
        "Disallow: /en/workspace/",
        "Disallow: /en/accounts/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_sitemap_and_feeds_hold_what_everybody_may_read():
    institute, company = Institute(), Company()
    shown, hidden = institute.published(), institute.published(title="不公开的成果")
    set_disclosure(page=hidden, actor=institute.owner, disclosure="HIDDEN")
    need = company.published()
    directed = company.published(
        title="只给一家的低温胶粘剂",
        confidentiality="DIRECTED",
        directed_to=[institute.organization],
    )

    sitemap = text("/sitemap.xml")
    for address in (shown.url, institute.page.url, need.get_absolute_url()):
        found = re.findall(rf"<loc>http://[^/]+((?:/en)?{re.escape(address)})</loc>", sitemap)
        assert sorted(found) == sorted([address, f"/en{address}"])
    assert [each in sitemap for each in (hidden.slug, directed.code)] == [False, False]

    achievements, needs = text("/feeds/achievements.xml"), text("/feeds/needs.xml")
    assert (shown.title in achievements, hidden.title in achievements) == (True, False)
    assert (need.title in needs, directed.title in needs) == (True, False)


def test_making_the_tree_again_keeps_what_the_operator_set():
    create_site_tree()
    Site.objects.update(hostname="portal.example.org", port=443, site_name="湖城")

    create_site_tree()

    site = Site.objects.get()
    assert (site.hostname, site.port, site.site_name) == ("portal.example.org", 443, "湖城")


def test_footer_links_lead_somewhere():
    create_site_tree()
    links = re.findall(r'href="(/[^"#]*)"', text("/").split("<footer")[1].split("</footer")[0])

    assert {link: Client().get(link).status_code for link in links} == dict.fromkeys(links, 200)
