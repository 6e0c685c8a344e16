from datetime import datetime, timedelta

from django.utils import timezone

from achievements.models import ListingPage
from ip.models import PatentPage
from matchmaking.interests.clock import due_date, term_of
from matchmaking.interests.enums import OPEN_STATES, InterestState, Party, TargetKind
from matchmaking.interests.models import (
    BrokerAssignment,
    Interest,
    InterestMessage,
    Introduction,
)
from matchmaking.models import Need
from portal.accounts.enums import ConsentPurpose, PortalRole
from portal.accounts.models import Consent, Membership, User
from portal.accounts.queries import current_text
from portal.taxonomy.services import assign_code
from portal.workdays.queries import add_working_days, working_days_between

from .listings import ListingSeeder

SIDES = {"S": Party.SENDER, "R": Party.RECEIVER, "B": Party.BROKER}
FIRST_MESSAGE, BETWEEN = timedelta(hours=3), timedelta(hours=30)


class InterestSeeder:
    """Writes interests in every state, dated back as the content says, with their threads."""

    def __init__(self, listings: ListingSeeder, needs: list[dict]) -> None:
        self.listings = listings
        self.broker = listings.staff[PortalRole.BROKER]
        found = {need.title: need for need in Need.objects.select_related("organization", "author")}
        self.needs = {row["key"]: found[row["title"]] for row in needs}
        owners = Membership.objects.owners().select_related("user").order_by("-pk")
        self.owners = {each.organization_id: each.user for each in owners}
        self.now = timezone.now()

    def seed(self, rows: list[dict]) -> None:
        rows = sorted(rows, key=lambda row: -row["days"])
        interests = [self._interest(row) for row in rows]
        for year in {timezone.localdate(each.sent_at).year for each in interests}:
            of_year = [each for each in interests if timezone.localdate(each.sent_at).year == year]
            codes = assign_code(prefix="YX", year=year, count=len(of_year))
            for interest, code in zip(of_year, codes, strict=True):
                interest.code = code
        pairs = list(zip(rows, interests, strict=True))
        messages = [each for row, interest in pairs for each in self._thread(row, interest)]
        Interest.objects.bulk_create(interests)
        InterestMessage.objects.bulk_create(messages)
        for row, interest in pairs:
            self._brokerage(row, interest)
            if interest.sender_shares_contact:
                self._consent(interest)

    def _interest(self, row: dict) -> Interest:
        page, need = self._page(row), self.needs.get(row.get("need", ""))
        sender_organization = self.listings.organizations[row["by"]]
        if need is not None and need.organization_id != sender_organization.pk:
            kind, receiver = TargetKind.NEED, need.organization
        else:
            is_patent = isinstance(page, PatentPage)
            kind = TargetKind.PATENT if is_patent else TargetKind.ACHIEVEMENT
            receiver = page.organization
        sent_at, days = self._moment(row["days"]), term_of(kind)
        interest = Interest(
            kind=kind,
            page_id=page.pk,
            need=need,
            sender_organization=sender_organization,
            sender=self.owners[sender_organization.pk],
            receiver_organization=receiver,
            purpose=row["purpose"],
            ask=row["ask"],
            offer=row["offer"],
            sender_shares_contact=row.get("contact", False),
            state=row["state"],
            sent_at=sent_at,
            term_days=days,
            due_on=due_date(timezone.localdate(sent_at), days),
        )
        self._end(interest, row)
        if self._called_at(interest):
            interest.broker = self.broker
        return interest

    def _page(self, row: dict) -> ListingPage:
        if "patent" in row:
            return PatentPage.objects.get(patent=self.listings.patents[row["patent"]])
        return self.listings.achievements[row["page"]]

    def _moment(self, days_ago: int) -> datetime:
        """A quarter past nine on that day: nothing depends on the hour of the seeding."""
        day = timezone.localtime(self.now) - timedelta(days=days_ago)
        return day.replace(hour=9, minute=15, second=0, microsecond=0)

    def _end(self, interest: Interest, row: dict) -> None:
        if interest.state == InterestState.SENT:
            return
        answered_at = self._answered_at(interest.sent_at, row["after"])
        ended_at = answered_at
        if "ended" in row:
            ended_at = interest.sent_at + timedelta(days=row["ended"], hours=2)
        receiver = self.owners[interest.receiver_organization_id]
        if interest.state != InterestState.WITHDRAWN:
            interest.answered_at, interest.answered_by = answered_at, receiver
            interest.first_reply_at = answered_at
            interest.answered_in = working_days_between(
                timezone.localdate(interest.sent_at), timezone.localdate(answered_at)
            )
            if "ended" in row or interest.state == InterestState.ANSWERED:
                interest.accepted_at = answered_at
        if interest.state not in OPEN_STATES:
            by_receiver = row.get("side") == Party.RECEIVER
            interest.ended_at = ended_at
            interest.ended_by = receiver if by_receiver else interest.sender
        interest.closing_note = row.get("note", "")
        interest.decline_reason = row.get("reason", "")
        interest.decline_comment = row.get("comment", "")
        if interest.decline_reason:
            interest.declined_side = row["side"]

    def _answered_at(self, sent_at: datetime, working_days: int) -> datetime:
        """On that working day after the sending, yesterday at the latest."""
        sent_on = timezone.localdate(sent_at)
        days = (add_working_days(sent_on, working_days) - sent_on).days
        latest = (timezone.localdate(self.now) - sent_on).days - 1
        return sent_at + timedelta(days=min(days, latest), hours=2)

    def _called_at(self, interest: Interest) -> datetime | None:
        """When the clock called a broker: the morning after the last day without an answer."""
        answered_at = interest.answered_at or interest.ended_at
        until = timezone.localdate(answered_at) if answered_at else timezone.localdate(self.now)
        if until <= interest.due_on:
            return None
        late = interest.due_on - timezone.localdate(interest.sent_at)
        return interest.sent_at + late + timedelta(days=1)

    def _thread(self, row: dict, interest: Interest) -> list[InterestMessage]:
        lines = row["thread"]
        called_at = self._called_at(interest) if lines and lines[0][0] == "B" else None
        start = called_at or interest.accepted_at or interest.sent_at
        end = interest.ended_at or self.now
        step = min(BETWEEN, (end - start - FIRST_MESSAGE) / (len(lines) + 1))
        messages = []
        for place, (letter, text) in enumerate(lines):
            side, sent_at = SIDES[letter], start + FIRST_MESSAGE + place * step
            if side == Party.RECEIVER:
                known = interest.first_reply_at or sent_at
                interest.first_reply_at = min(known, sent_at)
            messages.append(
                InterestMessage(
                    interest=interest,
                    author=self._author(interest, side),
                    side=side,
                    text=text,
                    sent_at=sent_at,
                )
            )
        return messages

    def _author(self, interest: Interest, side: Party) -> User:
        if side == Party.BROKER:
            return self.broker
        is_sender = side == Party.SENDER
        organization_id = (
            interest.sender_organization_id if is_sender else interest.receiver_organization_id
        )
        return self.owners[organization_id]

    def _brokerage(self, row: dict, interest: Interest) -> None:
        called_at = self._called_at(interest)
        if called_at is None:
            return
        BrokerAssignment.objects.create(
            interest=interest, broker=self.broker, assigned_at=called_at
        )
        if "introduce" in row:
            mandate, note = row["introduce"]
            Introduction.objects.create(
                interest=interest,
                broker=self.broker,
                mandate=mandate,
                note=note,
                made_at=called_at + FIRST_MESSAGE,
            )

    def _consent(self, interest: Interest) -> None:
        Consent.objects.create(
            user=self.owners[interest.sender_organization_id],
            text=current_text(ConsentPurpose.SHARE_CONTACT),
            recipient=interest.receiver_organization,
            channel="demo",
        )
