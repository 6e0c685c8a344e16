from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from portal.accounts.models import Organization
from portal.taxonomy.models import District
from search.client import forget_client
from search.documents import only_registered
from search.lexicon import forget_lexicon
from search.services.rebuild import forget_known_indexes
from tests.search.listings import CompanyDocument


@pytest.fixture(autouse=True)
def fresh_search(settings):
    """No index, no cached word and only the test's own document."""
    settings.ROOT_URLCONF = "tests.search.urls"
    settings.TEMPLATES = [
        {
            **django_settings.TEMPLATES[0],
            "DIRS": [Path(__file__).parent / "templates", *django_settings.TEMPLATES[0]["DIRS"]],
        }
    ]
    _forget()
    with only_registered(CompanyDocument):
        yield
    _forget()


def _forget():
    forget_client()
    forget_known_indexes()
    forget_lexicon()


@pytest.fixture
def district(db):
    return District.objects.first() or District.objects.create(
        code="330106", name="西湖区", name_en="Xihu", edition="2021"
    )


@pytest.fixture
def make_company(district):
    """Return a function that makes organizations, each an hour younger than the one before."""
    hours = count()

    def make(name, *, kind="ENTERPRISE", **fields):
        company = Organization.objects.create(name=name, kind=kind, district=district, **fields)
        company.created_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=next(hours))
        company.save()
        return company

    return make
