"""What every door shares: the lock, the allowed moves, who is told."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Membership, User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import ALLOWED_TRANSITIONS, FairState, NewsKind
from ..models import Fair, FairNews
from ..ties import tell_everybody


class UnableToChangeFair(Exception):
    """The fair cannot be changed so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeFair(
            _("You may not do this, or somebody else has moved the fair on meanwhile.")
        )


def lock(fair: Fair) -> Fair:
    """The fair's row, locked: whoever counts its places waits for it."""
    found = Fair.objects.select_for_update(of=("self",), no_key=True).select_related(
        "page", "organizer"
    )
    return found.get(pk=fair.pk)


def move(fair: Fair, state: FairState, *, actor: User | None, action: str, **payload: Any) -> None:
    """Save a locked fair in its new state. Raises ``UnableToChangeFair``."""
    if state not in ALLOWED_TRANSITIONS[fair.state]:
        raise UnableToChangeFair(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": fair.get_state_display(), "after": FairState(state).label}
        )
    before, fair.state = fair.state, state
    fair.save()
    record(
        actor=actor,
        action=action,
        target=fair,
        organization_id=fair.organizer_id,
        before=before,
        after=state,
        **payload,
    )


def tell_office(fair: Fair, *, kind: str, title: str | Promise, body: str | Promise = "") -> None:
    """Tell the organizer's office."""
    named = fair.page.lazy_label
    office = Membership.objects.office().filter(organization=fair.organizer, user__is_active=True)
    for membership in office.select_related("user").order_by("pk"):
        notify(
            user=membership.user,
            kind=kind,
            title=title,
            body=format_lazy("{}\n{}", named, body) if body else named,
            url=fair.get_absolute_url(),
        )


def announce(fair: Fair, kind: NewsKind, *, note: str, before: str = "", after: str = "") -> None:
    """Keep a change of an announced fair; everybody is told once it is committed."""
    from ..tasks import task_tell_news

    news = FairNews.objects.create(fair=fair, kind=kind, note=note, before=before, after=after)
    transaction.on_commit(lambda: task_tell_news.delay(news_id=news.pk))


TITLES = {
    NewsKind.MOVED: gettext_lazy("A fair has been moved: {fair}"),
    NewsKind.CANCELLED: gettext_lazy("A fair has been called off: {fair}"),
}


def tell_news(*, news: FairNews) -> int:
    """Tell everybody concerned of a change; nobody twice, however often it runs."""
    change = f"{news.before} → {news.after}" if news.after else ""
    told = tell_everybody(
        news.fair,
        kind="fair-news",
        title=format_lazy(TITLES[NewsKind(news.kind)], fair=news.fair.page.lazy_label),
        body="\n".join(part for part in (change, news.note) if part),
        key=f"news:{news.pk}",
    )
    FairNews.objects.filter(pk=news.pk).update(told_at=timezone.now())
    return told
