from django.db import models
from django.utils.translation import gettext_lazy as _


class PortalRole(models.TextChoices):
    """What a person does for the platform itself, beside any organization (平台角色)."""

    COMMISSION = "COMMISSION", _("Commission")
    REVIEWER = "REVIEWER", _("Platform reviewer")
    OPERATOR = "OPERATOR", _("Operator")
    FINANCE = "FINANCE", _("Finance")
    BROKER = "BROKER", _("Broker")
    AUDITOR = "AUDITOR", _("Auditor")
    EDITOR = "EDITOR", _("Site editor")


OVERSEERS = (PortalRole.COMMISSION, PortalRole.AUDITOR)
MFA_ROLES = frozenset({PortalRole.COMMISSION, PortalRole.OPERATOR, PortalRole.FINANCE})


class OrganizationKind(models.TextChoices):
    ENTERPRISE = "ENTERPRISE", _("Enterprise")
    UNIVERSITY = "UNIVERSITY", _("University")
    INSTITUTE = "INSTITUTE", _("Research institute")
    INTERMEDIARY = "INTERMEDIARY", _("Intermediary")
    BANK_OR_FUND = "BANK_OR_FUND", _("Bank or fund")
    GOVERNMENT = "GOVERNMENT", _("Government")
    OTHER = "OTHER", _("Other")


PUBLISHING_KINDS = frozenset({OrganizationKind.UNIVERSITY, OrganizationKind.INSTITUTE})


class OrganizationSize(models.TextChoices):
    """Size classes of the 2011 standard for small and medium enterprises (企业划型)."""

    MICRO = "MICRO", _("Micro")
    SMALL = "SMALL", _("Small")
    MEDIUM = "MEDIUM", _("Medium")
    LARGE = "LARGE", _("Large")


class VerificationLevel(models.IntegerChoices):
    """How far an organization has been checked (认证等级; domain reference 3.1)."""

    FORMAT = 0, _("Code checked")  # where there is one: see Organization.verification_label
    CONTACT = 1, _("Contact confirmed")
    LICENCE = 2, _("Licence checked")


class PaperKind(models.TextChoices):
    BUSINESS_LICENCE = "BUSINESS_LICENCE", _("Business licence")
    INSTITUTION_CERTIFICATE = "INSTITUTION_CERTIFICATE", _("Public institution certificate")
    AUTHORIZATION = "AUTHORIZATION", _("Letter of authorization")
    OTHER = "OTHER", _("Other paper")


class CheckResult(models.TextChoices):
    PENDING = "PENDING", _("Waiting for the check")
    ACCEPTED = "ACCEPTED", _("Passed")
    REFUSED = "REFUSED", _("Refused")
    OVERTAKEN = "OVERTAKEN", _("Overtaken by a change of name, kind or code")


class MembershipRole(models.TextChoices):
    OWNER = "OWNER", _("Owner")
    EDITOR = "EDITOR", _("Editor")
    MEMBER = "MEMBER", _("Member")


OFFICE_ROLES = frozenset({MembershipRole.OWNER, MembershipRole.EDITOR})


class MembershipState(models.TextChoices):
    REQUESTED = "REQUESTED", _("Asked to join")
    ACTIVE = "ACTIVE", _("Member")
    LEFT = "LEFT", _("Left")


class ConsentPurpose(models.TextChoices):
    """What a person agrees to, one by one (PIPL art. 14, 23, 25)."""

    TERMS = "TERMS", _("Terms of use and privacy notice")
    SHOW_NAME = "SHOW_NAME", _("Show my name on published pages")
    SHOW_CONTACT = "SHOW_CONTACT", _("Show my contact data to verified members")
    SHARE_CONTACT = "SHARE_CONTACT", _("Give my contact data to a matched organization")
    NEWSLETTER = "NEWSLETTER", _("News by mail")
    FAIR_ORGANIZER = "FAIR_ORGANIZER", _("Give my registration to the organizer of a fair")
    FAIR_PEERS = "FAIR_PEERS", _("Show me to the other participants of a fair")
    FAIR_PUBLIC = "FAIR_PUBLIC", _("Show me in the public list of a fair")


# Given for one fair each, on its pages.
FAIR_PURPOSES = (
    ConsentPurpose.FAIR_ORGANIZER,
    ConsentPurpose.FAIR_PEERS,
    ConsentPurpose.FAIR_PUBLIC,
)
