"""The demo city's patents and register facts: dated, consistent, and none of them real."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from achievements.models import AchievementPage
from ip.enums import INVENTION_STATUSES, PatentKind, PatentSource
from ip.models import Patent
from matchmaking.evaluation.draw import replay_draw
from matchmaking.evaluation.enums import SETTLED_ANSWERS
from matchmaking.evaluation.models import Assignment, Draw, Moderation, Round, Score, Subject
from matchmaking.evaluation.queries import broken_archives, open_spreads, table_of
from portal.accounts.models import User
from portal.media.validators import validate_attachment


def check_facts(client):
    check_patents()
    check_register()
    check_attachments(client)
    check_evaluation()
    disclosures = Counter(
        AchievementPage.objects.filter(live=True).values_list("disclosure", flat=True)
    )
    assert disclosures["HIDDEN"] == 2
    assert 4 <= disclosures["REGISTERED"] <= 8


def check_patents():
    patents = Patent.objects.prefetch_related("status_events", "holders")
    for patent in patents:
        patent.full_clean()
        events = sorted(patent.status_events.all(), key=lambda event: event.pk)
        days = [event.occurred_on for event in events]
        assert (days, events[0].occurred_on) == (sorted(days), patent.filed_on)
        assert (events[-1].status, days[-1]) == (patent.status, patent.status_on)
    examined = [
        patent for patent in patents if patent.kind == PatentKind.INVENTION and patent.is_living
    ]
    for patent in examined:
        steps = {event.status for event in patent.status_events.all()}
        assert len(steps) == 4
        assert steps > INVENTION_STATUSES
    sources = Counter(patent.source for patent in patents)
    assert sources[PatentSource.REGISTER] > len(patents) / 2
    assert {p.verified_at is not None for p in patents if p.source == "REGISTER"} == {True}


def check_register():
    pages = AchievementPage.objects.filter(live=True)
    assert pages.filter(task_source="").count() == 0
    assert pages.filter(application_state="").count() == 0
    numbers = [page.registration_number for page in pages if page.registration_number]
    assert len(numbers) > pages.count() / 2
    assert [each for each in numbers if not re.fullmatch(r"990\d{4}Y\d{4}", each)] == []
    assert pages.filter(application_state="NOT_APPLIED", not_applied_reason="").count() == 0


def check_attachments(client):
    pages = AchievementPage.objects.filter(live=True, attachments__isnull=False)
    assert len(pages) == 3
    for page in pages:
        document = page.attachments.get().document
        with document.file.open() as file:
            validate_attachment(file)
        address = reverse("media:file", args=[document.file.name])
        assert f'href="{address}"' in client.get(page.url).content.decode()
        answer = client.get(address)
        assert b"".join(answer.streaming_content).startswith(b"%PDF-1.4")


def check_evaluation():
    """Rounds are finished and running, hold together, and the sign-ins take part in them."""
    rounds = Round.objects.order_by("pk")
    assert Counter(rounds.values_list("state", flat=True)) == {
        "ARCHIVED": 2,
        "PUBLICITY": 1,
        "SCORING": 1,
        "SELF_REPORT": 2,
    }
    assert list(broken_archives()) == []
    for draw in Draw.objects.all():
        assert draw.drawn == replay_draw(draw.seed, draw.pool, draw.recusals, draw.count)
    finished = rounds.filter(state__in=["ARCHIVED", "PUBLICITY"])
    for round_ in finished:
        check_round(round_)
    assert Moderation.objects.count() >= 2
    assert Score.objects.filter(comment="").count() == 0
    check_sign_ins()


def check_round(round_):
    subjects = round_.subjects.order_by("rank", "number")
    found = table_of(round_)
    by_method = dict(
        zip((each.pk for each in found.subjects), found.score(found.table), strict=True)
    )
    assert {each.pk: each.score for each in subjects} == {
        pk: pytest.approx(score, abs=1e-3) for pk, score in by_method.items()
    }
    assert {each.answer for each in subjects} <= SETTLED_ANSWERS
    assert [each.rank for each in subjects] == sorted(each.rank for each in subjects)
    assert open_spreads(round_) == []


def check_sign_ins():
    """The office and the researcher have something to report, the researcher to score too."""
    office = User.objects.get(email="office@demo.example")
    researcher = User.objects.get(email="researcher@demo.example")
    own = Subject.objects.filter(organization__in=office.organization_ids)
    assert own.filter(round__state="SELF_REPORT", state="OPEN").count() == 4
    assert own.count() >= 5
    tasks = Assignment.objects.filter(expert=researcher, subject__round__state="SCORING")
    assert [tasks.filter(state="OPEN").count() > 0, tasks.filter(subject__in=own).count()] == [
        True,
        0,
    ]
