from .listings import ListingActionView, ListingView, MyListingsView
from .lists import AchievementListView, ExpertListView, InstituteListView
from .reviews import ReviewListView, ReviewPreviewView, ReviewView
from .writing import (
    CheckView,
    FilesView,
    PreviewView,
    StartView,
    StepView,
)

__all__ = [
    "AchievementListView",
    "CheckView",
    "ExpertListView",
    "FilesView",
    "InstituteListView",
    "ListingActionView",
    "ListingView",
    "MyListingsView",
    "PreviewView",
    "ReviewListView",
    "ReviewPreviewView",
    "ReviewView",
    "StartView",
    "StepView",
]
