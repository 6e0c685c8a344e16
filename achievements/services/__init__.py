from .bulk import add_pages
from .facts import (
    archive_listing,
    confirm_listing,
    note_file_reading,
    restore_listing,
    resync_listing,
    set_disclosure,
    set_validity,
    withdraw_listing,
)
from .files import ATTACHED, attach_files, detach_file
from .listings import (
    TextMovedOn,
    UnableToChangeListing,
    create_listing,
    delete_draft,
    discard_changes,
    restore_version,
    save_draft,
)
from .onboarding import (
    UnableToOnboard,
    ensure_review_workflow,
    office_group_name,
    onboard_organization,
    sync_office_group,
)
from .reviews import (
    approve_listing,
    complete_publication,
    return_listing,
    submit_listing,
    take_back_listing,
    tell_reviewers,
)

__all__ = [
    "ATTACHED",
    "TextMovedOn",
    "UnableToChangeListing",
    "UnableToOnboard",
    "add_pages",
    "approve_listing",
    "archive_listing",
    "attach_files",
    "complete_publication",
    "confirm_listing",
    "create_listing",
    "delete_draft",
    "detach_file",
    "discard_changes",
    "ensure_review_workflow",
    "note_file_reading",
    "office_group_name",
    "onboard_organization",
    "restore_listing",
    "restore_version",
    "resync_listing",
    "return_listing",
    "save_draft",
    "set_disclosure",
    "set_validity",
    "submit_listing",
    "sync_office_group",
    "take_back_listing",
    "tell_reviewers",
    "withdraw_listing",
]
