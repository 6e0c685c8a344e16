import pytest
from django.urls import reverse

from portal.jobs.enums import JobState
from portal.jobs.models import Job
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def _job(owner, state=JobState.RUNNING):
    return Job.objects.create(kind="test", title="导入", owner=owner, state=state, done=3, total=10)


def test_the_owner_sees_the_progress(client):
    user = UserFactory()
    client.force_login(user)
    response = client.get(reverse("jobs:job", args=[_job(user).pk]))
    assert 'value="30"' in response.content.decode()


def test_htmx_gets_the_bar_alone(client):
    user = UserFactory()
    client.force_login(user)
    url = reverse("jobs:job", args=[_job(user).pk])
    text = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert f'hx-get="{url}"' in text


def test_a_finished_job_is_not_asked_for_again(client):
    user = UserFactory()
    client.force_login(user)
    url = reverse("jobs:job", args=[_job(user, JobState.SUCCEEDED).pk])
    assert "every 1s" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_a_stranger_finds_no_job(client):
    client.force_login(UserFactory())
    assert client.get(reverse("jobs:job", args=[_job(UserFactory()).pk])).status_code == 404


def test_the_owner_cancels(client):
    user = UserFactory()
    client.force_login(user)
    job = _job(user)
    client.post(reverse("jobs:cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_finished_job_stays_finished(client):
    user = UserFactory()
    client.force_login(user)
    job = _job(user, JobState.SUCCEEDED)
    client.post(reverse("jobs:cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED
