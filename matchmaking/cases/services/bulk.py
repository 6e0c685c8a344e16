"""The bulk door: whole cases with their histories, for imports and for the demo city.

Events go through the same table, guards and chain as single moves, but are computed in memory and
written in a few statements.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.taxonomy.services import assign_code

from ..enums import EventKind, PartyRole
from ..guards import Circumstances
from ..ledger import GENESIS, CaseState, Entry, apply
from ..models import (
    CaseEvent,
    CaseParty,
    ConversionCase,
)
from ..moves import MOVES
from ..queries import fits, missing_guards
from .cases import CODE_PREFIX
from .drafts import CaseDraft, Parties, Step
from .ledger import DAYS, UnableToMoveCase, digest_of, store_state
from .placing import lead_owner_of, place_in_industries
from .rows import RowBuilder, store_rows

BATCH = 2_000
FOLDED = (
    "stage",
    "stage_since",
    "opened_on",
    *DAYS,
    "lead_owner",
    "mode",
    "licence_kind",
    "route",
    "price",
    "contract_total",
    "received",
    "tracks",
    "tracks_since",
    "facts",
    "version",
    "head_digest",
)


@dataclass
class _Built:
    """A case in memory: its row, parties and events, and the builder of the rows beside them."""

    case: ConversionCase
    draft: CaseDraft
    parties: list[CaseParty]
    builder: RowBuilder
    events: list[CaseEvent] = field(default_factory=list)


@transaction.atomic
def add_cases(
    *,
    actor: User | None,
    drafts: Sequence[CaseDraft],
    recorded_at: Callable[[date], datetime] | None = None,
    is_guarded: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[ConversionCase]:
    """Write cases with their histories, all or none, and return them.

    Without ``is_guarded`` only the table of moves and the days are checked: what is known of the
    years before the portal may lack proofs. Raises ``UnableToMoveCase`` naming the case.
    """
    built = _create_cases(drafts)
    for done, each in enumerate(built, start=1):
        _build_events(each, actor, recorded_at, is_guarded=is_guarded)
        if not done % 500:
            progress(done, len(built))
    CaseEvent.objects.bulk_create(
        [event for each in built for event in each.events], batch_size=BATCH
    )
    store_rows([each.builder for each in built], batch_size=BATCH)
    # An upsert by id: many times faster than bulk_update, which compares id by id.
    ConversionCase.objects.bulk_create(
        [each.case for each in built],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FOLDED,
        batch_size=BATCH,
    )
    place_in_industries([each.case.pk for each in built])
    record(actor=actor, action="cases.add_cases", count=len(built))
    progress(len(built), len(built))
    return [each.case for each in built]


def _create_cases(drafts: Sequence[CaseDraft]) -> list[_Built]:
    per_year = Counter(draft.opened_on.year for draft in drafts)
    codes = {
        year: iter(assign_code(prefix=CODE_PREFIX, year=year, count=count))
        for year, count in sorted(per_year.items())
    }
    cases = ConversionCase.objects.bulk_create(
        [
            ConversionCase(
                code=next(codes[draft.opened_on.year]),
                title=draft.title[:200],
                page=draft.page,
                need=draft.need,
                listing_code=draft.page.code if draft.page else "",
                broker=draft.broker,
                source_id=draft.source_id,
                stage_since=draft.opened_on,
                opened_on=draft.opened_on,
            )
            for draft in drafts
        ],
        batch_size=BATCH,
    )
    parties = CaseParty.objects.bulk_create(
        [
            CaseParty(
                case=case,
                role=entry.role,
                organization=entry.organization,
                name=entry.name,
                user=entry.user,
                share=entry.share,
                contact_name=entry.contact_name,
                contact_email=entry.contact_email,
                joined_on=draft.opened_on,
            )
            for case, draft in zip(cases, drafts, strict=True)
            for entry in draft.parties
        ],
        batch_size=BATCH,
    )
    by_case = defaultdict(list)
    for party in parties:
        by_case[party.case_id].append(party)
    return [
        _Built(case, draft, by_case[case.pk], RowBuilder(case, draft, by_case[case.pk]))
        for case, draft in zip(cases, drafts, strict=True)
    ]


def _build_events(
    built: _Built,
    actor: User | None,
    recorded_at: Callable[[date], datetime] | None,
    *,
    is_guarded: bool,
) -> None:
    around, state, now = _circumstances(built.parties), CaseState(), timezone.now()
    draft = built.draft
    opening = Step(
        EventKind.OPENED,
        draft.opened_on,
        {
            "listing": built.case.listing_code,
            "need": draft.need.code if draft.need else "",
            "mode": draft.mode,
            "parties": [
                [entry.role, entry.organization.name if entry.organization else ""]
                for entry in draft.parties
            ],
        },
    )
    for step in (opening, *draft.steps):
        if step.kind != EventKind.OPENED:
            _require(built, step, state, around, is_guarded=is_guarded)
        payload = step.payload(built.parties) if callable(step.payload) else dict(step.payload)
        acting = step.actor or actor
        event = CaseEvent(
            case=built.case,
            sequence=len(built.events) + 1,
            kind=step.kind,
            occurred_on=step.on,
            recorded_at=recorded_at(step.on) if recorded_at else now,
            actor=acting,
            organization_id=_organization_of(acting, built.parties),
            payload=payload,
            previous_digest=built.events[-1].digest if built.events else GENESIS,
        )
        event.digest = digest_of(event, built.case.code)
        built.events.append(event)
        apply(state, Entry(event.sequence, step.kind, step.on, payload))
        built.builder.add(event, state)
    built.case.lead_owner_id = lead_owner_of(built.parties)
    built.case.version, built.case.head_digest = len(built.events), built.events[-1].digest
    store_state(built.case, state)


def _circumstances(parties: Parties) -> Circumstances:
    owners = [party for party in parties if party.role == PartyRole.OWNER]
    return Circumstances(
        owner_is_public=any(owner.is_public_owner for owner in owners),
        owner_ids=frozenset(owner.pk for owner in owners),
    )


def _organization_of(actor: User | None, parties: Parties) -> int | None:
    if actor is None:
        return None
    own = actor.organization_ids
    return next((each.organization_id for each in parties if each.organization_id in own), None)


def _require(
    built: _Built, step: Step, state: CaseState, around: Circumstances, *, is_guarded: bool
) -> None:
    move = MOVES[step.kind]
    earliest = state.stage_since if move.stage_after else state.opened_on
    if move.track:
        earliest = max(earliest, state.since(move.track) or earliest)
    missing = missing_guards(move, state, around, step.on) if is_guarded else []
    if not fits(move, state) or missing or not earliest <= step.on <= timezone.localdate():
        raise UnableToMoveCase(
            _("%(title)s: “%(step)s” on %(day)s does not follow. %(guards)s")
            % {
                "title": built.draft.title,
                "step": step.kind.label,
                "day": step.on,
                "guards": _("; ").join(str(guard.text) for guard in missing),
            }
        )
