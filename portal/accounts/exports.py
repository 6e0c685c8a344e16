"""What the rooms above hold about a person: they register here what the person may take along."""

from collections.abc import Callable
from typing import Any

from .models import User

Part = Callable[[User], Any]
_PARTS: dict[str, Part] = {}


def register_export(key: str, part: Part) -> None:
    """Add something to the export of a person's own data (PIPL art. 45); it can be put in JSON."""
    _PARTS[key] = part


def exported_parts(user: User) -> dict[str, Any]:
    return {key: part(user) for key, part in sorted(_PARTS.items())}
