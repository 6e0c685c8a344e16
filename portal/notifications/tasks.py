from celery import shared_task
from django.utils import timezone

from .services import deliver_mails


@shared_task(name="notifications.deliver", time_limit=600)
def task_deliver(**kwargs):
    """Deliver the mails that are due."""
    deliver_mails(now=timezone.now())
