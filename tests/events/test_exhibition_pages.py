"""The pages of an exhibition, walked as people do, without JavaScript."""

import pytest
from django.urls import reverse

from tests.factories.exhibition import Show

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_smoke(client):
    show = Show()
    waiting = show.applied()
    writing = show.written()
    checked = show.submitted(industry="food")
    shown = show.passed()
    visitor = show.admitted()
    code = show.fair.code
    client.force_login(show.owner)
    desk = [
        reverse("exhibition:halls", args=[code]),
        reverse("exhibition:hall", args=[code, show.hall.pk]),
        reverse("exhibition:hall", args=[code, show.hall.pk]) + f"?booth={show.booths[0].pk}",
        reverse("exhibition:applications", args=[code]),
        reverse("exhibition:settings", args=[code]),
        *(
            reverse("exhibition:application", args=[code, each.pk])
            for each in (waiting, writing, checked, shown)
        ),
        reverse("exhibition:visit", args=[code]),
        reverse("exhibition:visit", args=[code]) + "?industry=new_materials",
        reverse("exhibition:exhibitor", args=[code, shown.pk]),
        reverse("exhibition:awards", args=[code]),
        show.fair.page.url,
    ]
    for address in desk:
        assert client.get(address).status_code == 200, address
    client.force_login(writing.user)
    for name, args in (
        ("apply", [code]),
        ("own", []),
        ("mine", [writing.pk]),
        ("materials", [writing.pk]),
        ("add-exhibit", [writing.pk]),
        ("exhibit", [writing.exhibits.get().pk]),
        ("leads", [writing.pk]),
        ("act", [writing.pk, "withdraw"]),
    ):
        assert client.get(reverse(f"exhibition:{name}", args=args)).status_code == 200, name
    client.force_login(visitor.person)
    assert client.get(reverse("exhibition:cards", args=[code])).status_code == 200
