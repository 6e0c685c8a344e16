import pytest
from django.core.cache import cache

from portal.disclosure.services import set_levels
from tests.factories.closed_listings import publish_telling_listing
from tests.factories.interests import Town
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


@pytest.fixture
def town():
    """A listing with its details after consent, its price after an agreement."""
    town = Town()
    set_levels(actor=town.institute.owner, listing=town.page, levels={"DETAILS": 2, "PRICE": 3})
    return town
