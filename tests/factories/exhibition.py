"""An exhibition with its hall, booths and exhibitors, made through the ordinary services."""

from itertools import count

from events.exhibition import services
from events.exhibition.models import Booth, Exhibit, Exhibitor, Lead, Vote
from events.exhibition.queries import leads_of
from events.fairs.models import Fair
from events.registration.models import Registration
from portal.accounts.enums import MembershipRole
from portal.taxonomy.models import Industry
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.fairs import Hall as FairHall, fresh

NUMBERS = count(1)


class Show(FairHall):
    """A fair that exhibits, with one hall of 20 × 12 m and six booths of 3 × 3 m."""

    def __init__(self, state="REG_OPEN", kind="EXHIBITION", **more):
        super().__init__(kind=kind, state=state, **more)
        self.hall = services.add_hall(
            actor=self.owner, fair=self.fair, name="一号厅", name_en="Hall 1", width=20, depth=12
        )
        self.booths = [self.booth(number) for number in range(6)]

    def booth(self, number, *, gap=1, power=3) -> Booth:
        """Booths in one row, one metre apart; further on in a second row."""
        row, place = divmod(number, 5)
        return services.add_booth(
            actor=self.owner,
            hall=self.hall,
            code=f"A{number + 1:02d}",
            x=place * (3 + gap),
            y=row * 6,
            width=3,
            depth=3,
            power_kw=power,
        )

    def office(self, organization=None):
        organization = organization or OrganizationFactory(name=f"第{next(NUMBERS)}家参展公司")
        return MembershipFactory(organization=organization, role=MembershipRole.OWNER).user

    def applied(self, *, user=None, industry="new_materials", **more) -> Exhibitor:
        user = user or self.office()
        organization = user.active_memberships[0].organization
        values = {
            "plan": "导热膜样品和中试线视频",
            "industries": [Industry.objects.get(code=industry)],
            "wished_area": 9,
            "wished_power": 2,
            **more,
        }
        exhibitor = services.apply_to_exhibit(
            actor=user, fair=self.fair, organization=organization, **values
        )
        exhibitor.user = user
        return exhibitor

    def placed(self, booth=None, **more) -> Exhibitor:
        exhibitor = self.applied(**more)
        user = exhibitor.user
        services.accept_exhibitor(actor=self.owner, exhibitor=exhibitor)
        booth = booth or Booth.objects.filter(hall=self.hall, exhibitor=None).order_by("pk")[0]
        services.assign_booth(actor=self.owner, exhibitor=exhibitor, booth=booth)
        return self.again(exhibitor, user)

    def written(self, exhibitor=None, *, title="导热膜样品", caption="", **more) -> Exhibitor:
        exhibitor = exhibitor or self.placed(**more)
        user = exhibitor.user
        services.edit_materials(
            actor=user,
            exhibitor=exhibitor,
            values={
                "fascia": exhibitor.organization.name,
                "fascia_en": "",
                "introduction": "可以摸的样品和数据表。",
                "introduction_en": "",
            },
            industries=exhibitor.industries.all(),
        )
        self.exhibit(exhibitor, title=title, caption=caption)
        return self.again(exhibitor, user)

    def exhibit(self, exhibitor, *, picture=None, **values):
        given = {
            "title": "导热膜样品",
            "title_en": "",
            "summary": "面内导热系数1500",
            "summary_en": "",
            "caption": "",
            **values,
        }
        return services.save_exhibit(
            actor=exhibitor.user, exhibitor=exhibitor, values=given, picture=picture
        )

    def submitted(self, **more) -> Exhibitor:
        exhibitor = self.written(**more)
        services.submit_materials(actor=exhibitor.user, exhibitor=exhibitor)
        return self.again(exhibitor, exhibitor.user)

    def passed(self, **more) -> Exhibitor:
        exhibitor = self.submitted(**more)
        services.pass_materials(actor=self.owner, exhibitor=exhibitor)
        return self.again(exhibitor, exhibitor.user)

    def open(self):
        """Begin the fair: the sweep opens the booths."""
        self.to("LIVE")
        services.sweep_exhibition()

    def on_show(self, **more) -> Exhibitor:
        """An exhibitor on show at a fair under way; made before the fair begins."""
        exhibitor = self.passed(**more)
        self.open()
        return self.again(exhibitor, exhibitor.user)

    def again(self, exhibitor, user=None) -> Exhibitor:
        found = fresh(exhibitor)
        found.user = user or getattr(exhibitor, "user", None)
        found.fair = Fair.objects.select_related("page", "organizer").get(pk=found.fair_id)
        return found


class OnShow:
    """A fair under way with an exhibitor on show and an admitted visitor."""

    def __init__(self, visitors=1):
        self.show = Show()
        self.visitors = [self.show.admitted() for _number in range(visitors)]
        self.visitor = self.visitors[0]
        self.other = self.show.passed()
        self.exhibitor = self.show.on_show()
        self.other = self.show.again(self.other, self.other.user)

    def note(self, actor=None, visitor=None, **more):
        return services.note_lead(
            actor=actor or self.exhibitor.user,
            exhibitor=self.exhibitor,
            ticket=(visitor or self.visitor).ticket,
            **more,
        )

    def agree(self, visitor=None):
        visitor = visitor or self.visitor
        return services.leave_card(
            actor=visitor.person, exhibitor=self.exhibitor, registration=visitor
        )

    @property
    def rows(self):
        return leads_of(self.exhibitor.user, self.exhibitor)

    def award(self, name="最具应用价值"):
        return services.add_award(actor=self.show.owner, fair=self.show.fair, name=name)

    def vote(self, award, exhibitor=None, visitor=None):
        return services.cast_vote(
            award=award,
            exhibitor=exhibitor or self.exhibitor,
            ticket=(visitor or self.visitor).ticket,
        )


def fill_show(show, count):
    """As many exhibitors with booths and exhibits, leads, votes and awards as wanted."""
    fair, made = show.fair, show.fair.exhibitors.count()
    industry = Industry.objects.get(code="food")
    for number in range(made, count):
        organization = OrganizationFactory()
        row, column = divmod(number, 6)
        booth = Booth.objects.create(
            hall=show.hall, code=f"Z{number}", x=column * 3, y=12 + row * 3, width=3, depth=3
        )
        exhibitor = Exhibitor.objects.create(
            fair=fair,
            organization=organization,
            state="ON_SHOW",
            booth=booth,
            plan="x",
            fascia=organization.name[:30],
            introduction="x",
        )
        exhibitor.industries.add(industry)
        first = fair.exhibitors.order_by("pk").first()
        for each in {exhibitor, first}:
            Exhibit.objects.create(exhibitor=each, title=f"展品{number}")
        visitor = Registration.objects.create(
            fair=fair, name=f"观众{number}", role="VISITOR", state="APPROVED"
        )
        award = fair.awards.create(name=f"奖项{number}")
        Vote.objects.create(award=award, registration=visitor, exhibitor=exhibitor)
        for each, person in {(first, visitor), (exhibitor, show.visitor)}:
            Lead.objects.get_or_create(
                exhibitor=each, registration=person, defaults={"source": "TYPED"}
            )
