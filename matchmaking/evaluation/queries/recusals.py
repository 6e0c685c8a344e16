"""Which experts must not score which objects (回避; domain reference §4)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from achievements.models import Completer
from ip.models import PatentInventor
from portal.accounts.models import Membership

from ..enums import Recusal
from ..models import PoolMember, Round
from ..objects import source_of

RECENT = timedelta(days=3 * 365)

Recusals = dict[int, dict[int, list[Recusal]]]  # subject → expert → reasons


def recusals_of(round_: Round) -> Recusals:
    """Reasons by subject and expert; experts without a reason are not named."""
    members = list(PoolMember.objects.filter(round=round_).prefetch_related("interests"))
    experts = {member.expert_id for member in members}
    subjects = list(round_.subjects.taking_part())
    source = source_of(round_.scheme.object_type)
    object_ids = [subject.object_id for subject in subjects]
    units = source.units(object_ids) if source else {}
    people = source.people(object_ids) if source else {}
    employers = _employers(experts)
    partners = _partners(experts, since=timezone.localdate() - RECENT)
    interests = {
        member.expert_id: {each.pk for each in member.interests.all()} for member in members
    }
    found: Recusals = {}
    for subject in subjects:
        behind = units.get(subject.object_id, set()) | {subject.organization_id}
        workers = people.get(subject.object_id, set())
        found[subject.pk] = {}
        for expert in sorted(experts):
            reasons = []
            if employers[expert] & behind:
                reasons.append(Recusal.SAME_UNIT)
            elif (partners[expert] | {expert}) & workers:
                reasons.append(Recusal.COAUTHOR)
            if interests[expert] & behind:
                reasons.append(Recusal.DECLARED)
            if reasons:
                found[subject.pk][expert] = reasons
    return found


def _employers(experts: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    members = Membership.objects.active().filter(user__in=experts)
    for user, organization in members.values_list("user", "organization"):
        found[user].add(organization)
    return found


def _partners(experts: Collection[int], *, since: date) -> dict[int, set[int]]:
    """With whom each expert completed an achievement or invented a patent since then.

    What is not published yet is recent.
    """
    found: dict[int, set[int]] = defaultdict(set)
    completers = Completer.objects.filter(
        Q(page__first_published_at__isnull=True) | Q(page__first_published_at__date__gte=since),
        user__isnull=False,
    )
    inventors = PatentInventor.objects.filter(patent__filed_on__gte=since, user__isnull=False)
    own_pages = completers.filter(user__in=experts).values("page")
    own_patents = inventors.filter(user__in=experts).values("patent")
    works: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, user in completers.filter(page__in=own_pages).values_list("page", "user"):
        works["page", page].add(user)
    for patent, user in inventors.filter(patent__in=own_patents).values_list("patent", "user"):
        works["patent", patent].add(user)
    for people in works.values():
        for expert in people & set(experts):
            found[expert] |= people - {expert}
    return found
