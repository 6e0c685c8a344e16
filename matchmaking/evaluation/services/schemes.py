"""Drafting schemes and putting them in force."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record

from ..enums import IndicatorKind, SchemeState, Weighting
from ..indicators import query_of
from ..methods import Hierarchy, complete, weigh
from ..models import Indicator, Scheme
from ..ready_made import READY_MADE, ReadyMade
from ..rules import can_edit_scheme, can_run_evaluation
from .base import UnableToEvaluate, require

WHOLE, STEP = Decimal(100), Decimal("0.0001")


def lock_draft(actor: User, scheme: Scheme) -> Scheme:
    locked = Scheme.objects.select_for_update().get(pk=scheme.pk)
    require(can_edit_scheme(actor, locked))
    return locked


@transaction.atomic
def create_scheme(*, actor: User, ready_made: str) -> Scheme:
    """Begin a draft from a ready-made scheme.

    Raises UnableToEvaluate where a version of it exists: that one has successors.
    """
    require(can_run_evaluation(actor))
    template = READY_MADE[ready_made]
    if Scheme.objects.filter(code=template.code).exists():
        raise UnableToEvaluate(_("This scheme exists already. Open it and begin a new version."))
    scheme = Scheme.objects.create(
        code=template.code,
        title=template.title,
        title_en=template.title_en,
        purpose=template.purpose,
        purpose_en=template.purpose_en,
        source=template.source,
        object_type=template.object_type,
        created_by=actor,
    )
    _fill(scheme, template)
    record(actor=actor, action="evaluation.create_scheme", target=scheme)
    return scheme


def _fill(scheme: Scheme, template: ReadyMade) -> None:
    for place, (name, name_en, leaves) in enumerate(template.groups):
        group = Indicator.objects.create(
            scheme=scheme, name=name, name_en=name_en, sort_order=place
        )
        Indicator.objects.bulk_create(
            Indicator(
                scheme=scheme,
                parent=group,
                name=leaf.name,
                name_en=leaf.name_en,
                guidance=leaf.guidance,
                kind=leaf.kind,
                query=leaf.query,
                is_cost=leaf.is_cost,
                unit=leaf.unit,
                low=leaf.scale[0] if leaf.scale else None,
                high=leaf.scale[1] if leaf.scale else None,
                weight=leaf.weight,
                missing=leaf.missing,
                sort_order=number,
            )
            for number, leaf in enumerate(leaves)
        )


@transaction.atomic
def start_successor(*, actor: User, scheme: Scheme) -> Scheme:
    """Begin the next version of a published scheme as a draft with the same indicators."""
    require(can_run_evaluation(actor) and scheme.state == SchemeState.PUBLISHED)
    versions = Scheme.objects.select_for_update().filter(code=scheme.code)
    if versions.filter(state=SchemeState.DRAFT).exists():
        raise UnableToEvaluate(_("The next version has been begun already."))
    groups = scheme.groups
    scheme = Scheme.objects.get(pk=scheme.pk)
    scheme.version = max(versions.values_list("version", flat=True)) + 1
    scheme.pk, scheme.state, scheme.published_at = None, SchemeState.DRAFT, None
    scheme.created_by = actor
    scheme.save(force_insert=True)
    for group in groups:
        leaves, group.pk, group.scheme = group.leaves, None, scheme
        group.save(force_insert=True)
        for leaf in leaves:
            leaf.pk, leaf.scheme, leaf.parent = None, scheme, group
        Indicator.objects.bulk_create(leaves)
    record(actor=actor, action="evaluation.start_successor", target=scheme)
    return scheme


@transaction.atomic
def edit_scheme(*, actor: User, scheme: Scheme, leaves: Sequence[Indicator] = ()) -> Scheme:
    """Store a draft as a form left it, with its changed indicators."""
    current = lock_draft(actor, scheme)
    scheme.state = current.state
    scheme.save()
    for leaf in leaves:
        require(leaf.scheme_id == scheme.pk)
        leaf.save()
    _apply_comparisons(scheme)
    record(actor=actor, action="evaluation.edit_scheme", target=scheme)
    return scheme


@transaction.atomic
def add_indicator(*, actor: User, scheme: Scheme, indicator: Indicator) -> Indicator:
    """Add a group, or an indicator below one of the scheme's groups.

    A new group makes the comparisons incomplete: they begin anew.
    """
    scheme = lock_draft(actor, scheme)
    require(indicator.parent is None or indicator.parent.scheme_id == scheme.pk)
    indicator.scheme = scheme
    indicator.sort_order = scheme.indicators.filter(parent=indicator.parent).count()
    indicator.save(force_insert=True)
    if indicator.parent is None:
        _forget_comparisons(scheme)
    record(actor=actor, action="evaluation.add_indicator", target=scheme, label=indicator.name)
    return indicator


@transaction.atomic
def remove_indicator(*, actor: User, indicator: Indicator) -> None:
    """Take an indicator out of a draft; a group goes with all below it."""
    scheme = lock_draft(actor, indicator.scheme)
    name, is_group = indicator.name, indicator.parent_id is None
    indicator.children.all().delete()
    indicator.delete()
    if is_group:
        _forget_comparisons(scheme)
    record(actor=actor, action="evaluation.remove_indicator", target=scheme, label=name)


def _forget_comparisons(scheme: Scheme) -> None:
    Scheme.objects.filter(pk=scheme.pk).update(comparisons=[])


@transaction.atomic
def compare_groups(*, actor: User, scheme: Scheme, above: Sequence[float]) -> Hierarchy:
    """Store the pairwise comparisons of the groups and give the leaves the weights they imply.

    Stored whether they agree or not, so that the advice can be followed; publishing asks for
    agreement. Raises UnableToEvaluate for comparisons that are none.
    """
    scheme = lock_draft(actor, scheme)
    try:
        hierarchy = weigh(complete(len(scheme.groups), above))
    except (ValueError, ZeroDivisionError):
        raise UnableToEvaluate(_("Please compare each group with each other one.")) from None
    scheme.comparisons, scheme.weighting = list(above), Weighting.AHP
    scheme.save()
    _apply_comparisons(scheme)
    record(actor=actor, action="evaluation.compare_groups", target=scheme)
    return hierarchy


def hierarchy_of(scheme: Scheme) -> Hierarchy | None:
    """The AHP reckoning of a scheme's comparisons; None where there are none."""
    if not scheme.comparisons:
        return None
    return weigh(complete(len(scheme.groups), scheme.comparisons))


