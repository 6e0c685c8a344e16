from wagtail.models import Page, PageQuerySet, ReferenceIndex

from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor

from .models import PortalDocument, PortalImage

TENANT = "organization-"


def can_read_file(user: Visitor, file: PortalImage | PortalDocument) -> bool:
    """Tell whether ``user`` may read an image or document.

    A page that uses the file and is itself readable opens it. Else its uploader and the
    collection's own organization do, the platform's reviewers inside the organizations'
    collections, because they read drafts, and site editors outside of them.
    """
    collection = file.collection.name
    if user.is_authenticated and (
        file.uploaded_by_user_id == user.pk
        or collection in {f"{TENANT}{pk}" for pk in user.office_organization_ids}
        or (user.has_role(PortalRole.EDITOR) and not collection.startswith(TENANT))
        or (user.has_role(PortalRole.REVIEWER) and collection.startswith(TENANT))
    ):
        return True
    return any(opens(page, user) for page in pages_using(file))


def pages_using(file: PortalImage | PortalDocument) -> PageQuerySet:
    references = ReferenceIndex.get_references_to(file).filter(
        base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    return Page.objects.filter(
        pk__in=[int(pk) for pk in references.values_list("object_id", flat=True)]
    ).specific()


def opens(page: Page, user: Visitor) -> bool:
    """Ask the page; a kind that knows no readers is open to all unless an ancestor is private."""
    if hasattr(page, "opens_files_to"):
        return page.opens_files_to(user)
    if hasattr(page, "visible_to"):
        return page.visible_to(user)
    return page.live and not page.get_view_restrictions().exists()
