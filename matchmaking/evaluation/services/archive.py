import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

from ..bundle import as_bytes, bundle_of
from ..enums import RoundState
from ..models import Archive, Round
from .base import UnableToEvaluate, advance, lock_round


@transaction.atomic
def archive_round(*, actor: User, round_: Round) -> Archive:
    """Seal a round whose publicity is over: a bundle whose digest stands in the audit log."""
    round_ = lock_round(actor, round_, RoundState.PUBLICITY)
    assert round_.publicity_until is not None
    if timezone.localdate() <= round_.publicity_until:
        raise UnableToEvaluate(
            _("The publicity lasts until %(day)s. Please archive it after that day.")
            % {"day": round_.publicity_until.isoformat()}
        )
    content = as_bytes(bundle_of(round_))
    archive = Archive(round=round_, digest=hashlib.sha256(content).hexdigest())
    archive.file.save("round.json", ContentFile(content), save=False)
    archive.save()
    round_.archived_at = timezone.now()
    advance(round_, RoundState.ARCHIVED, actor, "archive_round", digest=archive.digest)
    return archive
