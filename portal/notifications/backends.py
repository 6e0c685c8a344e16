from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .models import OutgoingMail


class OutboxEmailBackend(BaseEmailBackend):
    """Keep every mail for the operators' outbox, then deliver it by ``EMAIL_DELIVERY_BACKEND``.

    A failed delivery never breaks the page that caused the mail; the outbox shows the error.
    """

    def send_messages(self, email_messages):
        return sum(self._send(message) for message in email_messages)

    def _send(self, message) -> int:
        mail = OutgoingMail(
            sender=message.from_email,
            recipients=", ".join(message.recipients()),
            subject=message.subject,
            body=message.body,
        )
        try:
            if settings.EMAIL_FILE_PATH:
                settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
            mail.delivered = bool(
                get_connection(settings.EMAIL_DELIVERY_BACKEND).send_messages([message])
            )
        except OSError as error:
            mail.error = str(error)[:300]
        mail.save()
        return int(mail.delivered)
