"""Every address of the portal × every kind of person: who gets in, who is sent away."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from achievements.services import submit_listing
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import LawRule, PricePublicity
from matchmaking.cases.services import PartyEntry, open_case
from matchmaking.interests.services import express_interest
from matchmaking.oversight.services import prepare_report
from matchmaking.services import submit_need
from portal.accounts.enums import MFA_ROLES, PortalRole
from portal.accounts.models import RoleGrant
from portal.jobs.models import Job
from portal.notifications.models import Notification, OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.disclosure import disclosure_addresses
from tests.factories.evaluation import evaluation_ids
from tests.factories.fair_addresses import make_fairs
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db

PEOPLE = [
    "anonymous",
    "stranger",
    "foreign",
    "member",
    "office",
    "company",
    "broker",
    "reviewer",
    "auditor",
]

# One column for each of PEOPLE; ``p`` stands before the answer of an
# address that takes a POST only. ``foreign`` is the office of another institute; ``member`` and
# ``office`` belong to the institute whose draft is under review, ``company`` to the enterprise
# whose need waits for a broker. Members of the platform whose role asks for a second step are
# sent to set it up first: see the last test.
TABLE = (Path(__file__).parent / "roles.txt").read_text()
ROOMS = {"portal", "achievements", "ip", "matchmaking", "events", "search"}
ELSEWHERE = {
    "cases:follow-up": "tests/matchmaking/cases/test_follow_ups.py: the token is the right",
    "aftermath:by-link": "tests/events/test_feedback.py: the token is the right",
    "accounts:invitation": "tests/accounts/test_views.py: the token is the right",
    "accounts:paper-file": "tests/accounts/test_views.py",
    "interests:file": "tests/matchmaking/interests/test_thread.py",
    "exhibition:picture": "tests/events/test_visitors_pages.py",
    "gates:enter": "tests/events/test_gate_pages.py: the token is the right",
    "meetings:answer": "tests/events/test_meeting_pages.py: the token is the right",
    "registration:file": "tests/events/test_registering_pages.py",
    "cases:file": "tests/matchmaking/cases/test_page_papers.py",
    "media:file": "tests/media/test_views.py",
    "timetable:feed": "tests/events/timetable/test_my_day.py: the token is the right",
    "oversight:feed": "tests/matchmaking/oversight/test_duties.py: the token is the right",
}


def own_names():
    names = []
    for pattern in get_resolver().url_patterns:
        for each in [pattern, *getattr(pattern, "url_patterns", [])]:
            module = getattr(getattr(each, "urlconf_module", None), "__name__", "")
            if module.split(".")[0] in ROOMS:
                names += [f"{each.namespace}:{url.name}" for url in each.url_patterns]
    return sorted(set(names))


@pytest.fixture
def people():
    institute, company = Institute(), Company()
    found = {
        "anonymous": None,
        "stranger": UserFactory(),
        "foreign": Institute("滨江力学研究所").owner,
        "member": institute.researcher,
        "office": institute.owner,
        "company": company.owner,
    }
    for name in ("broker", "reviewer", "auditor"):
        found[name] = UserFactory()
        RoleGrant.objects.create(user=found[name], role=PortalRole[name.upper()])
    return institute, company, found


INVITATION_ADDRESSES = [
    f"accounts:{name}" for name in ("own-invitation", "revoke-invitation", "member-action")
]
JOB_ADDRESSES = (
    "achievements:import",
    "achievements:import-write",
    "achievements:import-submit",
    "achievements:import-wrong",
    "jobs",
)
ARGUMENTS = (
    [],
    ["pk"],
    ["code"],
    ["pk", "step"],
    ["pk", "action"],
    ["pk", "revision"],
    ["number"],
    ["kind", "suffix"],
    ["page_id"],
    ["code", "page_id"],
    ["shelf"],
    ["kind"],
    ["kind", "pk"],
    ["code", "step"],
    ["code", "action"],
    ["code", "move"],
    ["code", "sequence"],
    ["key"],
    ["key", "suffix"],
    ["pk", "key"],
    ["pk", "suffix"],
    ["code", "pk"],
    ["code", "suffix"],
    ["code", "key"],
    ["code", "key", "suffix"],
    ["code", "slug"],
    ["code", "pk", "action"],
    ["code", "number"],
    ["code", "number", "action"],
    ["code", "number", "pk"],
    ["code", "shelf"],
    ["code", "pk", "action"],
    ["code", "handle"],
)
KEYS = {
    **dict.fromkeys(["reports:records", "reports:export"], "came"),
    "oversight:report-figure": "six-count",
    "oversight:supervision-rule": "stuck",
}


def send_interest(institute, company):
    return express_interest(
        actor=company.owner,
        organization=company.organization,
        page=institute.published(title="另一项成果"),
        purpose="试用",
        ask="样品",
    )


def make_case(institute, company):
    case = open_case(
        actor=institute.owner,
        title="转让",
        parties=[
            PartyEntry(PartyRole.OWNER, institute.organization),
            PartyEntry(PartyRole.TAKER, company.organization),
        ],
        opened_on=timezone.localdate(),
    )
    publicity = PricePublicity.objects.create(
        case=case, sequence=1, name="x", price=1, started_on=case.opened_on, ends_on=case.opened_on
    )
    rule = LawRule.objects.order_by("pk")[0]
    return case, {"cases": rule.pk, "cases:publicity": publicity.pk}


def report_values(institute):
    report = prepare_report(
        actor=institute.owner,
        organization=institute.organization,
        year=timezone.localdate().year - 1,
    )
    return {"pk": report.pk, "suffix": "xlsx", "action": "sign-off"}


def make_rows(office):
    """A job and a message of a person, and a mail."""
    return (
        Job.objects.create(kind="import-check", title="x", owner=office, state="FAILED"),
        Notification.objects.create(user=office, kind="x", title="x", url="/"),
        OutgoingMail.objects.create(sender="a@x.cn", recipients="b@x.cn", subject="x", body="x"),
    )


@pytest.fixture
def addresses(people):
    """Return every address with the objects of one institute and one company filled in."""
    institute, company, found = people
    listing = institute.draft()
    state = submit_listing(page=listing, actor=institute.researcher).current_task_state
    need = submit_need(actor=company.owner, need=company.draft(ready=False))
    patent, interest = institute.patent(), send_interest(institute, company)
    case, of_case = make_case(institute, company)
    job, note, mail = make_rows(found["office"])
    pks = {
        "achievements:review": state.pk,
        "achievements:review-preview": state.pk,
        **dict.fromkeys(JOB_ADDRESSES, job.pk),
        "notifications": note.pk,
        "operations": mail.pk,
        **dict.fromkeys(["search", "workdays", "accounts:check-paper"], 1),
        "achievements": listing.pk,
        **of_case,
        **dict.fromkeys(["accounts", "interests", "media"], institute.organization.pk),
        **evaluation_ids(institute),
        "accounts:leave": institute.researcher.memberships.get().pk,
        "accounts:confirm-contact": 10**9,
        **dict.fromkeys(INVITATION_ADDRESSES, 1),
    }
    others = {
        "step": "basics",
        "revision": listing.latest_revision_id,
        "action": "confirm",
        "kind": "needs",
        "suffix": "csv",
        "number": patent.application_number,
        "code": need.code,
        "page_id": listing.pk,
        "shelf": "own",
    }
    own = {
        "cases": {"code": case.code, "move": "nda-signed", "sequence": 1},
        "interests": {"code": interest.code, "shelf": "received"},
        "oversight": report_values(institute),
    }
    own |= disclosure_addresses(institute, company, interest, found["auditor"])
    own |= make_fairs(institute, company)

    def address(name):
        namespace = name.split(":")[0]
        for arguments in ARGUMENTS:
            values = {"pk": pks.get(name, pks.get(namespace)), **others}
            values |= own.get(namespace, {}) | own.get(name, {})
            values["key"] = KEYS.get(name, "K1")
            if name == "site:industry":
                values["code"] = "textile"
            try:
                return reverse(name, kwargs={key: values[key] for key in arguments})
            except Exception:  # noqa: BLE001, S112  it takes other arguments
                continue
        raise LookupError(name)

    return {name: address(name) for name in own_names() if name not in ELSEWHERE}


def cookies_of(user) -> dict:
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies


def status(cookies, address) -> str:
    client = Client()
    client.cookies.update(cookies)
    answer = client.get(address)
    method = ""
    if answer.status_code == 405:
        answer, method = client.post(address), "p"
    if answer.status_code == 302 and "/accounts/login/" in answer.url:
        return f"{method}login"
    return f"{method}{answer.status_code}"


@pytest.mark.page
def test_every_address_answers_each_person_as_the_table_says(addresses, people):
    _institute, _company, found = people
    signed_in = [cookies_of(found[person]) for person in PEOPLE]
    seen = {
        name: [status(cookies, address) for cookies in signed_in]
        for name, address in addresses.items()
    }
    lines = "\n".join(f"{name} {' '.join(row)}" for name, row in seen.items())
    expected = "\n".join(" ".join(line.split()) for line in TABLE.strip().splitlines())

    assert lines == expected


@pytest.mark.parametrize("role", sorted(MFA_ROLES))
def test_roles_with_much_power_set_up_a_second_step_first(addresses, role):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    closed = [name for name, address in addresses.items() if status({}, address) == "login"]

    answers = {name: client.get(addresses[name]) for name in closed}

    sent = {name: (each.status_code, getattr(each, "url", "")) for name, each in answers.items()}
    assert {name: each for name, each in sent.items() if "/2fa/totp/activate/" not in each[1]} == {}
