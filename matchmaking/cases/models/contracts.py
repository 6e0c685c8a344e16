from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import TechnicalField

from ..enums import Ownership
from .cases import CaseParty, ConversionCase


class ContractType(models.TextChoices):
    """Types of technology contract (技术合同类型; Civil Code art. 843–887)."""

    DEVELOPMENT_COMMISSIONED = "DEVELOPMENT_COMMISSIONED", _("Development, commissioned")
    DEVELOPMENT_JOINT = "DEVELOPMENT_JOINT", _("Development, joint")
    TRANSFER_PATENT = "TRANSFER_PATENT", _("Assignment of a patent")
    TRANSFER_APPLICATION = "TRANSFER_APPLICATION", _("Assignment of a patent application")
    TRANSFER_KNOW_HOW = "TRANSFER_KNOW_HOW", _("Assignment of know-how")
    LICENCE_PATENT = "LICENCE_PATENT", _("Licence of a patent")
    LICENCE_KNOW_HOW = "LICENCE_KNOW_HOW", _("Licence of know-how")
    CONSULTING = "CONSULTING", _("Consulting")
    SERVICE = "SERVICE", _("Service contract")


class PaymentTerms(models.TextChoices):
    """How a contract is paid (支付方式)."""

    LUMP = "LUMP", _("Lump sum")
    INSTALMENTS = "INSTALMENTS", _("Instalments")
    ROYALTY = "ROYALTY", _("Royalty")
    ENTRY_AND_ROYALTY = "ENTRY_AND_ROYALTY", _("Entry fee and royalty")


class IpType(models.TextChoices):
    """Intellectual property that a contract concerns (涉及知识产权)."""

    KNOW_HOW = "KNOW_HOW", _("Know-how")
    INVENTION = "INVENTION", _("Invention patent")
    UTILITY_MODEL = "UTILITY_MODEL", _("Utility model patent")
    DESIGN = "DESIGN", _("Design patent")
    SOFTWARE = "SOFTWARE", _("Software copyright")
    VARIETY = "VARIETY", _("Plant variety")
    LAYOUT = "LAYOUT", _("Layout design")
    DRUG = "DRUG", _("New biological or medical variety")
    NONE = "NONE", _("None concerned")


class Contract(models.Model):
    """A technology contract (技术合同) with the fields of the register.

    Amounts are yuan. ``technology_amount`` (技术交易额) is the total less what is no technology:
    equipment, parts, material.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="contracts")
    sequence = models.PositiveIntegerField()
    name = models.CharField(_("name of the project"), max_length=200)
    type = models.CharField(_("type"), max_length=24, choices=ContractType.choices)
    seller = models.ForeignKey(
        CaseParty, models.PROTECT, related_name="+", verbose_name=_("seller")
    )
    buyer = models.ForeignKey(CaseParty, models.PROTECT, related_name="+", verbose_name=_("buyer"))
    signed_on = models.DateField(_("signed on"), db_index=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    total_amount = models.DecimalField(_("contract amount"), max_digits=15, decimal_places=2)
    technology_amount = models.DecimalField(_("technology amount"), max_digits=15, decimal_places=2)
    payment_terms = models.CharField(
        _("payment"), max_length=20, choices=PaymentTerms.choices, default=PaymentTerms.LUMP
    )
    royalty = models.CharField(_("royalty"), max_length=200, blank=True)
    technical_field = models.ForeignKey(
        TechnicalField,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technical field"),
    )
    ip_type = models.CharField(
        _("intellectual property"), max_length=14, choices=IpType.choices, default=IpType.NONE
    )
    ownership = models.CharField(
        _("later results are"), max_length=8, choices=Ownership.choices, default=Ownership.SILENT
    )
    plan_source = models.CharField(_("source of the plan"), max_length=60, blank=True)
    social_goal = models.CharField(_("social and economic goal"), max_length=60, blank=True)
    served_industry = models.CharField(_("industry served (GB/T 4754)"), max_length=8, blank=True)
    expected_input = models.DecimalField(
        _("expected new input"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    expected_output = models.DecimalField(
        _("expected new output"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    registration_number = models.CharField(_("registration number"), max_length=16, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    licence_filed_on = models.DateField(_("licence filed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(technology_amount__gte=0) & Q(technology_amount__lte=F("total_amount")),
                name="technology_amount_within_total",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="contract_period"
            ),
            models.UniqueConstraint(
                fields=["registration_number"],
                condition=~Q(registration_number=""),
                name="registered_once",
            ),
        ]

    def __str__(self):
        return self.name


class Instalment(models.Model):
    """A payment that the contract promises (付款计划)."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="instalments")
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    condition = models.CharField(_("due when"), max_length=120, blank=True)

    def __str__(self):
        return f"{self.due_on} {self.amount}"


class Payment(models.Model):
    """Money that was received (到账)."""

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="payments")
    sequence = models.PositiveIntegerField()
    received_on = models.DateField(_("received on"), db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    reference = models.CharField(_("bank receipt or invoice"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive")
        ]

    def __str__(self):
        return f"{self.received_on} {self.amount}"
