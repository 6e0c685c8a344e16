from .models import AuditEvent
from .services import GENESIS, compute_digest


def find_first_break() -> AuditEvent | None:
    """Return the first event that does not fit the chain, or None when the log is whole."""
    previous = GENESIS
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=2000):
        if event.previous_digest != previous or event.digest != compute_digest(event):
            return event
        previous = event.digest
    return None
