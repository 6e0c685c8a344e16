"""Leads open by consent alone and to the exhibitor alone."""

import csv
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.exhibition import services
from events.exhibition.exports import leads_csv, leads_xlsx
from events.exhibition.models import Lead
from events.exhibition.queries import leads_of
from events.exhibition.services import UnableToExhibit
from events.fairs.models import Fair
from portal.accounts.enums import MembershipRole, PortalRole
from portal.audit.models import AuditEvent
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.exhibition import OnShow, Show
from tests.factories.fairs import fresh, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def table(leads):
    return list(csv.reader(io.StringIO(leads_csv(leads).decode("utf-8-sig"))))[1:]


def test_a_visitor_is_noted_by_ticket_and_asked_for_consent():
    fair = OnShow()

    lead = fair.note(note="要样品", rating=4, source="SCANNED")

    assert (lead.source, lead.rating, lead.consent) == ("SCANNED", 4, None)
    note = fair.visitor.person.notifications.latest("pk")
    assert (note.kind, note.url) == (
        "exhibitor-card",
        f"/fairs/{fair.show.fair.code}/exhibition/cards/",
    )


def test_a_second_scan_adds_to_the_note_and_asks_nobody_again():
    fair = OnShow()

    fair.note(note="要样品", rating=4)
    lead = fair.note(note="下周来厂")

    assert Lead.objects.count() == 1
    assert (lead.note, lead.rating) == ("要样品\n下周来厂", 4)
    assert fair.visitor.person.notifications.filter(kind="exhibitor-card").count() == 1


def test_a_ticket_may_be_typed_in_groups():
    fair = OnShow()
    ticket = fair.visitor.ticket.upper()
    typed = " ".join(ticket[place : place + 8] for place in range(0, 32, 8))

    lead = services.note_lead(
        actor=fair.exhibitor.user, exhibitor=fair.exhibitor, ticket=f" {typed}-"
    )

    assert lead.registration == fair.visitor


@pytest.mark.parametrize("ticket", ["", "0" * 32, "x", "' OR 1=1"])
def test_an_unknown_ticket_notes_nobody(ticket):
    fair = OnShow()

    with pytest.raises(UnableToExhibit):
        services.note_lead(actor=fair.exhibitor.user, exhibitor=fair.exhibitor, ticket=ticket)
    assert Lead.objects.count() == 0


def test_neither_a_ticket_of_another_fair_nor_one_without_admission():
    fair, other = OnShow(), Show()
    pending = other.sent()

    for visitor in (other.admitted(), pending):
        with pytest.raises(UnableToExhibit):
            fair.note(visitor=visitor)


def test_only_the_exhibitors_own_people_note_and_only_on_show():
    fair = OnShow()
    member = MembershipFactory(
        organization=fair.exhibitor.organization, role=MembershipRole.MEMBER
    ).user

    for actor in (fair.show.owner, fair.other.user, fair.visitor.person, UserFactory()):
        with pytest.raises(UnableToExhibit):
            fair.note(actor=actor)
    fair.note(actor=member)
    fair.show.to("CLOSED")
    with pytest.raises(UnableToExhibit):
        fair.note(actor=member)


def test_name_and_address_open_with_consent_and_close_without():
    fair = OnShow()
    lead, visitor = fair.note(), fair.visitor
    closed = ["", visitor.organization_label, "", ""]
    opened = [visitor.name, visitor.organization_label, visitor.post, visitor.email]

    seen = [table(fair.rows)[0][2:6]]
    fair.agree()
    seen.append(table(fair.rows)[0][2:6])
    services.take_card_back(actor=visitor.person, lead=lead)
    seen.append(table(fair.rows)[0][2:6])
    fair.agree()
    seen.append(table(fair.rows)[0][2:6])

    assert seen == [closed, opened, closed, opened]


def test_the_consent_stands_in_the_ledger_for_this_exhibitor_and_fair_alone():
    fair = OnShow()

    lead = fair.agree()

    consent = lead.consent
    assert (consent.recipient, consent.subject, consent.user) == (
        fair.exhibitor.organization,
        fair.show.fair.code,
        fair.visitor.person,
    )
    assert (consent.text.purpose, lead.source) == ("SHARE_CONTACT", "CARD")


def test_taking_one_card_back_leaves_the_others():
    fair = OnShow()
    kept = services.leave_card(
        actor=fair.visitor.person, exhibitor=fair.other, registration=fair.visitor
    )

    services.take_card_back(actor=fair.visitor.person, lead=fair.agree())

    assert [lead.agreed for lead in Lead.objects.with_consent().order_by("pk")] == [True, False]
    assert fresh(kept.consent).withdrawn_at is None


def test_nobody_agrees_in_a_visitors_place():
    fair = OnShow()
    lead = fair.note()

    for actor in (fair.exhibitor.user, fair.show.owner, UserFactory()):
        with pytest.raises(UnableToExhibit):
            services.leave_card(actor=actor, exhibitor=fair.exhibitor, registration=fair.visitor)
        with pytest.raises(UnableToExhibit):
            services.take_card_back(actor=actor, lead=lead)


def test_leads_are_read_by_the_exhibitor_alone():
    fair = OnShow()
    fair.note()
    roles = (PortalRole.OPERATOR, PortalRole.COMMISSION, PortalRole.AUDITOR, PortalRole.REVIEWER)
    others = [fair.show.owner, fair.show.editor, fair.other.user, fair.visitor.person]

    for user in [*others, *(person_with(role) for role in roles)]:
        assert list(leads_of(user, fair.exhibitor)) == []
        with pytest.raises(UnableToExhibit):
            services.record_export(actor=user, exhibitor=fair.exhibitor, kind="csv")
    assert fair.rows.count() == 1


def test_a_lead_is_rated_by_the_exhibitors_people_alone():
    fair = OnShow()
    lead = fair.note()

    for user in (fair.show.owner, fair.other.user):
        with pytest.raises(UnableToExhibit):
            services.rate_lead(actor=user, lead=lead, rating=5, note="x")
    services.rate_lead(actor=fair.exhibitor.user, lead=lead, rating=5, note=" 已寄样 ")

    assert (fresh(lead).rating, fresh(lead).note) == (5, "已寄样")


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_runs_from_one_to_five(rating):
    lead = OnShow().note()

    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(rating=rating)


def test_both_tables_say_the_same_and_formulas_are_harmless():
    fair = OnShow()
    fair.note(note="=1+1", rating=3)
    fair.agree()

    sheet = openpyxl.load_workbook(io.BytesIO(leads_xlsx(fair.rows))).active
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]

    assert rows[1:] == table(fair.rows)
    assert rows[1][-1] == "'=1+1"


def test_an_export_is_recorded():
    fair = OnShow()

    services.record_export(actor=fair.exhibitor.user, exhibitor=fair.exhibitor, kind="csv")

    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.organization_id) == (
        "exhibition.export_leads",
        fair.exhibitor.organization_id,
    )


def test_leads_go_with_the_personal_data_of_the_fair():
    fair = OnShow()
    fair.note()

    services.erase_leads()
    assert Lead.objects.count() == 1
    Fair.objects.update(purged_at=timezone.now())
    services.sweep_exhibition()

    assert Lead.objects.count() == 0
