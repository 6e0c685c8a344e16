from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .services import put_into_outbox


class OutboxEmailBackend(BaseEmailBackend):
    """Put every mail into the outbox, in the transaction of what causes it.

    Nobody waits for the mail server, and its faults break no page: the worker delivers. Mails of
    the portal are plain text; what else a message carries would be lost, so it is refused.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments or getattr(message, "alternatives", None):
                raise ValueError("The outbox takes plain text alone.")
            put_into_outbox(message)
        return len(email_messages)
