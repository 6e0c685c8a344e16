import pytest
from django.db import transaction

from portal.accounts.models import Organization
from search.client import SearchRequest, SearchUnavailable, execute, get_client
from search.documents import next_version
from search.services import (
    check_index,
    ensure_index,
    reconcile_index,
    schedule_sync,
    schedule_sync_many,
    sync_documents,
)
from tests.search.listings import CompanyDocument

pytestmark = pytest.mark.django_db
EVERYTHING = {"size": 100, "sort": [{"sort_id": "asc"}]}


def indexed():
    return execute(SearchRequest(CompanyDocument.alias(), EVERYTHING)).pks


def test_a_row_is_indexed_after_the_commit(make_company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        company = make_company("石墨烯厂")
        schedule_sync(company)
        assert not get_client().indices.exists(index=CompanyDocument.alias())

    assert len(callbacks) == 1
    assert indexed() == [str(company.pk)]


def test_a_rolled_back_row_is_not(make_company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        schedule_sync(make_company("石墨烯厂"))
        transaction.set_rollback(True)

    assert callbacks == []


def test_a_row_that_no_longer_qualifies_leaves_the_index(make_company):
    company, other = make_company("甲"), make_company("乙")
    sync_documents(kind="company", pks=[company.pk, other.pk])

    Organization.objects.filter(pk=company.pk).update(merged_into=other)
    sync_documents(kind="company", pks=[company.pk])

    assert indexed() == [str(other.pk)]


def test_a_deleted_row_leaves_the_index(make_company, django_capture_on_commit_callbacks):
    from search.receivers import connect_receivers

    connect_receivers()
    company = make_company("甲")
    sync_documents(kind="company", pks=[company.pk])

    with django_capture_on_commit_callbacks(execute=True):
        company.delete()

    assert indexed() == []


def test_many_rows_go_in_batches_of_ids(make_company, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        schedule_sync_many(Organization, range(1, 1201))

    assert len(callbacks) == 3


def test_repeats_and_order_do_not_matter(make_company):
    company = make_company("甲")

    for _ in range(3):
        sync_documents(kind="company", pks=[company.pk, company.pk])

    assert indexed() == [str(company.pk)]


def test_a_stale_write_loses(make_company):
    from search.services.sync import operations_for, write_operations

    company = make_company("旧名")
    ensure_index(CompanyDocument)
    late = operations_for(CompanyDocument, [company.pk])
    Organization.objects.filter(pk=company.pk).update(name="新名")
    sync_documents(kind="company", pks=[company.pk])

    write_operations(CompanyDocument.alias(), late)

    found = get_client().get(index=CompanyDocument.alias(), id=str(company.pk))
    assert found["_source"]["title"] == "新名"


def test_versions_grow():
    versions = [next_version() for _ in range(1000)]

    assert versions == sorted(set(versions))


def test_a_missing_broker_or_engine_never_breaks_the_write(
    make_company, settings, django_capture_on_commit_callbacks
):
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }

    with django_capture_on_commit_callbacks(execute=True):
        company = make_company("甲")
        schedule_sync(company)

    assert Organization.objects.get() == company
    with pytest.raises(SearchUnavailable):
        sync_documents(kind="company", pks=[company.pk])


def test_reconcile_finds_and_repairs_every_kind_of_drift(make_company):
    kept, changed, new, gone = (make_company(name) for name in ("甲", "乙", "丙", "丁"))
    sync_documents(kind="company", pks=[kept.pk, changed.pk, gone.pk])
    changed.name = "乙二"
    changed.save()
    pk = gone.pk
    gone.delete()

    drift = reconcile_index(CompanyDocument)

    assert (drift.missing, drift.stale, drift.left_over) == (
        [str(new.pk)],
        [str(changed.pk)],
        [str(pk)],
    )
    assert check_index(CompanyDocument).is_clean
    assert (drift.rows, drift.documents) == (3, 3)


def test_the_body_holds_facts_and_terms(make_company):
    company = make_company("PVDF膜厂", name_en="Membrane works", introduction="", size="SMALL")

    body = CompanyDocument.to_body(company)

    assert body == {
        "title": "PVDF膜厂",
        "title_terms": "pvdf 膜 厂 膜厂 membrane works",
        "title_plain": "pvdf 膜 厂 膜厂 membrane works",
        "body_terms": "∅",
        "suggest": [
            "pvdf膜厂",
            "pvdfmochang",
            "膜厂",
            "mochang",
            "mc",
            "厂",
            "chang",
            "c",
            "membraneworks",
            "works",
            "pvdf",
            "membrane",
        ],
        "words": ["pvdf", "membrane", "works"],
        "codes": [],
        "names_terms": "上 城 区 上城 城区 shangcheng",
        "visible_to": ["public"],
        "valid_until": "9999-12-31T00:00:00+00:00",
        "published_at": company.created_at.isoformat(),
        "updated_at": company.updated_at.isoformat(),
        "organization_id": company.pk,
        "sort_id": company.pk,
        "revision": CompanyDocument.revision_of(company),
        "form": "ENTERPRISE",
        "size": "SMALL",
        "staff": None,
    }
