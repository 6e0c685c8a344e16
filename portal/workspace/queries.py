from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.models import PageQuerySet

from achievements.enums import ListingState
from achievements.queries import listing_states, reviewed_listings, waiting_reviews
from events.aftermath.queries import follow_ups_to_do, registrations_that_wait
from events.exhibition.models import Exhibitor
from events.exhibition.queries import waiting_exhibitors
from events.meetings.queries import requests_to_answer
from events.registration.enums import RegistrationState
from events.registration.queries import to_decide
from matchmaking.cases.queries import waiting_cases
from matchmaking.evaluation.queries import waiting_for as waiting_for_evaluation
from matchmaking.interests.queries import overdue_of, to_answer
from matchmaking.oversight.duties import Calendar, Span, reach_of
from matchmaking.oversight.enums import DutyKind
from matchmaking.oversight.monday import waiting_for_commission
from matchmaking.queries import candidates_for, desk_of, fitting_needs
from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.accounts.queries import open_invitations
from portal.disclosure.queries import questions_to

SHOWN = 6
COUNTED = 200
DUE_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One line: what it is, where it leads, in which state, since when."""

    title: str
    url: str
    label: str | Promise = ""
    state: str = ""
    since: datetime | None = None
    note: str = ""
    grade: str = ""
    due: date | None = None


@dataclass
class Section:
    """A part of the start page: a heading, its first rows, how many there are and where."""

    heading: str
    url: str
    rows: list[Row] = field(default_factory=list)
    total: int = 0
    states: list[tuple[ListingState, str | Promise, int]] = field(default_factory=list)


def _first(found: QuerySet) -> tuple[list, int]:
    """Return the first rows and how many there are, by one query."""
    rows = list(found.annotate(found_rows=Window(Count("pk")))[:SHOWN])
    return rows, rows[0].found_rows if rows else 0


def waiting_for(user: User, listings: PageQuerySet) -> list[Section]:
    """What waits for this person, by kind; ``listings`` are those that are the person's to mind."""
    return [
        *_invitations_section(user),
        *_interest_sections(user),
        *_duties_section(user),
        *_disclosure_section(user),
        *_reviews_section(user),
        *_desk_sections(user, "decide", "repair", "review"),
        *_evaluation_section(user),
        *_fair_sections(user),
        *_exhibition_section(user),
        *_cases_section(user),
        *_commission_section(user),
        *_fitting_section(user, listings),
    ]


def _duties_section(user: User) -> list[Section]:
    """What falls due within a month, or has; interests stand in a section of their own."""
    reach = reach_of(user)
    if reach.is_all or not (reach.organizations or user.has_role(PortalRole.BROKER)):
        return []  # those who oversee have the Monday page
    calendar = Calendar(reach, frozenset(DutyKind) - {DutyKind.INTEREST})
    duties = calendar.within(Span(until=timezone.localdate() + DUE_SOON))
    rows = [
        Row(f"{duty.label}: {duty.title}", duty.url, note=duty.code, due=duty.due_on)
        for duty in duties[:SHOWN]
    ]
    url = reverse("oversight:duties")
    return [Section(_("What falls due"), url, rows, len(duties))] if rows else []


def _invitations_section(user: User) -> list[Section]:
    rows = [
        Row(
            invitation.organization.label,
            reverse("accounts:own-invitation", args=[invitation.pk]),
            invitation.get_role_display(),
        )
        for invitation in open_invitations(user)
    ]
    url = reverse("workspace:home")
    return [Section(_("Invitations to join"), url, rows, len(rows))] if rows else []


def _interest_sections(user: User) -> list[Section]:
    """Interests to answer, and for a broker those that nobody has answered, by their last day."""
    waiting = (
        ("received", _("Interests to answer"), to_answer(user)),
        ("desk", _("Overdue interests"), overdue_of(user)),
    )
    sections = []
    for shelf, heading, interests in waiting:
        found, total = _first(interests)
        if total:
            rows = [
                Row(
                    interest.target_label,
                    interest.get_absolute_url(),
                    since=interest.sent_at,
                    note=interest.sender_organization.label,
                    due=interest.due_on,
                )
                for interest in found
            ]
            url = reverse("interests:list", args=[shelf])
            sections.append(Section(heading, url, rows, total))
    return sections


