import pytest
from django.urls import reverse

from portal.notifications.models import Notification
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
