from .agreements import cases_under, end_agreement, enter_agreement
from .anchors import write_anchor
from .bulk import add_cases
from .cases import (
    PartyEntry,
    add_party,
    assign_broker,
    open_case,
    remove_party,
    succeed_party,
)
from .contracts import (
    InstalmentEntry,
    amend_contract,
    file_licence,
    receive_payment,
    register_contract,
    sign_contract,
)
from .corrections import correct_event
from .drafts import CaseDraft, Step
from .follow_ups import answer_follow_up, find_by_token, sweep_follow_ups, token_of
from .law import RuleText, UnableToEditRule, edit_rule, succeed_rule
from .ledger import Paper, UnableToMoveCase, digest_of, make_move
from .papers import read_file, record_export
from .placing import place_in_industries
from .pricing import (
    close_publicity,
    decide_objection,
    notify_completers,
    open_publicity,
    raise_objection,
    record_consent,
    record_refusal,
    set_price,
)
from .rewards import ShareEntry, fix_reward, pay_reward, publicise_reward

__all__ = [
    "CaseDraft",
    "InstalmentEntry",
    "Paper",
    "PartyEntry",
    "RuleText",
    "ShareEntry",
    "Step",
    "UnableToEditRule",
    "UnableToMoveCase",
    "add_cases",
    "add_party",
    "amend_contract",
    "answer_follow_up",
    "assign_broker",
    "cases_under",
    "close_publicity",
    "correct_event",
    "decide_objection",
    "digest_of",
    "edit_rule",
    "end_agreement",
    "enter_agreement",
    "file_licence",
    "find_by_token",
    "fix_reward",
    "make_move",
    "notify_completers",
    "open_case",
    "open_publicity",
    "pay_reward",
    "place_in_industries",
    "publicise_reward",
    "raise_objection",
    "read_file",
    "receive_payment",
    "record_consent",
    "record_export",
    "record_refusal",
    "register_contract",
    "remove_party",
    "set_price",
    "sign_contract",
    "succeed_party",
    "succeed_rule",
    "sweep_follow_ups",
    "token_of",
    "write_anchor",
]
