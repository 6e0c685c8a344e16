from django.dispatch import receiver

from portal.disclosure.signals import agreement_ended, agreement_signed

from .services import cases_under, end_agreement, enter_agreement


@receiver(agreement_signed, dispatch_uid="cases.on_agreement_signed")
def on_agreement_signed(sender, agreement, **kwargs):
    for case in cases_under(agreement):
        enter_agreement(case=case, agreement=agreement)


@receiver(agreement_ended, dispatch_uid="cases.on_agreement_ended")
def on_agreement_ended(sender, agreement, **kwargs):
    for case in cases_under(agreement):
        end_agreement(case=case, agreement=agreement)
