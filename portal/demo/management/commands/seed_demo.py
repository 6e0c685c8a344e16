from django.core.management.base import BaseCommand, CommandError

from matchmaking.models import Match, Need
from matchmaking.services import compute_matches
from matchmaking.tasks import task_sweep
from portal.accounts.models import Organization
from portal.demo.seeding import seed_city
from search.services import rebuild_all


class Command(BaseCommand):
    """Fill an empty database with the demo city; the same content gives the same city."""

    help = __doc__

    def handle(self, *args, **options):
        if Organization.objects.exists():
            raise CommandError("The database is not empty; start over with RESET=1 make demo.")
        seed_city(tell=self.stdout.write)
        rebuild_all()
        for need in Need.objects.published():
            compute_matches(need=need)
        task_sweep.delay()  # the listings' own lists follow once the worker runs
        self.stdout.write(f"{Match.objects.count()} matches")