def _disclosure_section(user: User) -> list[Section]:
    """Consents, agreements and the authority's requests that this person's office decides on."""
    waiting = questions_to(user)
    if not waiting:
        return []
    rows = [
        Row(each.about, each.url, each.label, "ASKED", each.since, each.who) for each in waiting
    ]
    url = reverse("disclosure:consents")
    return [Section(_("Disclosure to decide on"), url, rows[:SHOWN], len(rows))]


def _reviews_section(user: User) -> list[Section]:
    reviews, total = _first(waiting_reviews(user))
    if not total:
        return []
    rows = [
        Row(
            page.draft_title,
            reverse("achievements:review", args=[state.pk]),
            state.task.name,
            "IN_REVIEW",
            state.started_at,
            page.institute.label,
        )
        for state, page in reviewed_listings(reviews)
    ]
    return [Section(_("Reviews"), reverse("achievements:reviews"), rows, total)]


def _evaluation_section(user: User) -> list[Section]:
    """Objects that the person has to score, and self-reports and results of the own units."""
    subjects, total = _first(waiting_for_evaluation(user))
    if not total:
        return []
    rows = [
        Row(
            subject.label,
            reverse("evaluation:score", args=[subject.task_id])
            if subject.task_id
            else subject.get_absolute_url(),
            subject.round.get_state_display(),
            "PENDING",
            note=subject.round.label,
        )
        for subject in subjects
    ]
    name = "tasks" if subjects[0].task_id else "own"
    return [Section(_("Evaluation"), reverse(f"evaluation:{name}"), rows, total)]


def _fair_sections(user: User) -> list[Section]:
    """What waits for this person before and after fairs, and what the person's own ones need."""
    own = list(registrations_that_wait(user, timezone.now()))
    offered = [each for each in own if each.state == RegistrationState.OFFERED]
    owed = [each for each in own if each.state != RegistrationState.OFFERED]
    pending, total = _first(to_decide(user))
    waiting = (
        (_("Places offered to you"), offered, len(offered), "registration:mine"),
        (_("How were your meetings?"), owed, len(owed), "aftermath:feedback"),
        (_("Registrations to decide"), pending, total, "registration:people"),
    )
    sections = []
    for heading, found, number, row_name in waiting:
        rows = [
            Row(
                registration.fair.label,
                reverse(row_name, args=[registration.fair.code]),
                since=registration.submitted_at,
                note=registration.name,
            )
            for registration in found[:SHOWN]
        ]
        url = reverse("fairs:list" if found is pending else "registration:own")
        sections += [Section(heading, url, rows, number)] if rows else []
    return [*sections, *_meeting_section(user), *_follow_up_section(user)]


def _meeting_section(user: User) -> list[Section]:
    """Requests for meetings that this person has to answer, by their last day."""
    found, total = _first(requests_to_answer(user))
    rows = [
        Row(
            request.from_registration.organization_label,
            request.get_absolute_url(),
            since=request.created_at,
            note=request.fair.label,
            due=timezone.localtime(request.expires_at).date(),
        )
        for request in found
    ]
    url = reverse("registration:own")
    return [Section(_("Meetings to answer"), url, rows, total)] if rows else []


def _exhibition_section(user: User) -> list[Section]:
    """Exhibitors on whom the person's fairs decide, and own booths whose materials are due."""
    found, total = _first(waiting_exhibitors(user))
    url = reverse("exhibition:own" if found and found[0].is_writing else "fairs:list")
    rows = [_exhibitor_row(each) for each in found]
    return [Section(_("Exhibitors and booths"), url, rows, total)] if rows else []


def _exhibitor_row(exhibitor: Exhibitor) -> Row:
    fair, organization = exhibitor.fair.label, exhibitor.organization.label
    state = exhibitor.get_state_display()
    if exhibitor.is_writing:
        url = reverse("exhibition:mine", args=[exhibitor.pk])
        return Row(fair, url, state, note=organization)
    url = reverse("exhibition:application", args=[exhibitor.fair.code, exhibitor.pk])
    return Row(organization, url, state, since=exhibitor.applied_at, note=fair)