def _apply_comparisons(scheme: Scheme) -> None:
    """Share each group's weight out among its leaves in the proportion that they have."""
    hierarchy = hierarchy_of(scheme) if scheme.weighting == Weighting.AHP else None
    if hierarchy is None:
        return
    changed = []
    for group, weight in zip(scheme.groups, hierarchy.weights, strict=True):
        total = sum(leaf.weight for leaf in group.leaves)
        for leaf in group.leaves:
            share = leaf.weight / total if total else Decimal(1) / len(group.leaves)
            leaf.weight = (WHOLE * Decimal(weight) * share).quantize(STEP, ROUND_HALF_EVEN)
            changed.append(leaf)
    if changed:
        changed[0].weight += WHOLE - sum(leaf.weight for leaf in changed)
    Indicator.objects.bulk_update(changed, ["weight"])


@transaction.atomic
def publish_scheme(*, actor: User, scheme: Scheme) -> Scheme:
    """Put a draft in force; the version in force before is superseded."""
    scheme = lock_draft(actor, scheme)
    faults = faults_of(scheme)
    if faults:
        raise UnableToEvaluate(faults[0])
    Scheme.objects.filter(code=scheme.code, state=SchemeState.PUBLISHED).update(
        state=SchemeState.SUPERSEDED
    )
    scheme.state, scheme.published_at = SchemeState.PUBLISHED, timezone.now()
    scheme.save()
    record(actor=actor, action="evaluation.publish_scheme", target=scheme, revision=scheme.version)
    return scheme


def faults_of(scheme: Scheme) -> list[str]:
    """What keeps a draft from being published, in words."""
    faults = [
        _("“%(name)s” has no indicator yet.") % {"name": group.label}
        for group in scheme.groups
        if not group.leaves
    ]
    if not scheme.groups:
        faults.append(_("Please add at least one group of indicators."))
    total = sum((leaf.weight for leaf in scheme.leaves), Decimal(0))
    if scheme.groups and abs(total - WHOLE) > Decimal("0.01"):
        faults.append(
            _("The weights sum to %(total)s points; they must sum to 100.")
            % {"total": f"{total.normalize():f}"}
        )
    for leaf in scheme.leaves:
        query = query_of(leaf.query)
        if leaf.kind == IndicatorKind.NUMBER and (
            query is None or scheme.object_type not in query.object_types
        ):
            faults.append(_("“%(name)s” needs a number of the ledger.") % {"name": leaf.label})
    if scheme.weighting == Weighting.AHP:
        hierarchy = hierarchy_of(scheme)
        if hierarchy is None:
            faults.append(_("Please compare each group with each other one."))
        elif not hierarchy.is_consistent:
            faults.append(
                _("The comparisons contradict each other (CR %(ratio).2f, below 0.10 is needed).")
                % {"ratio": hierarchy.ratio}
            )
    return faults


@transaction.atomic
def delete_scheme(*, actor: User, scheme: Scheme) -> None:
    """Throw a draft away."""
    scheme = lock_draft(actor, scheme)
    record(actor=actor, action="evaluation.delete_scheme", target=scheme)
    scheme.delete()
