"""A security classification (密级) is refused at every door, with the reason."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from achievements.contents import missing_fields
from achievements.enums import Secrecy
from achievements.models import AchievementPage
from achievements.services import (
    UnableToChangeListing,
    add_pages,
    create_listing,
    save_draft,
    submit_listing,
)
from tests.achievements.test_admin_urls import posted
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LEVELS = ["SECRET", "CONFIDENTIAL", "TOP_SECRET"]
REASON = "涉密成果不得在此填报"


@pytest.fixture
def institute():
    return Institute()


def stored_levels():
    pages = AchievementPage.objects.all()
    return {page.secrecy for page in pages} | {
        revision.content["secrecy"] for page in pages for revision in page.revisions.all()
    }


@pytest.mark.parametrize("level", LEVELS)
def test_the_form_of_the_workspace(client, institute, level):
    page = institute.draft()
    client.force_login(institute.researcher)
    address = reverse("achievements:edit", args=[page.pk, "basics"])

    answer = client.post(address, {"title": "某装备", "secrecy": level})

    assert answer.status_code == 422
    assert REASON in str(answer.context["form"].errors["secrecy"])
    assert stored_levels() == {"NONE"}


@pytest.mark.parametrize("button", [{}, {"action-submit": "1"}])
def test_the_form_of_the_admin(client, institute, button):
    page = institute.draft().get_latest_revision_as_object()
    client.force_login(institute.owner)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = posted(client.get(address).context["form"])

    answer = client.post(address, {**data, **button, "secrecy": "SECRET"})

    assert REASON in answer.content.decode()
    assert stored_levels() == {"NONE"}


def test_a_new_page_in_the_admin(client, institute):
    client.force_login(institute.owner)
    address = reverse(
        "wagtailadmin_pages:add", args=["achievements", "achievementpage", institute.page.pk]
    )
    data = posted(client.get(address).context["form"]) | {"title": "某装备"}

    answer = client.post(address, {**data, "secrecy": "TOP_SECRET"})

    assert REASON in answer.content.decode()
    assert AchievementPage.objects.count() == 0


@pytest.mark.parametrize("level", LEVELS)
def test_the_services(institute, level):
    draft = institute.draft().get_latest_revision_as_object()
    draft.secrecy = level
    classified = AchievementPage(title="某装备", secrecy=level)

    for attempt in (
        lambda: create_listing(page=classified, institute=institute.page, actor=institute.owner),
        lambda: save_draft(page=draft, actor=institute.researcher),
        lambda: add_pages(
            institute=institute.page, pages=[classified], relations=[{}], actor=institute.owner
        ),
    ):
        with pytest.raises(UnableToChangeListing, match=REASON):
            attempt()

    assert stored_levels() == {"NONE"}


def test_a_draft_that_got_in_some_other_way_is_not_sent_on(institute):
    draft = institute.draft().get_latest_revision_as_object()
    draft.secrecy = Secrecy.SECRET
    draft.save_revision(clean=False)
    page = AchievementPage.objects.get(pk=draft.pk)

    assert REASON in str(missing_fields(page.get_latest_revision_as_object())["secrecy"])
    with pytest.raises(UnableToChangeListing):
        submit_listing(page=page, actor=institute.researcher)
    with pytest.raises(ValidationError, match=REASON):
        page.get_latest_revision().publish(skip_permission_checks=True)


def test_the_database(institute):
    page = institute.draft()

    with pytest.raises(IntegrityError), transaction.atomic():
        AchievementPage.objects.filter(pk=page.pk).update(secrecy=Secrecy.SECRET)


def test_the_command(institute, tmp_path, capsys):
    table = tmp_path / "a.csv"
    table.write_text(
        "来源编号,成果名称,简介,成果介绍,成果形式,所处阶段,密级\n"
        "1,某装备,简介,介绍,TECHNOLOGY,MIDDLE,机密\n"
    )
    code = institute.organization.credit_code

    with pytest.raises(CommandError):
        call_command(
            "import_listings", str(table), kind="achievements", organization=code, commit=True
        )

    assert REASON in capsys.readouterr().out
    assert AchievementPage.objects.count() == 0
