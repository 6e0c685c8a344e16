from django.db import transaction
from wagtail.models import Page, Site

from achievements.models import InstituteIndexPage
from events.models import FairIndexPage

from .models import INSTITUTES, ArticleIndexPage, HomePage, NoticePage
from .notices import NOTICES

SITE_NAME = "产学研对接"


@transaction.atomic
def create_site_tree() -> HomePage:
    """Make the home page and its branches; what exists already stays."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        root.get_children().filter(slug="home").delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title="首页", slug="home"))
    site, _created = Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": SITE_NAME},
    )
    if site.root_page_id != home.pk:
        site.root_page, site.site_name = home, site.site_name or SITE_NAME
        site.save()
    for model, title, slug in (
        (InstituteIndexPage, "院所高校", INSTITUTES),
        (FairIndexPage, "活动", "events"),
        (ArticleIndexPage, "政策与资讯", "news"),
    ):
        if not model.objects.exists():
            home.add_child(instance=model(title=title, slug=slug))
    for slug, (title, title_en, body, body_en) in NOTICES.items():
        if not NoticePage.objects.filter(slug=slug).exists():
            home.add_child(
                instance=NoticePage(
                    title=title, title_en=title_en, slug=slug, body=body, body_en=body_en
                )
            )
    return home
