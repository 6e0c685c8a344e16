"""What is entered for a report: costs, and which fairs make a series."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.fairs.rules import can_organize
from portal.accounts.models import User
from portal.audit.services import record

from .models import FairCost, FairSeries
from .rules import can_enter_costs, can_keep_series


class UnableToReport(Exception):
    """It cannot be entered so; the message says why and what to do."""


def _require(allowed: bool) -> None:
    if not allowed:
        raise UnableToReport(_("You may not enter this."))


@transaction.atomic
def enter_cost(*, actor: User, fair: Fair, what: str, amount: Decimal) -> FairCost:
    _require(can_enter_costs(actor, fair))
    if amount <= 0:
        raise UnableToReport(_("Enter an amount above zero."))
    cost = FairCost.objects.create(fair=fair, what=what, amount=amount, entered_by=actor)
    _record(actor, "enter_cost", fair, amount=str(amount), what=what)
    return cost


@transaction.atomic
def remove_cost(*, actor: User, cost: FairCost) -> None:
    cost = FairCost.objects.select_for_update(of=("self",)).select_related("fair").get(pk=cost.pk)
    _require(can_enter_costs(actor, cost.fair))
    cost.delete()
    _record(actor, "remove_cost", cost.fair, amount=str(cost.amount), what=cost.what)


def _record(actor: User, verb: str, fair: Fair, **payload: str) -> None:
    record(
        actor=actor,
        action=f"reports.{verb}",
        target=fair,
        organization_id=fair.organizer_id,
        **payload,
    )


@transaction.atomic
def begin_series(*, actor: User, name: str, fairs: Iterable[Fair], name_en: str = "") -> FairSeries:
    """Put fairs of one organizer together; the series is that organizer's."""
    chosen = list(fairs)
    if not chosen:
        raise UnableToReport(_("Choose the fair with which the series begins."))
    organizer = chosen[0].organizer
    _require(can_organize(actor, organizer))
    series = FairSeries(organizer=organizer, name=name, name_en=name_en)
    return _keep(actor, "begin_series", series, chosen)


@transaction.atomic
def edit_series(
    *, actor: User, series: FairSeries, name: str, fairs: Iterable[Fair], name_en: str = ""
) -> FairSeries:
    series = FairSeries.objects.select_for_update().get(pk=series.pk)
    _require(can_keep_series(actor, series))
    series.name, series.name_en = name, name_en
    return _keep(actor, "edit_series", series, list(fairs))


def _keep(actor: User, verb: str, series: FairSeries, fairs: list[Fair]) -> FairSeries:
    if any(fair.organizer_id != series.organizer_id for fair in fairs):
        raise UnableToReport(_("A series holds fairs of one organizer."))
    same = FairSeries.objects.filter(organizer=series.organizer_id, name=series.name)
    if same.exclude(pk=series.pk).exists():
        raise UnableToReport(_("There is a series of this name already: choose another one."))
    series.save()
    series.fairs.set(fairs)
    record(
        actor=actor,
        action=f"reports.{verb}",
        target=series,
        organization_id=series.organizer_id,
        fairs=[fair.code for fair in fairs],
    )
    return series
