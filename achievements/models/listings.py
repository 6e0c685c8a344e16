from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction

from portal.accounts.models import Organization
from portal.disclosure.enums import FieldGroup
from portal.disclosure.queries import parts_for
from portal.taxonomy.models import in_language
from portal.taxonomy.services import assign_code

from ..admin_forms import OwnFilesForm
from ..enums import Disclosure
from ..validators import split_keywords, validate_keywords, validate_text
from .institutes import InstitutePage


class ListingQuerySet(PageQuerySet):
    def current(self, today=None):
        """Live, valid today, neither withdrawn nor archived, under a live institute."""
        today = today or timezone.localdate()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            live=True,
            withdrawn_at__isnull=True,
            archived_at__isnull=True,
            institute__live=True,
        )

    def for_user(self, user):
        """Listings whose text ``user`` may read: by disclosure, or as owner's side or staff."""
        from ..rules import PLATFORM_READERS

        if user.is_authenticated and user.has_role(*PLATFORM_READERS):
            return self
        readable = Q(disclosure=Disclosure.PUBLIC)
        if user.is_authenticated:
            readable |= Q(disclosure=Disclosure.REGISTERED)
            readable |= Q(institute__organization__in=user.organization_ids)
        return self.filter(readable)

    def of_organizations(self, organization_ids):
        return self.filter(institute__organization__in=organization_ids)


ListingManager = PageManager.from_queryset(ListingQuerySet)


class ListingPage(Page):
    """What achievements and patent pages share: code, disclosure, validity, owner.

    The fields in ``OUTSIDE_REVIEW`` change at once, outside revisions, and publishing an older
    revision never touches them.
    """

    CODE_PREFIX = ""
    base_form_class = OwnFilesForm
    OUTSIDE_REVIEW = (
        "code",
        "institute_id",
        "disclosure",
        "valid_until",
        "confirmed_at",
        "withdrawn_at",
        "withdrawn_reason",
        "archived_at",
        "source_id",
        "updated_at",
    )

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    institute = models.ForeignKey(
        InstitutePage, models.PROTECT, related_name="%(class)ss", editable=False
    )
    disclosure = models.CharField(
        _("disclosure"),
        max_length=10,
        choices=Disclosure.choices,
        default=Disclosure.PUBLIC,
        db_index=True,
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True, db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    source_id = models.CharField(_("source id"), max_length=80, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    summary = models.CharField(_("one-line value"), max_length=120)
    summary_en = models.CharField(_("one-line value in English"), max_length=300, blank=True)
    price_min = models.PositiveBigIntegerField(
        _("intended price from (yuan)"), null=True, blank=True
    )
    price_max = models.PositiveBigIntegerField(_("intended price to (yuan)"), null=True, blank=True)
    keywords = models.CharField(
        _("keywords"),
        max_length=200,
        blank=True,
        validators=[validate_keywords],
        help_text=_("Up to ten, separated by commas."),
    )

    objects = ListingManager()

    exclude_fields_in_copy = ["code", "slug"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.code:
            [self.code] = assign_code(prefix=self.CODE_PREFIX)
            self.slug = self.code.lower()
        if not self.institute_id:
            self.institute = self.get_parent().specific
        kwargs.setdefault("clean", self.live)  # a draft may be incomplete
        super().save(*args, **kwargs)

    def full_clean(self, *args, **kwargs):
        if not self.slug:
            self.slug = self.code.lower() or f"new-{timezone.now().timestamp():.0f}"
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        low, high = self.price_min, self.price_max
        if low is not None and high is not None and low > high:
            raise ValidationError(
                {"price_max": _("The upper price must not be below the lower one.")}
            )
        self._clean_texts()

    def _clean_texts(self) -> None:
        errors = {}
        for field in self._meta.local_concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                try:
                    validate_text(getattr(self, field.attname) or "")
                except ValidationError as error:
                    errors[field.name] = error
        try:
            validate_text(self.title)
        except ValidationError as error:
            errors["title"] = error
        if errors:
            raise ValidationError(errors)

    def with_content_json(self, content):
        page = super().with_content_json(content)
        for name in self.OUTSIDE_REVIEW:
            setattr(page, name, getattr(self, name))
        page.slug = self.slug
        return page

    @property
    def organization(self) -> Organization:
        return self.institute.organization

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_summary(self) -> str:
        return in_language(self.summary, self.summary_en)

    @property
    def keyword_list(self) -> list[str]:
        return split_keywords(self.keywords)

    @property
    def price_is_negotiable(self) -> bool:
        """面议: no price was named."""
        return self.price_min is None and self.price_max is None

    @property
    def is_current(self) -> bool:
        """Whether the listing stands on the portal today; the row's twin of ``current()``."""
        return (
            self.live
            and self.withdrawn_at is None
            and self.archived_at is None
            and (self.valid_until is None or self.valid_until >= timezone.localdate())
            and self.institute.live
        )

    def get_view_restrictions(self):
        """In one query: a listing has no alias whose restrictions would count, too."""
        return PageViewRestriction.objects.filter(page__in=self.get_ancestors(inclusive=True))

    def serve(self, request, *args, **kwargs):
        """Show the page to those who may read it; to everybody else it does not exist."""
        from portal.disclosure.services import read_listing

        if not self.visible_to(request.user):
            raise Http404
        part = read_listing(user=request.user, listing=self)
        return super(ListingPage, part).serve(request, *args, **kwargs)

    def visible_to(self, user) -> bool:
        from ..rules import can_read_listing

        return can_read_listing(user, self)

    def opens_files_to(self, user) -> bool:
        """Tell whether the page shows ``user`` its pictures and files."""
        if not self.visible_to(user):
            return False
        [part] = parts_for(user, [self])
        return FieldGroup.FILES not in part.access.withheld
