"""What the clock does with exhibitors: all of it follows from the database."""

from events.fairs.enums import FairState

from ..enums import ExhibitorState
from ..models import Exhibitor
from .changes import UnableToExhibit
from .exhibiting import put_on_show
from .leads import erase_leads


def sweep_exhibition() -> None:
    """Open the booths of fairs that have begun; erase what is kept too long."""
    due = Exhibitor.objects.filter(state=ExhibitorState.PASSED, fair__state=FairState.LIVE)
    for exhibitor in due.select_related("fair").order_by("pk"):
        try:
            put_on_show(exhibitor=exhibitor)
        except UnableToExhibit:  # withdrawn or returned since it was read
            continue
    erase_leads()
