"""What the portal does when Elasticsearch, or a part of it, goes away."""

import json
import threading
import urllib.request

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict

from portal.accounts.models import Organization
from search.client import SearchRequest, SearchUnavailable, execute, forget_client, get_client
from search.services import check_index, rebuild_index, reconcile_index, sync_documents
from search.services.rebuild import forget_known_indexes
from tests.search.listings import CompanyDocument, CompanySearch
from tests.services.processes import free_port, wait_until

pytestmark = pytest.mark.django_db
ALIAS = "portal-company"


@pytest.fixture(scope="module", autouse=True)
def _connection_ends_with_the_module():
    yield
    connection.close()


@pytest.fixture
def emptied_afterwards(transactional_db):
    """Let the tables be emptied after the test: the audit log's trigger refuses that otherwise."""
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")


def use(settings, nodes, *, replicas=0):
    hosts = [node.url for node in nodes]
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": hosts,
        "REPLICAS": replicas,
    }
    forget_client()
    forget_known_indexes()


def found():
    get_client().indices.refresh(index=ALIAS)
    return execute(SearchRequest(ALIAS, {"size": 1000, "sort": [{"sort_id": "asc"}]})).pks


def listed():
    return CompanySearch(QueryDict("q=公司"), user=AnonymousUser()).run()


def names(page):
    return sorted(row.object.name for row in page.rows)


def master(node):
    with urllib.request.urlopen(f"{node.url}/_cat/master?format=json", timeout=30) as answer:
        return json.load(answer)[0]["node"]


def test_an_engine_that_stops_costs_a_notice_and_reconcile_catches_up(
    settings, start_elasticsearch, make_company
):
    ports = [free_port()]
    (node,) = start_elasticsearch(ports)
    use(settings, [node])
    kept, renamed, gone = (make_company(f"{name}公司") for name in "甲乙丙")
    rebuild_index(CompanyDocument)
    assert names(listed()) == ["丙公司", "乙公司", "甲公司"]

    node.kill()
    Organization.objects.filter(pk=renamed.pk).update(name="丁公司")
    renamed.refresh_from_db()
    renamed.save()
    gone.delete()
    new = make_company("戊公司")
    with pytest.raises(SearchUnavailable):
        sync_documents(kind="company", pks=[renamed.pk, new.pk])
    meanwhile = listed()

    assert meanwhile.fallback
    assert names(meanwhile) == ["丁公司", "戊公司", "甲公司"]

    start_elasticsearch(ports)
    drift = check_index(CompanyDocument)
    assert (len(drift.missing), len(drift.stale), len(drift.left_over)) == (1, 1, 1)
    reconcile_index(CompanyDocument)
    assert check_index(CompanyDocument).is_clean
    assert found() == [str(company.pk) for company in (kept, renamed, new)]
    afterwards = listed()
    assert not afterwards.fallback
    assert names(afterwards) == ["丁公司", "戊公司", "甲公司"]


def test_searches_and_writes_go_on_when_the_master_of_three_is_killed(
    settings, start_elasticsearch, make_company
):
    nodes = start_elasticsearch([free_port() for _ in range(3)])
    use(settings, nodes, replicas=2)
    companies = [make_company(f"{number}公司") for number in range(20)]
    rebuild_index(CompanyDocument)
    get_client().cluster.health(wait_for_status="green", timeout="30s")
    leader = master(nodes[0])

    next(node for node in nodes if node.name == leader).kill()
    acknowledged = []
    for number in range(20, 30):
        company = make_company(f"{number}公司")
        wait_until(lambda pk=company.pk: is_written(pk), "a write is acknowledged", 60)
        acknowledged.append(company)
        assert not listed().fallback

    survivors = [node for node in nodes if node.name != leader]
    assert master(survivors[0]) in {node.name for node in survivors}
    assert found() == [str(company.pk) for company in (*companies, *acknowledged)]


def is_written(pk) -> bool:
    """As the task does it: what is refused is tried again."""
    try:
        sync_documents(kind="company", pks=[pk])
    except SearchUnavailable:
        return False
    return True


@pytest.mark.parametrize("engine", ["embedded", "elasticsearch"])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_afterwards")
def test_rebuilds_under_writes_lose_nothing(settings, request, engine, make_company):
    """Rows change in one thread while another rebuilds again and again."""
    if engine == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_url")
        settings.SEARCH = {**settings.SEARCH, "ENGINE": engine, "HOSTS": [url], "PREFIX": "rebuilt"}
        forget_client()
    companies = [make_company(f"{number}公司") for number in range(60)]
    rebuild_index(CompanyDocument)
    finished = threading.Event()
    failures = []

    def rebuild_repeatedly():
        try:
            while not finished.is_set():
                rebuild_index(CompanyDocument)
        except Exception as error:  # noqa: BLE001  shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    rebuilding = threading.Thread(target=rebuild_repeatedly)
    rebuilding.start()
    for turn in range(4):
        for company in companies:
            company.name = f"{company.name[:-2]}{turn}公司"
            company.save()
            sync_documents(kind="company", pks=[company.pk])
    for company in companies[::3]:
        pk = company.pk
        company.delete()
        sync_documents(kind="company", pks=[pk])
    finished.set()
    rebuilding.join(60)

    assert failures == []
    assert not rebuilding.is_alive()
    get_client().indices.refresh(index=CompanyDocument.alias())
    assert check_index(CompanyDocument).is_clean
