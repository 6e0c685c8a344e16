import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from portal.notifications.models import Notification
from portal.notifications.services import notify
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def _tell(user, url="", **fields):
    return Notification.objects.create(user=user, kind="test", title="新消息", url=url, **fields)


def test_anonymous_visitors_are_asked_to_sign_in(client):
    assert client.get(reverse("notifications:list")).status_code == 302


def test_the_list_shows_only_ones_own_messages(client):
    user = UserFactory()
    own = _tell(user)
    _tell(UserFactory())
    client.force_login(user)
    response = client.get(reverse("notifications:list"))
    assert list(response.context["page_obj"]) == [own]


def test_opening_marks_as_read_and_goes_there(client):
    user = UserFactory()
    notification = _tell(user, url="/organizations/")
    client.force_login(user)
    response = client.post(reverse("notifications:open", args=[notification.pk]))
    assert response.url == "/organizations/"
    notification.refresh_from_db()
    assert notification.read_at is not None


def test_another_persons_message_does_not_exist(client):
    notification = _tell(UserFactory())
    client.force_login(UserFactory())
    assert client.post(reverse("notifications:open", args=[notification.pk])).status_code == 404


def test_a_foreign_address_is_not_followed(client):
    user = UserFactory()
    notification = _tell(user, url="https://elsewhere.example/")
    client.force_login(user)
    response = client.post(reverse("notifications:open", args=[notification.pk]))
    assert response.url == reverse("notifications:list")


def test_all_are_marked_as_read(client):
    user = UserFactory()
    _tell(user)
    _tell(user)
    client.force_login(user)
    client.post(reverse("notifications:read-all"))
    assert Notification.objects.unread().count() == 0


def test_the_list_asks_as_much_for_three_as_for_one(client, django_assert_num_queries):
    user = UserFactory()
    client.force_login(user)
    _tell(user)
    url = reverse("notifications:list")
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    _tell(user)
    _tell(user)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_a_message_is_read_in_the_language_of_the_page_and_mailed_in_the_person_s(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory(language="en")
    with django_capture_on_commit_callbacks(execute=True), translation.override("zh-hans"):
        notify(
            user=user,
            kind="test",
            title=gettext_lazy("Your request to join was accepted"),
            body="某机构",
            url=reverse("accounts:organizations"),
        )
    [message] = mail.outbox
    assert message.subject == "Your request to join was accepted"
    assert message.body.endswith("/en/organizations/")
    client.force_login(user)
    for prefix, title in (("", "您的加入申请已通过"), ("/en", message.subject)):
        for address in ("/notifications/", "/workspace/"):
            assert title in client.get(f"{prefix}{address}").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_message_leads_to_the_page_in_the_reader_s_language(client, language):
    user = UserFactory()
    with translation.override(language):
        note = notify(user=user, kind="x", title="x", url=reverse("accounts:organizations"))
    client.force_login(user)
    assert client.post(f"/notifications/{note.pk}/").url == "/organizations/"
    assert client.post(f"/en/notifications/{note.pk}/").url == "/en/organizations/"


def test_what_is_new_in_the_workspace_is_read_when_it_is_opened(client):
    user = UserFactory()
    note = _tell(user, url="/organizations/")
    client.force_login(user)
    page = client.get(reverse("workspace:home")).content.decode()
    assert f'action="{reverse("notifications:open", args=[note.pk])}"' in page
    assert 'href="/organizations/">新消息' not in page
