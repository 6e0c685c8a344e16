import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import Organization
from search.checks import check_rebuild_due
from search.client import SearchRequest, execute, get_client
from search.models import GenericWord, IndexBuild
from search.services import (
    UnableToRebuild,
    is_rebuild_due,
    rebuild_index,
    sync_documents,
)
from tests.search.listings import CompanyDocument

pytestmark = pytest.mark.django_db
ALIAS = "portal-company"


def indexed():
    body = {"size": 1000, "sort": [{"sort_id": "asc"}]}
    return execute(SearchRequest(ALIAS, body)).pks


def live_index():
    (name,) = get_client().indices.get_alias(name=ALIAS)
    return name


def test_a_rebuild_indexes_everything_and_swaps_once(make_company):
    companies = [make_company(f"公司{n}") for n in range(5)]
    rebuild_index(CompanyDocument)
    first = live_index()

    assert rebuild_index(CompanyDocument) == 5

    assert live_index() != first
    assert indexed() == [str(company.pk) for company in companies]


def test_the_previous_index_is_kept_and_older_ones_go(make_company):
    made = []
    for _ in range(4):
        rebuild_index(CompanyDocument)
        made.append(live_index())

    assert sorted(get_client().indices.get(index=f"{ALIAS}-*")) == made[-2:]


def test_a_rebuild_restores_the_refresh_interval():
    rebuild_index(CompanyDocument)

    settings = get_client().indices.get_settings(index=live_index())

    assert settings[live_index()]["settings"]["index"]["refresh_interval"] == "1s"


def test_changes_during_a_rebuild_are_not_lost(make_company):
    """Rows change, vanish and appear after the rebuild has read them, and before the swap."""
    companies = [make_company(f"公司{n}") for n in range(3)]
    seen = []

    def meanwhile(done, total):
        if seen:
            return
        changed, gone, _ = companies
        Organization.objects.filter(pk=changed.pk).update(name="改名")
        Organization.objects.filter(pk=gone.pk).delete()
        new = make_company("新公司")
        seen.append(new)
        sync_documents(kind="company", pks=[changed.pk, gone.pk, new.pk])

    rebuild_index(CompanyDocument, progress=meanwhile)

    found = get_client().get(index=ALIAS, id=str(companies[0].pk))
    assert found["_source"]["title"] == "改名"
    assert indexed() == [str(c.pk) for c in (companies[0], companies[2], *seen)]


def test_two_rebuilds_of_one_kind_exclude_each_other(make_company):
    make_company("甲")

    def second(done, total):
        with pytest.raises(UnableToRebuild):
            rebuild_index(CompanyDocument)

    rebuild_index(CompanyDocument, progress=second)

    assert IndexBuild.objects.get().owner == ""


def test_a_lock_left_by_a_dead_process_expires():
    long_ago = timezone.now() - timezone.timedelta(minutes=11)
    IndexBuild.objects.create(kind="company", owner="dead", beat_at=long_ago)

    rebuild_index(CompanyDocument)

    assert IndexBuild.objects.get().owner == ""


def test_a_failed_rebuild_leaves_the_live_index_alone(make_company):
    make_company("甲")
    rebuild_index(CompanyDocument)
    before = live_index()

    def fail(done, total):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild_index(CompanyDocument, progress=fail)

    assert live_index() == before
    assert IndexBuild.objects.get().building_index == ""


def test_a_rebuild_is_due_without_an_index_after_a_sync_and_after_new_generic_words(make_company):
    assert is_rebuild_due(CompanyDocument)
    sync_documents(kind="company", pks=[make_company("甲").pk])
    assert is_rebuild_due(CompanyDocument)
    rebuild_index(CompanyDocument)
    assert not is_rebuild_due(CompanyDocument)
    assert check_rebuild_due(None, databases=["default"]) == []

    GenericWord.objects.create(word="纳米")

    assert is_rebuild_due(CompanyDocument)
    assert [m.id for m in check_rebuild_due(None, databases=["default"])] == ["search.W001"]


def test_the_commands(make_company, capsys):
    company = make_company("甲")
    call_command("rebuild_index", "--json")
    assert json.loads(capsys.readouterr().out) == {"company": 1}

    call_command("rebuild_index", "--if-due", "--json")
    assert json.loads(capsys.readouterr().out) == {}

    company.delete()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_index", "--json")
    report = json.loads(capsys.readouterr().out)
    assert stopped.value.code == 1
    assert len(report["kinds"]["company"]["left_over"]) == 1

    call_command("reconcile_index", "--json")
    counts = {"missing": 0, "stale": 0, "left_over": 1}
    assert json.loads(capsys.readouterr().out) == {"company": counts}

    call_command("check_index")
    assert "0 left over" in capsys.readouterr().out


def test_an_unknown_kind_is_named():
    with pytest.raises(CommandError, match="Unknown kind nothing; there are: company"):
        call_command("rebuild_index", "nothing")


def test_commands_say_that_the_engine_is_down(settings):
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }

    for command in ("rebuild_index", "reconcile_index", "check_index"):
        with pytest.raises(CommandError, match="does not answer"):
            call_command(command)
