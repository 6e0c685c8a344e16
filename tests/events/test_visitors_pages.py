"""What visitors see and do at an exhibition, without JavaScript; leads and votes on their pages."""

import pytest
from django.urls import reverse

from events.exhibition import services
from events.exhibition.enums import AfterShow
from events.exhibition.models import Exhibition, Exhibitor, Lead, Vote
from events.exhibition.services import UnableToExhibit
from events.fairs.models import Fair
from portal.accounts.enums import PortalRole
from tests.factories.accounts import UserFactory
from tests.factories.exhibition import Show
from tests.factories.exhibition_pages import Browser, picture
from tests.factories.fairs import fresh, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_picture_is_seen_by_whom_the_hall_is_open_to(client):
    show = Show()
    exhibitor = show.placed()
    exhibit = show.exhibit(exhibitor, picture=picture(), caption="膜卷")
    reviewer, stranger = person_with(PortalRole.REVIEWER), UserFactory()

    def answer(user):
        found = Browser(client, user).client.get(reverse("exhibition:picture", args=[exhibit.pk]))
        b"".join(found)
        return found.status_code, found["Content-Type"].split("/")[0]

    def answers():
        return [answer(user) for user in (None, stranger, exhibitor.user, show.owner, reviewer)]

    closed, seen = (404, "text"), (200, "image")
    assert answers() == [closed, closed, seen, seen, seen]
    Exhibitor.objects.update(state="PASSED")
    assert answers() == [seen] * 5
    Fair.objects.update(state="CLOSED")
    Exhibition.objects.create(fair=show.fair, after_show=AfterShow.NAMES)
    assert answers() == [closed, closed, seen, seen, seen]


def test_a_visitor_chooses_industries_and_gets_a_route(client):
    show = Show()
    food = [show.passed(industry="food", booth=show.booths[number]) for number in (5, 1)]
    other = show.passed(booth=show.booths[0])
    waiting = show.submitted(industry="food", booth=show.booths[2])
    code, browser = show.fair.code, Browser(client)

    page = browser.get("visit", code)
    assert page.count('class="route__stop"') == 3
    assert "plan__stop" not in page
    assert waiting.fascia not in page
    page = browser.get("visit", code, query="?industry=food&industry=nonsense")
    assert page.count('class="route__stop"') == 2
    stops = page.split('<ol class="route">')[1]
    assert stops.index(food[1].fascia) < stops.index(food[0].fascia)
    assert other.fascia not in stops
    assert page.count('class="plan__stop"') == 2
    assert "plan__booth--dim" in page


def test_the_hall_after_the_fair_shows_what_is_set(client):
    show = Show()
    exhibitor = show.on_show()
    show.to("CLOSED")
    code, browser = show.fair.code, Browser(client)

    assert "线上展厅" in browser.get("visit", code)
    assert "导热膜样品" in browser.get("exhibitor", code, exhibitor.pk)
    desk = Browser(client, show.owner)
    desk.post("settings", code, action="settings", after_show="NAMES")
    page = Browser(client).get("exhibitor", code, exhibitor.pk)
    assert "导热膜样品" not in page
    assert exhibitor.fascia in page
    Browser(client, show.owner).post("settings", code, action="settings", after_show="NOTHING")
    Browser(client).get("visit", code, status=404)
    Browser(client).get("exhibitor", code, exhibitor.pk, status=404)
    Browser(client).get("awards", code, status=404)
    assert "展位图与参观路线" not in client.get(show.fair.page.url).content.decode()


@pytest.mark.parametrize(("fair_state", "after"), [("LIVE", "ON_SHOW"), ("CLOSED", "PASSED")])
def test_what_is_on_show_is_taken_out_and_comes_back_mended(client, fair_state, after):
    """While the fair runs, and in the on-line hall after it."""
    show = Show()
    exhibitor, code = show.on_show(), show.fair.code
    show.to(fair_state)
    desk = Browser(client, show.owner)

    assert "退回资料" in desk.get("application", code, exhibitor.pk)
    desk.post("decide", code, exhibitor.pk, "return", reason="图中有旧商标")
    hidden = Browser(client).get("visit", code)
    show.exhibit(show.again(exhibitor, exhibitor.user), title="导热膜新样品")
    Browser(client, exhibitor.user).post("act", exhibitor.pk, "submit")
    Browser(client, show.owner).post("decide", code, exhibitor.pk, "pass")
    services.sweep_exhibition()

    assert exhibitor.fascia not in hidden
    assert "导热膜新样品" in Browser(client).get("exhibitor", code, exhibitor.pk)
    assert fresh(exhibitor).state == after


def test_an_archived_hall_is_not_changed_any_more(client):
    show = Show()
    exhibitor, code = show.on_show(), show.fair.code
    Fair.objects.filter(pk=show.fair.pk).update(state="ARCHIVED")

    Browser(client, show.owner).post("decide", code, exhibitor.pk, "return", status=404)
    with pytest.raises(UnableToExhibit):
        services.return_materials(
            actor=show.owner, exhibitor=show.again(exhibitor), reason="图中有旧商标"
        )


