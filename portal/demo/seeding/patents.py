"""Records of patents with a believable legal history, the same from the same content."""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from ip.enums import (
    INVENTION_STATUSES,
    ONCE_GRANTED_STATUSES,
    HolderRole,
    PatentKind,
    PatentSource,
    PatentStatus,
)
from ip.models import Patent
from ip.services import change_patent_status, compute_term_end, record_patent
from portal.accounts.models import User

from ..identifiers import KIND_DIGIT, application_number

EXAMINED = (PatentStatus.PUBLISHED, PatentStatus.SUBSTANTIVE_EXAM)
PATHS = {
    PatentStatus.ACCEPTED: (),
    PatentStatus.PUBLISHED: (PatentStatus.PUBLISHED,),
    PatentStatus.SUBSTANTIVE_EXAM: EXAMINED,
    PatentStatus.REJECTED: (*EXAMINED, PatentStatus.REJECTED),
    PatentStatus.REEXAMINATION: (*EXAMINED, PatentStatus.REJECTED, PatentStatus.REEXAMINATION),
    PatentStatus.WITHDRAWN: (PatentStatus.PUBLISHED, PatentStatus.WITHDRAWN),
    PatentStatus.DEEMED_WITHDRAWN: (PatentStatus.PUBLISHED, PatentStatus.DEEMED_WITHDRAWN),
    PatentStatus.DEEMED_ABANDONED: (*EXAMINED, PatentStatus.DEEMED_ABANDONED),
}
WAITS = {
    PatentStatus.PUBLISHED: (200, 540),
    PatentStatus.SUBSTANTIVE_EXAM: (30, 120),
    PatentStatus.DEEMED_WITHDRAWN: (500, 700),
}
OTHER_WAIT = (300, 700)
PUBLICATION_LETTER = {
    PatentKind.INVENTION: "A",
    PatentKind.UTILITY_MODEL: "U",
    PatentKind.DESIGN: "S",
}


def seed_record(
    number: int, row: dict, *, organizations: dict, users: dict, recorder: User
) -> Patent:
    """Record one patent and walk it through its history to the status of ``row``."""
    chance, today = random.Random(row["key"]), timezone.localdate()  # noqa: S311  same city
    inventors = [users[key] for key in row["inventors"]]
    actor = inventors[0] if inventors else recorder
    filed = date.fromisoformat(row["filed"])
    history = plan_history(row, chance, today)
    patent = record_patent(
        actor=actor,
        number=application_number(row["kind"], filed.year, number),
        kind=row["kind"],
        title=row["title"],
        abstract=row["abstract"],
        ipc="; ".join(row["ipc"]),
        filed_on=filed,
        holders=[
            {"organization": organizations[key], "role": HolderRole.APPLICANT}
            for key in row["holders"]
        ],
        inventors=[
            {"user": user, "name": user.name, "consent_confirmed": False} for user in inventors
        ],
    )
    for status, day in history:
        patent = change_patent_status(patent=patent, actor=actor, status=status, occurred_on=day)
    _add_facts(patent, number, dict(history), chance, today)
    return patent


def plan_history(row: dict, chance: random.Random, today: date) -> list[tuple[str, date]]:
    """Return the steps after the filing with their days: the last is the status of ``row``."""
    status, kind = PatentStatus(row["status"]), row["kind"]
    filed = date.fromisoformat(row["filed"])
    granted = date.fromisoformat(row["granted"]) if row.get("granted") else None
    before = EXAMINED if status in ONCE_GRANTED_STATUSES else PATHS[status]
    if kind != PatentKind.INVENTION:
        before = tuple(step for step in before if step not in INVENTION_STATUSES)
    steps = _spread(before, filed, granted or today, chance)
    if granted:
        steps.append((PatentStatus.GRANTED, granted))
        if status == PatentStatus.EXPIRED:
            steps.append((status, compute_term_end(kind, filed)))
        elif status != PatentStatus.GRANTED:
            steps += _spread((status,), granted, today, chance)
    return steps


def _spread(statuses, start: date, end: date, chance: random.Random) -> list[tuple[str, date]]:
    """Give each status a day after its usual wait, closer together where ``end`` comes sooner."""
    waits = [chance.randrange(*WAITS.get(status, OTHER_WAIT)) for status in statuses]
    room = max((end - start).days - 7, 0)
    scale = min(1.0, room / sum(waits)) if waits else 1.0
    steps, day = [], start
    for status, wait in zip(statuses, waits, strict=True):
        day += timedelta(days=int(wait * scale))
        steps.append((status, day))
    return steps


def _add_facts(
    patent: Patent, number: int, history: dict, chance: random.Random, today: date
) -> None:
    """Add publication, fees and, for two in three, the comparison with the register."""
    published = history.get(PatentStatus.PUBLISHED) or patent.granted_on
    facts: dict = {}
    if published:
        digit, letter = KIND_DIGIT[patent.kind], PUBLICATION_LETTER[PatentKind(patent.kind)]
        facts["published_on"] = published
        facts["publication_number"] = f"CN{digit}99{number:06d}{letter}"
    if patent.is_living:
        anniversary = compute_anniversary(patent.filed_on, today)
        facts["fee_paid_until"] = min(anniversary, patent.expires_on)
    if chance.random() < 2 / 3:
        compared = max(patent.status_on, today - timedelta(days=chance.randrange(5, 90)))
        facts["source"] = PatentSource.REGISTER
        facts["verified_at"] = timezone.make_aware(datetime.combine(compared, time(10)))
    Patent.objects.filter(pk=patent.pk).update(**facts)
    patent.refresh_from_db()
    patent.full_clean()


def compute_anniversary(filed: date, today: date) -> date:
    """Return the next anniversary of the filing, until which the running year is paid."""
    year = today.year + ((today.month, today.day) >= (filed.month, filed.day))
    day = 28 if (filed.month, filed.day) == (2, 29) else filed.day
    return filed.replace(year=year, day=day)
