from celery import shared_task
from django.utils import timezone

from matchmaking.cases.services import place_in_industries

from .services import (
    check_snapshot,
    recount,
    remind_of_reports,
    send_monday,
    store_snapshot,
    tell_of_dormant,
)


@shared_task(name="oversight.recount", time_limit=1800)
def task_recount(**kwargs):
    """Count the commission's figures anew, if anything was recorded since."""
    recount(now=timezone.now())


@shared_task(name="oversight.store_snapshot", time_limit=1800)
def task_store_snapshot(**kwargs):
    """Count the public counters anew and compare them with the ledger."""
    place_in_industries()
    store_snapshot(day=timezone.localdate(), now=timezone.now())
    check_snapshot(day=timezone.localdate())


@shared_task(name="oversight.send_monday", time_limit=600)
def task_send_monday(**kwargs):
    """Mail the commission its Monday page; a late or second run sends nothing twice."""
    send_monday(today=timezone.localdate())


@shared_task(name="oversight.tell_of_dormant", time_limit=1800)
def task_tell_of_dormant(**kwargs):
    """Tell both sides of results that lie dormant; once for each result and person."""
    tell_of_dormant(today=timezone.localdate())


@shared_task(name="oversight.remind_of_reports", time_limit=600)
def task_remind_of_reports(**kwargs):
    """Remind institutes of the annual report that they have not signed off."""
    remind_of_reports(today=timezone.localdate())
