"""The demo's exhibitions: one over, with leads and votes; one tomorrow; one being filled."""

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.core.files.images import ImageFile

from achievements.enums import Disclosure
from achievements.models import AchievementPage
from events.exhibition.enums import AfterShow, ExhibitorState as State, LeadSource
from events.exhibition.models import (
    Award,
    Booth,
    Exhibit,
    Exhibition,
    Exhibitor,
    Hall,
    Lead,
    Vote,
)
from events.fairs.models import Fair
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from ip.models import PatentPage
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, ConsentText, Membership, Organization, User
from portal.accounts.queries import current_text
from portal.site.covers import draw_cover

from .content import load_exhibits
from .exhibition_rooms import (
    FIBRE_ROOM,
    FOOD_ROOMS,
    PLACED,
    REASONS,
    TOOL_ROOM,
    TOOL_STATES,
    WISHES,
    WRITTEN,
    Block,
    Room,
)

FOOD, FIBRES = "fair-county-food-exhibition", "fair-fibre-materials-day"
TOOLS = "fair-creative-tools-show"
PICTURED = 8
NOTES = (
    "要两公斤小样，先做自己的检测。",
    "下月来厂看中试线，带工艺主管。",
    "问价格和起订量，等报价单。",
    "同行，交换资料。",
    "有预算，立项在明年一季度。",
    "只看样品，留了资料。",
    "想联合申报项目，约电话会。",
    "",
)
AWARDS = (
    ("最具应用价值展品", "Most useful exhibit"),
    ("最佳现场演示", "Best demonstration"),
    ("最受观众欢迎展位", "Visitors' favourite booth"),
)
WORDS = {
    "INSTITUTE": "带来可以直接看数据的成果和样机，工程师全天在展位答疑，可约中试线参观。",
    "UNIVERSITY": "课题组轮流值守，现场演示实验装置，欢迎带着难题和样品来讨论。",
    "ENTERPRISE": "样品可以看、可以试，旁边放着测试条件和数据，欢迎同行挑刺。",
}
WORDS_EN = {
    "INSTITUTE": "Results with their figures, and samples; engineers answer all day.",
    "UNIVERSITY": "The groups show their set-ups; bring your problem and a sample.",
    "ENTERPRISE": "Samples to look at and to try, with the conditions they were tested under.",
}


def seed_exhibitions(organizations: dict[str, Organization]) -> int:
    """Fill the exhibitions; return how many exhibitors there are."""
    ExhibitionSeeder(FOOD, organizations).seed_food()
    ExhibitionSeeder(FIBRES, organizations).seed_fibres()
    ExhibitionSeeder(TOOLS, organizations).seed_tools()
    return Exhibitor.objects.count()


