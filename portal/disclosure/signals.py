from django.dispatch import Signal

levels_changed = Signal()  # listing: what of it is public has changed
agreement_signed = Signal()  # agreement: both sides are bound from now on
agreement_ended = Signal()  # agreement: a side has ended it before its term
