"""Several people at the same moment: one vote a ticket, one exhibitor a booth, no overlap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from events.exhibition import services
from events.exhibition.geometry import overlap
from events.exhibition.models import Vote
from events.exhibition.services import UnableToExhibit
from tests.factories.exhibition import Show
from tests.factories.fairs import fresh

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_database")]


def refused(*doors):
    """Run each in a thread of its own, all from the same moment; return how many were refused."""
    barrier = Barrier(len(doors))

    def run(door):
        barrier.wait(10)
        try:
            door()
        except UnableToExhibit:
            return 1
        finally:
            connections.close_all()
        return 0

    with ThreadPoolExecutor(len(doors)) as pool:
        return sum(pool.map(run, doors))


def test_of_four_votes_of_a_ticket_one_counts():
    show = Show()
    visitor, exhibitor = show.admitted(), show.on_show()
    award = services.add_award(actor=show.owner, fair=show.fair, name="最佳展示")

    def vote():
        services.cast_vote(award=award, exhibitor=exhibitor, ticket=visitor.ticket)

    assert refused(vote, vote, vote, vote) == 3
    assert Vote.objects.count() == 1


def test_two_booths_never_land_on_the_same_cells():
    show = Show()
    first, second = show.booths[0], show.booths[4]

    count = refused(
        lambda: services.move_booth(actor=show.owner, booth=first, x=10, y=8),
        lambda: services.move_booth(actor=show.owner, booth=second, x=11, y=9),
    )

    assert count == 1
    assert not overlap(fresh(first), fresh(second))


def test_a_booth_is_given_to_one_of_two():
    show = Show()
    waiting = [show.applied() for _number in range(2)]
    for each in waiting:
        services.accept_exhibitor(actor=show.owner, exhibitor=each)

    count = refused(
        *(
            lambda each=each: services.assign_booth(
                actor=show.owner, exhibitor=each, booth=show.booths[0]
            )
            for each in waiting
        )
    )

    assert count == 1
    assert [fresh(each).booth_id for each in waiting].count(show.booths[0].pk) == 1
