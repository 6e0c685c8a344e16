"""What exhibitors tell the rooms below: who is told of a moved fair, what is copied."""

from django.utils.functional import Promise

from events.fairs.models import Fair
from events.fairs.ties import register_copier, register_exhibitors, register_teller

from .models import Award, Booth, Exhibitor
from .services import tell


def tell_exhibitors(
    fair: Fair, *, kind: str, title: str | Promise, body: str | Promise, key: str
) -> int:
    exhibitors = Exhibitor.objects.filter(fair=fair).standing().select_related("organization")
    count = 0
    for exhibitor in exhibitors.order_by("pk"):
        exhibitor.fair = fair
        tell(
            exhibitor,
            kind=kind,
            title=title,
            body=body,
            dedupe_key=f"exhibitor:{exhibitor.pk}:{key}",
        )
        count += 1
    return count


def copy_halls(source: Fair, target: Fair) -> None:
    """Halls, booths and awards; exhibitors apply anew."""
    for hall in source.halls.prefetch_related("booths"):
        booths = list(hall.booths.all())
        hall.pk, hall.fair = None, target
        hall.save()
        for booth in booths:
            booth.pk, booth.hall = None, hall
        Booth.objects.bulk_create(booths)
    awards = list(source.awards.all())
    for award in awards:
        award.pk, award.fair = None, target
    Award.objects.bulk_create(awards)


def count_exhibitors(fair: Fair) -> int:
    return Exhibitor.objects.filter(fair=fair).count()


register_exhibitors(count_exhibitors)
register_teller(tell_exhibitors)
register_copier(copy_halls)
