from django.core.management.base import BaseCommand, CommandError

from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break


class Command(BaseCommand):
    """Walk the audit log's hash chain; exit 1 and name the first line that does not fit."""

    help = __doc__

    def handle(self, **options):
        broken = find_first_break()
        if broken:
            raise CommandError(
                f"The chain breaks at line {broken.pk} ({broken.recorded_at.isoformat()}, "
                f"{broken.action}): it or a line before it was changed or removed."
            )
        self.stdout.write(f"The chain is whole: {AuditEvent.objects.count()} lines.")
