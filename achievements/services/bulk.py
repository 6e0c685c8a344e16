from collections.abc import Iterable, Mapping, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Locale, Page, Revision

from portal.accounts.models import User
from portal.audit.services import record
from portal.taxonomy.services import assign_code
from search.services import schedule_sync_many

from ..models import InstitutePage, ListingPage
from .listings import refuse_classified

Relations = Mapping[str, Iterable[int]]


@transaction.atomic
def add_pages(
    *,
    institute: InstitutePage,
    pages: Sequence[ListingPage],
    relations: Sequence[Relations],
    actor: User | None,
) -> list[int]:
    """Add many drafts of one kind below an institute in a constant number of queries a batch.

    The one door for imports. ``relations`` gives each page's vocabularies as ``{field name: ids}``.
    The caller has checked the texts; references to pictures and files are not recorded, because
    drafts of an import have none. Returns the new ids.
    """
    if not pages:
        return []
    for page in pages:
        refuse_classified(page)
    model = type(pages[0])
    parent = Page.objects.select_for_update().get(pk=institute.pk)
    _place(parent, institute, pages, assign_code(prefix=model.CODE_PREFIX, count=len(pages)), actor)
    contents = [
        {**page.serializable_data(), **relation}
        for page, relation in zip(pages, relations, strict=True)
    ]
    _insert(model, parent, pages)
    _relate(model, pages, relations)
    _add_revisions(model, pages, contents, actor)
    pks = [page.pk for page in pages]
    record(
        actor=actor,
        action="achievements.add_pages",
        target=institute,
        organization_id=institute.organization_id,
        first=pages[0].code,
        last=pages[-1].code,
        count=len(pages),
    )
    schedule_sync_many(model, pks)
    return pks


def _place(
    parent: Page,
    institute: InstitutePage,
    pages: Sequence[ListingPage],
    codes: Sequence[str],
    actor: User | None,
) -> None:
    last = parent.get_last_child()
    step = Page._str2int(last.path[-Page.steplen :]) if last else 0
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    locale, now = Locale.get_default(), timezone.now()
    for number, (page, code) in enumerate(zip(pages, codes, strict=True), start=1):
        page.code, page.slug = code, code.lower()
        page.path = Page._get_path(parent.path, parent.depth + 1, step + number)
        page.depth, page.numchild = parent.depth + 1, 0
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title, page.content_type, page.locale = page.title, content_type, locale
        page.institute, page.owner = institute, actor
        page.live, page.has_unpublished_changes = False, True
        page.latest_revision_created_at = now


def _insert(model: type[ListingPage], parent: Page, pages: Sequence[ListingPage]) -> None:
    """Write the base rows, then the kind's own rows, which ``bulk_create`` refuses to."""
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = [Page(**{name: getattr(page, name) for name in names}) for page in pages]
    Page.objects.bulk_create(bases, batch_size=500)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + len(pages))
    for page, base in zip(pages, bases, strict=True):
        page.pk = page.page_ptr_id = base.pk
    fields = model._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(fields, pages)
    for start in range(0, len(pages), size):
        model._base_manager._insert(
            pages[start : start + size], fields=fields, using=connection.alias
        )


def _relate(
    model: type[ListingPage], pages: Sequence[ListingPage], relations: Sequence[Relations]
) -> None:
    for name in relations[0]:
        field = model._meta.get_field(name)
        through = field.remote_field.through
        own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [
                through(**{own: page.pk, other: pk})
                for page, relation in zip(pages, relations, strict=True)
                for pk in relation[name]
            ],
            batch_size=500,
        )


def _add_revisions(
    model: type[ListingPage],
    pages: Sequence[ListingPage],
    contents: Sequence[dict],
    actor: User | None,
) -> None:
    content_type = ContentType.objects.get_for_model(model)
    base_type, now = ContentType.objects.get_for_model(Page), timezone.now()
    revisions = [
        Revision(
            content_type=content_type,
            base_content_type=base_type,
            object_id=str(page.pk),
            object_str=page.title,
            content={**content, "pk": page.pk},
            created_at=now,
            user=actor,
        )
        for page, content in zip(pages, contents, strict=True)
    ]
    Revision.objects.bulk_create(revisions, batch_size=500)
    own = Revision.objects.filter(
        base_content_type=base_type, object_id=Cast(OuterRef("pk"), CharField())
    )
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        latest_revision_id=Subquery(own.order_by("-pk").values("pk")[:1])
    )
