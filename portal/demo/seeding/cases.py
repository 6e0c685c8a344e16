"""Three years of conversion cases: each lives its steps day by day until today or its end."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from achievements.models import AchievementPage
from matchmaking.cases.enums import (
    ConversionMode as Mode,
    PartyRole,
)
from matchmaking.cases.models import ShareGroup
from matchmaking.cases.services import (
    CaseDraft,
    PartyEntry,
    ShareEntry,
    add_cases,
)
from portal.accounts.enums import OrganizationKind, PortalRole
from portal.accounts.models import Membership, Organization, User

from .stories import Story

YEARS, CASES = 3, 132
MODES = (
    *[Mode.LICENCE] * 9,
    *[Mode.TRANSFER] * 7,
    *[Mode.DEVELOPMENT] * 6,
    *[Mode.SERVICE] * 4,
    *[Mode.CONSULTING] * 2,
    *[Mode.EQUITY] * 2,
    Mode.SELF,
    Mode.JOINT,
)
TITLES = {
    Mode.LICENCE: "{name}（许可）",
    Mode.TRANSFER: "{name}（转让）",
    Mode.DEVELOPMENT: "{name}：面向量产的联合开发",
    Mode.SERVICE: "{name}：工艺改造技术服务",
    Mode.CONSULTING: "{name}：应用可行性咨询",
    Mode.EQUITY: "{name}（作价投资）",
    Mode.SELF: "{name}（自行实施）",
    Mode.JOINT: "{name}（合作实施）",
}


def seed_cases(organizations: dict[str, Organization], staff: dict[str, User]) -> None:
    """Write the cases of three years through the bulk door; the same city every time."""
    priced = AchievementPage.objects.live().filter(price_max__isnull=False)
    pages = list(priced.select_related("institute__organization").order_by("pk"))
    offices = offices_of_all()
    takers = [o for o in organizations.values() if o.kind == OrganizationKind.ENTERPRISE]
    drafts = [
        _live(number, pages, takers, offices, staff[PortalRole.BROKER]) for number in range(CASES)
    ]
    add_cases(actor=None, drafts=drafts, recorded_at=that_afternoon)


def that_afternoon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15, 30)))


def offices_of_all() -> dict[int, User]:
    memberships = Membership.objects.office().select_related("user").order_by("-pk")
    return {each.organization_id: each.user for each in memberships}


def _live(
    number: int,
    pages: list[AchievementPage],
    takers: list[Organization],
    offices: dict[int, User],
    broker: User,
) -> CaseDraft:
    chance = random.Random(f"case-{number}")  # noqa: S311  the same city every time
    page = pages[(number * 7) % len(pages)]
    mode = MODES[number % len(MODES)]
    wanted = {term.pk for term in page.industries.all()}
    near = [o for o in takers if wanted & {term.pk for term in o.industries.all()}] or takers
    taker = chance.choice(near)
    opened = timezone.localdate() - timedelta(days=1 + number * (YEARS * 365 - 20) // CASES)
    return live_case(
        chance,
        number,
        mode,
        page=page,
        taker=taker,
        opened=opened,
        offices=offices,
        broker=broker,
    )


def live_case(
    chance: random.Random,
    number: int,
    mode: Mode,
    *,
    page: AchievementPage,
    taker: Organization,
    opened: date,
    offices: dict[int, User],
    broker: User,
) -> CaseDraft:
    """A case between the page's institute and a taker, as far as it has come until today."""
    owner = page.institute.organization
    completers = [
        PartyEntry(PartyRole.COMPLETER, name=row.name, user=row.user)
        for row in page.completers.all()[:3]
    ]
    draft = CaseDraft(
        title=TITLES[mode].format(name=page.title),
        opened_on=opened,
        page=page,
        broker=broker if number % 4 == 0 else None,
        abstract=page.summary,
        parties=[
            PartyEntry(PartyRole.OWNER, owner),
            PartyEntry(
                PartyRole.TAKER,
                taker,
                contact_name="技术合作联系人",
                contact_email=f"contact-{taker.pk}@demo.example",
            ),
            *completers,
        ],
        shares=[
            *[
                ShareEntry(ShareGroup.MAIN, entry.name, Decimal(60 - 15 * place), entry.user)
                for place, entry in enumerate(completers)
            ],
            ShareEntry(ShareGroup.STAFF, "成果转化办公室", Decimal(8)),
        ],
    )
    story = Story(
        chance,
        draft,
        {"owner": offices.get(owner.pk), "taker": offices.get(taker.pk), "anyone": broker},
    )
    story.live(mode, page, number)
    draft.steps = story.steps
    return draft