class ExhibitionSeeder:
    """Writes one exhibition; the same city gives the same booths, leads and votes."""

    def __init__(self, slug: str, organizations: dict[str, Organization]) -> None:
        self.fair = Fair.objects.select_related("page").get(page__slug=slug)
        self.organizations, self.exhibits = organizations, load_exhibits()
        self.chance = random.Random(slug)  # noqa: S311  a demo, the same every time
        self.offices = {
            row.organization_id: row.user
            for row in Membership.objects.owners().select_related("user").order_by("-pk")
        }
        self.begins = self.fair.page.starts_at
        self.pictured = 0

    def seed_food(self) -> None:
        self._exhibition(
            closes=20,
            after_show=AfterShow.ALL,
            result_on=self.fair.page.ends_at + timedelta(days=1),
        )
        exhibitors = [
            self._exhibitor(key, State.ON_SHOW, booth)
            for order, room in enumerate(FOOD_ROOMS)
            for key, booth in zip(room.exhibitors, self._hall(room, order), strict=False)
        ]
        visitors = list(
            Registration.objects.filter(fair=self.fair, state=RegistrationState.CHECKED_IN)
            .select_related("person")
            .order_by("pk")
        )
        self._leads(exhibitors, visitors)
        self._votes(exhibitors, visitors)

    def seed_fibres(self) -> None:
        """Thirty booths; one is still free, and every exhibitor's materials have passed."""
        self._exhibition(closes=20)
        Award.objects.bulk_create(self._awards())
        booths = self._hall(FIBRE_ROOM, 0)
        for key, booth in zip(FIBRE_ROOM.exhibitors, booths, strict=False):
            self._exhibitor(key, State.PASSED, booth)

    def seed_tools(self) -> None:
        self._exhibition(closes=12)
        Award.objects.bulk_create(self._awards())
        booths = iter(self._hall(TOOL_ROOM, 0))
        for key, state in TOOL_STATES:
            self._exhibitor(key, state, next(booths) if state in PLACED else None)

    def _exhibition(self, closes: int, **values: Any) -> None:
        """``closes`` is how many days before the fair the last application comes."""
        Exhibition.objects.create(
            fair=self.fair,
            applications_close_at=self.begins - timedelta(days=closes),
            materials_due_at=self.begins - timedelta(days=7),
            **values,
        )

    def _hall(self, room: Room, order: int) -> list[Booth]:
        hall = Hall.objects.create(
            fair=self.fair,
            name=room.name,
            name_en=room.name_en,
            width=room.width,
            depth=room.depth,
            order=order,
        )
        return Booth.objects.bulk_create(
            booth for block in room.blocks for booth in _booths(hall, block)
        )

    def _exhibitor(self, key: str, state: State, booth: Booth | None) -> Exhibitor:
        organization = self.organizations[key]
        applied = self.begins - timedelta(days=self.chance.randint(28, 55))
        kind = organization.kind if organization.kind in WORDS else "ENTERPRISE"
        is_written = state in WRITTEN
        usual = (booth.area, booth.power_kw, (), ()) if booth else (9, 2, (), ())
        area, power, wanted, unwanted = WISHES.get(key, usual)
        exhibitor = Exhibitor.objects.create(
            fair=self.fair,
            organization=organization,
            state=state,
            reason=REASONS.get(state, ""),
            booth=booth,
            plan=self._plan(key),
            wished_area=area,
            wished_power=power,
            fascia=organization.name[:30] if is_written else "",
            fascia_en=organization.name_en[:60] if is_written else "",
            introduction=WORDS[kind] if is_written else "",
            introduction_en=WORDS_EN[kind] if is_written else "",
            applied_by=self.offices.get(organization.pk),
            applied_at=applied,
            decided_at=None if state == State.APPLIED else applied + timedelta(days=3),
            submitted_at=applied + timedelta(days=10) if is_written else None,
        )
        exhibitor.industries.set(organization.industries.all())
        exhibitor.wanted.set(self.organizations[each] for each in wanted)
        exhibitor.unwanted.set(self.organizations[each] for each in unwanted)
        if is_written:
            Exhibit.objects.bulk_create(self._exhibits(exhibitor, key))
        return exhibitor

    def _plan(self, key: str) -> str:
        own = self.exhibits.get(key)
        return f"{own[0][0]}：{own[0][2]}" if own else "本单位已公开的成果与样机，配数据展板。"

    def _exhibits(self, exhibitor: Exhibitor, key: str) -> Iterator[Exhibit]:
        order = 0
        for title, title_en, summary, summary_en in self.exhibits.get(key, ()):
            picture, caption = self._picture(exhibitor, title)
            yield Exhibit(
                exhibitor=exhibitor,
                title=title,
                title_en=title_en,
                summary=summary,
                summary_en=summary_en,
                picture=picture,
                caption=caption,
                order=order,
            )
            order += 1
        for page in self._listings(exhibitor.organization):
            yield Exhibit(exhibitor=exhibitor, page=page, order=order)
            order += 1

    def _listings(self, organization: Organization) -> list:
        found: list = []
        for model, most in ((AchievementPage, 2), (PatentPage, 1)):
            pages = model.objects.current().of_organizations([organization.pk])
            found += pages.filter(disclosure=Disclosure.PUBLIC).order_by("pk")[:most]
        return found

    def _picture(self, exhibitor: Exhibitor, title: str) -> tuple[ImageFile | str, str]:
        """Some exhibits have a drawn picture, the others stand in words."""
        if self.pictured >= PICTURED:
            return "", ""
        self.pictured += 1
        [industry, *_others] = exhibitor.industries.all()
        buffer = io.BytesIO()
        drawn = draw_cover(title, industry.code, industry.hue, (600, 315))
        drawn.save(buffer, "PNG")
        return ImageFile(io.BytesIO(buffer.getvalue()), name="x.png"), f"{title}（示意图）"

    def _leads(self, exhibitors: list[Exhibitor], visitors: list[Registration]) -> None:
        """Each booth notes some of those who came; most of whom were asked have agreed."""
        text = current_text(ConsentPurpose.SHARE_CONTACT)
        leads = []
        for exhibitor, note in zip(exhibitors, cycle(range(len(NOTES))), strict=False):
            others = [row for row in visitors if row.organization_id != exhibitor.organization_id]
            count = min(self.chance.randint(3, 11), len(others))
            for place, row in enumerate(self.chance.sample(others, k=count)):
                leads.append(self._lead(exhibitor, row, NOTES[(note + place) % len(NOTES)], text))
        Lead.objects.bulk_create(leads)

    def _lead(self, exhibitor: Exhibitor, row: Registration, note: str, text: ConsentText) -> Lead:
        chance = self.chance
        at = self.begins + timedelta(minutes=chance.randint(15, 380))
        source = chance.choices(list(LeadSource), weights=(6, 2, 2))[0]
        agrees = row.person and (source == LeadSource.CARD or chance.random() < 0.7)
        if not row.person and source == LeadSource.CARD:
            source = LeadSource.SCANNED
        return Lead(
            exhibitor=exhibitor,
            registration=row,
            consent=self._consent(row.person, exhibitor, text) if agrees and row.person else None,
            at=at,
            source=source,
            note=note,
            rating=chance.choices((None, 1, 2, 3, 4, 5), weights=(3, 1, 2, 4, 3, 2))[0],
            noted_by=self.offices.get(exhibitor.organization_id),
        )

    def _consent(self, person: User, exhibitor: Exhibitor, text: ConsentText) -> Consent:
        return Consent.objects.create(
            user=person,
            text=text,
            recipient=exhibitor.organization,
            subject=self.fair.code,
            channel="demo",
        )

    def _awards(self) -> list[Award]:
        return [
            Award(fair=self.fair, name=name, name_en=name_en, order=order)
            for order, (name, name_en) in enumerate(AWARDS)
        ]

    def _votes(self, exhibitors: list[Exhibitor], visitors: list[Registration]) -> None:
        """Four of five visitors vote; a few booths draw most of the votes."""
        awards = Award.objects.bulk_create(self._awards())
        weights = [1 + 30 / (2 + place) for place in range(len(exhibitors))]
        votes = []
        for award in awards:
            order = self.chance.sample(exhibitors, k=len(exhibitors))
            for row in visitors:
                [exhibitor] = self.chance.choices(order, weights=weights)
                is_own = exhibitor.organization_id == row.organization_id
                if is_own or self.chance.random() > 0.8:
                    continue
                at = self.begins + timedelta(minutes=self.chance.randint(60, 400))
                votes.append(Vote(award=award, registration=row, exhibitor=exhibitor, at=at))
        Vote.objects.bulk_create(votes)


def _booths(hall: Hall, block: Block) -> Iterator[Booth]:
    places = [(x, y) for y in block.rows for x in block.columns]
    for number, (x, y) in enumerate(places, start=1):
        yield Booth(
            hall=hall,
            code=f"{block.letter}{number:02d}",
            x=x,
            y=y,
            width=block.width,
            depth=block.depth,
            power_kw=block.power,
        )
