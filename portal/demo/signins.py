"""Who can sign in to the demo city, one person for each role."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import PortalRole

PASSWORD = "Lakeside-2026"  # noqa: S105  printed on the start page of the demo
DOMAIN = "demo.example"


@dataclass(frozen=True)
class SignIn:
    """One demo account; ``person`` names a key of the content, ``role`` a platform role."""

    name: str
    label: str | Promise
    person: str = ""
    role: str = ""

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


SIGN_INS = (
    SignIn("researcher", _("Researcher: publishes achievements"), person="textile-person:MEMBER"),
    SignIn("office", _("Institute's office: signs off"), person="textile-person:OWNER"),
    SignIn("enterprise", _("Enterprise: publishes needs"), person="textile-enterprise:OWNER"),
    SignIn("supplier", _("Enterprise: asks for meetings at fairs"), person="auto-enterprise:OWNER"),
    SignIn("reviewer", _("Platform reviewer: publishes"), role=PortalRole.REVIEWER),
    SignIn("broker", _("Broker: repairs needs"), role=PortalRole.BROKER),
    SignIn("commission", _("Commission: evaluates"), role=PortalRole.COMMISSION),
    SignIn("operator", _("Operator: runs the service"), role=PortalRole.OPERATOR),
    SignIn("finance", _("Finance: subsidies"), role=PortalRole.FINANCE),
    SignIn("auditor", _("Auditor: reads the log"), role=PortalRole.AUDITOR),
    SignIn("editor", _("Site editor: news and pages"), role=PortalRole.EDITOR),
)


def demo_sign_ins() -> list[tuple[str, str, str, str]]:
    """Return (role, e-mail, password, hint) of every demo account."""
    from portal.accounts.enums import MFA_ROLES

    return [
        (
            str(each.label),
            each.email,
            PASSWORD,
            str(_("second step: the code is on /demo/")) if each.role in MFA_ROLES else "",
        )
        for each in SIGN_INS
    ]
