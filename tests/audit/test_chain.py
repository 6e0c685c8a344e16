import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break
from portal.audit.services import record, recorded_last

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def events():
    return [record(actor=None, action=f"audit.step_{number}", number=number) for number in range(5)]


def test_a_whole_chain_is_said_to_be_whole(events, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out.splitlines() == [
        "The chain is whole: 5 lines.",
        f"It ends with {events[4].digest}.",
        "The cases are whole: 0 events.",
    ]


def test_a_log_that_was_cut_off_lacks_the_noted_digest(events):
    call_command("verify_audit", noted=events[4].digest)
    drop_triggers()
    AuditEvent.objects.filter(pk=events[4].pk)._raw_delete("default")

    call_command("verify_audit")
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_audit", noted=events[4].digest)


@pytest.mark.parametrize("place", [0, 2])
def test_a_line_that_is_gone_breaks_the_chain_at_the_next(events, place):
    drop_triggers()
    AuditEvent.objects.filter(pk=events[place].pk)._raw_delete("default")

    assert find_first_break().pk == events[place + 1].pk


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
    drop_triggers()
    AuditEvent.objects.filter(pk=event.pk).update(**change)


def drop_triggers():
    """As somebody with the keys of the database would."""
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


def test_what_a_block_records_is_appended_in_its_order_when_it_ends(events):
    with recorded_last():
        record(actor=None, action="audit.first")
        with recorded_last():
            record(actor=None, action="audit.second")
        assert AuditEvent.objects.count() == 5

    lines = AuditEvent.objects.order_by("pk").values_list("action", "previous_digest", "digest")
    fifth, first, second = lines[4:]
    assert [first[0], second[0]] == ["audit.first", "audit.second"]
    assert [first[1], second[1]] == [fifth[2], first[2]]
    assert find_first_break() is None


def test_a_block_that_fails_records_nothing_and_the_one_around_it_goes_on():
    def fail():
        with recorded_last():
            record(actor=None, action="audit.undone")
            raise LookupError

    with recorded_last():
        record(actor=None, action="audit.before")
        with pytest.raises(LookupError):
            fail()
        record(actor=None, action="audit.after")
    with pytest.raises(LookupError):
        fail()

    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [*actions] == ["audit.before", "audit.after"]
