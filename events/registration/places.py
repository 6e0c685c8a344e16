"""How many places a fair has, by role and in all, and how many are held."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from events.fairs.models import Fair

from .models import Registration


@dataclass
class Places:
    """``capacity`` and ``limits`` by role are None without a limit; ``held`` counts people."""

    capacity: int | None
    limits: dict[str, int | None]
    held: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.held.values())

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.total, 0)

    def left_for(self, role: str) -> int | None:
        """Places left for a role: the fewer of its own and those of the fair; 0 if not admitted."""
        if role not in self.limits:
            return 0
        limit = self.limits[role]
        own = None if limit is None else max(limit - self.held[role], 0)
        both = [each for each in (own, self.left) if each is not None]
        return min(both) if both else None

    def has_place(self, role: str) -> bool:
        return self.left_for(role) != 0

    def take(self, role: str) -> None:
        self.held[role] += 1


def places_of(fair: Fair) -> Places:
    """Count as of now; whoever acts on it has locked the fair."""
    rows = Registration.objects.filter(fair=fair).holding().values("role")
    held = {row["role"]: row["number"] for row in rows.annotate(number=Count("pk")).order_by()}
    limits = dict(fair.roles.values_list("role", "capacity"))
    return Places(fair.capacity, limits, Counter(held))
