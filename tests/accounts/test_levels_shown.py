"""Wherever an organization is named, it says how far it has been checked."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMED = re.compile(r"{{ \S*(?:organization|institute)\.label }}(.{0,60})", re.DOTALL)
# The own organization above its own pages, and forms that only repeat a choice.
WITHOUT = {"ip/begin.html", "accounts/invitation.html", "accounts/organization.html"}


def test_no_name_without_its_level():
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group(0)}"
        for path in TEMPLATES.rglob("*.html")
        if str(path.relative_to(TEMPLATES)) not in WITHOUT
        for match in NAMED.finditer(path.read_text(encoding="utf-8"))
        if "verification_badge" not in match.group(1)
    ]
    assert found == []
