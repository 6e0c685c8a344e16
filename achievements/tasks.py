from celery import shared_task
from django.core.management import call_command


@shared_task(name="achievements.publish_scheduled", time_limit=120)
def task_publish_scheduled(**kwargs):
    """Let Wagtail publish and take down what is due."""
    call_command("publish_scheduled")
