from portal.accounts.enums import PortalRole


def can_read_outbox(user) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.OPERATOR)


def can_read_audit(user) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.AUDITOR)
