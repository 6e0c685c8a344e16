"""The site's pages in the databases that tests copy: nearly every test needs them."""

from django.db.models.signals import post_save
from wagtail.models import PageLogEntry

from portal.operations.receivers import on_logged
from portal.site.services import create_site_tree


def make_pages() -> None:
    """Make them as a new portal does, but leave the audit log empty: tests count its lines."""
    named = {"sender": PageLogEntry, "dispatch_uid": "operations.on_page_logged"}
    post_save.disconnect(**named)
    try:
        create_site_tree()
    finally:
        post_save.connect(on_logged, **named)
