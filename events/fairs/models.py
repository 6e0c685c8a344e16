from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import EXHIBITION_KINDS, MEETING_KINDS
from events.models import FairPage
from portal.accounts.enums import OVERSEERS, PortalRole
from portal.accounts.models import Organization
from portal.taxonomy.models import in_language

from .enums import (
    REGISTRATION_STATES,
    UNPUBLISHED_STATES,
    FairState,
    ListVisibility,
    NewsKind,
    ParticipantRole,
    RequestMode,
    SchedulingMode,
    SlotKind,
    TableKind,
)


class FairQuerySet(models.QuerySet["Fair"]):
    def published(self):
        return self.exclude(state__in=UNPUBLISHED_STATES).filter(page__live=True)

    def for_user(self, user):
        """Fairs whose workspace a person may read: the organizers' office, those who oversee."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*OVERSEERS, PortalRole.OPERATOR, PortalRole.REVIEWER):
            return self
        offices = user.office_organization_ids
        own = Q(organizer__in=offices) | Q(co_organizers__in=offices) | Q(created_by=user.pk)
        return self.filter(own).distinct()

    def with_page(self):
        return self.select_related("page__district", "organizer")


class Fair(models.Model):
    """A fair as it is run (对接会、成果展示会的办会信息).

    What is announced of it, with place and time, stands on its page. ``capacity`` counts people
    in all roles, None is without limit; ``display_after_days`` and ``retention_days`` count from
    the end: then the lists close, then the personal data goes.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    page = models.OneToOneField(FairPage, models.PROTECT, related_name="fair")
    organizer = models.ForeignKey(
        Organization, models.PROTECT, related_name="fairs", verbose_name=_("organizer")
    )
    co_organizers = models.ManyToManyField(
        Organization, blank=True, related_name="co_organized_fairs", verbose_name=_("co-organizers")
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=FairState.choices,
        default=FairState.DRAFT,
        db_index=True,
    )
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    directions = models.CharField(_("how to get there"), max_length=300, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    capacity = models.PositiveIntegerField(_("places in all"), null=True, blank=True)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    requests_open_at = models.DateTimeField(_("requests open"), null=True, blank=True)
    requests_close_at = models.DateTimeField(_("requests close"), null=True, blank=True)
    schedule_publish_at = models.DateTimeField(_("schedule published"), null=True, blank=True)
    request_mode = models.CharField(
        _("request mode"), max_length=8, choices=RequestMode.choices, default=RequestMode.OPT_IN
    )
    scheduling_mode = models.CharField(
        _("scheduling mode"),
        max_length=12,
        choices=SchedulingMode.choices,
        default=SchedulingMode.ORGANIZER,
    )
    max_requests_out = models.PositiveSmallIntegerField(_("requests a person may send"), default=10)
    max_meetings = models.PositiveSmallIntegerField(_("meetings a person may have"), default=12)
    needs_approval = models.BooleanField(
        _("the organizer approves each registration"), default=True
    )
    change_resets_approval = models.BooleanField(
        _("a changed profile waits for approval again"), default=False
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours in which an offered place is to be taken"), default=24
    )
    with_exhibition = models.BooleanField(_("with an exhibition"), default=False)
    list_public = models.CharField(
        _("list on the public page"),
        max_length=12,
        choices=ListVisibility.choices,
        default=ListVisibility.HIDE_ALL,
    )
    list_participants = models.CharField(
        _("list for participants"),
        max_length=12,
        choices=ListVisibility.choices,
        default=ListVisibility.WITH_CONSENT,
    )
    display_after_days = models.PositiveSmallIntegerField(
        _("days that the lists stay open after the fair"), default=30
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days after which personal data is erased"), default=365
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    state_note = models.CharField(_("reason"), max_length=300, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="copies", verbose_name=_("copied from")
    )
    created_at = models.DateTimeField(default=timezone.now)
    purged_at = models.DateTimeField(null=True, editable=False)

    objects = FairQuerySet.as_manager()

    class Meta:
        verbose_name = _("fair")
        verbose_name_plural = _("fairs")

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("fairs:fair", args=[self.code])

    @property
    def label(self) -> str:
        return self.page.label

    @property
    def has_meetings(self) -> bool:
        return self.page.kind in MEETING_KINDS

    @property
    def has_exhibition(self) -> bool:
        return self.page.kind in EXHIBITION_KINDS or self.with_exhibition

    @property
    def is_ended(self) -> bool:
        return self.state in {FairState.CLOSED, FairState.ARCHIVED, FairState.CANCELLED}

    @property
    def map_url(self) -> str:
        """A map service's page for the place; empty without both numbers."""
        if self.latitude is None or self.longitude is None:
            return ""
        return settings.MAP_URL.format(latitude=self.latitude, longitude=self.longitude)

    def takes_registrations(self, now) -> bool:
        """Whether somebody may register at this moment; without a last day until it begins."""
        last = self.registration_closes_at or self.page.starts_at
        return self.state in REGISTRATION_STATES and now < last


class RoleCapacity(models.Model):
    """A role that a fair admits (各身份名额); without a number only the places in all limit it."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=12, choices=ParticipantRole.choices)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fair", "role"], name="role_once_per_fair")]

    def __str__(self):
        return f"{self.fair_id} {self.role}"


class RolePair(models.Model):
    """Who may ask whom for a meeting (可约谈身份)."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="pairs")
    asking = models.CharField(_("who asks"), max_length=12, choices=ParticipantRole.choices)
    asked = models.CharField(_("who is asked"), max_length=12, choices=ParticipantRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fair", "asking", "asked"], name="pair_once_per_fair")
        ]

    def __str__(self):
        return f"{self.fair_id} {self.asking} → {self.asked}"


class MeetingSession(models.Model):
    """A run of slots, a morning or an afternoon (场次)."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="sessions")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    slot_minutes = models.PositiveSmallIntegerField(_("minutes of a slot"), default=20)
    gap_minutes = models.PositiveSmallIntegerField(_("minutes between slots"), default=5)

    class Meta:
        verbose_name = _("session")

    def __str__(self):
        return f"{self.fair_id} {self.name}"

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Slot(models.Model):
    """A time in which each table takes one meeting (时段)."""

    session = models.ForeignKey(MeetingSession, models.CASCADE, related_name="slots")
    index = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    kind = models.CharField(
        _("kind"), max_length=8, choices=SlotKind.choices, default=SlotKind.MEETING
    )
    label = models.CharField(_("what happens"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "index"], name="slot_index_in_session"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%H:%M}–{end:%H:%M}"


class MeetingTable(models.Model):
    """Where two parties meet: a table, a booth or an online room (洽谈位).

    An ``owner`` meets nowhere else, and nobody else meets here.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="tables")
    code = models.CharField(_("number"), max_length=12)
    kind = models.CharField(
        _("kind"), max_length=6, choices=TableKind.choices, default=TableKind.TABLE
    )
    zone = models.CharField(_("zone"), max_length=30, blank=True)
    is_accessible = models.BooleanField(_("reached without steps"), default=False)
    owner = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="fair_tables",
        verbose_name=_("of one organization"),
    )
    online_url = models.URLField(_("address of the room"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fair", "code"], name="table_code_in_fair")]

    def __str__(self):
        return self.code


class FairNews(models.Model):
    """A change that everybody concerned is told, and when that was done (变更通知)."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="news")
    kind = models.CharField(max_length=9, choices=NewsKind.choices)
    note = models.CharField(_("reason"), max_length=300)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.fair_id} {self.kind} {self.made_at:%Y-%m-%d}"
