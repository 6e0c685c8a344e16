from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """From whom on fields are open; who reaches a level reads the lower ones too (披露级别)."""

    PUBLIC = 0, _("Public")
    VERIFIED = 1, _("Verified members")
    CONSENT = 2, _("After our consent")
    NDA = 3, _("After a confidentiality agreement")


class FieldGroup(models.TextChoices):
    """What of a listing opens together (字段组); title, summary and terms of search never close."""

    FIGURES = "FIGURES", _("Figures")
    DETAILS = "DETAILS", _("Full description")
    PRICE = "PRICE", _("Price or budget")
    PEOPLE = "PEOPLE", _("People and units")
    FILES = "FILES", _("Pictures and files")
    THREAD = "THREAD", _("Confidential messages")


class Basis(models.TextChoices):
    """Why somebody could read what is not public (阅读依据)."""

    VERIFIED = "VERIFIED", _("Verified member")
    CONSENT = "CONSENT", _("Consent")
    NDA = "NDA", _("Confidentiality agreement")
    REQUEST = "REQUEST", _("Access request")
    REVIEW = "REVIEW", _("Platform's review")


class ConsentState(models.TextChoices):
    ASKED = "ASKED", _("Waiting for an answer")
    GRANTED = "GRANTED", _("Open to the reader")
    EXPIRED = "EXPIRED", _("Term over")
    REFUSED = "REFUSED", _("Not granted")
    ENDED = "ENDED", _("Ended")


class AgreementState(models.TextChoices):
    """Where a confidentiality agreement stands; its term is another matter (协议状态)."""

    PROPOSED = "PROPOSED", _("Waiting for signature")
    SIGNED = "SIGNED", _("Signed")
    DECLINED = "DECLINED", _("Turned down")
    ENDED = "ENDED", _("Ended")


AGREEMENT_MOVES: dict[str, set[AgreementState]] = {
    AgreementState.PROPOSED: {AgreementState.SIGNED, AgreementState.DECLINED},
    AgreementState.SIGNED: {AgreementState.ENDED},
    AgreementState.DECLINED: set(),
    AgreementState.ENDED: set(),
}


class RequestState(models.TextChoices):
    ASKED = "ASKED", _("Waiting for an answer")
    GRANTED = "GRANTED", _("Access granted")
    REFUSED = "REFUSED", _("Not granted")


REQUEST_MOVES: dict[str, set[RequestState]] = {
    RequestState.ASKED: {RequestState.GRANTED, RequestState.REFUSED},
    RequestState.GRANTED: set(),
    RequestState.REFUSED: set(),
}
