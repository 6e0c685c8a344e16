import io
from datetime import timedelta

from django.core.files.images import ImageFile
from django.utils import timezone

from achievements.enums import Disclosure, ListingState
from achievements.models import (
    AchievementPage,
    Completer,
    CompletingUnit,
    Indicator,
    ListingPage,
    Picture,
)
from achievements.services import (
    approve_listing,
    archive_listing,
    create_listing,
    return_listing,
    save_draft,
    submit_listing,
    withdraw_listing,
)
from ip.models import AchievementPatent, PatentPage
from portal.accounts.enums import PortalRole
from portal.accounts.models import Membership, User
from portal.media.models import PortalImage
from portal.site.covers import draw_cover
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField

from .patents import seed_record
from .register import WITH_REPORT, attach_report, fill_register

COVER_SIZE = (1200, 630)
PUBLISHED_STATES = {"LIVE", "EXPIRED", "WITHDRAWN", "ARCHIVED"}


class ListingSeeder:
    """Writes patents, patent pages and achievements through the ordinary services."""

    def __init__(self, organizations, users, staff, institutes, rows):
        self.organizations = organizations
        self.users = users
        self.staff = staff
        self.institutes = institutes
        self.rows = rows
        self.industries = {term.code: term for term in Industry.objects.all()}
        self.fields = {term.code: term for term in TechnicalField.objects.all()}
        self.modes = {term.code: term for term in CooperationMode.objects.all()}
        self.patents = {}
        self.achievements = {}

    def seed_patent(self, number: int, row: dict) -> None:
        patent = seed_record(
            number,
            row,
            organizations=self.organizations,
            users=self.users,
            recorder=self.staff[PortalRole.REVIEWER],
        )
        self.patents[row["key"]] = patent
        institute = next(
            (self.institutes[key] for key in row["holders"] if key in self.institutes), None
        )
        if row.get("page") and institute:
            self._seed_patent_page(row, patent, institute)

    def _seed_patent_page(self, row: dict, patent, institute) -> None:
        content = row["page"]
        organization = institute.organization
        author = next(
            (
                self.users[key]
                for key in row["inventors"]
                if organization.pk in self.users[key].organization_ids
            ),
            self._office(organization),
        )
        page = create_listing(
            page=PatentPage(title=content["title"][:255], patent=patent),
            institute=institute,
            actor=author,
        )
        page.summary = content["value"].split("。")[0][:110] + "。"
        page.value = content["value"]
        page.applications = content.get("applications", "")
        page.price_min, page.price_max = content.get("price_min"), content.get("price_max")
        holder = self.organizations[row["holders"][0]]
        page.industries = list(holder.industries.all()[:2])
        page.technical_fields = self._fields_of(row)
        page.modes = [self.modes[code] for code in content.get("modes", ["LICENCE"])]
        self._finish(page, content, author)

    def _fields_of(self, row: dict) -> list[TechnicalField]:
        """The fields of the achievements that rest on the patent, else of its holder's industry."""
        resting = [each for each in self.rows if row["key"] in each["patents"]]
        industry = row["key"].split("-")[0]
        alike = [each for each in self.rows if each["industries"][0] == industry]
        codes = (resting or alike)[0]["fields"] if resting or alike else ["MANUFACTURING"]
        return [self.fields[code] for code in codes]

    def seed_achievement(self, row: dict) -> None:
        author = self.users[row["author"]]
        page = create_listing(
            page=AchievementPage(title=row["title"]),
            institute=self.institutes[row["institute"]],
            actor=author,
        )
        self._fill_achievement(page, row)
        self._add_cover(page, row)
        if row["key"] in WITH_REPORT:
            attach_report(page, row, author)
        self._finish(page, row, author)
        self.achievements[row["key"]] = page

    def _fill_achievement(self, page: AchievementPage, row: dict) -> None:
        comparison, readiness = row.get("comparison") or {}, row.get("trl") or {}
        texts = {
            "title_en": row.get("title_en") or "",
            "summary": row["summary"],
            "summary_en": row.get("summary_en") or "",
            "description": "\n\n".join(row["description"]),
            "description_en": "\n\n".join(row.get("description_en") or []),
            "innovations": "\n".join(row["innovations"]),
            "scenarios": row.get("scenarios") or "",
            "achievement_class": row["class"],
            "form": row["form"],
            "stage": row["stage"],
            "novelty": row["novelty"],
            "level": row["level"],
            "trl_scale": readiness.get("scale", "NINE"),
            "trl_level": readiness.get("level"),
            "trl_evidence": readiness.get("evidence", ""),
            "comparison_today": comparison.get("today", ""),
            "comparison_cost": comparison.get("today_cost", ""),
            "comparison_gain": comparison.get("gain", ""),
            "comparison_tested_by": comparison.get("tested_by", ""),
            "price_min": row.get("price_min"),
            "price_max": row.get("price_max"),
            "keywords": "，".join(row["keywords"]),
        }
        for name, value in texts.items():
            setattr(page, name, value)
        fill_register(page, row)
        page.industries = [self.industries[code] for code in row["industries"]]
        page.technical_fields = [self.fields[code] for code in row["fields"]]
        page.modes = [self.modes[code] for code in row["modes"]]
        page.indicators = [
            Indicator(sort_order=i, **each) for i, each in enumerate(row["indicators"])
        ]
        page.completing_units = [
            CompletingUnit(sort_order=i, organization=self.organizations[key])
            for i, key in enumerate(row["units"])
        ]
        page.completers = [
            Completer(sort_order=i, user=self.users[key], name=self.users[key].name)
            for i, key in enumerate(row["completers"])
        ]
        page.patent_links = [
            AchievementPatent(sort_order=i, patent=self.patents[key])
            for i, key in enumerate(row["patents"])
        ]

    def _add_cover(self, page: AchievementPage, row: dict) -> None:
        industry = self.industries[row["industries"][0]]
        buffer = io.BytesIO()
        draw_cover(page.code, industry.code, industry.hue, COVER_SIZE).save(
            buffer, "WEBP", method=2
        )
        image = PortalImage.objects.create(
            title=page.title[:200],
            file=ImageFile(io.BytesIO(buffer.getvalue()), name=f"{page.code}.webp"),
            uploaded_by_user=page.owner,
        )
        page.pictures = [Picture(sort_order=0, image=image)]

    def _finish(self, page: ListingPage, row: dict, author: User) -> None:
        state = row.get("state", "LIVE")
        page.disclosure = row.get("disclosure", Disclosure.PUBLIC)
        type(page).objects.filter(pk=page.pk).update(disclosure=page.disclosure)
        save_draft(page=page, actor=author)
        if state in PUBLISHED_STATES:
            self._publish(page, row, state, author)
        elif state != ListingState.DRAFT:
            self._review(page, row, state, author)

    def _publish(self, page: ListingPage, row: dict, state: str, author: User) -> None:
        published = timezone.now() - timedelta(days=row.get("days_ago", 30), hours=3)
        page.get_latest_revision().publish(skip_permission_checks=True)
        valid_days = -5 if state == "EXPIRED" else 365 - row.get("days_ago", 30) % 340
        type(page).objects.filter(pk=page.pk).update(
            first_published_at=published,
            last_published_at=published,
            confirmed_at=published,
            valid_until=timezone.localdate() + timedelta(days=valid_days),
        )
        page = type(page).objects.get(pk=page.pk)
        office = self._office(page.institute.organization)
        if state == "WITHDRAWN":
            withdraw_listing(
                page=page, actor=office, reason="已独占许可给合作企业", now=timezone.now()
            )
        if state == "ARCHIVED":
            archive_listing(page=page, actor=office, now=timezone.now())

    def _review(self, page: ListingPage, row: dict, state: str, author: User) -> None:
        started = submit_listing(page=page, actor=author).current_task_state
        office = self._office(page.institute.organization, other_than=author)
        if state == ListingState.PLATFORM_REVIEW:
            approve_listing(task_state=started, actor=office, revision_id=started.revision_id)
        if state == ListingState.RETURNED:
            return_listing(
                task_state=started,
                actor=office,
                reason=row.get("return_reason") or "请补充第三方检测依据。",
                field_notes={"trl_evidence": row.get("return_reason") or "请写明检测机构和日期。"},
            )

    def _office(self, organization, other_than: User | None = None) -> User:
        memberships = Membership.objects.office().filter(organization=organization)
        if other_than:
            memberships = memberships.exclude(user=other_than)
        return memberships.select_related("user").order_by("pk")[0].user
