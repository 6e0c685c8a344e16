from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.utils import timezone

from portal.accounts.enums import MFA_ROLES, ConsentPurpose, MembershipRole, PortalRole
from portal.accounts.models import (
    Consent,
    ConsentText,
    Membership,
    Organization,
    RoleGrant,
    User,
)
from portal.taxonomy.models import District, Industry

from ..identifiers import credit_code
from ..signins import DOMAIN, SIGN_INS

DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  public, like the password


def seed_organizations(rows: list[dict]) -> dict[str, Organization]:
    districts = {term.code: term for term in District.objects.all()}
    industries = {term.code: term for term in Industry.objects.all()}
    organizations = {}
    for number, row in enumerate(rows, start=1):
        organization = Organization.objects.create(
            name=row["name"],
            name_en=row.get("name_en", ""),
            short_name=row.get("short_name", ""),
            kind=row["kind"],
            credit_code=credit_code(row["kind"], row["district"], number),
            is_public_body=row.get("is_public_body", False),
            district=districts[row["district"]],
            size=row.get("size") or "",
            introduction=row.get("introduction", ""),
            introduction_en=row.get("introduction_en", ""),
            verification_level=row.get("verification_level", 0),
            verified_at=timezone.now() if row.get("verification_level") else None,
        )
        organization.industries.set(industries[code] for code in row["industries"])
        organizations[row["key"]] = organization
    return organizations


def _emails(rows: list[dict], kinds: dict[str, str]) -> dict[str, str]:
    """Give the people behind the sign-ins their short addresses, everybody else the key's."""
    emails = {row["key"]: f"{row['key'].replace('_', '-')}@{DOMAIN}" for row in rows}
    for sign_in in SIGN_INS:
        if not sign_in.person:
            continue
        where, role = sign_in.person.split(":")
        industry, side = where.rsplit("-", 1)
        for row in rows:
            enterprise = kinds[row["organization"]] == "ENTERPRISE"
            if (
                row["file"] == industry
                and row["role"] == role
                and enterprise == (side == "enterprise")
            ):
                emails[row["key"]] = sign_in.email
                break
    return emails


def _create_user(email: str, name: str, password_hash: str) -> User:
    user = User.objects.create(email=email, name=name, password=password_hash)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def seed_people(
    rows: list[dict], organizations: dict[str, Organization], password_hash: str
) -> dict[str, User]:
    kinds = {key: organization.kind for key, organization in organizations.items()}
    emails = _emails(rows, kinds)
    show_name = (
        ConsentText.objects.filter(purpose=ConsentPurpose.SHOW_NAME).order_by("-version").first()
    )
    users = {}
    for row in rows:
        user = users[row["key"]] = _create_user(emails[row["key"]], row["name"], password_hash)
        organization = organizations[row["organization"]]
        waits = row["role"] == MembershipRole.OWNER and not organization.verification_level
        Membership.objects.create(
            user=user,
            organization=organization,
            role=MembershipRole(row["role"]),
            title=row.get("title", "")[:60],
            affirmed_at=timezone.now() if waits else None,
        )
        if row.get("show_name") and show_name:
            Consent.objects.create(user=user, text=show_name, channel="demo")
    return users


def seed_staff(password_hash: str) -> dict[str, User]:
    """Create one person for each platform role; those of MFA roles have the demo's second step."""
    names = {
        "reviewer": "平台审核员",
        "broker": "技术经理人",
        "commission": "评估处",
        "operator": "运维员",
        "finance": "财务审核员",
        "auditor": "审计员",
        "editor": "资讯编辑",
    }
    staff = {}
    for sign_in in SIGN_INS:
        if not sign_in.role:
            continue
        user = staff[sign_in.role] = _create_user(sign_in.email, names[sign_in.name], password_hash)
        RoleGrant.objects.create(user=user, role=sign_in.role)
        if sign_in.role in MFA_ROLES:
            TOTP.activate(user, DEMO_TOTP_SECRET)
            RecoveryCodes.activate(user)
    group, _created = Group.objects.get_or_create(name="Editors")
    group.user_set.add(staff[PortalRole.EDITOR])
    return staff
