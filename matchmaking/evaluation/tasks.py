from celery import shared_task

from . import services


@shared_task(name="evaluation.remind", time_limit=300)
def task_remind() -> int:
    return services.remind_of_deadlines()
