import pytest
from django.urls import reverse

from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import cancel_job, report_progress, run_job
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


def test_a_running_job_can_be_cancelled_where_its_progress_stands(client):
    user = UserFactory()
    client.force_login(user)
    job = _job(user)
    bar = client.get(reverse("jobs:job", args=[job.pk]), headers={"HX-Request": "true"})
    address = reverse("jobs:cancel", args=[job.pk])

    assert bar.content.decode().count(f'action="{address}"') == 1
    job.state = JobState.SUCCEEDED
    job.save()
    assert address not in client.get(reverse("jobs:job", args=[job.pk])).content.decode()


def test_a_cancelled_job_stops_at_its_next_report():
    job = _job(UserFactory(), JobState.QUEUED)
    reached = []

    def work(running):
        report_progress(job=running, done=1, total=3)
        cancel_job(job=Job.objects.get(pk=running.pk))
        report_progress(job=running, done=2, total=3)
        reached.append("after")
        return {}

    assert run_job(job_id=job.pk, work=work).state == JobState.CANCELLED
    assert reached == []
    job.refresh_from_db()
    assert (job.done, job.result) == (1, {})


def test_a_job_cancelled_after_its_work_was_done_has_succeeded():
    job = _job(UserFactory(), JobState.QUEUED)

    def work(running):
        cancel_job(job=Job.objects.get(pk=running.pk))
        return {"rows": 3}

    done = run_job(job_id=job.pk, work=work)

    assert (done.state, done.result) == (JobState.SUCCEEDED, {"rows": 3})
