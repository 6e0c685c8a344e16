from .invitations import (
    accept_invitation,
    accept_own_invitation,
    decline_invitation,
    invite_member,
    revoke_invitation,
)
from .memberships import (
    change_role,
    decide_membership,
    leave_organization,
    request_membership,
    take_back_request,
)
from .organizations import (
    UnableToChangeOrganization,
    create_organization,
    edit_organization,
)
from .people import (
    edit_profile,
    give_consent,
    grant_role,
    revoke_role,
    withdraw_consent,
)
from .verification import (
    affirm_contact,
    check_paper,
    confirm_contact,
    submit_paper,
)

__all__ = [
    "UnableToChangeOrganization",
    "accept_invitation",
    "accept_own_invitation",
    "affirm_contact",
    "change_role",
    "check_paper",
    "confirm_contact",
    "create_organization",
    "decide_membership",
    "decline_invitation",
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
    "take_back_request",
    "withdraw_consent",
]