def _follow_up_section(user: User) -> list[Section]:
    """What the person has promised to do after meetings, by its day."""
    until = timezone.localdate() + DUE_SOON
    found, total = _first(follow_ups_to_do(user, until))
    url = reverse("aftermath:follow-ups")
    rows = [
        Row(
            each.get_kind_display(), url, note=each.note or each.meeting.fair.label, due=each.due_on
        )
        for each in found
    ]
    return [Section(_("Follow-ups after fairs"), url, rows, total)] if rows else []


def _cases_section(user: User) -> list[Section]:
    """Conversion cases in which a step of the person's organization is expected."""
    if not (user.office_organization_ids or user.has_role(PortalRole.BROKER)):
        return []
    waiting = waiting_cases(user)
    rows = [
        Row(
            each.case.title,
            each.case.get_absolute_url(),
            each.case.get_stage_display(),
            each.case.stage,
            note="、".join(str(option.kind.label) for option in each.options),
        )
        for each in waiting[:SHOWN]
    ]
    url = f"{reverse('cases:list')}?waiting=1"
    return [Section(_("Cases that wait for us"), url, rows, len(waiting))] if rows else []


def _commission_section(user: User) -> list[Section]:
    """What only the commission can settle, each with how many there are."""
    if not user.has_role(PortalRole.COMMISSION):
        return []
    needs = waiting_for_commission()
    rows = [Row(str(need.label), need.url, note=f"{need.count}") for need in needs]
    total = sum(need.count for need in needs)
    url = reverse("oversight:monday")
    return [Section(_("For the commission"), url, rows, total)] if rows else []


def _fitting_section(user: User, listings: PageQuerySet) -> list[Section]:
    """The invitation: needs in whose lists one's own listings stand high."""
    if not user.recommendations_enabled:
        return []
    matches, total = _first(fitting_needs(user, listings.values("pk")))
    if not total:
        return []
    rows = [
        Row(
            match.need.label,
            reverse("matchmaking:why", args=[match.need.code, match.page_id]),
            note=match.page.title,
            grade=match.grade,
        )
        for match in matches
    ]
    heading = _("Needs that your listings fit")
    return [Section(heading, reverse("matchmaking:fitting"), rows, total)]


def _desk_sections(user: User, *shelves: str) -> list[Section]:
    sections = []
    for key, (label, shelf) in desk_of(user).items():
        needs, total = _first(shelf) if key in shelves else ([], 0)
        if total:
            rows = [
                Row(
                    need.title,
                    need.get_absolute_url(),
                    need.get_state_display(),
                    need.state,
                    need.updated_at if key == "own" else need.submitted_at,
                    "" if key == "own" else need.organization.label,
                )
                for need in needs
            ]
            url = reverse("matchmaking:desk", args=[key])
            sections.append(Section(label, url, rows, total))
    return sections


def own_things(user: User, listings: PageQuerySet) -> list[Section]:
    """The person's listings and needs with their states, the latest first."""
    return [*_listings_section(listings), *_desk_sections(user, "own")]


def _listings_section(listings: PageQuerySet) -> list[Section]:
    pages = list(listings.specific()[: COUNTED + 1])
    if not pages:
        return []
    total = len(pages) if len(pages) <= COUNTED else listings.count()
    states = listing_states(pages)
    url = reverse("achievements:my-listings")
    rows = [
        Row(
            page.draft_title,
            reverse("achievements:listing", args=[page.pk]),
            ListingState(states[page.pk]).label,
            states[page.pk],
            page.latest_revision_created_at,
        )
        for page in pages[:SHOWN]
    ]
    counted = Counter(states.values()) if total <= COUNTED else {}
    by_state: list[tuple[ListingState, str | Promise, int]] = [
        (s, s.label, counted[s]) for s in ListingState if counted.get(s)
    ]
    return [Section(_("My listings"), url, rows, total, by_state)]


def new_candidates(user: User, own: list[Section]) -> list[Section]:
    """Candidates at the head of the lists of the needs in ``own`` that nobody has judged yet."""
    needs = reverse("matchmaking:desk", args=["own"])
    if not (user.recommendations_enabled and any(section.url == needs for section in own)):
        return []
    matches, total = _first(candidates_for(user))
    if not total:
        return []
    rows = [
        Row(
            match.page.title,
            reverse("matchmaking:why", args=[match.need.code, match.page_id]),
            note=match.need.label,
            grade=match.grade,
        )
        for match in matches
    ]
    return [Section(_("Candidates for my needs"), rows[0].url, rows, total)]
