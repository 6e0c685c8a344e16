from .base import MoveForm, with_more_rows
from .contracts import AmendmentForm, ContractForm, FilingForm, PaymentForm, RegistrationForm
from .corrections import CorrectionForm
from .finding import CaseFilterForm, ObjectionForm
from .follow_ups import FollowUpForm
from .law import RuleForm
from .opening import (
    LeaveForm,
    OpenCaseForm,
    PartyForm,
    SuccessionForm,
    find_listing,
    people_behind,
)
from .pricing import (
    ConsentForm,
    NoticeForm,
    ObjectionDecisionForm,
    PriceForm,
    PublicityForm,
    RefusalForm,
)
from .rewards import RewardForm
from .steps import (
    AcceptanceForm,
    DecisionForm,
    MilestoneForm,
    NdaForm,
    OutputForm,
    ReasonForm,
    ResultForm,
    SubsidyForm,
    TerminationForm,
    TrialForm,
    TrialResultForm,
)

__all__ = [
    "AcceptanceForm",
    "AmendmentForm",
    "CaseFilterForm",
    "ConsentForm",
    "ContractForm",
    "CorrectionForm",
    "DecisionForm",
    "FilingForm",
    "FollowUpForm",
    "LeaveForm",
    "MilestoneForm",
    "MoveForm",
    "NdaForm",
    "NoticeForm",
    "ObjectionDecisionForm",
    "ObjectionForm",
    "OpenCaseForm",
    "OutputForm",
    "PartyForm",
    "PaymentForm",
    "PriceForm",
    "PublicityForm",
    "ReasonForm",
    "RefusalForm",
    "RegistrationForm",
    "ResultForm",
    "RewardForm",
    "RuleForm",
    "SubsidyForm",
    "SuccessionForm",
    "TerminationForm",
    "TrialForm",
    "TrialResultForm",
    "find_listing",
    "people_behind",
    "with_more_rows",
]
