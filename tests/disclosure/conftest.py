import pytest
from django.core.cache import cache

from tests.factories.closed_listings import publish_telling_listing
from tests.factories.listings import Institute
from tests.factories.needs import Company


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def listing(institute):
    return publish_telling_listing(institute)
