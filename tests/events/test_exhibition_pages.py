"""The organizer's and the exhibitors' pages, walked as people do, without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.exhibition.models import Exhibit, Exhibitor, Hall
from tests.factories.accounts import UserFactory
from tests.factories.exhibition import Show
from tests.factories.exhibition_pages import Browser, picture
from tests.factories.fairs import fresh
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_hall_is_laid_out_by_forms_alone(client):
    show = Show()
    browser, code = Browser(client, show.owner), show.fair.code

    browser.post("halls", code, name="二号厅", width=20, depth=10)
    hall = Hall.objects.get(name="二号厅")
    at = (code, hall.pk)
    browser.post("hall", *at, action="booths", letter="C", count=3, width=3, depth=3, power_kw=3)
    place = {"x": 13, "y": 5, "width": 4, "depth": 2, "power_kw": 10}
    answer = browser.post("hall", *at, action="booth", code="D01", **place)
    booth = hall.booths.get(code="D01")
    assert answer.url == reverse("exhibition:hall", args=at) + f"?booth={booth.pk}#booth"
    assert (booth.x, booth.y) == (12, 4)
    for step, expected in (
        ("right", (13, 4)),
        ("down", (13, 5)),
        ("left", (12, 5)),
        ("up", (12, 4)),
    ):
        browser.post("hall", *at, action="move", booth=booth.pk, step=step)
        assert (fresh(booth).x, fresh(booth).y) == expected
    browser.post("hall", *at, action="move", booth=booth.pk, x=16, y=8)
    assert (fresh(booth).x, fresh(booth).y) == (16, 8)
    page = browser.get("hall", *at, query=f"?booth={booth.pk}")
    assert 'name="step" value="up"' in page
    browser.post("hall", *at, action="booth", booth=booth.pk, code="D02", notes="靠门", **place)
    assert (fresh(booth).code, fresh(booth).notes) == ("D02", "靠门")
    browser.post("hall", *at, action="remove", booth=booth.pk)
    browser.post("hall", *at, action="hall", name="副厅", width=20, depth=8)
    assert (fresh(hall).name, hall.booths.count()) == ("副厅", 3)
    answer = browser.post("hall", *at, action="remove-hall")
    assert answer.url == reverse("exhibition:halls", args=[code])


def test_what_does_not_fit_is_said_beside_the_form(client):
    show = Show()
    browser, at = Browser(client, show.owner), (show.fair.code, show.hall.pk)
    place = {"x": 2, "y": 2, "width": 3, "depth": 3, "power_kw": 3}

    answer = browser.post("hall", *at, action="booth", code="Z1", status=422, **place)
    assert "A01" in answer.content.decode()
    several = {"letter": "Z", "count": 99, "width": 3, "depth": 3, "power_kw": 0}
    browser.post("hall", *at, action="booths", status=422, **several)
    browser.post("hall", *at, action="hall", name="x", width=5, depth=5, status=422)
    browser.post("halls", show.fair.code, name="一号厅", width=5, depth=5, status=422)
    answer = browser.post(
        "hall", *at, action="move", booth=show.booths[0].pk, step="left", follow=True, status=200
    )
    assert "展位超出展厅范围" in answer.content.decode()
    browser.post("hall", *at, action="move", booth=show.booths[0].pk, x="a", y="", status=404)
    browser.post("hall", *at, action="nothing", status=404)
    browser.post("hall", *at, action="move", booth=999999, status=404)


def test_the_plan_draws_every_booth_and_needs_no_script(client):
    show = Show()
    exhibitor = show.placed(show.booths[0])

    page = Browser(client, show.owner).get("hall", show.fair.code, show.hall.pk)

    assert page.count("plan__area") == 6
    assert page.count("plan__booth--free") == 5
    assert exhibitor.organization.name in page
    assert "共18" in page
    chosen = f"?booth={show.booths[2].pk}"
    page = Browser(client, show.owner).get("hall", show.fair.code, show.hall.pk, query=chosen)
    beside = page.split("相邻：")[1].split("</p>")[0]
    assert re.findall(r">(A\d\d)<", beside) == ["A02", "A04"]
    assert "style=" not in page.split("<main")[1].split("</main>")[0]


def test_an_application_walks_to_the_show(client):
    show = Show()
    user = show.office()
    code, neighbour = show.fair.code, show.placed(show.booths[1])
    browser = Browser(client, user)
    browser.post(
        "apply",
        code,
        organization=user.active_memberships[0].organization_id,
        plan="导热膜",
        industries=[term.pk for term in neighbour.industries.all()],
        wished_area=9,
        wished_power=2,
        unwanted=neighbour.organization.name,
    )
    exhibitor = Exhibitor.objects.latest("pk")
    assert exhibitor.unwanted.get() == neighbour.organization

    desk = Browser(client, show.owner)
    page = desk.get("application", code, exhibitor.pk)
    assert "录用" in page
    desk.post("decide", code, exhibitor.pk, "accept")
    page = desk.get("application", code, exhibitor.pk)
    assert "与其不愿相邻的单位相邻" in page
    desk.post("decide", code, exhibitor.pk, "give", booth=show.booths[0].pk)
    assert "展位未满足全部意愿" in desk.get("application", code, exhibitor.pk)

    browser = Browser(client, user)
    page = browser.get("mine", exhibitor.pk)
    assert "请填写楣板文字" in page
    browser.post(
        "materials",
        exhibitor.pk,
        fascia="湖畔导热",
        introduction="样品可以摸。",
        industries=[term.pk for term in neighbour.industries.all()],
    )
    browser.post(
        "add-exhibit",
        exhibitor.pk,
        title="导热膜",
        summary="面内1500",
        picture=picture(),
        caption="膜卷",
    )
    browser.post("act", exhibitor.pk, "submit")
    assert fresh(exhibitor).state == "SUBMITTED"

    desk = Browser(client, show.owner)
    assert "未发现展览禁用字样" in desk.get("application", code, exhibitor.pk)
    desk.post("decide", code, exhibitor.pk, "return", reason="补上英文")
    assert "补上英文" in Browser(client, user).get("mine", exhibitor.pk)
    Browser(client, user).post("act", exhibitor.pk, "submit")
    Browser(client, show.owner).post("decide", code, exhibitor.pk, "pass")
    assert fresh(exhibitor).state == "PASSED"
    assert "湖畔导热" in Browser(client).get("visit", code)


def test_forbidden_words_are_said_beside_the_field(client):
    show = Show()
    exhibitor = show.written()
    browser = Browser(client, exhibitor.user)

    answer = browser.post(
        "add-exhibit",
        exhibitor.pk,
        title="膜",
        summary="x",
        caption="驰名商标证书",
        picture=picture(),
        status=422,
    )
    assert answer.context["form"].errors.keys() == {"caption"}
    answer = browser.post("materials", exhibitor.pk, fascia="驰名商标", status=422)
    assert "fascia" in answer.context["form"].errors
    answer = browser.post("add-exhibit", exhibitor.pk, title="膜", summary="ZL20", status=422)
    assert answer.context["form"].errors.keys() == {"summary"}
    user = show.office()
    answer = Browser(client, user).post("apply", show.fair.code, plan="驰名商标", status=422)
    assert "plan" in answer.context["form"].errors


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.png", b"no picture", "image/png"),
        SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml"),
        SimpleUploadedFile("a.html", b"<script>1</script>", "text/html"),
    ],
)
def test_only_pictures_are_taken_and_each_has_a_caption(client, file):
    show = Show()
    exhibitor = show.placed()
    browser = Browser(client, exhibitor.user)
    words = {"title": "膜", "summary": "x"}
    file.seek(0)

    browser.post("add-exhibit", exhibitor.pk, picture=file, caption="x", status=422, **words)
    answer = browser.post("add-exhibit", exhibitor.pk, picture=picture(), status=422, **words)

    assert answer.context["form"].errors.keys() == {"caption"}
    assert not Exhibit.objects.exists()


def test_a_listing_is_put_on_show_and_taken_out(client):
    show, institute = Show(), Institute()
    page = institute.published()
    exhibitor = show.placed(user=institute.owner)
    browser = Browser(client, institute.owner)

    assert page.title in browser.get("add-exhibit", exhibitor.pk)
    browser.post("add-exhibit", exhibitor.pk, page=page.pk)
    exhibit = Exhibit.objects.get()
    assert page.title in browser.get("mine", exhibitor.pk)
    browser.get("exhibit", exhibit.pk, status=404)
    browser.post("exhibit", exhibit.pk, remove=1)

    assert not Exhibit.objects.exists()


def test_an_exhibit_is_changed_and_its_picture_replaced(client, django_capture_on_commit_callbacks):
    show = Show()
    exhibitor = show.placed()
    exhibit = show.exhibit(exhibitor, picture=picture(), caption="旧图")
    before = exhibit.picture
    browser = Browser(client, exhibitor.user)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(
            "exhibit", exhibit.pk, title="新膜", summary="y", caption="新图", picture=picture()
        )

    assert (fresh(exhibit).title, fresh(exhibit).caption) == ("新膜", "新图")
    assert not before.storage.exists(before.name)


def test_who_has_no_office_cannot_apply(client):
    Browser(client, UserFactory()).get("apply", Show().fair.code, status=403)


def test_one_withdraws_after_being_asked(client):
    show = Show()
    exhibitor = show.placed()
    browser = Browser(client, exhibitor.user)

    assert "退出参展" in browser.get("act", exhibitor.pk, "withdraw")
    browser.post("act", exhibitor.pk, "withdraw")
    browser.get("act", exhibitor.pk, "withdraw", status=404)
    browser.get("act", exhibitor.pk, "submit", status=404)
    browser.get("act", exhibitor.pk, "dance", status=404)

    assert fresh(exhibitor).state == "WITHDRAWN"


def test_every_page_is_there_in_every_state(client):
    show = Show()
    waiting, writing = show.applied(), show.written()
    checked, shown = show.submitted(industry="food"), show.passed()
    visitor, code = show.admitted(), show.fair.code
    desk = Browser(client, show.owner)
    for each in (waiting, writing, checked, shown):
        desk.get("application", code, each.pk)
    for query in ("", "?state=APPLIED", "?state=nonsense"):
        desk.get("applications", code, query=query)
    desk.get("settings", code)
    desk.post("decide", code, waiting.pk, "nothing", status=404)
    desk.post("decide", code, waiting.pk, "give", booth="x")
    desk.post("decide", code, waiting.pk, "reject")
    assert fresh(waiting).state == "APPLIED"
    for each in (waiting, writing, checked, shown):
        own = Browser(client, each.user)
        own.get("mine", each.pk)
        own.get("own")
        own.get("materials", each.pk, status=200 if each.is_writing else 404)
    Browser(client, writing.user).get("exhibit", writing.exhibits.get().pk)
    Browser(client, visitor.person).get("cards", code)
    assert "申请参展" in client.get(show.fair.page.url).content.decode()
    assert client.get(f"/en/fairs/{code}/exhibition/").status_code == 200


def test_the_start_page_says_what_waits(client):
    show = Show()
    applied, writing = show.applied(), show.placed()

    client.force_login(show.owner)
    page = client.get(reverse("workspace:home")).content.decode()
    assert "待处理的参展事项" in page
    assert applied.organization.name in page
    client.force_login(writing.user)
    page = client.get(reverse("workspace:home")).content.decode()
    assert "待处理的参展事项" in page
    assert reverse("exhibition:mine", args=[writing.pk]) in page
