"""`verify_audit` names the first event, file or anchor that is not what it was."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import EventKind
from matchmaking.cases.models import Anchor, CaseFile, ConversionCase
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal

pytestmark = pytest.mark.django_db


def tamper(sql, *values):
    """Change a row past the triggers, as somebody at the database itself could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_caseevent DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS cases_caseevent_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS cases_caseevent_no_delete")
        cursor.execute(sql, values)


def fault() -> str:
    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    return str(error.value)


def with_paper():
    deal = Deal()
    services.make_move(
        actor=deal.owner,
        case=deal.case,
        kind=EventKind.TALKS_BEGUN,
        occurred_on=deal.next_day(),
        files=[ContentFile(b"minutes", name="纪要.pdf")],
    )
    deal.refresh()
    return deal


def test_a_whole_ledger_passes(capsys):
    with_paper().to_decision_from_talks()
    services.write_anchor(day=timezone.localdate(), now=timezone.now())
    call_command("verify_audit")

    assert "The cases are whole: 4 events." in capsys.readouterr().out


def test_one_changed_byte_of_a_payload_is_found():
    deal = Deal().to_decision()
    tamper(
        "UPDATE cases_caseevent SET payload = %s WHERE sequence = 4",
        '{"mode": "LICENCE", "decided_by": "院务会"}',
    )

    assert fault() == f"{deal.case.code}, event 4: it or one before it was changed or removed."


def test_a_removed_event_is_found():
    deal = Deal().to_decision()
    tamper("DELETE FROM cases_caseevent WHERE sequence = 2")

    assert fault() == f"{deal.case.code}, event 3: it or one before it was changed or removed."


def test_a_chain_cut_off_at_its_end_is_found():
    deal = Deal().to_decision()
    tamper("DELETE FROM cases_caseevent WHERE sequence = 4")

    assert fault() == f"{deal.case.code}: its last event is missing, or was added past the portal."


def test_a_state_that_the_events_do_not_say_is_found():
    deal = Deal()
    ConversionCase.objects.update(stage="SIGNED")

    assert fault() == f"{deal.case.code}: the stored state is not what its events say."


def test_a_changed_or_missing_file_is_found():
    deal = with_paper()
    file = CaseFile.objects.get()
    place = f"{deal.case.code}, event 2, file “纪要.pdf”"
    with file.file.storage.open(file.file.name, "wb") as content:
        content.write(b"Minutes")
    changed = fault()
    file.file.storage.delete(file.file.name)

    assert [changed, fault()] == [f"{place}: its content was changed.", f"{place}: it is gone."]


def test_a_chain_written_anew_does_not_fit_its_anchor():
    deal = Deal().to_decision()
    services.write_anchor(day=timezone.localdate(), now=timezone.now())
    event = deal.case.events.get(sequence=4)
    event.payload = {"mode": "LICENCE", "decided_by": "院务会"}
    digest = services.digest_of(event, deal.case.code)
    tamper(
        "UPDATE cases_caseevent SET payload = %s, digest = %s WHERE sequence = 4",
        '{"mode": "LICENCE", "decided_by": "院务会"}',
        digest,
    )
    facts = deal.case.facts | {"mode": "LICENCE"}
    ConversionCase.objects.update(head_digest=digest, facts=facts, mode="LICENCE")

    assert fault() == f"{deal.case.code}: it is not what anchor {timezone.localdate()} saw."


def test_anchors_are_written_once_a_day_with_what_moved_and_mailed_to_auditors():
    auditor = UserFactory()
    RoleGrant.objects.create(user=auditor, role=PortalRole.AUDITOR)
    today = timezone.localdate()
    deal = Deal()
    first = services.write_anchor(day=today - timedelta(days=1), now=timezone.now())
    again = services.write_anchor(day=today - timedelta(days=1), now=timezone.now())
    deal.move("TALKS_BEGUN")
    second = services.write_anchor(day=today, now=timezone.now())

    assert (first.case_count, again, second.case_count) == (1, None, 1)
    assert second.previous_digest == first.digest
    told = Notification.objects.filter(user=auditor, kind="anchor").order_by("pk")
    assert [(each.label, each.text) for each in told] == [
        (f"案例台账锚点 {anchor.day}", f"SHA-256 {anchor.digest}") for anchor in (first, second)
    ]


def test_a_changed_anchor_is_found():
    Deal()
    services.write_anchor(day=timezone.localdate(), now=timezone.now())
    Anchor.objects.update(digest="0" * 64)

    assert fault() == f"anchor {timezone.localdate()}: it was changed."
