"""The record of a patent: who reaches it, what the office corrects, what the public sees."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from achievements.services import set_disclosure
from ip.documents import PatentDocument
from ip.enums import PatentSource
from ip.models import AchievementPatent, Patent, PatentHolder, PatentInventor
from portal.accounts.enums import MembershipRole
from portal.audit.models import AuditEvent
from search.services import rebuild_index
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


def publish(institute, patent, **texts):
    page = institute.patent_draft(patent, **texts)
    page.get_latest_revision().publish(skip_permission_checks=True)
    return page


def record_address(patent):
    return reverse("ip:record", args=[patent.application_number])


def test_own_listing_and_own_public_page_lead_to_the_record(institute, client):
    patent = institute.patent()
    page = publish(institute, patent)
    link = f'href="{record_address(patent)}"'

    client.force_login(institute.researcher)
    listing = reverse("achievements:listing", args=[page.pk])
    assert link in client.get(listing).content.decode()
    assert link in client.get(page.url).content.decode()

    client.force_login(UserFactory())
    assert link not in client.get(page.url).content.decode()
    client.logout()
    assert link not in client.get(page.url).content.decode()


def test_a_plain_member_reads_the_record_but_changes_nothing(institute, client):
    patent = institute.patent()
    member = MembershipFactory(organization=institute.organization).user
    client.force_login(member)

    page = client.get(record_address(patent))
    assert page.status_code == 200
    assert 'name="occurred_on"' not in page.content.decode()

    step = {"status": "TERMINATED", "occurred_on": "2024-05-01"}
    assert client.post(record_address(patent), step).status_code == 422
    patent.refresh_from_db()
    assert patent.status == "GRANTED"


def facts_address(patent):
    return reverse("ip:facts", args=[patent.application_number])


def answers(patent, *, owners=(), inventors=(), **changes):
    """What a browser sends: the record as the form shows it, with ``changes``."""
    patent.refresh_from_db()
    rows = {}
    for prefix, found in (("owners", owners), ("inventors", inventors)):
        rows |= {f"{prefix}-TOTAL_FORMS": len(found), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(found):
            rows |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {
        "version": patent.version,
        "title": patent.title,
        "filed_on": patent.filed_on,
        "status_on": patent.status_on,
        "granted_on": patent.granted_on or "",
        **rows,
        **changes,
    }


def owner(name, role="HOLDER"):
    return {"owner": name, "role": role}


def test_office_enters_the_facts_and_the_public_sees_them(institute, client):
    patent = institute.patent()
    page = publish(institute, patent)
    other = OrganizationFactory(name="另一家有限公司")
    client.force_login(institute.owner)

    answer = client.post(
        facts_address(patent),
        answers(
            patent,
            owners=[owner(institute.organization.name), owner(other.credit_code), owner("王一")],
            inventors=[
                {"name": "李二", "consent_confirmed": "on"},
                {"name": "赵三"},
                {"name": "旧人", "DELETE": "on"},
            ],
            abstract="一种膜，其厚度减半。",
            ipc="c01b32/184，H05K7/20",
            publication_number="115251024B",
            published_on="2021-09-03",
            granted_on="2022-09-03",
            status_on="2022-09-03",
            fee_paid_until="2027-03-02",
            compared="on",
        ),
    )

    assert answer.url == record_address(patent)
    client.logout()
    text = client.get(page.url).content.decode()
    for shown in (
        "一种膜，其厚度减半。",
        "C01B32/184; H05K7/20",
        "CN115251024B",
        "2021-09-03",
        "2022-09-03",
        "2027-03-02",
        "2020-03-02",
        "另一家有限公司、王一",
        "李二",
        f"{timezone.localdate():%Y-%m-%d}",
    ):
        assert shown in text
    assert "赵三" not in text
    assert "旧人" not in text
    patent.refresh_from_db()
    assert patent.source == PatentSource.REGISTER
    assert [str(each.occurred_on) for each in patent.status_events.all()] == ["2022-09-03"]
    event = AuditEvent.objects.get(action="ip.correct_patent")
    assert event.payload["people"] == ["holders", "inventors"]
    assert "李二" not in str(event.payload)


def test_a_later_correction_by_hand_ends_the_comparison(institute, client):
    patent = institute.patent()
    client.force_login(institute.owner)
    own = [owner(institute.organization.name)]

    client.post(facts_address(patent), answers(patent, owners=own, compared="on"))
    patent.refresh_from_db()
    assert patent.verified_at is not None

    client.post(facts_address(patent), answers(patent, owners=own))
    patent.refresh_from_db()
    assert patent.source == PatentSource.REGISTER

    client.post(facts_address(patent), answers(patent, owners=own, title="另一个名称"))
    patent.refresh_from_db()
    assert (patent.source, patent.verified_at) == (PatentSource.MANUAL, None)


def test_contradiction_and_missing_owner_leave_the_record_alone(institute, client):
    patent = institute.patent()
    client.force_login(institute.owner)
    own = [owner(institute.organization.name)]

    wrong = answers(patent, owners=own, filed_on="2019-03-02", abstract="新摘要")
    page = client.post(facts_address(patent), wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["filed_on"])
    page = client.post(facts_address(patent), answers(patent, abstract="新摘要"))
    assert page.status_code == 422

    patent.refresh_from_db()
    assert (patent.abstract, patent.holders.count()) == ("", 1)


def test_two_people_do_not_overwrite_each_other(institute, client):
    patent = institute.patent()
    client.force_login(institute.owner)
    own = [owner(institute.organization.name)]
    second = answers(patent, owners=own, title="第二个人写的")
    client.post(facts_address(patent), answers(patent, owners=own, title="第一个人写的"))

    page = client.post(facts_address(patent), second)
    assert page.status_code == 422
    assert page.context["form"]["title"].value() == "第二个人写的"
    patent.refresh_from_db()
    assert patent.title == "第一个人写的"

    again = {**second, "version": page.context["form"]["version"].value()}
    assert client.post(facts_address(patent), again).status_code == 302
    patent.refresh_from_db()
    assert patent.title == "第二个人写的"


def test_a_name_alone_gives_no_rights_to_who_merely_bears_it(institute, client):
    patent = institute.patent()
    pretender = MembershipFactory(
        organization=OrganizationFactory(name="真实大学"), role=MembershipRole.OWNER
    )
    client.force_login(institute.owner)
    rows = [owner(institute.organization.name), owner("真实大学")]
    client.post(facts_address(patent), answers(patent, owners=rows))

    named = patent.holders.order_by("sort_order").last()
    assert (named.organization, named.name) == (None, "真实大学")
    client.force_login(pretender.user)
    assert client.get(facts_address(patent)).status_code == 404


def test_inventor_with_an_account_decides_by_its_consents(institute, client):
    patent = institute.patent()
    page = publish(institute, patent)
    PatentInventor.objects.create(
        patent=patent, user=institute.colleague, name="李二", consent_confirmed=False
    )
    client.force_login(institute.owner)
    claimed = answers(
        patent,
        owners=[owner(institute.organization.name)],
        inventors=[{"name": "李二", "consent_confirmed": "on"}],
    )
    client.post(facts_address(patent), claimed)

    assert patent.inventors.get().user == institute.colleague
    client.logout()
    assert "李二" not in client.get(page.url).content.decode()


def test_achievement_and_patent_page_lead_to_each_other(institute, client):
    patent = institute.patent()
    page = publish(institute, patent, title="更薄的导热膜专利")
    achievement = institute.published(title="石墨烯导热膜技术")
    AchievementPatent.objects.create(page=achievement, patent=patent)

    assert f'href="{achievement.url}"' in client.get(page.url).content.decode()
    assert f'href="{page.url}"' in client.get(achievement.url).content.decode()

    set_disclosure(page=page, actor=institute.owner, disclosure="HIDDEN")
    assert f'href="{page.url}"' not in client.get(achievement.url).content.decode()
    set_disclosure(page=page, actor=institute.owner, disclosure="PUBLIC")
    set_disclosure(page=achievement, actor=institute.owner, disclosure="REGISTERED")
    assert achievement.title not in client.get(page.url).content.decode()


@pytest.mark.parametrize(
    ("status", "called", "not_called"),
    [
        ("GRANTED", "ZL2020", "申请号"),
        ("SUBSTANTIVE_EXAM", "专利申请", "ZL2020"),
        ("TERMINATED", "已失效", "ZL2020"),
        ("REJECTED", "未获授权", "已失效"),
    ],
)
def test_labels_follow_the_status_wherever_a_patent_is_shown(
    institute, client, status, called, not_called
):
    patent = institute.patent(status=status)
    page = publish(institute, patent)
    achievement = institute.published()
    AchievementPatent.objects.create(page=achievement, patent=patent)
    rebuild_index(PatentDocument)

    for address in (page.url, achievement.url, reverse("ip:list")):
        text = client.get(address).content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        assert called in main, address
        assert not_called not in main, address


def test_more_rows_cost_no_more_queries(institute, client):
    patent = institute.patent()
    page = publish(institute, patent)
    client.force_login(institute.owner)

    def grow(number):
        achievement = institute.published(title=f"石墨烯导热膜技术{number}")
        AchievementPatent.objects.create(page=achievement, patent=patent)
        other = institute.patent(number + 10)
        publish(institute, other)
        AchievementPatent.objects.create(page=institute.first, patent=other)
        organization = OrganizationFactory()
        PatentHolder.objects.create(patent=patent, organization=organization)
        PatentInventor.objects.create(patent=patent, name=f"人{number}", consent_confirmed=True)

    def count():
        found = {}
        for address in (
            page.url,
            institute.first.url,
            record_address(patent),
            facts_address(patent),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    institute.first = institute.published()
    grow(1)
    few = count()
    grow(2)
    grow(3)
    assert count() == few


def test_the_form_as_shown_changes_nothing_when_sent_back(institute, client):
    patent = institute.patent()
    PatentInventor.objects.create(patent=patent, name="李二", consent_confirmed=True)
    Patent.objects.filter(pk=patent.pk).update(
        published_on=date(2021, 9, 3), fee_paid_until=date(2027, 3, 2), ipc="C01B32/184"
    )
    client.force_login(institute.owner)
    shown = client.get(facts_address(patent)).context
    sent = {}
    for form in (shown["form"], *shown["owners"], *shown["inventors"]):
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                sent |= {field.html_name: "on"} if value else {}
            else:
                value = field.field.widget.format_value(value) or ""
                sent[field.html_name] = value[0] if isinstance(value, list) else value
    for formset in (shown["owners"], shown["inventors"]):
        for field in formset.management_form:
            sent[field.html_name] = field.value()

    assert client.post(facts_address(patent), sent).status_code == 302

    [event] = AuditEvent.objects.filter(action="ip.correct_patent")
    assert (event.payload["changes"], event.payload["people"]) == ({}, [])
