"""Site editors and operators keep the search's words themselves; everybody else is refused."""

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from search.analysis import analyse
from search.lexicon import current_lexicon
from search.models import FruitlessQuery, GenericWord, SynonymGroup
from search.rules import can_tend_search
from search.services import (
    count_fruitless_query,
    is_rebuild_due,
    rebuild_index,
    save_words,
    start_rebuild,
)
from tests.factories.accounts import UserFactory
from tests.search.listings import CompanyDocument

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_portal(settings, fresh_search):
    settings.ROOT_URLCONF = "portal.urls"
    settings.TEMPLATES = [
        {
            **django_settings.TEMPLATES[0],
            "DIRS": [django_settings.BASE_DIR / "templates"],
        }
    ]


@pytest.fixture
def editor():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.EDITOR)
    return user


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("role", "may"),
    [(role, role in {PortalRole.EDITOR, PortalRole.OPERATOR}) for role in PortalRole],
)
def test_who_keeps_the_search(role, may):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)

    assert can_tend_search(user) is may


def test_the_workspace_leads_there(desk):
    content = desk.get(reverse("workspace:home")).content.decode()

    for address in (
        reverse("search:words", args=["synonyms"]),
        reverse("search:fruitless"),
        reverse("search:indexes"),
    ):
        assert f'href="{address}"' in content


def test_synonyms_are_added_changed_and_taken_out(desk):
    address = reverse("search:words", args=["synonyms"])

    assert desk.post(address, {"words": "镭射\n激光器"}).url == address
    group = SynonymGroup.objects.get(words__contains="镭射")
    assert ("镭射", "激光器") in current_lexicon().synonyms
    entry = reverse("search:word", args=["synonyms", group.pk])
    desk.post(entry, {"words": "镭射\n激光束"})
    assert ("镭射", "激光束") in current_lexicon().synonyms
    desk.post(entry, {"delete": "1"})

    assert not SynonymGroup.objects.filter(pk=group.pk).exists()
    assert actions() == ["search.save_words", "search.save_words", "search.delete_words"]


def test_a_single_word_is_no_group(desk):
    response = desk.post(reverse("search:words", args=["synonyms"]), {"words": "镭射"})

    assert response.status_code == 200
    assert "words" in response.context["form"].errors


def test_a_generic_word_says_that_a_rebuild_is_due_and_starts_it(
    desk, make_company, django_capture_on_commit_callbacks
):
    make_company("纳米银线公司")
    rebuild_index(CompanyDocument)
    address = reverse("search:words", args=["generic"])
    assert not desk.get(address).context["is_rebuild_due"]

    desk.post(address, {"word": "纳米"})

    assert analyse("纳米银线") == ["银", "线", "银线"]
    assert desk.get(address).context["is_rebuild_due"]
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(reverse("search:rebuild"))
    job = Job.objects.get()
    assert response.url == reverse("jobs:job", args=[job.pk])
    assert (job.state, job.result) == ("SUCCEEDED", {"company": 1})
    assert not is_rebuild_due(CompanyDocument)


def test_searches_without_result_lead_to_a_synonym(desk):
    count_fruitless_query(kind="company", text="镭射")
    count_fruitless_query(kind="site", text="镭射")
    count_fruitless_query(kind="company", text="镭射")

    page = desk.get(reverse("search:fruitless"))
    rows = [
        (row["query"].text, str(row["place"]), row["query"].count) for row in page.context["rows"]
    ]
    assert [(text, times) for text, _place, times in rows] == [("镭射", 2), ("镭射", 1)]
    assert rows[0][1] == "Companies"
    words = reverse("search:words", args=["synonyms"])
    assert 'name="words"' in desk.get(words, {"word": "镭射"}).content.decode()
    assert desk.get(words, {"word": "镭射"}).context["form"]["words"].value() == "镭射"

    desk.post(reverse("search:settle", args=[page.context["rows"][0]["query"].pk]))

    assert [query.kind for query in FruitlessQuery.objects.all()] == ["site"]


def test_how_the_indexes_stand(desk, make_company):
    make_company("甲")
    rebuild_index(CompanyDocument)

    (row,) = desk.get(reverse("search:indexes")).context["rows"]

    assert (row["drift"].rows, row["drift"].documents, row["is_due"]) == (1, 1, False)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_no_more_for_more_words(desk, django_assert_max_num_queries, count):
    GenericWord.objects.bulk_create(GenericWord(word=f"词{number}") for number in range(count))
    desk.get(reverse("search:words", args=["generic"]))

    with django_assert_max_num_queries(18):
        desk.get(reverse("search:words", args=["generic"]))


def test_nobody_else_changes_words():
    with pytest.raises(PermissionDenied):
        save_words(actor=UserFactory(), entry=GenericWord(word="甲"))
    with pytest.raises(PermissionDenied):
        start_rebuild(actor=UserFactory())
    assert actions() == []
