"""The side navigation of the workspace: what a person's organizations and roles open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from events.fairs.rules import can_plan_fairs
from matchmaking.interests.rules import can_see_desk
from portal.accounts.enums import PUBLISHING_KINDS, PortalRole
from portal.accounts.models import User
from portal.accounts.rules import (
    can_check_papers,
    can_edit_organization,
    can_manage_members,
    can_oversee,
)
from portal.disclosure.rules import may_see_lists
from portal.workdays.rules import can_keep_calendar
from search.rules import can_tend_search


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True)
class Group:
    label: str
    entries: list[Entry]


def navigation_of(user: User, path: str, unread: int) -> list[Group]:
    """Return the groups that are not empty; the longest address that ``path`` begins with is here.

    Asks nothing of the database beyond the person's memberships and roles.
    """
    groups = [
        (_("Workspace"), [(_("Start"), reverse("workspace:home")), *_messages(user)]),
        (_("Offers"), [*_offers(user)]),
        (_("Needs"), [*_needs(user)]),
        (_("Interests"), [*_interests(user)]),
        (_("Fairs"), [*_fairs(user)]),
        (_("Evaluation"), [*_evaluation(user)]),
        (_("Conversion"), [*_conversion(user)]),
        (_("Disclosure"), [*_disclosure(user)]),
        (_("Platform"), [*_platform(user)]),
        (_("Organization"), [*_organization(user)]),
        (_("Account"), [*_account()]),
    ]
    addresses = [url for _label, entries in groups for _name, url in entries]
    here = max((url for url in addresses if path.startswith(url)), key=len, default="")
    messages = reverse("notifications:list")
    return [
        Group(
            label,
            [
                Entry(name, url, url == here, unread if url == messages else 0)
                for name, url in entries
            ],
        )
        for label, entries in groups
        if entries
    ]


def _messages(user: User) -> Iterator[tuple[str, str]]:
    yield _("Messages"), reverse("notifications:list")
    if user.organization_ids or can_oversee(user) or user.has_role(PortalRole.BROKER):
        yield _("What falls due"), reverse("oversight:duties")


def _offers(user: User) -> Iterator[tuple[str, str]]:
    institutes = [
        each for each in user.active_memberships if each.organization.kind in PUBLISHING_KINDS
    ]
    if institutes:
        yield _("My listings"), reverse("achievements:my-listings")
        yield _("Needs that your listings fit"), reverse("matchmaking:fitting")
    if any(each.organization_id in user.office_organization_ids for each in institutes):
        yield _("Import a table"), reverse("achievements:import-upload")
        yield _("Annual reports"), reverse("oversight:reports")
        yield _("Editing desk"), reverse("my_institute")
    if institutes or user.has_role(PortalRole.REVIEWER):
        yield _("Reviews"), reverse("achievements:reviews")


def _needs(user: User) -> Iterator[tuple[str, str]]:
    if user.organization_ids:
        yield _("My needs"), reverse("matchmaking:desk", args=["own"])
        yield _("Rewrites to decide on"), reverse("matchmaking:desk", args=["decide"])
    if user.has_role(PortalRole.BROKER):
        yield _("Needs to repair"), reverse("matchmaking:desk", args=["repair"])
    if user.has_role(PortalRole.REVIEWER):
        yield _("Needs to review"), reverse("matchmaking:desk", args=["review"])


def _interests(user: User) -> Iterator[tuple[str, str]]:
    if user.organization_ids:
        yield _("Received interests"), reverse("interests:list", args=["received"])
        yield _("Sent interests"), reverse("interests:list", args=["sent"])
    if can_see_desk(user):
        yield _("Broker's desk"), reverse("interests:list", args=["desk"])
    if can_oversee(user):
        yield _("All interests"), reverse("interests:list", args=["all"])
        yield _("Interests and answers"), reverse("interests:statistics")


def _fairs(user: User) -> Iterator[tuple[str, str]]:
    yield _("My registrations"), reverse("registration:own")
    if user.organization_ids:
        yield _("My booths"), reverse("exhibition:own")
    yield _("Follow-ups after fairs"), reverse("aftermath:follow-ups")
    if can_plan_fairs(user) or can_oversee(user) or user.has_role(PortalRole.REVIEWER):
        yield _("Fairs to run"), reverse("fairs:list")


def _evaluation(user: User) -> Iterator[tuple[str, str]]:
    if can_oversee(user):
        yield _("Evaluation rounds"), reverse("evaluation:rounds")
        yield _("Evaluation schemes"), reverse("evaluation:schemes")
    if user.organization_ids:
        yield _("Evaluations of my organization"), reverse("evaluation:own")
    if any(each.organization.kind in PUBLISHING_KINDS for each in user.active_memberships):
        yield _("My scorings"), reverse("evaluation:tasks")


def _conversion(user: User) -> Iterator[tuple[str, str]]:
    if user.organization_ids or user.has_role(PortalRole.BROKER) or can_oversee(user):
        yield _("Conversion cases"), reverse("cases:list")
        yield _("Rules of law"), reverse("cases:law")


def _disclosure(user: User) -> Iterator[tuple[str, str]]:
    if not may_see_lists(user):
        return
    yield _("Consents to disclosure"), reverse("disclosure:consents")
    yield _("Confidentiality agreements"), reverse("disclosure:agreements")
    if user.organization_ids:
        yield _("Who has read it"), reverse("disclosure:readings")
    yield _("Access requests"), reverse("disclosure:requests")


def _platform(user: User) -> Iterator[tuple[str, str]]:
    if can_oversee(user):
        yield _("Oversight"), reverse("oversight:overview")
        yield _("Monday page"), reverse("oversight:monday")
        yield _("Supervision"), reverse("oversight:supervision")
        yield _("Annual reports"), reverse("oversight:reports")
    if user.has_role(PortalRole.COMMISSION, PortalRole.AUDITOR):
        yield _("Precision of the matching"), reverse("matchmaking:statistics")
    if user.has_role(PortalRole.AUDITOR):
        yield _("Audit log"), reverse("operations:audit")
    if user.has_role(PortalRole.OPERATOR):
        yield _("Outbox"), reverse("operations:outbox")
    if can_tend_search(user):
        yield _("Search words"), reverse("search:words", args=["synonyms"])
        yield _("Searches without result"), reverse("search:fruitless")
        yield _("Search indexes"), reverse("search:indexes")
    if can_keep_calendar(user):
        yield _("Working days"), reverse("workdays:calendar")
    if can_check_papers(user):
        yield _("Papers to check"), reverse("accounts:paper-queue")
    if user.has_role(PortalRole.EDITOR):
        yield _("Editing desk"), reverse("wagtailadmin_home")


def _organization(user: User) -> Iterator[tuple[str, str]]:
    for membership in user.active_memberships:
        organization = membership.organization
        yield organization.label, reverse("accounts:organization", args=[organization.pk])
        if can_manage_members(user, organization):
            yield _("Members"), reverse("accounts:members", args=[organization.pk])
        if can_edit_organization(user, organization):
            yield _("Verification"), reverse("accounts:papers", args=[organization.pk])
    if not (user.active_memberships or user.roles):
        yield _("Join or register"), reverse("accounts:organizations")


def _account() -> Iterator[tuple[str, str]]:
    yield _("Profile"), reverse("accounts:profile")
    yield _("Consents"), reverse("accounts:consents")
    yield _("E-mail address"), reverse("account_email")
    yield _("Password"), reverse("account_change_password")
    yield _("Two-step sign-in"), reverse("mfa_index")
    yield _("Signed-in devices"), reverse("usersessions_list")
