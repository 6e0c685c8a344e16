"""A fair in the states that tests need, made through the ordinary services."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from events.fairs import services
from events.fairs.models import Fair, Slot
from events.registration.models import Registration
from events.registration.services import (
    approve_registration,
    begin_registration,
    edit_registration,
    submit_registration,
)
from portal.accounts.enums import ConsentPurpose, MembershipRole, PortalRole, VerificationLevel
from portal.accounts.models import RoleGrant
from portal.site.services import create_site_tree
from portal.taxonomy.models import District, Industry
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory

ALL_CONSENTS = (
    ConsentPurpose.FAIR_ORGANIZER,
    ConsentPurpose.FAIR_PEERS,
    ConsentPurpose.FAIR_PUBLIC,
)
NUMBERS = count(1)


def person_with(role):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    return user


def in_days(days, hour=9) -> datetime:
    moment = timezone.localtime() + timedelta(days=days)
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


class Hall:
    """An organizer with its office, a reviewer, and one fair thirty days ahead."""

    def __init__(self, kind="MATCHMAKING", state="REG_OPEN", organizer=None, owner=None, **values):
        create_site_tree()
        self.organizer = organizer or OrganizationFactory(
            name="湖城会展服务中心", verification_level=VerificationLevel.LICENCE
        )
        self.owner = owner or self._person(MembershipRole.OWNER)
        self.editor = self._person(MembershipRole.EDITOR)
        self.member = self._person(MembershipRole.MEMBER)
        self.reviewer = person_with(PortalRole.REVIEWER)
        self.fair = self.planned(kind)
        self.complete(**values)
        if state != "DRAFT":
            self.to(state)

    def _person(self, role):
        return MembershipFactory(organization=self.organizer, role=role).user

    def planned(self, kind="MATCHMAKING", title="新材料供需对接会") -> Fair:
        return services.plan_fair(
            actor=self.owner,
            organizer=self.organizer,
            title=title,
            kind=kind,
            summary="二十家企业带着需求来，六家院所逐项回应。",
            starts_at=in_days(30),
            ends_at=in_days(30, 18),
            venue="会展中心二号厅",
            district=District.objects.get(code="330106"),
        )

    def complete(self, **values):
        """Fill in everything that the check page asks for."""
        given = {
            "body": "企业会前填好需求，院所提前一周拿到清单。",
            "industries": [Industry.objects.get(code="new_materials")],
            "address": "湖墅南路1号",
            "registration_opens_at": timezone.now() - timedelta(hours=1),
            "registration_closes_at": in_days(28),
            "requests_open_at": in_days(10),
            "requests_close_at": in_days(25),
            "schedule_publish_at": in_days(27),
            **values,
        }
        self.fair = services.edit_fair(actor=self.owner, fair=self.fair, values=given)
        if self.fair.has_meetings:
            self.add_session()
            services.add_tables(actor=self.owner, fair=self.fair, letter="A", count=4, accessible=1)

    def add_session(self, name="上午场", hour=9, slots=4):
        return services.add_session(
            actor=self.owner,
            fair=self.fair,
            name=name,
            starts_at=in_days(30, hour),
            slot_minutes=20,
            gap_minutes=5,
            count=slots,
        )

    def to(self, state):
        """Move the fair on through the doors until it is in ``state``."""
        order = [
            ("REVIEW", lambda: services.submit_fair(actor=self.owner, fair=self.fair)),
            ("REG_OPEN", lambda: services.approve_fair(actor=self.reviewer, fair=self.fair)),
            ("BOOKING", lambda: services.open_requests(actor=self.owner, fair=self.fair)),
            ("SCHEDULING", lambda: services.start_scheduling(actor=self.owner, fair=self.fair)),
            (
                "SCHEDULE_PUBLISHED",
                lambda: services.publish_schedule(actor=self.owner, fair=self.fair),
            ),
            ("LIVE", lambda: services.begin_fair(actor=self.owner, fair=self.fair)),
            ("CLOSED", lambda: services.close_fair(actor=self.owner, fair=self.fair)),
        ]
        names = ["DRAFT", *(name for name, _door in order)]
        for name, door in order[names.index(self.fair.state) :]:
            if self.fair.state == state:
                break
            if (
                name in {"BOOKING", "SCHEDULING", "SCHEDULE_PUBLISHED"}
                and not self.fair.has_meetings
            ):
                continue
            door()
            self.fair = fresh(self.fair)
        assert self.fair.state == state, self.fair.state

    def limit(self, total=None, **roles):
        """Set the places in all and of some roles; the roles admitted stay."""
        known = dict(self.fair.roles.values_list("role", "capacity"))
        services.set_people(
            actor=self.owner,
            fair=self.fair,
            capacity=total,
            roles=known | {role.upper(): number for role, number in roles.items()},
            pairs=self.fair.pairs.values_list("asking", "asked"),
        )
        self.fair = fresh(self.fair)

    @property
    def slots(self):
        return Slot.objects.filter(session__fair=self.fair).order_by("starts_at")

    def draft(self, *, person=None, role="ENTERPRISE", **values) -> Registration:
        person = person or UserFactory()
        registration = begin_registration(actor=person, fair=self.fair)
        given = {
            "role": role,
            "organization_name": f"参会单位{next(NUMBERS)}",
            "post": "工程师",
            "headline": "找导热膜",
            **values,
        }
        return edit_registration(actor=person, registration=registration, values=given)

    def sent(self, *, consents=ALL_CONSENTS, **more) -> Registration:
        registration = self.draft(**more)
        return submit_registration(
            actor=registration.person, registration=registration, consents=consents
        )

    def admitted(self, **more) -> Registration:
        registration = self.sent(**more)
        if registration.state == "PENDING":
            registration = approve_registration(actor=self.owner, registration=registration)
        return registration


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def checked(institute):
    """The institute's organization with its licence checked, so that it may plan fairs."""
    organization = institute.organization
    organization.verification_level = VerificationLevel.LICENCE
    organization.save()
    return organization


def fill_hall(hall, count):
    """As many registrations, with entries and answers, tables, questions and mails as wanted."""
    fair = hall.fair
    made = fair.registrations.filter(name__startswith="来宾").count()
    organizations = [OrganizationFactory() for _number in range(made, count)]
    industry = Industry.objects.get(code="new_materials")
    rows = Registration.objects.bulk_create(
        Registration(
            fair=fair,
            name=f"来宾{number}",
            email=f"guest{number}@example.com",
            organization=organization,
            role="ENTERPRISE",
            state="APPROVED",
            submitted_at=timezone.now(),
            approved_at=timezone.now(),
        )
        for number, organization in enumerate(organizations, start=made)
    )
    for number, row in enumerate(rows, start=made):
        row.industries.add(industry)
        row.entries.create(kind="SEEK", title=f"需求{number}")
        question = fair.questions.create(label=f"问题{number}")
        row.answers.create(question=question, value="答")
        row.deliveries.create(key=f"x:{number}", title="通知")
        first = fair.registrations.order_by("pk").first()
        first.entries.create(kind="OFFER", title=f"供给{number}")
        first.answers.create(question=question, value="答")
        first.deliveries.create(key=f"y:{number}", title="通知")
        fair.mailings.create(subject=f"邮件{number}", states=["APPROVED"])
        fair.tables.create(code=f"T{row.pk}", owner=row.organization)
        fair.news.create(kind="MOVED", note="x", told_at=timezone.now())
