from django.core.checks import run_checks

from achievements.documents import AchievementDocument
from achievements.models import InstitutePage
from ip.models import PatentPage
from search.documents import only_registered


def complaints():
    return [message.obj for message in run_checks() if message.id == "achievements.E001"]


def test_every_published_kind_of_page_is_in_an_index():
    assert complaints() == []


def test_a_kind_without_a_document_is_told():
    with only_registered(AchievementDocument):
        assert sorted(complaints(), key=lambda model: model.__name__) == [InstitutePage, PatentPage]
