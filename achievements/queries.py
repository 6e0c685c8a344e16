from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Length, Substr
from django.utils import timezone
from wagtail.models import Page, PageQuerySet, Revision, TaskState, WorkflowState

from portal.accounts.enums import ConsentPurpose, PortalRole
from portal.accounts.models import Consent, User, Visitor
from search.documents import BaseDocument
from search.services import rows_alike

from .contents import field_label
from .enums import ListingState
from .models import (
    AchievementPage,
    Expert,
    InstitutePage,
    InstituteReviewTask,
    ListingPage,
    PlatformReviewTask,
)
from .steps import kinds_of

RELATED = 4
SHOWN_DECISIONS = 20


def institutes_of(user: User) -> QuerySet[InstitutePage]:
    """Institute pages that ``user`` may write for."""
    return InstitutePage.objects.filter(
        organization__in=user.organization_ids, live=True
    ).select_related("organization")


def listings_of(user: User) -> PageQuerySet:
    """Listings that ``user`` looks after: the institute's as its office, else the own ones."""
    wanted = Q(pk__in=[])
    for institute in institutes_of(user):
        below = Q(path__startswith=institute.path, depth=institute.depth + 1)
        if institute.organization_id not in user.office_organization_ids:
            below &= Q(owner=user)
        wanted |= below
    return Page.objects.type(ListingPage).filter(wanted).order_by("-latest_revision_created_at")


def listing_states(pages: Sequence[ListingPage]) -> dict[int, ListingState]:
    """Return ``{page id: ListingState}`` for many listings with two queries."""
    institute_step = ContentType.objects.get_for_model(InstituteReviewTask).pk
    reviews = {
        int(state.object_id): state
        for state in WorkflowState.objects.active()
        .filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(page.pk) for page in pages],
        )
        .select_related("current_task_state__task")
    }
    return {page.pk: _state(page, reviews.get(page.pk), institute_step) for page in pages}


def _state(page: ListingPage, review: WorkflowState | None, institute_step: int) -> ListingState:
    if page.archived_at:
        return ListingState.ARCHIVED
    if page.withdrawn_at:
        return ListingState.WITHDRAWN
    if review and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return ListingState.RETURNED
    if review:
        at_institute = review.current_task_state.task.content_type_id == institute_step
        return ListingState.INSTITUTE_REVIEW if at_institute else ListingState.PLATFORM_REVIEW
    if page.live and page.valid_until and page.valid_until < timezone.localdate():
        return ListingState.EXPIRED
    return ListingState.LIVE if page.live else ListingState.DRAFT


def in_state(state: str) -> Q:
    """Return the condition on pages that says what ``listing_states`` says of one page."""
    today = timezone.localdate()
    archived, withdrawn = _having(archived_at__isnull=False), _having(withdrawn_at__isnull=False)
    returned = _reviewed(status=WorkflowState.STATUS_NEEDS_CHANGES)
    running = _reviewed(status=WorkflowState.STATUS_IN_PROGRESS)
    at_institute = _reviewed(
        status=WorkflowState.STATUS_IN_PROGRESS,
        current_task_state__task__content_type=ContentType.objects.get_for_model(
            InstituteReviewTask
        ),
    )
    present = ~archived & ~withdrawn
    settled = present & ~returned & ~running
    expired = Q(live=True) & _having(valid_until__lt=today)
    return {
        ListingState.ARCHIVED: archived,
        ListingState.WITHDRAWN: withdrawn & ~archived,
        ListingState.RETURNED: present & returned,
        ListingState.INSTITUTE_REVIEW: present & at_institute,
        ListingState.PLATFORM_REVIEW: present & running & ~at_institute,
        ListingState.EXPIRED: settled & expired,
        ListingState.LIVE: settled & Q(live=True) & ~expired,
        ListingState.DRAFT: settled & Q(live=False),
    }[ListingState(state)]


def _having(**facts: object) -> Q:
    """Pages of any kind of listing with these facts."""
    found = Q(pk__in=[])
    for kind in kinds_of(ListingPage):
        found |= Q(pk__in=kind._default_manager.filter(**facts).values("pk"))
    return found


def _reviewed(**conditions: Any) -> Q:
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), **conditions
    )
    keys = states.annotate(key=Cast("object_id", IntegerField())).values("key")
    return Q(pk__in=keys)


def open_draft(user: User, institute: InstitutePage, title: str) -> Page | None:
    """The draft that ``user`` began under this title and never sent anywhere."""
    drafts = listings_of(user).filter(in_state(ListingState.DRAFT), owner=user, title=title)
    return drafts.child_of(institute).filter(first_published_at__isnull=True).first()


def waiting_reviews(user: User) -> QuerySet[TaskState]:
    """Task states that ``user`` may decide on now, the longest waiting first.

    The same rule as ``ReviewTask.may_decide``, as a filter: the institute's step for its office,
    the platform's for its reviewers, and never a text that one had a hand in.
    """
    content_type = ContentType.objects.get_for_model
    steps = Q(pk__in=[])
    if PortalRole.REVIEWER in user.roles:
        steps |= Q(task__content_type=content_type(PlatformReviewTask))
    if user.office_organization_ids:
        above = InstitutePage.objects.filter(
            organization__in=user.office_organization_ids,
            path=Substr(OuterRef("path"), 1, Length("path")),
        )
        steps |= Q(
            task__content_type=content_type(InstituteReviewTask),
            workflow_state__object_id__in=_as_text(Page.objects.filter(Exists(above))),
        )
    return (
        TaskState.objects.filter(
            steps,
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            workflow_state__object_id__in=_as_text(Page.objects.type(ListingPage, InstitutePage)),
        )
        .exclude(workflow_state__object_id__in=_as_text(Page.objects.filter(owner=user)))
        .exclude(workflow_state__object_id__in=_written_by(user).values("object_id"))
        .exclude(workflow_state__requested_by=user)
        .select_related("task", "workflow_state", "revision")
        .order_by("started_at", "pk")
    )


