import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break
from portal.audit.services import record

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def events():
    return [record(actor=None, action=f"audit.step_{number}", number=number) for number in range(5)]


def test_a_whole_chain_is_said_to_be_whole(events, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == "The chain is whole: 5 lines.\n"


@pytest.mark.parametrize("change", [{"action": "audit.other"}, {"payload": {"number": 9}}])
def test_a_changed_line_is_named(events, change):
    forge(events[2], **change)

    assert find_first_break().pk == events[2].pk
    with pytest.raises(CommandError, match=f"breaks at line {events[2].pk} "):
        call_command("verify_audit")


def test_a_line_is_neither_changed_nor_deleted_through_the_database(events):
    for attempt in (
        lambda: AuditEvent.objects.filter(pk=events[0].pk).update(action="audit.other"),
        lambda: AuditEvent.objects.filter(pk=events[0].pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert AuditEvent.objects.count() == 5


def forge(event, **change):
    """Change a line as somebody with the keys of the database would: without its triggers."""
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    AuditEvent.objects.filter(pk=event.pk).update(**change)
