"""The demo city's patents and register facts: dated, consistent, and none of them real."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from achievements.models import AchievementPage
from ip.enums import INVENTION_STATUSES, PatentKind, PatentSource
from ip.models import Patent
from portal.demo.seeding import seed_city
from portal.media.validators import validate_attachment

pytestmark = pytest.mark.django_db


def test_patents_and_register_facts_are_full_and_fit_together(client):
    seed_city()

    check_patents()
    check_register()
    check_attachments(client)
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
