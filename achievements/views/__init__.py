from .listings import (
    DeleteDraftView,
    ListingActionView,
    ListingView,
    MyListingsView,
    VersionsView,
    VersionView,
)
from .lists import AchievementListView, ExpertListView, InstituteListView
from .reviews import ReviewListView, ReviewPreviewView, ReviewView
from .writing import (
    CheckView,
    FilesView,
    PreviewView,
    PublisherMixin,
    StartView,
    StepView,
)

__all__ = [
    "AchievementListView",
    "CheckView",
    "DeleteDraftView",
    "ExpertListView",
    "FilesView",
    "InstituteListView",
    "ListingActionView",
    "ListingView",
    "MyListingsView",
    "PreviewView",
    "PublisherMixin",
    "ReviewListView",
    "ReviewPreviewView",
    "ReviewView",
    "StartView",
    "StepView",
    "VersionView",
    "VersionsView",
]