def test_a_matchmaking_fair_may_have_a_hall_too(client):
    show = Show(kind="MATCHMAKING", with_exhibition=True)
    exhibitor, code = show.passed(), show.fair.code

    assert "展位图与参观路线" in client.get(show.fair.page.url).content.decode()
    assert exhibitor.label in Browser(client).get("visit", code)
    Browser(client, show.office()).get("apply", code)
    Browser(client, show.owner).get("halls", code)


def test_a_fair_without_exhibition_has_no_hall(client):
    show = Show()
    show.fair.page.kind = "MATCHMAKING"
    show.fair.page.save()

    Browser(client).get("visit", show.fair.code, status=404)
    Browser(client, show.office()).get("apply", show.fair.code, status=404)
    Browser(client, show.owner).get("halls", show.fair.code, status=404)


class TestLeads:
    def test_a_visitor_is_noted_rated_and_exported(self, client):
        show = Show()
        visitor, exhibitor = show.admitted(), show.on_show()
        browser = Browser(client, exhibitor.user)

        browser.post("leads", exhibitor.pk, ticket=visitor.ticket, rating=3, note="要样品")
        lead = Lead.objects.get()
        page = browser.get("leads", exhibitor.pk)
        assert "要样品" in page
        assert visitor.email not in page
        browser.post("lead", lead.pk, rating=5, note="已寄样")
        assert fresh(lead).rating == 5
        answer = browser.get("export", exhibitor.pk, "csv")
        assert "已寄样" in answer
        browser.post("leads", exhibitor.pk, ticket="nobody", status=422)
        browser.get("export", exhibitor.pk, "pdf", status=404)

    def test_the_visitor_opens_and_closes_the_card(self, client):
        show = Show()
        visitor, exhibitor = show.admitted(), show.on_show()
        code = show.fair.code
        own = Browser(client, visitor.person)

        assert "留下名片" in own.get("exhibitor", code, exhibitor.pk)
        own.post("card", code, exhibitor.pk)
        assert "收回名片" in own.get("exhibitor", code, exhibitor.pk)
        assert exhibitor.fascia in own.get("cards", code)
        assert visitor.email in Browser(client, exhibitor.user).get("leads", exhibitor.pk)
        Browser(client, visitor.person).post("card", code, exhibitor.pk, **{"take-back": 1})
        assert visitor.email not in Browser(client, exhibitor.user).get("leads", exhibitor.pk)

    def test_nobody_else_reads_leads(self, client):
        show = Show()
        visitor, exhibitor = show.admitted(), show.on_show()
        lead = services.note_lead(
            actor=exhibitor.user, exhibitor=exhibitor, ticket=visitor.ticket, note="机密"
        )
        others = [show.owner, show.office(), visitor.person]
        others += [person_with(PortalRole.AUDITOR), person_with(PortalRole.OPERATOR)]

        for user in others:
            browser = Browser(client, user)
            browser.get("leads", exhibitor.pk, status=404)
            browser.get("lead", lead.pk, status=404)
            browser.get("export", exhibitor.pk, "csv", status=404)
            browser.get("mine", exhibitor.pk, status=404)
        assert "机密" not in Browser(client, show.owner).get(
            "application", show.fair.code, exhibitor.pk
        )

    def test_cards_are_for_who_is_registered(self, client):
        show = Show()
        exhibitor = show.passed()

        Browser(client, UserFactory()).get("cards", show.fair.code, status=404)
        Browser(client, UserFactory()).post("card", show.fair.code, exhibitor.pk, status=404)


class TestVotes:
    def test_a_ticket_votes_signed_in_or_typed(self, client):
        show = Show()
        first, second = show.admitted(), show.admitted()
        exhibitor = show.on_show()
        award = services.add_award(actor=show.owner, fair=show.fair, name="最佳展示")
        code = show.fair.code
        form = {
            f"award-{award.pk}-award": award.pk,
            f"award-{award.pk}-exhibitor": exhibitor.pk,
        }

        Browser(client, first.person).post("awards", code, **form)
        assert f"您已投给{exhibitor.fascia}" in Browser(client, first.person).get("awards", code)
        open_form = form | {f"award-{award.pk}-ticket": second.ticket}
        Browser(client).post("awards", code, **open_form)
        Browser(client).post("awards", code, status=422, **open_form)
        Browser(client).post("awards", code, status=422, **form)

        assert Vote.objects.count() == 2

    def test_the_organizer_sets_awards_and_publishes_the_result(self, client):
        show = Show()
        visitor, exhibitor = show.admitted(), show.on_show()
        code, desk = show.fair.code, Browser(client, show.owner)

        desk.post("settings", code, action="award", name="最佳展示", name_en="Best show")
        desk.post("settings", code, action="award", name="最佳展示", status=200)
        desk.post("settings", code, action="award", name="多余")
        award, extra = show.fair.awards.all()
        desk.post("settings", code, action="remove-award", award=extra.pk)
        services.cast_vote(award=award, exhibitor=exhibitor, ticket=visitor.ticket)
        Browser(client, show.owner).post("settings", code, action="publish")
        page = Browser(client).get("awards", code)
        assert exhibitor.fascia in page
        assert "获奖" in page
        assert "获奖" in Browser(client, show.owner).get("settings", code)
        Browser(client, show.owner).post("settings", code, action="x", status=404)
