"""What the audit log's codes say in words; a code without words stands for itself."""

from typing import Any

from django.utils.translation import gettext as translate, gettext_lazy as _

ACTIONS = {
    "accounts.accept_invitation": _("Accepted an invitation"),
    "accounts.add_second_step": _("Added a second step"),
    "accounts.affirm_contact": _("Affirmed the contact"),
    "accounts.change_email": _("Changed the e-mail address"),
    "accounts.change_password": _("Changed the password"),
    "accounts.change_role": _("Changed a member's role"),
    "accounts.check_paper": _("Checked a paper"),
    "accounts.confirm_contact": _("Confirmed the contact"),
    "accounts.confirm_email": _("Confirmed the e-mail address"),
    "accounts.create_organization": _("Registered an organization"),
    "accounts.decide_membership": _("Decided on a request to join"),
    "accounts.decline_invitation": _("Declined an invitation"),
    "accounts.edit_organization": _("Changed an organization"),
    "accounts.edit_profile": _("Changed the own profile"),
    "accounts.fail_second_step": _("Failed at the second step"),
    "accounts.fail_sign_in": _("Failed to sign in"),
    "accounts.give_consent": _("Gave a consent"),
    "accounts.grant_role": _("Granted a role of the platform"),
    "accounts.invite_member": _("Invited a member"),
    "accounts.leave_organization": _("Left an organization"),
    "accounts.read_paper": _("Read a paper"),
    "accounts.remove_second_step": _("Removed a second step"),
    "accounts.request_membership": _("Asked to join"),
    "accounts.reset_password": _("Reset the password"),
    "accounts.revoke_invitation": _("Revoked an invitation"),
    "accounts.revoke_role": _("Revoked a role of the platform"),
    "accounts.sign_in": _("Signed into the portal"),
    "accounts.sign_out": _("Signed out"),
    "accounts.sign_up": _("Signed up"),
    "accounts.submit_paper": _("Handed in a paper"),
    "accounts.take_back_request": _("Took back a request to join"),
    "accounts.withdraw_consent": _("Withdrew a consent"),
    "achievements.add_pages": _("Imported listings"),
    "achievements.approve_listing": _("Approved a listing"),
    "achievements.archive_listing": _("Archived a listing"),
    "achievements.attach_files": _("Attached files"),
    "achievements.confirm_listing": _("Confirmed a listing anew"),
    "achievements.create_listing": _("Began a listing"),
    "achievements.delete_draft": _("Deleted a draft"),
    "achievements.detach_file": _("Removed a file"),
    "achievements.discard_changes": _("Discarded the changes of a listing"),
    "achievements.import_listings": _("Imported a table"),
    "achievements.onboard_organization": _("Set up an institute"),
    "achievements.publish_listing": _("Published a listing"),
    "achievements.restore_listing": _("Put a listing back"),
    "achievements.restore_version": _("Went back to an earlier version"),
    "achievements.return_listing": _("Returned a listing"),
    "achievements.set_disclosure": _("Set who may read a listing"),
    "achievements.set_validity": _("Set how long a listing is valid"),
    "achievements.submit_listing": _("Sent a listing to review"),
    "achievements.take_back_listing": _("Took a listing back from review"),
    "achievements.withdraw_listing": _("Withdrew a listing"),
    "ip.change_patent_status": _("Changed a patent's legal status"),
    "ip.correct_patent": _("Corrected a patent's record"),
    "ip.record_patent": _("Recorded a patent"),
    "matchmaking.approve_changes": _("Approved a need's changes"),
    "matchmaking.approve_need": _("Published a need"),
    "matchmaking.ask_company": _("Asked the company about its need"),
    "matchmaking.close_need": _("Closed a need"),
    "matchmaking.confirm_need": _("Confirmed a need anew"),
    "matchmaking.create_need": _("Began a need"),
    "matchmaking.decide_proposal": _("Decided on a broker's rewrite"),
    "matchmaking.discard_changes": _("Discarded a need's changes"),
    "matchmaking.expire_need": _("A need's term ended"),
    "matchmaking.give_verdict": _("Judged a match"),
    "matchmaking.mark_match": _("Kept, hid or annotated a match"),
    "matchmaking.propose_rewrite": _("Proposed a rewrite of a need"),
    "matchmaking.reopen_need": _("Opened a need again"),
    "matchmaking.return_changes": _("Returned a need's changes"),
    "matchmaking.return_need": _("Returned a need"),
    "matchmaking.send_back_proposal": _("Sent a rewrite back to the broker"),
    "matchmaking.submit_changes": _("Sent a need's changes to review"),
    "matchmaking.submit_need": _("Sent a need"),
    "matchmaking.take_back_need": _("Took a need back"),
    "matchmaking.take_need": _("Took a need on"),
    "matchmaking.withdraw_need": _("Withdrew a need"),
    "operations.export_audit": _("Exported the audit log"),
    "operations.purge": _("Purged old records"),
    "search.delete_words": _("Took search words out"),
    "search.rebuild_indexes": _("Rebuilt the search indexes"),
    "search.save_words": _("Saved search words"),
    "search.settle_fruitless_query": _("Settled a search without result"),
    "wagtail.create": _("Created in the editing desk"),
    "wagtail.delete": _("Deleted in the editing desk"),
    "wagtail.edit": _("Edited in the editing desk"),
    "wagtail.publish": _("Published in the editing desk"),
    "wagtail.revert": _("Went back to an earlier version in the editing desk"),
    "wagtail.unpublish": _("Unpublished in the editing desk"),
    "wagtail.workflow.approve": _("Step of the review passed"),
    "wagtail.workflow.cancel": _("Review ended"),
    "wagtail.workflow.reject": _("Step of the review returned"),
    "wagtail.workflow.start": _("Review began"),
}
DETAILS = {
    "accepted": _("accepted"),
    "after": _("after"),
    "before": _("before"),
    "changed": _("changed rows"),
    "changes": _("changes"),
    "code": _("code"),
    "count": _("number"),
    "fields": _("fields"),
    "file": _("file"),
    "first": _("first"),
    "hidden": _("hidden"),
    "identity": _("identity"),
    "kind": _("kind"),
    "last": _("last"),
    "label": _("called"),
    "level": _("level"),
    "level_before": _("level before"),
    "lines": _("lines"),
    "member": _("member"),
    "model": _("kind of object"),
    "new": _("new rows"),
    "occurred_on": _("on"),
    "outcome": _("outcome"),
    "page": _("listing"),
    "people": _("people"),
    "purpose": _("purpose"),
    "readiness": _("readiness"),
    "reason": _("reason"),
    "result": _("result"),
    "revision": _("version"),
    "role": _("role"),
    "shortlisted": _("kept"),
    "step": _("step of the review"),
    "times": _("times"),
    "unchanged": _("rows without change"),
}


def action_label(action: str) -> str:
    return str(ACTIONS.get(action, action))


def details_of(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What a line says beyond its action: names in words, values as text."""
    return [(str(DETAILS.get(name, name)), _as_text(value)) for name, value in payload.items()]


def _as_text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, dict):
        return "; ".join(f"{DETAILS.get(k, k)}: {_as_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_as_text(each) for each in value)
    return str(value)
