"""Let the database itself refuse changes to a published scheme and its indicators."""

from django.db import migrations

SCHEME, INDICATOR = "evaluation_scheme", "evaluation_indicator"
FIXED = (
    "code", "version", "title", "title_en", "purpose", "purpose_en", "source", "object_type",
    "weighting", "method", "spread_limit", "comparisons", "published_at",
)  # fmt: skip
MESSAGE = "a published scheme never changes"


def condition(differs):
    """Anything but the one step from in force to superseded."""
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FIXED)
    step = "(OLD.state = NEW.state OR (OLD.state = 'PUBLISHED' AND NEW.state = 'SUPERSEDED'))"
    return f"OLD.state <> 'DRAFT' AND ({changed} OR NOT {step})"


def sqlite():
    abort = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    yield (
        f"CREATE TRIGGER {SCHEME}_fixed BEFORE UPDATE ON {SCHEME} "
        f"WHEN {condition('IS NOT')} {abort}"
    )
    yield (
        f"CREATE TRIGGER {SCHEME}_kept BEFORE DELETE ON {SCHEME} WHEN OLD.state <> 'DRAFT' {abort}"
    )
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        yield (
            f"CREATE TRIGGER {INDICATOR}_no_{verb.lower()} BEFORE {verb} ON {INDICATOR} "
            f"WHEN EXISTS (SELECT 1 FROM {SCHEME} WHERE id = {row}.scheme_id "
            f"AND state <> 'DRAFT') {abort}"
        )


def postgresql():
    refuse = f"RAISE EXCEPTION '{MESSAGE}';"
    yield (
        f"CREATE FUNCTION {SCHEME}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF OLD.state <> 'DRAFT' THEN {refuse} END IF; RETURN OLD; "
        f"END IF; IF {condition('IS DISTINCT FROM')} THEN {refuse} END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {SCHEME}_fixed BEFORE UPDATE OR DELETE ON {SCHEME} "
        f"FOR EACH ROW EXECUTE FUNCTION {SCHEME}_refuse()"
    )
    yield (
        f"CREATE FUNCTION {INDICATOR}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE touched bigint; BEGIN "
        "IF TG_OP = 'INSERT' THEN touched := NEW.scheme_id; ELSE touched := OLD.scheme_id; "
        f"END IF; IF EXISTS (SELECT 1 FROM {SCHEME} WHERE id = touched AND state <> 'DRAFT') "
        f"THEN {refuse} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {INDICATOR}_fixed BEFORE INSERT OR UPDATE OR DELETE ON {INDICATOR} "
        f"FOR EACH ROW EXECUTE FUNCTION {INDICATOR}_refuse()"
    )


def create_triggers(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in sqlite() if is_sqlite else postgresql():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, migrations.RunPython.noop)]
