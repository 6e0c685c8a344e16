"""Every address with parameters and forms that no browser would send: never an error of ours."""

import pytest
from django.db import connection
from django.test import Client

from tests.test_roles import addresses, people  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

NULL = "a\x00b"
ODD, LONG = "²-١\x01\x1b\u202e\ufeff😀\U0010ffff", "石墨烯" * 300
HUGE = "9" * 30
GARBAGE = [
    "abc",
    "999999",
    HUGE,
    "<script>alert(1)</script>' OR 1=1 --",
    '"((( AND NOT * ~ ^ : / \\ \r\nSet-Cookie: x=1',
    "99999-99",
]
# SQLite takes any text; PostgreSQL may refuse odd characters, lengths, and what is out of range.
HARD_FOR_POSTGRESQL = ["-1", HUGE, ODD, LONG]
PARAMETERS = [
    *("page", "q", "sort", "kind", "industry", "field", "district", "institute", "mode", "price"),
    *("year", "stage", "trl", "status", "budget", "month", "band", "shelf", "action", "actor"),
    *("target", "since", "until", "verify", "next", "from", "text", "give", "decision", "level"),
    *("revision", "organization", "number", "filed_on", "status_on", "occurred_on", "role", "name"),
    *("email", "title", "reason", "note", "accept", "theme", "disclosure", "confidentiality"),
    *("directed_to", "excluded", "modes", "deadline", "budget_min", "targets-TOTAL_FORMS"),
    *("targets-INITIAL_FORMS", "targets-0-operator", "indicators-TOTAL_FORMS"),
    *("indicators-INITIAL_FORMS", "indicators-0-id", "rows-TOTAL_FORMS", "rows-INITIAL_FORMS"),
    *("version", "waiting", "when", "need", "more", "compute", "leave", "is_void"),
]


def errors_of_ours(client, method, addresses, texts):  # noqa: F811
    send = getattr(client, method)
    open_to_it = {
        name: address
        for name, address in addresses.items()
        if send(address).status_code not in {403, 404, 405}
    }
    assert len(open_to_it) > 10
    return [
        (name, text[:20])
        for name, address in open_to_it.items()
        for text in texts
        if send(address, dict.fromkeys(PARAMETERS, text)).status_code >= 500
    ]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("person", ["anonymous", "office", "company", "auditor"])
def test_garbage_breaks_no_page(addresses, people, person, method):  # noqa: F811
    client = Client(raise_request_exception=False)
    if user := people[2][person]:
        client.force_login(user)

    texts = GARBAGE if connection.vendor == "sqlite" else HARD_FOR_POSTGRESQL
    assert errors_of_ours(client, method, addresses, texts) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_nul_is_refused_at_every_address(addresses, people, method):  # noqa: F811
    """PostgreSQL cannot even compare it."""
    client = Client()
    client.force_login(people[2]["office"])
    send = getattr(client, method)

    seen = {name: send(address, {"q": NULL}).status_code for name, address in addresses.items()}

    assert {name: status for name, status in seen.items() if status != 400} == {}
    assert client.get("/needs/a%00b/").status_code == 400
