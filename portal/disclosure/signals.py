from django.dispatch import Signal

levels_changed = Signal()  # listing: what of it is public has changed
