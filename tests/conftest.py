"""Fixtures for every test."""

import pytest


@pytest.fixture(autouse=True)
def _own_search_index(settings):
    """Give each test an embedded engine of its own."""
    from search.client import _client
    from search.services.rebuild import forget_known_indexes

    _client.cache_clear()
    forget_known_indexes()
