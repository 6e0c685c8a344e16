from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.models import Organization, User
from portal.audit.services import record

from ..models import (
    InstituteIndexPage,
    InstitutePage,
    InstituteReviewTask,
    PlatformReviewTask,
)

OFFICE_PAGE_PERMISSIONS = ("add_page", "change_page")
OFFICE_MEDIA_PERMISSIONS = (
    ("wagtailimages", "image"),
    ("wagtaildocs", "document"),
)


class UnableToOnboard(Exception):
    """The organization cannot get an institute page; the message says why."""


def office_group_name(organization: Organization) -> str:
    return f"organization-{organization.pk}-office"


@transaction.atomic
def onboard_organization(*, organization: Organization, actor: User | None) -> InstitutePage:
    """Make an institute's page, group, page permission, collection and reviewers, all or nothing.

    Safe to repeat: what exists already stays. Raises ``UnableToOnboard`` for organizations that
    do not publish or while the portal has no institute index.
    """
    if organization.kind not in PUBLISHING_KINDS:
        raise UnableToOnboard(_("Only universities and research institutes publish here."))
    index = InstituteIndexPage.objects.first()
    if index is None:
        raise UnableToOnboard(_("The portal has no page for institutes yet."))
    index = Page.objects.select_for_update().get(pk=index.pk)
    page = InstitutePage.objects.filter(organization=organization).first()
    if page is None:
        page = InstitutePage(
            title=organization.name,
            slug=slugify(organization.name_en)[:60] or f"institute-{organization.pk}",
            organization=organization,
            introduction=organization.introduction,
            introduction_en=organization.introduction_en,
        )
        if index.get_children().filter(slug=page.slug).exists():
            page.slug = f"{page.slug}-{organization.pk}"
        index.add_child(instance=page)
        page.save_revision(user=actor if actor and actor.is_authenticated else None)
    group, _created = Group.objects.get_or_create(name=office_group_name(organization))
    _grant_office(group, page, _organization_collection(organization))
    ensure_review_workflow(index=index)
    sync_office_group(organization=organization)
    record(actor=actor, action="achievements.onboard_organization", target=organization)
    return page


def _organization_collection(organization: Organization) -> Collection:
    name = f"organization-{organization.pk}"
    root = Collection.objects.select_for_update().get(depth=1)
    return root.get_children().filter(name=name).first() or root.add_child(
        instance=Collection(name=name)
    )


def _grant_office(group: Group, page: InstitutePage, collection: Collection) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for codename in OFFICE_PAGE_PERMISSIONS:
        GroupPagePermission.objects.get_or_create(
            group=group,
            page=page.page_ptr,
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )
    for app_label, model in OFFICE_MEDIA_PERMISSIONS:
        for verb in ("add", "change", "choose"):
            GroupCollectionPermission.objects.get_or_create(
                group=group,
                collection=collection,
                permission=Permission.objects.get(
                    content_type__app_label=app_label, codename=f"{verb}_{model}"
                ),
            )


def sync_office_group(*, organization: Organization) -> None:
    """Make the office group hold exactly the active owners and editors."""
    group = Group.objects.filter(name=office_group_name(organization)).first()
    if group:
        group.user_set.set(organization.memberships.office().values_list("user", flat=True))


@transaction.atomic
def ensure_review_workflow(*, index: Page) -> Workflow:
    """Return the one review workflow of all institutes, made on first use."""
    existing = WorkflowPage.objects.filter(page=index).select_related("workflow").first()
    if existing:
        return existing.workflow
    workflow = Workflow.objects.create(name="成果与专利审核")
    tasks = (
        InstituteReviewTask.objects.create(name="单位审核"),
        PlatformReviewTask.objects.create(name="平台审核"),
    )
    for order, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.create(workflow=workflow, page=index)
    return workflow
