from django.db import models
from django.utils.translation import gettext_lazy as _


class Disclosure(models.TextChoices):
    """Who may read a listing (披露级别); the server decides at every door."""

    PUBLIC = "PUBLIC", _("Everybody")
    REGISTERED = "REGISTERED", _("Signed-in users")
    HIDDEN = "HIDDEN", _("Only the owner and the reviewers")


class ListingState(models.TextChoices):
    """Where a listing stands, derived from its page, its revisions and its dates."""

    DRAFT = "DRAFT", _("Draft")
    INSTITUTE_REVIEW = "INSTITUTE_REVIEW", _("With the institute")
    PLATFORM_REVIEW = "PLATFORM_REVIEW", _("With the platform")
    RETURNED = "RETURNED", _("Returned")
    LIVE = "LIVE", _("Published")
    EXPIRED = "EXPIRED", _("Expired")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    ARCHIVED = "ARCHIVED", _("Archived")


class Secrecy(models.TextChoices):
    """Security classification (密级); only unclassified results may enter the portal."""

    NONE = "NONE", _("Unclassified")
    SECRET = "SECRET", _("Secret")
    CONFIDENTIAL = "CONFIDENTIAL", _("Confidential")
    TOP_SECRET = "TOP_SECRET", _("Top secret")


class AchievementClass(models.TextChoices):
    """Class of the national register form (成果类别)."""

    APPLIED = "APPLIED", _("Applied technology")
    BASIC = "BASIC", _("Basic theory")
    SOFT = "SOFT", _("Soft science")


class AchievementForm(models.TextChoices):
    """What the result consists of (成果体现形式)."""

    TECHNOLOGY = "TECHNOLOGY", _("New technology")
    PROCESS = "PROCESS", _("New process")
    PRODUCT = "PRODUCT", _("New product")
    MATERIAL = "MATERIAL", _("New material")
    EQUIPMENT = "EQUIPMENT", _("New equipment")
    VARIETY = "VARIETY", _("New variety")
    OTHER_APPLIED = "OTHER_APPLIED", _("Other applied technology")
    PAPER = "PAPER", _("Paper or book")
    REPORT = "REPORT", _("Research report")


class Stage(models.TextChoices):
    """Maturity in three steps (所处阶段)."""

    EARLY = "EARLY", _("Laboratory")
    MIDDLE = "MIDDLE", _("Pilot")
    MATURE = "MATURE", _("Ready for production")


class Protection(models.TextChoices):
    """What the linked patents amount to, for searching (知识产权状态)."""

    GRANTED = "GRANTED", _("Patent granted")
    PENDING = "PENDING", _("Patent applied for")
    NONE = "NONE", _("No patent stated")


class Novelty(models.TextChoices):
    """Kind of innovation (成果属性)."""

    ORIGINAL = "ORIGINAL", _("Original innovation")
    REINNOVATION = "REINNOVATION", _("Innovation on imported technology")
    SECONDARY = "SECONDARY", _("Further development of domestic technology")


class Level(models.TextChoices):
    """Level as an evaluation found it (成果水平)."""

    INTERNATIONAL_LEADING = "INTERNATIONAL_LEADING", _("Internationally leading")
    INTERNATIONAL_ADVANCED = "INTERNATIONAL_ADVANCED", _("Internationally advanced")
    DOMESTIC_LEADING = "DOMESTIC_LEADING", _("Leading in China")
    DOMESTIC_ADVANCED = "DOMESTIC_ADVANCED", _("Advanced in China")
    DOMESTIC_AVERAGE = "DOMESTIC_AVERAGE", _("Average in China")
    NOT_EVALUATED = "NOT_EVALUATED", _("Not evaluated")


class TrlScale(models.TextChoices):
    """Readiness scales in use (技术成熟度): nine levels, or the thirteen of 青科资字〔2025〕2号."""

    NINE = "NINE", _("Nine levels")
    THIRTEEN = "THIRTEEN", _("Thirteen levels")


# The levels of both scales, lowest first; the shorter scale ends with the ninth.
TRL_NAMES = (
    _("report"),
    _("concept"),
    _("function"),
    _("simulation"),
    _("first sample"),
    _("qualified sample"),
    _("environment"),
    _("product"),
    _("system"),
    _("sales"),
    _("break-even"),
    _("profit"),
    _("return"),
)
TRL_MAXIMUM: dict[str, int] = {TrlScale.NINE: 9, TrlScale.THIRTEEN: 13}


class TaskSource(models.TextChoices):
    """Where the project came from (任务来源)."""

    NATIONAL = "NATIONAL", _("National plan")
    PROVINCIAL = "PROVINCIAL", _("Provincial plan")
    MUNICIPAL = "MUNICIPAL", _("Municipal plan")
    ENTERPRISE = "ENTERPRISE", _("Commissioned by an enterprise")
    SELF = "SELF", _("Self-chosen")


class EvaluationMethod(models.TextChoices):
    """How the result was evaluated (评价方式)."""

    ACCEPTANCE = "ACCEPTANCE", _("Project acceptance")
    REVIEW = "REVIEW", _("Expert review")
    APPRAISAL = "APPRAISAL", _("Appraisal")
    MARKET_ACCESS = "MARKET_ACCESS", _("Market access approval")
    IP_GRANT = "IP_GRANT", _("Grant of intellectual property")
    COMPLETION = "COMPLETION", _("Project completion")
    AGENCY = "AGENCY", _("Evaluation agency")


class ApplicationState(models.TextChoices):
    """How far the result is in use (应用状态)."""

    STABLE = "STABLE", _("In stable use")
    SCALED = "SCALED", _("In use at scale")
    SMALL_BATCH = "SMALL_BATCH", _("Small batches")
    TRIAL = "TRIAL", _("On trial")
    STOPPED = "STOPPED", _("Used, then stopped")
    NOT_APPLIED = "NOT_APPLIED", _("Not in use yet")


class NotAppliedReason(models.TextChoices):
    """Why a result is not in use (未应用原因)."""

    FUNDS = "FUNDS", _("Funds")
    TECHNOLOGY = "TECHNOLOGY", _("Technology")
    MARKET = "MARKET", _("Market")
    MANAGEMENT = "MANAGEMENT", _("Management")
    POLICY = "POLICY", _("Policy")
    OTHER = "OTHER", _("Other")
