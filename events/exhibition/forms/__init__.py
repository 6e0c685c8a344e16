from .exhibiting import (
    ApplicationForm,
    ExhibitForm,
    LeadForm,
    ListingForm,
    MaterialsForm,
    RatingForm,
)
from .halls import AwardForm, BoothForm, BoothsForm, HallForm, SettingsForm
from .visiting import VoteForm

__all__ = [
    "ApplicationForm",
    "AwardForm",
    "BoothForm",
    "BoothsForm",
    "ExhibitForm",
    "HallForm",
    "LeadForm",
    "ListingForm",
    "MaterialsForm",
    "RatingForm",
    "SettingsForm",
    "VoteForm",
]
