import json
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[1] / "content"
KINDS = ("organizations", "people", "patents", "achievements", "needs")
EDITORIAL, INTERESTS, EXHIBITS = "editorial.json", "interests.json", "exhibits.json"


def load_content() -> dict[str, list[dict]]:
    """Return all rows of the industry files by kind, in a stable order."""
    rows: dict[str, list[dict]] = {kind: [] for kind in KINDS}
    for path in sorted(CONTENT.glob("*.json")):
        if path.name in {EDITORIAL, INTERESTS, EXHIBITS}:
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        for kind in KINDS:
            rows[kind].extend({**row, "file": path.stem} for row in data.get(kind, []))
    return rows


def load_editorial() -> dict[str, list[dict]]:
    path = CONTENT / EDITORIAL
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def load_interests() -> list[dict]:
    return json.loads((CONTENT / INTERESTS).read_text(encoding="utf-8"))


def load_exhibits() -> dict[str, list[list[str]]]:
    """What enterprises show in own words: title and line, each in Chinese and English."""
    return json.loads((CONTENT / EXHIBITS).read_text(encoding="utf-8"))
