"""A volunteer with a phone at the door of a fair, with network and without, in a browser."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from events.gates.models import CheckIn
from events.gates.services import default_gate, make_link, save_gate
from events.registration.models import Registration
from tests.e2e.people import press
from tests.factories.fairs import Hall
from tests.factories.gates import photo_of
from tests.services.browser import PHONE

pytestmark = pytest.mark.browser

NO_NETWORK = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED")


class Door:
    """A fair with two guests and a gate, the link to it, and the phone of who stands there."""

    def __init__(self, portal, open_browser_on, **options):
        with transaction.atomic():
            hall = Hall()
            self.first = hall.admitted(name="张三丰", organization_name="西溪新材料")
            self.second = hall.admitted(name="李清照", organization_name="运河印染")
            self.gate = save_gate(actor=hall.owner, fair=hall.fair, values=default_gate(hall.fair))
            ends_at = hall.fair.page.ends_at
            _duty, self.token = make_link(
                actor=hall.owner, fair=hall.fair, name="东门志愿者", expires_at=ends_at
            )
        portal.clock.move_to(hall.fair.page.starts_at + timedelta(minutes=20))
        self.page = open_browser_on(portal.url, viewport=PHONE, **options)
        self.network = self.page.context

    def begin(self):
        self.page.goto(f"/door/enter/{self.token}/")
        press(self.page, "开始")

    def hold_up(self, ticket):
        self.page.fill("#code", ticket)
        press(self.page, "核验")

    def photograph(self, ticket):
        """The module sends the photo as soon as it is taken."""
        photo = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo_of(ticket)}
        self.page.set_input_files("#photo", photo)

    def answer(self, light):
        """The words of the answer, once it shows this light."""
        self.page.wait_for_selector(f'#answer [data-light="{light}"]')
        return self.page.locator("#answer").inner_text()

    def queue(self, text):
        self.page.locator("[data-queue]").get_by_text(text).wait_for()

    def arrived(self):
        people = Registration.objects.filter(state="CHECKED_IN").order_by("pk")
        return list(people.values_list("name", flat=True))


@pytest.fixture
def door(movable_portal, open_browser_on):
    door = Door(movable_portal, open_browser_on)
    yield door
    assert [each for each in door.page.complaints if not NO_NETWORK.search(each)] == []


def test_the_door_goes_on_without_network_and_sends_later(door):
    door.begin()
    door.page.wait_for_selector("[data-ready]")
    assert Axe().run(door.page).violations_count == 0
    door.hold_up(door.first.ticket)
    assert "张三丰" in door.answer("go")
    door.photograph(door.first.ticket)
    assert "该凭证已使用过" in door.answer("wait")

    door.network.set_offline(True)
    door.page.reload()
    door.page.wait_for_selector("[data-ready]")
    expect(door.page.get_by_text("网络中断，按离线名单继续核验")).to_be_visible()
    door.hold_up(door.second.ticket)
    said = door.answer("go")
    assert "李＊" in said
    assert "李清照" not in said
    door.queue("1条记录待上传")
    door.hold_up(door.second.ticket)
    assert "该凭证已使用过" in door.answer("wait")
    door.hold_up("0" * 32)
    door.page.get_by_text("不在本机离线名单中").wait_for()
    door.queue("3条记录待上传")
    assert Axe().run(door.page).violations_count == 0
    assert door.arrived() == ["张三丰"]

    door.network.set_offline(False)
    press(door.page, "立即上传")
    door.queue("记录已全部上传")

    assert door.arrived() == ["张三丰", "李清照"]
    kept = CheckIn.objects.filter(offline=True).order_by("at")
    assert [(row.result, row.standing) for row in kept] == [
        ("OK", "OK"),
        ("ALREADY_IN", "OK"),
        ("NEED_ATTENTION", "UNKNOWN_CODE"),
    ]
    late = timezone.now() - kept[0].at
    assert timedelta(0) <= late < timedelta(minutes=2)


DETECTOR = """
  let frames = 0;
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() {
      frames += 1;
      if (frames === 1) throw new Error("a frame that cannot be read");
      return [{ rawValue: "%s" }];
    }
  };
"""


def test_the_camera_reads_a_badge_once_while_it_is_held_there(door):
    door.page.add_init_script(DETECTOR % door.first.ticket)
    door.begin()
    door.page.wait_for_selector("[data-ready]")
    press(door.page, "打开摄像头扫码")

    assert "张三丰" in door.answer("go")
    press(door.page, "关闭摄像头")
    expect(door.page.locator("[data-video]")).to_be_hidden()
    assert door.arrived() == ["张三丰"]
    assert CheckIn.objects.count() == 1


def test_the_door_is_a_plain_form_without_script(movable_portal, open_browser_on):
    door = Door(movable_portal, open_browser_on, java_script_enabled=False)
    door.begin()

    door.hold_up(door.first.ticket)
    assert "张三丰" in door.answer("go")
    door.hold_up(door.first.ticket)
    assert "东门志愿者" in door.answer("wait")
    press(door.page, "人工放行")
    assert "请进" in door.answer("go")

    assert door.arrived() == ["张三丰"]
