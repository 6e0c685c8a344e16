"""What series tell the room of the fairs: a fair planned after another belongs to its series."""

from events.fairs.models import Fair
from events.fairs.ties import register_copier


def join_series(source: Fair, target: Fair) -> None:
    for series in source.series.filter(organizer=target.organizer_id):
        series.fairs.add(target)


register_copier(join_series)
