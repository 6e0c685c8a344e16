import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from matchmaking.cases.ledger import FIRST_DAYS, fold


def place_cases(apps, schema_editor):
    """Fold the events anew, for the first days; each case's first owner is written beside it."""
    case_model = apps.get_model("cases", "ConversionCase")
    names = [*FIRST_DAYS.values(), "facts", "lead_owner_id"]
    for case in case_model.objects.prefetch_related("events", "parties").iterator(chunk_size=500):
        state = fold(sorted(case.events.all(), key=lambda event: event.sequence))
        owners = [
            party
            for party in case.parties.all()
            if party.role == "OWNER" and party.organization_id and party.left_on is None
        ]
        first = min(owners, key=lambda party: party.pk, default=None)
        case.facts = state.facts
        for name in FIRST_DAYS.values():
            setattr(case, name, state.day(name))
        case.lead_owner_id = first.organization_id if first else None
        case.save(update_fields=names)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_password_age"),
        ("cases", "0003_rules_of_law"),
        ("taxonomy", "0002_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="conversioncase",
            name="accepted_on",
            field=models.DateField(null=True, verbose_name="accepted on"),
        ),
        migrations.AddField(
            model_name="conversioncase",
            name="first_received_on",
            field=models.DateField(db_index=True, null=True, verbose_name="first money on"),
        ),
        migrations.AddField(
            model_name="conversioncase",
            name="industrialised_on",
            field=models.DateField(null=True, verbose_name="in production since"),
        ),
        migrations.AddField(
            model_name="conversioncase",
            name="industry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="taxonomy.industry",
                to_field="code",
                verbose_name="industry",
            ),
        ),
        migrations.AddField(
            model_name="conversioncase",
            name="lead_owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="conversioncase",
            name="nda_on",
            field=models.DateField(null=True, verbose_name="confidential since"),
        ),
        migrations.AlterField(
            model_name="contract",
            name="signed_on",
            field=models.DateField(db_index=True, verbose_name="signed on"),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["recorded_at"], name="cases_casee_recorde_dce2cd_idx"),
        ),
        migrations.RunPython(place_cases, migrations.RunPython.noop),
    ]
