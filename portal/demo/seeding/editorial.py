from datetime import timedelta

from django.utils import timezone

from achievements.models import Expert
from events.models import FairIndexPage, FairPage
from portal.site.models import ArticleIndexPage, ArticlePage
from portal.taxonomy.models import District, Industry, TechnicalField

OPENING_HOUR = 9


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
