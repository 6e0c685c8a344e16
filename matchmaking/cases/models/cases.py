from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from matchmaking.interests.models import Interest
from matchmaking.models import Need
from portal.accounts.models import Organization, private_storage
from portal.accounts.rules import can_oversee
from portal.taxonomy.models import Industry

from ..enums import (
    END_STAGES,
    CaseStage,
    ConversionMode,
    EventKind,
    EvidenceKind,
    LicenceKind,
    PartyRole,
    PricingRoute,
)
from ..ledger import CaseState


class CaseQuerySet(models.QuerySet["ConversionCase"]):
    def for_user(self, user):
        """Cases that ``user`` may read: those of the own organizations, all as the commission."""
        if not user.is_authenticated:
            return self.none()
        if can_oversee(user):
            return self
        parties = CaseParty.objects.present().filter(
            Q(organization__in=user.organization_ids) | Q(user=user)
        )
        return self.filter(Q(broker=user) | Q(pk__in=parties.values("case")))

    def open(self):
        return self.exclude(stage__in=END_STAGES)


class ConversionCase(models.Model):
    """One conversion from first interest to industrial output (转化案例).

    ``lead_owner`` is the first owner that takes part, ``industry`` the first one of the listing
    (without a listing, of the need): a case counts once in each table. Everything from ``stage``
    down is the fold of the events, stored for queries; only ``services`` write it, together with
    the event that it follows from.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    page = models.ForeignKey(
        Page, models.SET_NULL, null=True, blank=True, related_name="conversion_cases"
    )
    need = models.ForeignKey(
        Need, models.SET_NULL, null=True, blank=True, related_name="conversion_cases"
    )
    interest = models.OneToOneField(
        Interest, models.SET_NULL, null=True, blank=True, related_name="conversion_case"
    )
    listing_code = models.CharField(max_length=20, blank=True)
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_id = models.CharField(_("source id"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    lead_owner = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("owner")
    )
    industry = models.ForeignKey(
        Industry,
        models.SET_NULL,
        to_field="code",
        null=True,
        related_name="+",
        verbose_name=_("industry"),
    )

    stage = models.CharField(
        _("main stage"),
        max_length=16,
        choices=CaseStage.choices,
        default=CaseStage.INTENT,
        db_index=True,
    )
    stage_since = models.DateField(_("since"))
    opened_on = models.DateField(_("opened on"), db_index=True)
    nda_on = models.DateField(_("confidential since"), null=True)
    signed_on = models.DateField(_("signed on"), null=True, db_index=True)
    first_received_on = models.DateField(_("first money on"), null=True, db_index=True)
    accepted_on = models.DateField(_("accepted on"), null=True)
    industrialised_on = models.DateField(_("in production since"), null=True)
    mode = models.CharField(_("mode"), max_length=12, choices=ConversionMode.choices, blank=True)
    licence_kind = models.CharField(max_length=10, choices=LicenceKind.choices, blank=True)
    route = models.CharField(_("pricing"), max_length=10, choices=PricingRoute.choices, blank=True)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2, null=True)
    contract_total = models.DecimalField(
        _("contract amount"), max_digits=15, decimal_places=2, null=True
    )
    received = models.DecimalField(_("received"), max_digits=15, decimal_places=2, default=0)
    tracks = models.JSONField(default=dict)
    tracks_since = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    head_digest = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()
    fetched_parties: "list[CaseParty]"  # set by queries that read many cases

    class Meta:
        verbose_name = _("conversion case")
        verbose_name_plural = _("conversion cases")
        indexes = [models.Index(fields=["stage", "stage_since"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source_id"], condition=~Q(source_id=""), name="case_source_once"
            )
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("cases:case", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.stage not in END_STAGES

    def present_parties(self) -> list["CaseParty"]:
        """Whoever has not left, with organizations; fetched parties are not asked for again."""
        parties = self.__dict__.get("fetched_parties")
        if parties is None:
            parties = list(self.parties.select_related("organization").order_by("pk"))
        return [party for party in parties if party.left_on is None]

    @property
    def state(self) -> CaseState:
        """The stored fold of the events."""
        return CaseState(
            stage=self.stage,
            stage_since=self.stage_since,
            opened_on=self.opened_on,
            tracks=dict(self.tracks),
            tracks_since=dict(self.tracks_since),
            facts=dict(self.facts),
        )


class CasePartyQuerySet(models.QuerySet["CaseParty"]):
    def present(self):
        return self.filter(left_on__isnull=True)


class CaseParty(models.Model):
    """An organization or person in a case (参与方); completers are persons of the owner's.

    ``share`` is in per cent, of the result for owners and of its use for takers.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=10, choices=PartyRole.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="case_parties"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    share = models.DecimalField(
        _("share in per cent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = CasePartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(name=""), name="party_is_named"
            ),
            models.UniqueConstraint(
                fields=["case", "role", "organization"],
                condition=Q(left_on__isnull=True, organization__isnull=False),
                name="party_once",
            ),
        ]

    def __str__(self):
        return self.organization.label if self.organization else self.name

    @property
    def is_public_owner(self) -> bool:
        """A state-owned university, institute or other public institution that owns the result."""
        return (
            self.role == PartyRole.OWNER
            and self.organization is not None
            and self.organization.is_public_body
        )


class CaseEvent(models.Model):
    """One dated, provable step of a case (事件); append-only and chained within its case.

    ``digest`` covers every field and the digest before it. Database triggers refuse UPDATE and
    DELETE; a wrong entry is corrected by a CORRECTED event that names its sequence number.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("event"), max_length=24, choices=EventKind.choices)
    occurred_on = models.DateField(_("on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    payload = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="event_once")]
        indexes = [
            models.Index(fields=["kind", "occurred_on"]),
            models.Index(fields=["recorded_at"]),
        ]

    def __str__(self):
        return f"{self.case_id} #{self.sequence} {self.kind}"


class CaseFile(models.Model):
    """A paper that proves an event (证明材料); the event holds its salted digest.

    The salt is stored here: once file and row are erased, nobody can tell from the digest what
    the file held.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="files")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(
        _("kind"), max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.OTHER
    )
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(upload_to="cases/", storage=private_storage, max_length=200)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class Anchor(models.Model):
    """The heads of the chains at the end of a day, exported and mailed (存证锚点).

    ``file`` lists the head of every case that moved since the anchor before and the head of the
    audit log; ``digest`` is SHA-256 over that file and ``previous_digest``.
    """

    day = models.DateField(unique=True)
    created_at = models.DateTimeField()
    case_count = models.PositiveIntegerField()
    file = models.FileField(upload_to="anchors/", storage=private_storage)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.day} {self.digest[:12]}"
