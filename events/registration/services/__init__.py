from .changes import UnableToRegister, tell
from .deciding import (
    Decided,
    approve_registration,
    decide_many,
    reject_registration,
    waitlist_registration,
)
from .guests import check_guests, import_guests, invite_guest, upload_guests, write_guests
from .mailing import (
    deliver_mailing,
    fill_in,
    recipients_of,
    remind,
    send_mailing,
    write_mailing,
)
from .questions import answer_questions, record_reading, remove_question, save_question
from .registering import (
    begin_registration,
    edit_registration,
    set_availability,
    set_consents,
    set_entries,
    submit_registration,
    withdraw_registration,
)
from .sweeps import note_absent, purge_fair, sweep_registrations
from .waiting import accept_offer, decline_offer, expire_offer, pass_places_on

__all__ = [
    "Decided",
    "UnableToRegister",
    "accept_offer",
    "answer_questions",
    "approve_registration",
    "begin_registration",
    "check_guests",
    "decide_many",
    "decline_offer",
    "deliver_mailing",
    "edit_registration",
    "expire_offer",
    "fill_in",
    "import_guests",
    "invite_guest",
    "note_absent",
    "pass_places_on",
    "purge_fair",
    "recipients_of",
    "record_reading",
    "reject_registration",
    "remind",
    "remove_question",
    "save_question",
    "send_mailing",
    "set_availability",
    "set_consents",
    "set_entries",
    "submit_registration",
    "sweep_registrations",
    "tell",
    "upload_guests",
    "waitlist_registration",
    "withdraw_registration",
    "write_guests",
    "write_mailing",
]
