from wagtail.models import Page, ReferenceIndex

from portal.accounts.enums import PortalRole


def can_read_file(user, file) -> bool:
    """Tell whether ``user`` may read an image or document.

    A page that uses the file and is itself readable opens it; else only its uploader, the
    collection's own organization and site editors do.
    """
    if user.is_authenticated and (
        file.uploaded_by_user_id == user.pk
        or user.has_role(PortalRole.EDITOR)
        or file.collection.name in {f"organization-{pk}" for pk in user.office_organization_ids}
    ):
        return True
    references = ReferenceIndex.get_references_to(file).filter(
        base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    pages = Page.objects.filter(
        pk__in=[int(pk) for pk in references.values_list("object_id", flat=True)], live=True
    ).specific()
    return any(page.visible_to(user) for page in pages)
