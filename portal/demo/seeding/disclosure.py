"""What the demo city keeps closed, to whom it was opened, and who has read it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from matchmaking.interests.enums import InterestState, TargetKind
from matchmaking.interests.models import Interest
from matchmaking.models import Need
from portal.accounts.enums import PortalRole
from portal.accounts.models import Membership, User
from portal.disclosure.enums import AgreementState, Basis, FieldGroup, Level
from portal.disclosure.models import (
    AccessRequest,
    AgreementListing,
    ConfidentialityAgreement,
    DisclosureConsent,
    GroupLevel,
    Reading,
)
from portal.disclosure.services import request_access
from portal.disclosure.template import VERSION, digest_of, write_agreement
from portal.taxonomy.services import assign_code

CLOSED_ACHIEVEMENT = {FieldGroup.FIGURES: Level.CONSENT, FieldGroup.FILES: Level.NDA}
CLOSED_NEED = {FieldGroup.PRICE: Level.VERIFIED, FieldGroup.DETAILS: Level.CONSENT}
PURPOSES = (
    "内部评估能否用于现有产线，只在技术部和采购部范围内传阅。",
    "核对指标的测试条件，决定是否安排小样试验。",
    "测算改造投入和回收期，供管理层决策。",
    "与现用方案逐项对比，确定试验方案。",
)
REFUSAL = "指标还在第三方复测，报告出来后再开放，预计下月中旬。"


class DisclosureSeeder:
    """Writes what services would have written in the talks, dated back as the talks are."""

    def __init__(self, staff: dict[str, User]) -> None:
        owners = Membership.objects.owners().select_related("user").order_by("-pk")
        self.owners = {each.organization_id: each.user for each in owners}
        self.staff, self.today = staff, timezone.localdate()

    def seed(self) -> None:
        talks = Interest.objects.exclude(kind=TargetKind.NEED).with_names().order_by("pk")
        accepted = [*talks.filter(state=InterestState.ANSWERED)[:4]]
        ended = talks.filter(state=InterestState.CLOSED).first()
        assert ended is not None
        for interest in (*accepted, ended):
            self._close(interest.page.specific.code, CLOSED_ACHIEVEMENT)
        for need in Need.objects.published().order_by("pk")[4:7]:
            self._close(need.code, CLOSED_NEED)
        self._consents(accepted)
        for interest in (accepted[0], ended):
            self._agreement(interest, is_ended=interest == ended)
        self._request(accepted[0])

    def _close(self, code: str, levels: dict[FieldGroup, Level]) -> None:
        GroupLevel.objects.bulk_create(
            (GroupLevel(listing=code, group=g, level=level) for g, level in levels.items()),
            ignore_conflicts=True,
        )

    def _consents(self, talks: list[Interest]) -> None:
        """One in force and read, one ended, one refused, one that waits for an answer."""
        given, closed, refused, waiting = (
            self._consent(interest, purpose)
            for interest, purpose in zip(talks, PURPOSES, strict=True)
        )
        for consent, days in ((given, 60), (closed, 30)):
            consent.granted_by = self.owners[consent.owner_organization_id]
            consent.granted_at = consent.asked_at + timedelta(hours=20)
            consent.until = self.today + timedelta(days=days)
            consent.save()
            self._read(consent)
        closed.ended_by, closed.ended_at = closed.granted_by, timezone.now() - timedelta(hours=9)
        closed.save()
        refused.refused_by = self.owners[refused.owner_organization_id]
        refused.refused_at = refused.asked_at + timedelta(hours=5)
        refused.reason = REFUSAL
        refused.save()
        assert waiting.granted_at is None

    def _consent(self, interest: Interest, purpose: str) -> DisclosureConsent:
        assert interest.accepted_at is not None
        return DisclosureConsent.objects.create(
            listing=self._listing(interest).code,
            owner_organization=interest.receiver_organization,
            organization=interest.sender_organization,
            purpose=purpose,
            origin=interest.get_absolute_url(),
            asked_by=interest.sender,
            asked_at=interest.accepted_at + timedelta(hours=3),
        )

    def _listing(self, interest: Interest) -> Any:
        assert interest.page is not None
        return interest.page.specific

    def _read(self, consent: DisclosureConsent) -> None:
        """The reader's people on up to three days since it was opened."""
        assert consent.granted_at is not None
        members = Membership.objects.active().filter(organization=consent.organization)
        people = [each.user for each in members.select_related("user").order_by("pk")]
        moments = [consent.granted_at + timedelta(hours=hours) for hours in (2, 27, 51)]
        Reading.objects.bulk_create(
            self._line(consent, people[place % len(people)], moment)
            for place, moment in enumerate(moments)
            if moment < timezone.now()
        )

    def _line(self, consent: DisclosureConsent, user: User, moment: datetime) -> Reading:
        return Reading(
            user=user,
            organization=consent.organization,
            listing=consent.listing,
            owner_organization=consent.owner_organization,
            groups=FieldGroup.FIGURES,
            level=Level.CONSENT,
            basis=Basis.CONSENT,
            read_at=moment,
            read_on=timezone.localdate(moment),
        )

    def _agreement(self, interest: Interest, *, is_ended: bool) -> None:
        assert interest.accepted_at is not None
        listing, signed_at = self._listing(interest), interest.accepted_at + timedelta(hours=26)
        starts_on = timezone.localdate(signed_at)
        ends_on = starts_on + timedelta(days=365)
        proposer, counterparty = interest.sender_organization, interest.receiver_organization
        [code] = assign_code(prefix="BM", year=starts_on.year)
        text, text_en = write_agreement(
            code=code,
            proposer=(proposer.name, proposer.name_en),
            counterparty=(counterparty.name, counterparty.name_en),
            listings=[f"{listing.title}（{listing.code}）"],
            purpose=PURPOSES[0],
            starts_on=starts_on,
            ends_on=ends_on,
        )
        agreement = ConfidentialityAgreement.objects.create(
            code=code,
            proposer=proposer,
            counterparty=counterparty,
            purpose=PURPOSES[0],
            starts_on=starts_on,
            ends_on=ends_on,
            template_version=VERSION,
            text=text,
            text_en=text_en,
            digest=digest_of(text, text_en),
            state=AgreementState.ENDED if is_ended else AgreementState.SIGNED,
            origin=interest.get_absolute_url(),
            proposed_by=interest.sender,
            proposed_at=signed_at - timedelta(hours=20),
            proposer_confirmed_by=self.owners[proposer.pk],
            proposer_confirmed_at=signed_at - timedelta(hours=18),
            counterparty_confirmed_by=self.owners[counterparty.pk],
            counterparty_confirmed_at=signed_at,
            signed_at=signed_at,
            ended_by=interest.ended_by if is_ended else None,
            ended_at=interest.ended_at if is_ended else None,
            end_reason="双方已另签技术合同，保密条款以合同为准。" if is_ended else "",
        )
        AgreementListing.objects.create(agreement=agreement, listing=listing.code)

    def _request(self, interest: Interest) -> AccessRequest:
        listing = self._listing(interest)
        return request_access(
            actor=self.staff[PortalRole.COMMISSION],
            subject=listing.code,
            owner=interest.receiver_organization,
            groups=[FieldGroup.FIGURES],
            reason="抽查首台套补助项目申报指标与发布内容是否一致。",
            until=self.today + timedelta(days=30),
        )
