"""Tables to which the database itself lets nobody do more than append."""

from django.db import migrations


def _statements(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        ),
    ]


def append_only(table: str) -> migrations.RunPython:
    """Return the migration step that puts triggers against UPDATE and DELETE on ``table``."""

    def create(apps, schema_editor):
        for statement in _statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    return migrations.RunPython(create, migrations.RunPython.noop)
