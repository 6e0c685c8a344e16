"""Keeping the rules of law: correcting one, and entering its next version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record

from ..models import LawRule
from ..rules import can_edit_law


class UnableToEditRule(Exception):
    """The rule cannot be changed so; the message says why."""


@dataclass(frozen=True)
class RuleText:
    """What the commission writes of a rule."""

    source: str
    source_en: str
    note: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def _lock_rule(actor: User, rule: LawRule) -> LawRule:
    if not can_edit_law(actor):
        raise PermissionDenied
    return LawRule.objects.select_for_update().get(pk=rule.pk)


def _write(rule: LawRule, text: RuleText) -> LawRule:
    rule.source, rule.source_en, rule.note = text.source, text.source_en, text.note
    rule.parameters = dict(text.parameters)
    return rule


@transaction.atomic
def edit_rule(*, actor: User, rule: LawRule, text: RuleText) -> LawRule:
    """Correct a rule as it stands; what is computed from now on follows it.

    Raises ``PermissionDenied`` for everybody but the commission.
    """
    rule = _lock_rule(actor, rule)
    before = rule.parameters
    _write(rule, text).save()
    record(actor=actor, action="cases.edit_rule", target=rule, before=before, after=rule.parameters)
    return rule


@transaction.atomic
def succeed_rule(*, actor: User, rule: LawRule, valid_from: date, text: RuleText) -> LawRule:
    """Enter the rule's next version, in force from a day on; the old one ends the day before.

    Raises ``PermissionDenied`` as ``edit_rule`` does, ``UnableToEditRule`` for a day that is not
    after the old version's first, and where a later version exists.
    """
    rule = _lock_rule(actor, rule)
    versions = LawRule.objects.filter(code=rule.code, jurisdiction=rule.jurisdiction)
    if versions.filter(valid_from__gt=rule.valid_from).exists():
        raise UnableToEditRule(_("A later version of this rule exists; change that one."))
    if valid_from <= rule.valid_from:
        raise UnableToEditRule(
            _("The new version begins after the old one, of %(day)s.") % {"day": rule.valid_from}
        )
    before = rule.parameters
    rule.valid_to = valid_from - timedelta(days=1)
    rule.save(update_fields=["valid_to"])
    successor = LawRule(code=rule.code, jurisdiction=rule.jurisdiction, valid_from=valid_from)
    _write(successor, text).save()
    record(
        actor=actor,
        action="cases.succeed_rule",
        target=successor,
        before=before,
        after=successor.parameters,
        first=valid_from.isoformat(),
    )
    return successor
