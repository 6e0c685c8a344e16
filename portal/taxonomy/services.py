from django.db import transaction
from django.utils import timezone

from .models import CodeSequence


@transaction.atomic
def assign_code(*, prefix: str, year: int | None = None, count: int = 1) -> list[str]:
    """Give out ``count`` consecutive public codes such as ``CG-2026-000123``.

    The row lock makes two callers wait for each other; a code given out is never used again.
    """
    year = year or timezone.localdate().year
    CodeSequence.objects.get_or_create(prefix=prefix, year=year)
    sequence = CodeSequence.objects.select_for_update().get(prefix=prefix, year=year)
    first = sequence.last_number + 1
    sequence.last_number += count
    sequence.save(update_fields=["last_number"])
    return [f"{prefix}-{year}-{number:06d}" for number in range(first, first + count)]
