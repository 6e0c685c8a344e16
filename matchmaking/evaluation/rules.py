from typing import TYPE_CHECKING

from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor
from portal.accounts.rules import can_oversee

from .enums import Answer, AssignmentState, RoundState, SchemeState, SubjectState

if TYPE_CHECKING:
    from .models import Assignment, Evidence, PoolMember, Round, Scheme, Subject


def can_run_evaluation(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.COMMISSION)


def can_edit_scheme(user: Visitor, scheme: "Scheme") -> bool:
    return can_run_evaluation(user) and scheme.state == SchemeState.DRAFT


def belongs_to_unit(user: Visitor, subject: "Subject") -> bool:
    return user.is_authenticated and subject.organization_id in user.organization_ids


def is_unit_office(user: Visitor, subject: "Subject") -> bool:
    return user.is_authenticated and subject.organization_id in user.office_organization_ids


def can_judge_subject(user: Visitor, subject: "Subject") -> bool:
    """Nobody of the commission decides on an object of an organization of their own."""
    return (
        user.is_authenticated
        and can_run_evaluation(user)
        and all(each.organization_id != subject.organization_id for each in user.active_memberships)
    )


def is_open_for_report(subject: "Subject") -> bool:
    """While reports are collected, and in the check for what was returned."""
    state = subject.round.state
    return (state == RoundState.SELF_REPORT and subject.state == SubjectState.OPEN) or (
        state in {RoundState.SELF_REPORT, RoundState.FORMAL_CHECK}
        and subject.state == SubjectState.RETURNED
    )


def can_edit_report(user: Visitor, subject: "Subject") -> bool:
    return belongs_to_unit(user, subject) and is_open_for_report(subject)


def can_submit_report(user: Visitor, subject: "Subject") -> bool:
    """What goes out in the unit's name its office sends."""
    return is_unit_office(user, subject) and is_open_for_report(subject)


def can_answer_result(user: Visitor, subject: "Subject") -> bool:
    return (
        is_unit_office(user, subject)
        and subject.round.state == RoundState.CONFIRMATION
        and subject.answer == Answer.PENDING
    )


def can_see_result(user: Visitor, subject: "Subject") -> bool:
    """A unit sees its result from the announcement on."""
    if can_oversee(user):
        return True
    return belongs_to_unit(user, subject) and subject.round.state in {
        RoundState.CONFIRMATION,
        RoundState.DECIDED,
        RoundState.PUBLICITY,
        RoundState.ARCHIVED,
    }


def can_declare_interest(user: Visitor, member: "PoolMember") -> bool:
    """Until the first object's experts are drawn."""
    return (
        user.is_authenticated
        and member.expert_id == user.pk
        and member.round.state in {RoundState.CALL, RoundState.SELF_REPORT, RoundState.FORMAL_CHECK}
        and not member.round.seed
    )


def can_score(user: Visitor, assignment: "Assignment") -> bool:
    return (
        user.is_authenticated
        and assignment.expert_id == user.pk
        and assignment.state == AssignmentState.OPEN
        and assignment.subject.round.state == RoundState.SCORING
    )


def can_read_evidence(user: Visitor, evidence: "Evidence") -> bool:
    """Those who oversee, the unit itself, and the experts who score the object."""
    subject = evidence.subject
    return can_oversee(user) or (
        user.is_authenticated
        and (
            belongs_to_unit(user, subject)
            or subject.assignments.exclude(state=AssignmentState.DECLINED)
            .filter(expert=user)
            .exists()
        )
    )


def can_read_round(user: Visitor, round_: "Round") -> bool:
    return round_.is_public or can_oversee(user)
