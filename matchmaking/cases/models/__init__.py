from .cases import Anchor, CaseEvent, CaseFile, CaseParty, ConversionCase
from .contracts import Contract, ContractType, Instalment, IpType, Payment, PaymentTerms
from .law import LawRule
from .pricing import Objection, PricePublicity
from .rewards import FollowUp, Reward, RewardShare, ShareGroup

__all__ = [
    "Anchor",
    "CaseEvent",
    "CaseFile",
    "CaseParty",
    "Contract",
    "ContractType",
    "ConversionCase",
    "FollowUp",
    "Instalment",
    "IpType",
    "LawRule",
    "Objection",
    "Payment",
    "PaymentTerms",
    "PricePublicity",
    "Reward",
    "RewardShare",
    "ShareGroup",
]
