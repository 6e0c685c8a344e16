from datetime import timedelta

from django.utils import timezone
from wagtail.models import Site

from achievements.models import Expert
from events.models import FairIndexPage, FairPage
from portal.site.models import ArticleIndexPage, ArticlePage, PortalSettings
from portal.taxonomy.models import District, Industry, TechnicalField

OPENING_HOUR = 9


def seed_contacts(institutes: dict) -> None:
    """Give the operator and each institute's transfer office an address and a phone."""
    settings = PortalSettings.for_site(Site.objects.get(is_default_site=True))
    settings.operator_name = "湖城技术转移服务中心"
    settings.contact_email = "service@demo.example"
    settings.contact_phone = "0571-5550 1000"
    settings.icp_number = "ICP备案号：演示站点，未备案"
    settings.save()
    for number, page in enumerate(institutes.values(), start=1):
        page.office_name = "成果转化办公室"
        page.office_email = f"office{number:02d}@demo.example"
        page.office_phone = f"0571-5550 {2000 + number}"
        page.save()


def seed_editorial(content: dict[str, list[dict]], users: dict) -> None:
    """Write news, policy notes, fairs and experts."""
    articles = ArticleIndexPage.objects.get()
    for row in content.get("news", []):
        articles.add_child(
            instance=ArticlePage(
                title=row["title"],
                slug=row["key"],
                title_en=row.get("title_en") or "",
                kind=row["kind"],
                date=timezone.localdate() - timedelta(days=row["date_days_ago"]),
                summary=row["summary"][:200],
                body="\n\n".join(row["body"]),
            )
        )
    fairs = FairIndexPage.objects.get()
    for row in content.get("fairs", []):
        _add_fair(fairs, row)
    for row in content.get("experts", []):
        _add_expert(row, users)


def _add_fair(fairs: FairIndexPage, row: dict) -> None:
    day = timezone.localtime() + timedelta(days=row["days_from_now"])
    starts = day.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
    page = FairPage(
        title=row["title"],
        slug=row["key"],
        title_en=row.get("title_en") or "",
        kind=row["kind"],
        summary=row["summary"][:120],
        body="\n\n".join(row["body"]),
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        venue=row["venue"],
        district=District.objects.get(code=row["district"]),
    )
    page.industries = list(Industry.objects.filter(code__in=row["industries"]))
    fairs.add_child(instance=page)


def _add_expert(row: dict, users: dict) -> None:
    user = users.get(row["person"])
    if user is None:
        return
    membership = user.active_memberships[0]
    expert = Expert.objects.create(
        user=user,
        organization=membership.organization,
        post=membership.title,
        headline=row["headline"][:100],
        introduction=row["introduction"],
        services=row["services"][:200],
    )
    expert.industries.set(Industry.objects.filter(code__in=row["industries"]))
    expert.technical_fields.set(TechnicalField.objects.filter(code__in=row["fields"]))
