from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    """What the enterprise is after (需求类型)."""

    RND = "RND", _("Solve a technical problem")
    ACQUISITION = "ACQUISITION", _("Take up an achievement")
    TALENT = "TALENT", _("Find experts")
    TESTING = "TESTING", _("Testing or pilot line")
    FINANCE = "FINANCE", _("Raise finance")
    IP_STANDARD = "IP_STANDARD", _("Patents or standards")
    OTHER = "OTHER", _("Other")


class NeedState(models.TextChoices):
    """Where a need stands (需求状态)."""

    DRAFT = "DRAFT", _("Draft")
    AT_BROKER = "AT_BROKER", _("With a broker")
    PROPOSED = "PROPOSED", _("Rewrite to be decided")
    IN_REVIEW = "IN_REVIEW", _("With the platform")
    RETURNED = "RETURNED", _("Returned")
    PUBLISHED = "PUBLISHED", _("Published")
    EXPIRED = "EXPIRED", _("Expired")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    CLOSED = "CLOSED", _("Closed")


ALLOWED_TRANSITIONS: dict[str, set[NeedState]] = {
    NeedState.DRAFT: {NeedState.AT_BROKER, NeedState.IN_REVIEW, NeedState.WITHDRAWN},
    NeedState.AT_BROKER: {
        NeedState.PROPOSED,
        NeedState.RETURNED,
        NeedState.DRAFT,
        NeedState.WITHDRAWN,
    },
    NeedState.PROPOSED: {
        NeedState.IN_REVIEW,
        NeedState.AT_BROKER,
        NeedState.DRAFT,
        NeedState.WITHDRAWN,
    },
    NeedState.IN_REVIEW: {NeedState.PUBLISHED, NeedState.RETURNED, NeedState.WITHDRAWN},
    NeedState.RETURNED: {NeedState.AT_BROKER, NeedState.IN_REVIEW, NeedState.WITHDRAWN},
    NeedState.PUBLISHED: {NeedState.EXPIRED, NeedState.WITHDRAWN, NeedState.CLOSED},
    NeedState.EXPIRED: {NeedState.PUBLISHED, NeedState.CLOSED},
    NeedState.WITHDRAWN: {NeedState.DRAFT},
    NeedState.CLOSED: {NeedState.PUBLISHED},
}
EDITABLE_STATES = frozenset({NeedState.DRAFT, NeedState.RETURNED})


class Confidentiality(models.TextChoices):
    """Who learns what of a need (保密方式)."""

    PUBLIC = "PUBLIC", _("Public with our name")
    ANONYMOUS = "ANONYMOUS", _("Public without our name")
    DIRECTED = "DIRECTED", _("Only for institutes that we choose")


class Operator(models.TextChoices):
    GE = "GE", _("at least")
    LE = "LE", _("at most")
    EQ = "EQ", _("exactly")
    GT = "GT", _("more than")
    LT = "LT", _("less than")
    RANGE = "RANGE", _("between")


class NeedOutcome(models.TextChoices):
    """How a need ended (需求结果)."""

    SOLVED_HERE = "SOLVED_HERE", _("Solved through the portal")
    SOLVED_ELSEWHERE = "SOLVED_ELSEWHERE", _("Solved elsewhere")
    GIVEN_UP = "GIVEN_UP", _("Given up")


class CandidateKind(models.TextChoices):
    ACHIEVEMENT = "ACHIEVEMENT", _("Achievement")
    PATENT = "PATENT", _("Patent")


class Direction(models.TextChoices):
    """From which side a match was computed."""

    NEED_TO_LISTING = "NEED_TO_LISTING", _("Need to listings")
    LISTING_TO_NEED = "LISTING_TO_NEED", _("Listing to needs")


class Grade(models.TextChoices):
    """How well a candidate covers a need, in words (匹配度)."""

    STRONG = "STRONG", _("Strong")
    GOOD = "GOOD", _("Good")
    FAIR = "FAIR", _("Fair")
    WEAK = "WEAK", _("Weak")


class Gate(models.TextChoices):
    """A condition that a candidate fails, said in words (门槛)."""

    STAGE_TOO_EARLY = "STAGE_TOO_EARLY", _("Too early for the deadline")
    BUDGET_TOO_LOW = "BUDGET_TOO_LOW", _("The budget is far below the price")
    OTHER_DISTRICT = "OTHER_DISTRICT", _("Outside the wished district")


class VerdictLevel(models.IntegerChoices):
    """How a person judged a match, on the four steps of the method's labels (评价等级)."""

    NONE = 1, _("Not relevant")
    WEAK = 2, _("Slightly relevant")
    RELEVANT = 3, _("Relevant")
    STRONG = 4, _("Very relevant")


class Side(models.TextChoices):
    """For whom a person judged; only the need's own side moves the order (评价方)."""

    COMPANY = "COMPANY", _("Company")
    BROKER = "BROKER", _("Broker")
    INSTITUTE = "INSTITUTE", _("Institute")


class VerdictReason(models.TextChoices):
    """Why a match was judged so (评价理由)."""

    FITS = "FITS", _("Solves our problem")
    PARTLY = "PARTLY", _("Solves a part")
    OTHER_PROBLEM = "OTHER_PROBLEM", _("Another problem")
    TOO_EARLY = "TOO_EARLY", _("Too early")
    TOO_EXPENSIVE = "TOO_EXPENSIVE", _("Too expensive")
    FIGURES_TOO_LOW = "FIGURES_TOO_LOW", _("Figures too low")
    UNCLEAR = "UNCLEAR", _("Text unclear")
