"""Sending the forms of a case's page."""

from django.urls import reverse

NO_ROWS = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0"}


def url_of(deal, move):
    return reverse("cases:move", args=[deal.case.code, move])


def send(client, deal, move, *, user=None, days=1, **values):
    client.force_login(user or deal.owner)
    data = {
        "occurred_on": deal.next_day(days).isoformat(),
        "version": deal.case.version,
        **values,
    }
    answer = client.post(url_of(deal, move), data)
    deal.refresh()
    return answer


def said(deal):
    event = deal.case.events.order_by("-sequence").first()
    return event.kind, event.payload


def messages_of(answer):
    return [str(each) for each in answer.context["form"].non_field_errors()]
