from .cases import case_detail, case_file, case_list
from .evidence import contract_table, evidence
from .follow_ups import follow_up
from .law import edit_rule, rule_list, succeed_rule
from .moves import correct, move
from .opening import open_case, parties
from .publicity import publicity_detail, publicity_list

__all__ = [
    "case_detail",
    "case_file",
    "case_list",
    "contract_table",
    "correct",
    "edit_rule",
    "evidence",
    "follow_up",
    "move",
    "open_case",
    "parties",
    "publicity_detail",
    "publicity_list",
    "rule_list",
    "succeed_rule",
]
