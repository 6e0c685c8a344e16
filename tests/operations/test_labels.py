"""Every action that the code records has words in both languages."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from portal.operations.labels import ACTIONS, DETAILS, action_label, details_of

ROOMS = ("achievements", "ip", "matchmaking", "search", "portal", "events")
DYNAMIC = {
    ("matchmaking", "_move"): "matchmaking",
    ("matchmaking", "_record"): "matchmaking",
    ("matchmaking", "advance"): "evaluation",
    ("matchmaking", "record_subject"): "evaluation",
    ("achievements", "_change_facts"): "achievements",
    ("portal", "_record"): "accounts",
    ("portal", "_note"): "disclosure",
}


def recorded_in_the_code():
    found = set()
    for room in ROOMS:
        for path in Path(settings.BASE_DIR, room).rglob("*.py"):
            text = path.read_text()
            found |= set(re.findall(r'action="([a-z]+\.[a-z_]+)"', text))
            helpers = {name: prefix for (at, name), prefix in DYNAMIC.items() if at == room}
            for helper, prefix in helpers.items():
                calls = re.findall(rf"[^f] {helper}\(([^)]*)", text)
                names = [re.search(r'"([a-z]+_[a-z_]+)"', call) for call in calls]
                found |= {f"{prefix}.{name[1]}" for name in names if name}
    return found


def test_every_recorded_action_has_words():
    assert recorded_in_the_code() - ACTIONS.keys() == set()


@pytest.mark.parametrize("words", [ACTIONS, DETAILS])
def test_the_words_are_chinese_in_chinese(words):
    with translation.override("zh-hans"):
        assert [code for code, label in words.items() if str(label).isascii()] == []


def test_an_unknown_code_stands_for_itself():
    assert action_label("rooms.paint_wall") == "rooms.paint_wall"


def test_details_are_words_and_text():
    payload = {"revision": 508, "accepted": True, "reason": "", "fields": ["a", "b"], "odd": None}

    with translation.override("en"):
        assert details_of(payload) == [
            ("version", "508"),
            ("accepted", "yes"),
            ("reason", "–"),
            ("fields", "a, b"),
            ("odd", "–"),
        ]
