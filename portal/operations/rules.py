from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor
from portal.notifications.enums import MailState
from portal.notifications.models import OutgoingMail


def can_read_outbox(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.OPERATOR)


def can_send_again(user: Visitor, mail: OutgoingMail) -> bool:
    """A mail that was given up; what waits is tried again by itself."""
    return mail.state == MailState.FAILED and can_read_outbox(user)


def can_read_audit(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.AUDITOR)
