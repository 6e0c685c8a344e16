"""The check of materials: no 驰名商标 anywhere, patents by their own listings."""

import pytest
from django.core.exceptions import ValidationError

from achievements.enums import Disclosure
from achievements.validators import validate_text
from events.exhibition import services
from events.exhibition.checks import findings, missing_materials
from events.exhibition.models import Exhibitor
from events.exhibition.queries import shown_exhibits
from events.exhibition.services import UnableToExhibit
from ip.enums import PatentStatus
from ip.models import PatentPage
from tests.factories.accounts import UserFactory
from tests.factories.exhibition import Show
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WELL_KNOWN = "驰名商标"


def test_nothing_is_sent_that_is_not_there():
    show = Show()
    exhibitor = show.placed()

    with pytest.raises(UnableToExhibit, match="楣板"):
        services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
    assert len(missing_materials(exhibitor)) == 3


@pytest.mark.parametrize(
    "words", [WELL_KNOWN, "馳名商標", "驰 名 商 标", "驰名·商标", "well-known trademark"]
)
def test_a_well_known_trademark_stands_in_no_text(words):
    with pytest.raises(ValidationError):
        validate_text(f"湖畔牌{words}")


@pytest.mark.parametrize("field", ["title", "title_en", "summary", "summary_en", "caption"])
def test_an_exhibit_does_not_boast_of_a_well_known_trademark(field):
    show = Show()
    exhibitor = show.placed()

    with pytest.raises(UnableToExhibit, match="第十四条"):
        show.exhibit(exhibitor, **{field: f"荣获{WELL_KNOWN}"})
    assert exhibitor.exhibits.count() == 0


@pytest.mark.parametrize("field", ["fascia", "fascia_en", "introduction", "introduction_en"])
def test_a_booth_does_not_either_and_its_materials_neither_go_nor_pass(field):
    show = Show()
    exhibitor = show.written()
    Exhibitor.objects.filter(pk=exhibitor.pk).update(**{field: f"荣获{WELL_KNOWN}"})
    exhibitor = show.again(exhibitor)

    with pytest.raises(UnableToExhibit, match=WELL_KNOWN):
        services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
    Exhibitor.objects.filter(pk=exhibitor.pk).update(state="SUBMITTED")
    with pytest.raises(UnableToExhibit, match=WELL_KNOWN):
        services.pass_materials(actor=show.owner, exhibitor=exhibitor)
    assert [found.field for found in findings(exhibitor)] == [
        str(Exhibitor._meta.get_field(field).verbose_name)
    ]


@pytest.mark.parametrize("words", ["已获授权发明专利", "ZL202010123456.7", "专利号见展板"])
def test_a_patent_is_claimed_by_its_listing_alone(words):
    show = Show()

    with pytest.raises(UnableToExhibit, match="推介页"):
        show.exhibit(show.placed(), summary=words)


def test_an_application_may_be_called_one():
    show = Show()

    exhibit = show.exhibit(show.placed(), summary="相关技术已提交发明专利申请")

    assert exhibit.summary == "相关技术已提交发明专利申请"


@pytest.mark.parametrize(
    ("status", "label", "number"),
    [
        (PatentStatus.GRANTED, "发明专利", "ZL"),
        (PatentStatus.SUBSTANTIVE_EXAM, "专利申请", "CN"),
        (PatentStatus.REJECTED, "未获授权", "CN"),
    ],
)
def test_a_patent_on_show_is_called_what_it_is(status, label, number):
    show, institute = Show(), Institute()
    page = institute.patent_draft(institute.patent(status=status))
    page.get_latest_revision().publish(skip_permission_checks=True)
    exhibitor = show.placed(user=institute.owner)
    exhibitor.user = institute.owner

    services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=page.pk)

    [shown] = shown_exhibits(exhibitor.exhibits.all())
    assert label in shown.right
    assert f" {number}" in shown.right
    assert ("ZL" in shown.right) == (status == PatentStatus.GRANTED)


def test_only_own_public_listings_are_shown():
    show, institute = Show(), Institute()
    public, own = institute.published(), institute.published(title="只给成员看")
    type(own).objects.filter(pk=own.pk).update(disclosure=Disclosure.REGISTERED)
    foreign = Institute("滨江力学研究所").published()
    draft = institute.draft()
    exhibitor = show.placed(user=institute.owner)

    for page in (own, foreign, draft):
        with pytest.raises(UnableToExhibit):
            services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=page.pk)
    services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=public.pk)
    with pytest.raises(UnableToExhibit):
        services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=public.pk)


def test_a_listing_that_is_closed_later_falls_out_at_once():
    show, institute = Show(), Institute()
    page = institute.published()
    exhibitor = show.placed(user=institute.owner)
    services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=page.pk)
    type(page).objects.filter(pk=page.pk).update(disclosure=Disclosure.REGISTERED)

    assert shown_exhibits(exhibitor.exhibits.all()) == []
    assert missing_materials(exhibitor)[-1].startswith("有展品")


def test_materials_are_written_by_the_own_office_while_they_are_due():
    show = Show()
    exhibitor = show.written()
    exhibit = exhibitor.exhibits.get()
    values = {
        "fascia": "x",
        "fascia_en": "",
        "introduction": "x",
        "introduction_en": "",
    }

    def doors(actor):
        yield lambda: services.edit_materials(
            actor=actor, exhibitor=exhibitor, values=values, industries=[]
        )
        yield lambda: services.remove_exhibit(actor=actor, exhibit=exhibit)
        yield lambda: services.submit_materials(actor=actor, exhibitor=exhibitor)
        yield lambda: services.show_listing(actor=actor, exhibitor=exhibitor, page_id=1)

    for actor in (show.owner, show.office(), UserFactory()):
        for door in doors(actor):
            with pytest.raises(UnableToExhibit):
                door()
    services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
    for door in doors(exhibitor.user):
        with pytest.raises(UnableToExhibit):
            door()
    assert exhibitor.exhibits.count() == 1


def test_a_booth_shows_so_many_exhibits():
    show = Show()
    exhibitor = show.placed()
    for number in range(20):
        show.exhibit(exhibitor, title=f"展品{number}")

    with pytest.raises(UnableToExhibit, match="20"):
        show.exhibit(exhibitor)


def test_an_exhibit_whose_patent_page_is_withdrawn_is_not_shown():
    show, institute = Show(), Institute()
    page = institute.patent_draft(institute.patent())
    page.get_latest_revision().publish(skip_permission_checks=True)
    exhibitor = show.placed(user=institute.owner)
    services.show_listing(actor=institute.owner, exhibitor=exhibitor, page_id=page.pk)
    PatentPage.objects.get(pk=page.pk).unpublish()

    assert shown_exhibits(exhibitor.exhibits.all()) == []
