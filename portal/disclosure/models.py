from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import OVERSEERS
from portal.accounts.models import Organization, private_storage

from .enums import AgreementState, Basis, ConsentState, FieldGroup, Level, RequestState

TEXT_LENGTH = 500


def person(**kwargs):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", **kwargs
    )


class GroupLevel(models.Model):
    """From whom on a group of a listing's fields is open (字段组披露级别); without a row: public.

    A fact beside the text: it changes at once and is in no revision.
    """

    listing = models.CharField(_("listing"), max_length=20)
    group = models.CharField(_("field group"), max_length=8, choices=FieldGroup.choices)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "group"], name="one_group_level")]

    def __str__(self):
        return f"{self.listing} {self.group} {self.level}"


class DisclosureConsentQuerySet(models.QuerySet["DisclosureConsent"]):
    def in_force(self, today=None):
        today = today or timezone.localdate()
        return self.filter(granted_at__isnull=False, ended_at__isnull=True, until__gte=today)

    def for_user(self, user):
        """Both organizations' members, and those who oversee."""
        if not user.is_authenticated:
            return self.none()
        if not user.roles.isdisjoint(OVERSEERS):
            return self
        own = user.organization_ids
        return self.filter(Q(organization__in=own) | Q(owner_organization__in=own))


class DisclosureConsent(models.Model):
    """An owner's consent that one organization reads a listing's closed fields (披露同意).

    It opens the groups of level ``CONSENT``, until the last day of ``until`` or the owner ends it.
    ``origin`` is the address of the thread in which it was asked for.
    """

    listing = models.CharField(_("listing"), max_length=20, db_index=True)
    owner_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="disclosure_consents"
    )
    purpose = models.CharField(_("purpose"), max_length=TEXT_LENGTH)
    origin = models.CharField(max_length=300, blank=True)
    asked_by = person()
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    granted_by = person()
    granted_at = models.DateTimeField(_("granted at"), null=True)
    until = models.DateField(_("open until"), null=True)
    refused_by = person()
    refused_at = models.DateTimeField(_("refused at"), null=True)
    reason = models.CharField(_("reason"), max_length=TEXT_LENGTH, blank=True)
    ended_by = person()
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = DisclosureConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to disclosure")
        verbose_name_plural = _("consents to disclosure")
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_at__isnull=True) | Q(until__isnull=False, refused_at=None),
                name="consent_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | ~Q(reason=""), name="refusal_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["listing", "organization"],
                condition=Q(granted_at=None, refused_at=None),
                name="one_open_question_per_listing",
            ),
        ]

    def __str__(self):
        return f"{self.listing} → {self.organization_id}"

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("disclosure:consent", args=[self.pk])

    @property
    def state(self) -> ConsentState:
        if self.refused_at:
            return ConsentState.REFUSED
        if self.ended_at:
            return ConsentState.ENDED
        if self.granted_at is None or self.until is None:
            return ConsentState.ASKED
        is_over = self.until < timezone.localdate()
        return ConsentState.EXPIRED if is_over else ConsentState.GRANTED


class AgreementQuerySet(models.QuerySet["ConfidentialityAgreement"]):
    def in_force(self, today=None):
        today = today or timezone.localdate()
        return self.filter(state=AgreementState.SIGNED, starts_on__lte=today, ends_on__gte=today)

    def for_user(self, user):
        """Both parties' members, and those who oversee."""
        if not user.is_authenticated:
            return self.none()
        if not user.roles.isdisjoint(OVERSEERS):
            return self
        own = user.organization_ids
        return self.filter(Q(proposer__in=own) | Q(counterparty__in=own))


