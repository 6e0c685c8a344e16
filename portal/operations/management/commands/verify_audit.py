from django.core.management.base import BaseCommand, CommandError

from matchmaking.cases.models import CaseEvent
from matchmaking.cases.verification import find_first_fault
from matchmaking.evaluation.queries import broken_archives
from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break


class Command(BaseCommand):
    """Walk the audit log and every case's chain, files, anchors and archives; exit 1 at a fault.

    The first wrong line or event is named. Lines cut off at the audit log's end leave a chain that
    is whole: note the printed digest elsewhere, and ask with --noted whether it is still there.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--noted", default="", help="a digest that was noted earlier")

    def handle(self, *, noted="", **options):
        broken = find_first_break()
        if broken:
            raise CommandError(
                f"The chain breaks at line {broken.pk} ({broken.recorded_at.isoformat()}, "
                f"{broken.action}): it or a line before it was changed or removed."
            )
        if noted and not AuditEvent.objects.filter(digest=noted).exists():
            raise CommandError("The line of the noted digest is gone: the log was cut off.")
        if fault := find_first_fault():
            raise CommandError(fault)
        if seal := next(broken_archives(), ""):
            raise CommandError(seal)
        last = AuditEvent.objects.order_by("-pk").first()
        self.stdout.write(f"The chain is whole: {AuditEvent.objects.count()} lines.")
        self.stdout.write(f"It ends with {last.digest if last else 'nothing'}.")
        self.stdout.write(f"The cases are whole: {CaseEvent.objects.count()} events.")
