from django.dispatch import Signal

# Sent with ``organization`` and ``actor`` in the transaction that accepts the licence; a receiver
# that raises UnableToChangeOrganization undoes the acceptance.
organization_verified = Signal()
