"""The words of a conversion case; which move is allowed when stands in ``moves.py``."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConversionMode(models.TextChoices):
    """How a result is converted (转化方式): six legal modes, then three kinds of contract work.

    Law on Promoting the Transformation of Scientific Achievements, art. 16.
    """

    TRANSFER = "TRANSFER", _("Assignment")
    LICENCE = "LICENCE", _("Licence")
    EQUITY = "EQUITY", _("Contribution as equity")
    SELF = "SELF", _("Own implementation")
    JOINT = "JOINT", _("Joint implementation")
    OTHER = "OTHER", _("Another mode agreed on")
    DEVELOPMENT = "DEVELOPMENT", _("Commissioned or joint development")
    CONSULTING = "CONSULTING", _("Technical consulting")
    SERVICE = "SERVICE", _("Technical service")


THREE_MODES = frozenset({ConversionMode.TRANSFER, ConversionMode.LICENCE, ConversionMode.EQUITY})
SIX_MODES = THREE_MODES | {
    ConversionMode.DEVELOPMENT,
    ConversionMode.CONSULTING,
    ConversionMode.SERVICE,
}
# Modes in which an existing result changes hands, so that its price concerns the public owner.
PRICED_MODES = THREE_MODES | {ConversionMode.JOINT, ConversionMode.OTHER}


class LicenceKind(models.TextChoices):
    """Kinds of licence (许可方式).

    One that says nothing is ordinary (Supreme Court on technology contracts, 2020, art. 25).
    """

    ORDINARY = "ORDINARY", _("Ordinary licence")
    SOLE = "SOLE", _("Sole licence")
    EXCLUSIVE = "EXCLUSIVE", _("Exclusive licence")


class PricingRoute(models.TextChoices):
    """How the price comes about (定价方式)."""

    AGREEMENT = "AGREEMENT", _("By agreement")
    LISTING = "LISTING", _("Listed on a technology exchange")
    AUCTION = "AUCTION", _("By auction")


class PartyRole(models.TextChoices):
    """What somebody is in a case (参与方)."""

    OWNER = "OWNER", _("Owner of the result")
    TAKER = "TAKER", _("Taker of the result")
    BROKER = "BROKER", _("Technology broker")
    FINANCIER = "FINANCIER", _("Bank or fund")
    COMPLETER = "COMPLETER", _("Completer")


class CaseStage(models.TextChoices):
    """The one main stage of a case (主阶段)."""

    INTENT = "INTENT", _("First interest")
    NEGOTIATING = "NEGOTIATING", _("In talks")
    DUE_DILIGENCE = "DUE_DILIGENCE", _("Under examination")
    DECIDED = "DECIDED", _("Decided by the owner")
    SIGNED = "SIGNED", _("Contract signed")
    PERFORMING = "PERFORMING", _("Being carried out")
    ACCEPTED = "ACCEPTED", _("Accepted by the taker")
    INDUSTRIALISED = "INDUSTRIALISED", _("In industrial use")
    CLOSED = "CLOSED", _("Completed")
    TERMINATED = "TERMINATED", _("Broken off")


BEFORE_CONTRACT = frozenset(
    {CaseStage.INTENT, CaseStage.NEGOTIATING, CaseStage.DUE_DILIGENCE, CaseStage.DECIDED}
)
AFTER_CONTRACT = frozenset(
    {CaseStage.SIGNED, CaseStage.PERFORMING, CaseStage.ACCEPTED, CaseStage.INDUSTRIALISED}
)
OPEN_STAGES = BEFORE_CONTRACT | AFTER_CONTRACT
END_STAGES = frozenset({CaseStage.CLOSED, CaseStage.TERMINATED})


class Track(models.TextChoices):
    """What runs beside the main stage (并行事项)."""

    NDA = "NDA", _("Non-disclosure agreement")
    PRICING = "PRICING", _("Price")
    PUBLICITY = "PUBLICITY", _("Price publicity")
    FIRST_REFUSAL = "FIRST_REFUSAL", _("Completers' first refusal")
    REGISTRATION = "REGISTRATION", _("Contract registration")
    FILING = "FILING", _("Licence filing")
    PAYMENTS = "PAYMENTS", _("Payments")
    REWARDS = "REWARDS", _("Reward of the completers")
    PROOF = "PROOF", _("Proof of concept")
    PILOT = "PILOT", _("Pilot production")
    TRIAL = "TRIAL", _("Use first, pay later")
    DISPUTE = "DISPUTE", _("Dispute")


class TrackState(models.TextChoices):
    """Where a track stands (事项状态)."""

    NONE = "NONE", _("not begun")
    RUNNING = "RUNNING", _("running")
    SIGNED = "SIGNED", _("signed")
    ENDED = "ENDED", _("ended")
    SET = "SET", _("fixed")
    OBJECTED = "OBJECTED", _("objection open")
    UPHELD = "UPHELD", _("objection upheld")
    CLEAN = "CLEAN", _("closed without objection")
    NOTIFIED = "NOTIFIED", _("completers notified")
    WAIVED = "WAIVED", _("waived")
    EXERCISED = "EXERCISED", _("exercised")
    SUBMITTED = "SUBMITTED", _("handed in")
    REGISTERED = "REGISTERED", _("registered")
    REFUSED = "REFUSED", _("refused")
    FILED = "FILED", _("filed")
    PARTLY = "PARTLY", _("partly received")
    COMPLETE = "COMPLETE", _("received in full")
    FIXED = "FIXED", _("shares decided")
    PUBLIC = "PUBLIC", _("shares made public")
    PAID = "PAID", _("paid out")
    PASSED = "PASSED", _("passed")
    FAILED = "FAILED", _("failed")
    OPEN = "OPEN", _("open")
    SETTLED = "SETTLED", _("settled")
    CONVERTED = "CONVERTED", _("turned into a contract")
    RETURNED = "RETURNED", _("given back")
    INFRINGED = "INFRINGED", _("terms broken")


class EventKind(models.TextChoices):
    """What happened in a case (事件)."""

    OPENED = "OPENED", _("Case opened")
    PARTY_ADDED = "PARTY_ADDED", _("Party joined")
    PARTY_LEFT = "PARTY_LEFT", _("Party left")
    PARTY_SUCCEEDED = "PARTY_SUCCEEDED", _("Party succeeded by another")
    NDA_SIGNED = "NDA_SIGNED", _("Non-disclosure agreement signed")
    NDA_ENDED = "NDA_ENDED", _("Non-disclosure agreement ended")
    TALKS_BEGUN = "TALKS_BEGUN", _("Talks begun")
    EXAMINATION_BEGUN = "EXAMINATION_BEGUN", _("Examination begun")
    PROOF_BEGUN = "PROOF_BEGUN", _("Proof of concept begun")
    PROOF_ENDED = "PROOF_ENDED", _("Proof of concept ended")
    PILOT_BEGUN = "PILOT_BEGUN", _("Pilot production begun")
    PILOT_ENDED = "PILOT_ENDED", _("Pilot production ended")
    TRIAL_BEGUN = "TRIAL_BEGUN", _("Trial use begun")
    TRIAL_ENDED = "TRIAL_ENDED", _("Trial use ended")
    DECIDED = "DECIDED", _("Conversion decided")
    CO_OWNER_CONSENTED = "CO_OWNER_CONSENTED", _("Co-owner consented")
    PRICE_SET = "PRICE_SET", _("Price fixed")
    PUBLICITY_OPENED = "PUBLICITY_OPENED", _("Price made public")
    OBJECTION_RAISED = "OBJECTION_RAISED", _("Objection raised")
    OBJECTION_DISMISSED = "OBJECTION_DISMISSED", _("Objection dismissed")
    OBJECTION_UPHELD = "OBJECTION_UPHELD", _("Objection upheld")
    PUBLICITY_CLOSED = "PUBLICITY_CLOSED", _("Price publicity closed")
    REFUSAL_NOTIFIED = "REFUSAL_NOTIFIED", _("Completers notified of the assignment")
    REFUSAL_WAIVED = "REFUSAL_WAIVED", _("Completer waived first refusal")
    REFUSAL_EXERCISED = "REFUSAL_EXERCISED", _("Completer exercised first refusal")
    CONTRACT_SIGNED = "CONTRACT_SIGNED", _("Contract signed by the parties")
    CONTRACT_AMENDED = "CONTRACT_AMENDED", _("Contract amended")
    REGISTRATION_SUBMITTED = "REGISTRATION_SUBMITTED", _("Handed in for registration")
    CONTRACT_REGISTERED = "CONTRACT_REGISTERED", _("Contract registered")
    REGISTRATION_REFUSED = "REGISTRATION_REFUSED", _("Registration refused")
    LICENCE_FILED = "LICENCE_FILED", _("Licence filed with the patent office")
    PERFORMANCE_BEGUN = "PERFORMANCE_BEGUN", _("Performance begun")
    MILESTONE_REACHED = "MILESTONE_REACHED", _("Milestone reached")
    PAYMENT_RECEIVED = "PAYMENT_RECEIVED", _("Payment received")
    ACCEPTED = "ACCEPTED", _("Result accepted")
    REWARD_FIXED = "REWARD_FIXED", _("Reward shares decided")
    REWARD_PUBLICISED = "REWARD_PUBLICISED", _("Reward shares made public")
    REWARD_PAID = "REWARD_PAID", _("Reward paid out")
    INDUSTRIALISED = "INDUSTRIALISED", _("Industrial production begun")
    OUTPUT_REPORTED = "OUTPUT_REPORTED", _("Output reported")
    SUBSIDY_GRANTED = "SUBSIDY_GRANTED", _("Subsidy granted")
    DISPUTE_OPENED = "DISPUTE_OPENED", _("Dispute opened")
    DISPUTE_SETTLED = "DISPUTE_SETTLED", _("Dispute settled")
    CLOSED = "CLOSED", _("Case completed")
    TERMINATED = "TERMINATED", _("Case broken off")
    CORRECTED = "CORRECTED", _("Earlier entry corrected")


class EvidenceKind(models.TextChoices):
    """What a paper of a case proves (证明材料类别)."""

    CONTRACT = "CONTRACT", _("Contract text")
    INVOICE = "INVOICE", _("Invoice")
    RECEIPT = "RECEIPT", _("Bank receipt")
    DELIVERY = "DELIVERY", _("Delivery")
    ACCEPTANCE = "ACCEPTANCE", _("Acceptance")
    OTHER = "OTHER", _("Other")


class TerminationReason(models.TextChoices):
    """Why a case ended without a result (终止原因)."""

    PRICE = "PRICE", _("No agreement on the price")
    TECHNOLOGY = "TECHNOLOGY", _("The technology does not do it")
    MARKET = "MARKET", _("No market")
    FUNDS = "FUNDS", _("No funds")
    OWNERSHIP = "OWNERSHIP", _("Ownership unclear")
    OBJECTION = "OBJECTION", _("Objection upheld for good")
    BREACH = "BREACH", _("Breach of contract")
    OTHER = "OTHER", _("Another reason")


class Ownership(models.TextChoices):
    """Whose later results are (后续成果权属); SILENT leads to the law's default."""

    OWNER = "OWNER", _("the owner's")
    TAKER = "TAKER", _("the taker's")
    SHARED = "SHARED", _("shared by both")
    SILENT = "SILENT", _("the contract is silent")


class RuleCode(models.TextChoices):
    """Rules of law with parameters that differ by place and time (法规规则)."""

    PRICE_PUBLICITY = "PRICE_PUBLICITY", _("Publicity of a price by agreement")
    FIRST_REFUSAL = "FIRST_REFUSAL", _("First refusal of the completers")
    LICENCE_FILING = "LICENCE_FILING", _("Filing of a patent licence")
    CO_OWNERS = "CO_OWNERS", _("Consent of the co-owners")
    DEFAULT_OWNERSHIP = "DEFAULT_OWNERSHIP", _("Ownership where the contract is silent")
    DORMANT = "DORMANT", _("Results that lie dormant")
    REWARD = "REWARD", _("Reward of the completers and transfer staff")
    ANNUAL_REPORT = "ANNUAL_REPORT", _("Annual report on conversion")


class Jurisdiction(models.TextChoices):
    """Where a rule is in force (适用地域); the narrower one stands above the wider."""

    CITY = "CITY", _("City")
    PROVINCE = "PROVINCE", _("Province")
    NATION = "NATION", _("Nation")
