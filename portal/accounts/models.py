from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    AnonymousUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import District, Industry, Park, in_language

from .enums import (
    MFA_ROLES,
    OFFICE_ROLES,
    PUBLISHING_KINDS,
    CheckResult,
    ConsentPurpose,
    MembershipRole,
    MembershipState,
    OrganizationKind,
    OrganizationSize,
    PaperKind,
    PortalRole,
    VerificationLevel,
)
from .identifiers import validate_credit_code
from .validators import validate_phone


def private_storage():
    return storages["private"]


class UserManager(BaseUserManager["User"]):
    """Create users by e-mail address."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a sign-in; what they may do follows from memberships and role grants."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True, validators=[validate_phone])
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    recommendations_enabled = models.BooleanField(_("personal recommendations"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    password_changed_at = models.DateTimeField(_("password set at"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.email

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The platform roles in force, one query per request."""
        return frozenset(self.role_grants.values_list("role", flat=True))

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """Memberships in force with their organizations, one query per request."""
        return list(self.memberships.active().select_related("organization").order_by("pk"))

    @property
    def organization_ids(self) -> set[int]:
        """Organizations in whose name this person takes part."""
        return {m.organization_id for m in self.active_memberships if m.organization.may_take_part}

    @property
    def office_organization_ids(self) -> set[int]:
        """Organizations for which this person acts as owner or editor."""
        offices = {m.organization_id for m in self.active_memberships if m.role in OFFICE_ROLES}
        return offices & self.organization_ids

    def has_role(self, *roles: str) -> bool:
        return self.is_superuser or not self.roles.isdisjoint(roles)

    @property
    def password_is_old(self) -> bool:
        """Whether the password has to be changed (``PASSWORD_DAYS``; 0 asks nobody)."""
        age = timezone.now() - self.password_changed_at
        return bool(settings.PASSWORD_DAYS) and age.days >= settings.PASSWORD_DAYS

    @property
    def needs_mfa(self) -> bool:
        return self.is_superuser or not self.roles.isdisjoint(MFA_ROLES)


Visitor = User | AnonymousUser


class RoleGrant(models.Model):
    """A platform role given to a person (平台角色授予)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=16, choices=PortalRole.choices)
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user")]

    def __str__(self):
        return f"{self.user_id} {self.role}"


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def publishing(self):
        return self.filter(kind__in=PUBLISHING_KINDS)

    def for_user(self, user):
        """Organizations that ``user`` is an active member of."""
        return self.filter(
            memberships__user=user, memberships__state=MembershipState.ACTIVE
        ).distinct()


class Organization(models.Model):
    """A legal person on the portal (机构), one record per unified social credit code."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganizationKind.choices)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_credit_code],
    )
    is_public_body = models.BooleanField(
        _("public institution"),
        default=False,
        help_text=_("Owned by the state: publicity and reward rules apply."),
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="organizations", verbose_name=_("district")
    )
    park = models.ForeignKey(
        Park,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("park"),
    )
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="organizations", verbose_name=_("industries")
    )
    size = models.CharField(_("size"), max_length=8, choices=OrganizationSize.choices, blank=True)
    website = models.URLField(_("website"), blank=True)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    introduction_en = models.TextField(_("English introduction"), max_length=4000, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    verification_level = models.PositiveSmallIntegerField(
        _("verification level"),
        choices=VerificationLevel.choices,
        default=VerificationLevel.FORMAT,
    )
    verified_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    contact_note = models.CharField(_("note on the contact"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_records"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def verification_label(self) -> str:
        """How far the organization was checked; without a code nothing has been."""
        if self.verification_level == VerificationLevel.FORMAT and not self.credit_code:
            return str(_("Not checked"))
        return str(VerificationLevel(self.verification_level).label)

    @property
    def may_take_part(self) -> bool:
        """Nobody speaks for a government department before its papers have been checked."""
        is_checked = self.verification_level >= VerificationLevel.LICENCE
        return is_checked or self.kind != OrganizationKind.GOVERNMENT


class VerificationPaper(models.Model):
    """A paper handed in to prove who an organization is, and what the check said (认证材料)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="papers")
    kind = models.CharField(_("kind"), max_length=32, choices=PaperKind.choices)
    file = models.FileField(_("file"), upload_to="papers/", storage=private_storage)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(
        _("result"), max_length=10, choices=CheckResult.choices, default=CheckResult.PENDING
    )
    checked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    def __str__(self):
        return f"{self.organization} {self.get_kind_display()}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self):
        return self.filter(state=MembershipState.ACTIVE)

    def office(self):
        return self.active().filter(role__in=OFFICE_ROLES)

    def owners(self):
        return self.active().filter(role=MembershipRole.OWNER)


class Membership(models.Model):
    """A person's place in an organization (成员)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(
        _("role"), max_length=8, choices=MembershipRole.choices, default=MembershipRole.MEMBER
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MembershipState.choices, default=MembershipState.ACTIVE
    )
    title = models.CharField(_("post"), max_length=60, blank=True)
    message = models.CharField(_("message"), max_length=300, blank=True)
    affirmed_at = models.DateTimeField(_("says to act for it since"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], name="membership_once_per_organization"
            )
        ]

    def __str__(self):
        return f"{self.user_id} @ {self.organization_id}"


class Invitation(models.Model):
    """An invitation by mail to join an organization; only the token's digest is kept (邀请)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=8, choices=MembershipRole.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self):
        return f"{self.email} → {self.organization_id}"


class ConsentText(models.Model):
    """One version of what a person is asked to agree to; never edited (告知文本)."""

    purpose = models.CharField(_("purpose"), max_length=16, choices=ConsentPurpose.choices)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    text_en = models.TextField(_("English text"))
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consent_text_version")
        ]

    def __str__(self):
        return f"{self.purpose} v{self.version}"

    @property
    def label(self) -> str:
        return in_language(self.text, self.text_en)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """One line of the consent ledger (同意台账; PIPL art. 13–17).

    ``subject`` is the code of what alone it holds for, a fair; empty where it holds everywhere.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="received_consents"
    )
    subject = models.CharField(max_length=20, blank=True)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    channel = models.CharField(max_length=16, default="web")

    objects = ConsentQuerySet.as_manager()

    def __str__(self):
        return f"{self.user_id} {self.text_id}"