def _written_by(user: User) -> QuerySet[Revision]:
    """Revisions that make ``user`` an author, as ``author_ids`` counts them."""
    live = InstitutePage.objects.annotate(key=Cast("pk", CharField()))
    published = live.filter(key=OuterRef("object_id")).values("live_revision")
    return (
        Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page), user=user
        )
        .annotate(published=Subquery(published[:1]))
        .filter(Q(published__isnull=True) | Q(pk__gt=F("published")))
    )


def _as_text(pages: PageQuerySet) -> QuerySet:
    """Page ids as workflow states keep them."""
    return pages.order_by().annotate(key=Cast("pk", CharField())).values("key")


def reviewed_listings(
    states: Iterable[TaskState],
) -> list[tuple[TaskState, ListingPage | InstitutePage]]:
    """These task states, each with its page and that one's institute, in few queries."""
    states = list(states)
    ids = [int(state.workflow_state.object_id) for state in states]
    by_model = defaultdict(list)
    for state, pk in zip(states, ids, strict=True):
        by_model[state.workflow_state.content_type_id].append(pk)
    pages: dict[int, Any] = {}
    for content_type, keys in by_model.items():
        model: Any = ContentType.objects.get_for_id(content_type).model_class()
        related = "organization" if model is InstitutePage else "institute__organization"
        pages |= model.objects.select_related(related).in_bulk(keys)
    return [(state, pages[pk]) for state, pk in zip(states, ids, strict=True)]


def notes_of_return(page: ListingPage) -> dict[str, str]:
    """The reviewer's notes by field while the text is with its author again."""
    state = page.current_workflow_state
    if not state or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return {}
    return dict(state.current_task_state.field_notes.values_list("field_name", "note"))


def earlier_decisions(page: Page) -> list[dict]:
    """What reviewers decided on this page before, the latest first, with their notes by field."""
    states = (
        TaskState.objects.filter(
            workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
            workflow_state__object_id=str(page.pk),
            status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED],
        )
        .select_related("task", "finished_by")
        .prefetch_related("field_notes")
        .order_by("-finished_at", "-pk")
    )
    return [
        {
            "state": state,
            "is_return": state.status == TaskState.STATUS_REJECTED,
            "notes": [
                (field_label(page, each.field_name), each.note) for each in state.field_notes.all()
            ],
        }
        for state in states[:SHOWN_DECISIONS]
    ]


def visible_completers(page: AchievementPage) -> list[tuple[str, str]]:
    """Return (name, unit) of those completers whose names may be shown."""
    return [(row.name, row.unit) for row in consented(page.completers.all())]


class Named(Protocol):
    """A row that names a person, with an account or without."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def consent_confirmed(self) -> bool: ...


Person = TypeVar("Person", bound=Named)


def consented(people: Iterable[Person]) -> list[Person]:
    """Keep the rows of people whose names may be shown (PIPL art. 25).

    Who has an account decides in the ledger; for others the institute states that it holds consent.
    """
    rows = list(people)
    consenting = set(
        Consent.objects.in_force()
        .filter(
            user__in=[row.user_id for row in rows if row.user_id],
            text__purpose=ConsentPurpose.SHOW_NAME,
        )
        .values_list("user", flat=True)
    )
    return [
        row for row in rows if (row.user_id in consenting if row.user_id else row.consent_confirmed)
    ]


def related_listings(
    page: ListingPage, user: Visitor, document: type[BaseDocument]
) -> list[ListingPage]:
    """Listings of the same kind whose titles share most words, among those ``user`` may find."""
    pks = rows_alike(document, title=page.title, but=page.pk, user=user, size=RELATED)
    shown = document.queryset().prefetch_related(None).prefetch_related("industries")
    rows = document.open_rows(shown.filter(pk__in=pks))
    found = {page.pk: page for page in rows}
    return [found[pk] for pk in pks if pk in found]


def readable_achievements(institute: InstitutePage, user: Visitor) -> QuerySet[AchievementPage]:
    """The institute's achievements that ``user`` may read today, newest first."""
    return (
        AchievementPage.objects.current()
        .for_user(user)
        .filter(institute=institute)
        .select_related("institute__organization__district")
        .prefetch_related("industries")
        .order_by("-first_published_at")
    )


def experts_for(*, query: str = "") -> QuerySet[Expert]:
    """Experts whose consent to show the name is in force, optionally narrowed by a word."""
    consenting = Consent.objects.in_force().filter(text__purpose=ConsentPurpose.SHOW_NAME)
    experts = (
        Expert.objects.filter(user__in=consenting.values("user"), user__is_active=True)
        .select_related("user", "organization")
        .prefetch_related("technical_fields")
        .order_by("organization__name", "pk")
    )
    if not query:
        return experts
    return experts.filter(
        Q(user__name__icontains=query)
        | Q(headline__icontains=query)
        | Q(introduction__icontains=query)
        | Q(organization__name__icontains=query)
        | Q(technical_fields__name__icontains=query)
    ).distinct()
