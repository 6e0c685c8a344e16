from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from matchmaking.models import Need
from portal.accounts.enums import OVERSEERS, PortalRole
from portal.accounts.models import Organization, private_storage

from .enums import OPEN_STATES, DeclineReason, InterestState, Mandate, Party, TargetKind

TEXT_LENGTH, MESSAGE_LENGTH = 500, 4000


class InterestQuerySet(models.QuerySet["Interest"]):
    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, today=None):
        """Those whose term has passed without an answer."""
        today = today or timezone.localdate()
        return self.filter(state=InterestState.SENT, due_on__lt=today)

    def for_user(self, user):
        """Interests of the person's organizations, of a broker, or all for those who oversee."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*OVERSEERS):
            return self
        own = Q(sender_organization__in=user.organization_ids)
        own |= Q(receiver_organization__in=user.organization_ids)
        if user.has_role(PortalRole.BROKER):
            own |= Q(broker=user)
        return self.filter(own)

    def with_names(self):
        return self.select_related(
            "page", "need", "sender_organization", "receiver_organization", "sender", "broker"
        )


class Interest(models.Model):
    """An organization's interest in what another one has published (意向).

    ``kind`` says which of ``page`` and ``need`` is the receiver's; the other one, if set, is what
    the sender brings to the match. ``term_days`` and ``answered_in`` count working days;
    ``first_reply_at`` is the receiver's first word of any kind, ``answered_at`` its yes or no.
    ``shows_receiver`` is there on interests that a list made for a reader.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=TargetKind.choices)
    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="interests")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="interests")
    sender_organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="sent_interests"
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="sent_interests"
    )
    receiver_organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="received_interests"
    )
    purpose = models.TextField(_("what for"), max_length=TEXT_LENGTH)
    offer = models.TextField(_("what we offer"), max_length=TEXT_LENGTH, blank=True)
    ask = models.TextField(_("what we ask"), max_length=TEXT_LENGTH)
    sender_shares_contact = models.BooleanField(default=False)
    receiver_shares_contact = models.BooleanField(default=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=InterestState.choices,
        default=InterestState.SENT,
        db_index=True,
    )
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    term_days = models.PositiveSmallIntegerField(_("term in working days"))
    due_on = models.DateField(_("answer due on"), db_index=True)
    first_reply_at = models.DateTimeField(_("first reply at"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_in = models.PositiveSmallIntegerField(_("answered in working days"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("talks since"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    closing_note = models.CharField(_("how it ended"), max_length=300, blank=True)
    declined_side = models.CharField(max_length=8, choices=Party.choices, blank=True)
    decline_reason = models.CharField(
        _("reason"), max_length=12, choices=DeclineReason.choices, blank=True
    )
    decline_comment = models.CharField(_("comment"), max_length=500, blank=True)
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="brokered_interests",
        verbose_name=_("broker"),
    )

    shows_receiver: bool

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=TargetKind.NEED, need__isnull=False)
                | (~Q(kind=TargetKind.NEED) & Q(page__isnull=False)),
                name="interest_has_its_target",
            ),
            models.CheckConstraint(
                condition=~Q(sender_organization=F("receiver_organization")),
                name="interest_in_others_only",
            ),
            models.CheckConstraint(
                condition=(Q(state=InterestState.DECLINED) & ~Q(decline_reason=""))
                | (~Q(state=InterestState.DECLINED) & Q(decline_reason="")),
                name="every_no_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["sender_organization", "page"],
                condition=~Q(kind=TargetKind.NEED) & Q(state__in=sorted(OPEN_STATES)),
                name="one_open_interest_per_page",
            ),
            models.UniqueConstraint(
                fields=["sender_organization", "need"],
                condition=Q(kind=TargetKind.NEED, state__in=sorted(OPEN_STATES)),
                name="one_open_interest_per_need",
            ),
        ]
        indexes = [
            models.Index(fields=["receiver_organization", "sent_at"]),
            models.Index(fields=["sender_organization", "sent_at"]),
            models.Index(fields=["state", "due_on"]),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("interests:interest", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_overdue(self) -> bool:
        return self.state == InterestState.SENT and self.due_on < timezone.localdate()

    @property
    def target_label(self) -> str:
        """The title of what the receiver has published."""
        target = self.need if self.kind == TargetKind.NEED else self.page
        assert target is not None
        return target.label if isinstance(target, Need) else target.title

    @property
    def names_receiver(self) -> bool:
        """A company that keeps its name to itself is named once it has agreed to talk."""
        need = self.need if self.kind == TargetKind.NEED else None
        return need is None or need.shows_organization or self.accepted_at is not None


class InterestMessage(models.Model):
    """One message of the thread (往来); without ``sent_at`` a draft that only its author sees.

    Only the two organizations read one that is marked confidential. ``body_is_open`` and ``writer``
    are there on messages that ``queries`` made for a reader.
    """

    interest = models.ForeignKey(Interest, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    side = models.CharField(max_length=8, choices=Party.choices)
    text = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, db_index=True)

    body_is_open: bool
    writer: str

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interest", "author"],
                condition=Q(sent_at__isnull=True),
                name="one_draft_per_author",
            )
        ]

    def __str__(self):
        return f"{self.interest_id} {self.side} {self.sent_at or 'draft'}"


class InterestFile(models.Model):
    """A file of a message under a random name, read through one checked view (往来附件)."""

    message = models.ForeignKey(InterestMessage, models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to="interests/", storage=private_storage)
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.name


class Introduction(models.Model):
    """A broker's introduction of both sides, with its time and mandate (引荐)."""

    interest = models.ForeignKey(Interest, models.CASCADE, related_name="introductions")
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mandate = models.CharField(_("acts"), max_length=8, choices=Mandate.choices)
    note = models.CharField(_("note"), max_length=500)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.interest_id} {self.mandate} {self.made_at:%Y-%m-%d}"


class BrokerAssignment(models.Model):
    """Since when a broker looks after an interest, and from whom it came (经理人指派).

    Without ``assigned_by`` the clock gave it out; the latest one is in force.
    """

    interest = models.ForeignKey(Interest, models.CASCADE, related_name="assignments")
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    assigned_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.interest_id} {self.broker_id} {self.assigned_at:%Y-%m-%d}"
