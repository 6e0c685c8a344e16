from .answers import answer_interest, close_interest, decline_interest, withdraw_interest
from .brokers import assign_broker, brokers_for, hand_over, introduce
from .changes import UnableToChangeInterest
from .disclosing import ask_consent, propose_agreement, record_confidential_reading
from .opening import express_interest
from .sweeps import escalate, extend_term, remind_receiver, sweep_interests
from .thread import (
    MOST_FILES,
    discard_draft,
    draft_of,
    marks_of,
    record_reading,
    send_message,
)

__all__ = [
    "MOST_FILES",
    "UnableToChangeInterest",
    "answer_interest",
    "ask_consent",
    "assign_broker",
    "brokers_for",
    "close_interest",
    "decline_interest",
    "discard_draft",
    "draft_of",
    "escalate",
    "express_interest",
    "extend_term",
    "hand_over",
    "introduce",
    "marks_of",
    "propose_agreement",
    "record_confidential_reading",
    "record_reading",
    "remind_receiver",
    "send_message",
    "sweep_interests",
    "withdraw_interest",
]
