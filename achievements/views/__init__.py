from .listings import ListingActionView, ListingView, MyListingsView
from .lists import AchievementListView, ExpertListView, InstituteListView
from .reviews import ReviewListView, ReviewView
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
    "ReviewView",
    "StartView",
    "StepView",
]
