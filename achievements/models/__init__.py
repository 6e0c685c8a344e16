from .achievements import (
    AchievementPage,
    Attachment,
    Completer,
    CompletingUnit,
    Indicator,
    Picture,
)
from .experts import Expert
from .institutes import InstituteIndexPage, InstitutePage
from .listings import ListingPage, ListingQuerySet
from .review import (
    FieldNote,
    InstituteReviewTask,
    PlatformReviewTask,
    ReviewTask,
    UnableToReview,
    author_ids,
)

__all__ = [
    "AchievementPage",
    "Attachment",
    "Completer",
    "CompletingUnit",
    "Expert",
    "FieldNote",
    "Indicator",
    "InstituteIndexPage",
    "InstitutePage",
    "InstituteReviewTask",
    "ListingPage",
    "ListingQuerySet",
    "Picture",
    "PlatformReviewTask",
    "ReviewTask",
    "UnableToReview",
    "author_ids",
]
