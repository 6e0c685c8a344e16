from .organizations import (
    UnableToChangeOrganization,
    accept_invitation,
    accept_own_invitation,
    change_role,
    create_organization,
    decide_membership,
    edit_organization,
    invite_member,
    leave_organization,
    request_membership,
    revoke_invitation,
)
from .papers import (
    check_paper,
    submit_paper,
)
from .people import (
    edit_profile,
    give_consent,
    grant_role,
    revoke_role,
    withdraw_consent,
)

__all__ = [
    "UnableToChangeOrganization",
    "accept_invitation",
    "accept_own_invitation",
    "change_role",
    "check_paper",
    "create_organization",
    "decide_membership",
    "edit_organization",
    "edit_profile",
    "give_consent",
    "grant_role",
    "invite_member",
    "leave_organization",
    "request_membership",
    "revoke_invitation",
    "revoke_role",
    "submit_paper",
    "withdraw_consent",
]