class ConfidentialityAgreement(models.Model):
    """A confidentiality agreement between two organizations about listings (保密协议).

    ``text`` is what both agree to, frozen when it is proposed, ``digest`` its SHA-256. It is signed
    when an officer of each side has confirmed the digest with a second step, or when one side has
    handed in the signed copy and the other has accepted it. Signed on paper or so, it binds to
    the last day of ``ends_on``, or until it is ended.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    proposer = models.ForeignKey(Organization, models.PROTECT, related_name="proposed_agreements")
    counterparty = models.ForeignKey(
        Organization, models.PROTECT, related_name="received_agreements"
    )
    purpose = models.CharField(_("purpose"), max_length=TEXT_LENGTH)
    starts_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("in force until"))
    template_version = models.CharField(max_length=12)
    text = models.TextField()
    text_en = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=AgreementState.choices,
        default=AgreementState.PROPOSED,
        db_index=True,
    )
    origin = models.CharField(max_length=300, blank=True)
    proposed_by = person()
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    proposer_confirmed_by = person()
    proposer_confirmed_at = models.DateTimeField(null=True)
    counterparty_confirmed_by = person()
    counterparty_confirmed_at = models.DateTimeField(null=True)
    signed_copy = models.FileField(
        _("signed copy"), upload_to="agreements/", storage=private_storage, blank=True
    )
    copy_digest = models.CharField(max_length=64, blank=True)
    copy_organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    copy_uploaded_by = person()
    copy_uploaded_at = models.DateTimeField(null=True)
    copy_accepted_by = person()
    signed_at = models.DateTimeField(_("signed at"), null=True)
    ended_by = person()
    ended_at = models.DateTimeField(_("ended at"), null=True)
    end_reason = models.CharField(_("reason"), max_length=TEXT_LENGTH, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposer=F("counterparty")), name="agreement_between_two"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="agreement_has_a_term"
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("disclosure:agreement", args=[self.code])

    @property
    def is_in_force(self) -> bool:
        is_on = self.starts_on <= timezone.localdate() <= self.ends_on
        return self.state == AgreementState.SIGNED and is_on

    @property
    def is_over(self) -> bool:
        """Signed, and past its term."""
        return self.state == AgreementState.SIGNED and self.ends_on < timezone.localdate()


class AgreementListing(models.Model):
    """A listing that an agreement covers (协议覆盖的成果、专利或需求)."""

    agreement = models.ForeignKey(ConfidentialityAgreement, models.CASCADE, related_name="listings")
    listing = models.CharField(_("listing"), max_length=20, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "listing"], name="agreement_covers_once")
        ]

    def __str__(self):
        return f"{self.agreement_id} {self.listing}"


class Reading(models.Model):
    """That somebody read on a day what of a listing is not public (阅读记录).

    Nobody changes or deletes a line: triggers refuse it. ``groups`` are sorted, with commas;
    ``organization`` is the one that could read, empty for the platform's people; ``level`` is the
    highest of the groups read.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    listing = models.CharField(_("listing"), max_length=20)
    owner_organization = models.ForeignKey(Organization, models.PROTECT, related_name="readings")
    groups = models.CharField(_("field groups"), max_length=80)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices)
    read_at = models.DateTimeField(_("read at"))
    read_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "groups", "read_on"], name="one_reading_a_day"
            )
        ]
        indexes = [models.Index(fields=["owner_organization", "-read_at"])]

    def __str__(self):
        return f"{self.user_id} {self.listing} {self.groups}"

    @property
    def group_labels(self) -> list[str]:
        return [str(FieldGroup(group).label) for group in self.groups.split(",")]


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def in_force(self, today=None):
        today = today or timezone.localdate()
        return self.filter(state=RequestState.GRANTED, until__gte=today)

    def for_user(self, user):
        """The owner's members, and those who oversee."""
        if not user.is_authenticated:
            return self.none()
        if not user.roles.isdisjoint(OVERSEERS):
            return self
        return self.filter(owner_organization__in=user.organization_ids)


class AccessRequest(models.Model):
    """A reasoned request of the commission or an auditor to read what is closed (查阅申请).

    ``subject`` is the code of a listing, or of a thread whose confidential messages of
    ``owner_organization`` are meant. A statutory one names its ``legal_basis`` and is granted at
    once; the owner sees every one. It opens ``groups`` to the requester alone, to the last day of
    ``until``.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    subject = models.CharField(_("subject of the request"), max_length=20, db_index=True)
    subject_label = models.CharField(max_length=255)
    subject_url = models.CharField(max_length=300)
    groups = models.CharField(_("field groups"), max_length=80)
    owner_organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="access_requests"
    )
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=TEXT_LENGTH)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    until = models.DateField(_("until"))
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=RequestState.choices,
        default=RequestState.ASKED,
        db_index=True,
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_by = person()
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.CharField(_("answer"), max_length=TEXT_LENGTH, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(answer=""),
                name="refused_request_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("disclosure:request", args=[self.code])

    @property
    def group_list(self) -> list[str]:
        return self.groups.split(",")

    @property
    def group_labels(self) -> list[str]:
        return [str(FieldGroup(group).label) for group in self.group_list]

    @property
    def is_over(self) -> bool:
        return self.state == RequestState.GRANTED and self.until < timezone.localdate()
