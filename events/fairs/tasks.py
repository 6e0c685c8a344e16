from celery import shared_task

from .models import FairNews
from .services import sweep_fairs, tell_news


@shared_task(name="fairs.sweep", time_limit=600)
def task_sweep(**kwargs):
    """Move fairs on by their dates."""
    sweep_fairs()


@shared_task(name="fairs.tell_news", time_limit=600)
def task_tell_news(*, news_id: int, **kwargs):
    """Tell everybody of a move or a cancellation."""
    tell_news(news=FairNews.objects.select_related("fair__page").get(pk=news_id))
