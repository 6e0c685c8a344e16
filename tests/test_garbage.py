"""Every address with parameters and forms that no browser would send: never an error of ours."""

import pytest
from django.db import connection
from django.test import Client

from tests.test_roles import TABLE, addresses, people  # noqa: F401  fixtures

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


SIDES = ("office", "company", "auditor", "broker", "reviewer", "member")
REFUSED = {403, 404, 405}


def is_let_in(answer):
    return answer.status_code not in REFUSED and not getattr(answer, "url", "").startswith(
        ("/accounts/login/", "/accounts/2fa/")
    )


def throw_at(user, method, addresses):  # noqa: F811
    """Send it wherever the person is let in; return these addresses, and the errors of ours."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    send = getattr(client, method)
    plain = {name: send(address) for name, address in addresses.items()}
    open_to_it = [name for name, answer in plain.items() if is_let_in(answer)]
    texts = GARBAGE if connection.vendor == "sqlite" else HARD_FOR_POSTGRESQL
    errors = [(name, "") for name, answer in plain.items() if answer.status_code >= 500]
    errors += [
        (name, text[:20])
        for name in open_to_it
        for text in texts
        if send(addresses[name], dict.fromkeys(PARAMETERS, text)).status_code >= 500
    ]
    return open_to_it, errors


@pytest.mark.parametrize("method", ["get", "post"])
def test_garbage_breaks_no_page(addresses, people, method):  # noqa: F811
    """Each address gets it from the first who is let in, and from a stranger who is."""
    left = dict(addresses)
    _found, errors = throw_at(None, method, addresses)
    for person in SIDES:
        found, more = throw_at(people[2][person], method, left)
        errors += more
        left = {name: address for name, address in left.items() if name not in found}

    assert errors == []
    rows = [line.split() for line in TABLE.strip().splitlines()]
    pages = {name for name, *answers in rows if "200" in answers}
    if method == "get":
        assert pages & left.keys() == set()
    else:  # one's post may close what another's would have opened
        assert len(left) < len(pages)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_nul_is_refused_at_every_address(addresses, people, method):  # noqa: F811
    """PostgreSQL cannot even compare it."""
    client = Client()
    client.force_login(people[2]["office"])
    send = getattr(client, method)

    seen = {name: send(address, {"q": NULL}).status_code for name, address in addresses.items()}

    assert {name: status for name, status in seen.items() if status != 400} == {}
    assert client.get("/needs/a%00b/").status_code == 400
