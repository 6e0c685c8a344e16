"""The guest list as a table: CSV or XLSX, one guest a row, known by the e-mail address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _, gettext_lazy

from achievements.imports.importers import CHANGED, UNCHANGED, Column, Importer, Row
from achievements.imports.parsers import choice_parser, parse_text
from events.fairs.enums import ParticipantRole
from events.fairs.models import Fair
from portal.accounts.models import Organization, User

from .enums import REOPENED_STATES, RegistrationState
from .models import Registration
from .places import places_of

KEPT = ("name", "organization_name", "post", "role", "needs_accessible_table")
LONGEST_NAME = 60
YES = frozenset({"是", "有", "需要", "y", "yes", "true", "1", "√"})


def parse_email(text: str) -> str:
    validate_email(text)
    return text.lower()


def parse_name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValidationError(_("At most %(limit)d characters.") % {"limit": LONGEST_NAME})
    return text


def parse_flag(text: str) -> bool:
    return text.lower() in YES


class GuestImporter(Importer):
    """Guests of one fair: they are admitted at once, as far as there are places."""

    kind = "guests"
    label = gettext_lazy("Guest list")
    identity = "email"
    columns = (
        Column("name", ("姓名", "name"), parse_name, required=True, example="李湖"),
        Column(
            "email",
            ("电子邮箱", "邮箱", "e-mail", "email"),
            parse_email,
            required=True,
            example="lihu@example.com",
        ),
        Column("organization_name", ("单位", "机构", "organization"), parse_text, required=True),
        Column("post", ("职务", "post"), parse_text),
        Column(
            "role",
            ("身份", "参会身份", "role"),
            choice_parser(
                ParticipantRole,
                ParticipantRole.VISITOR,
                {
                    ParticipantRole.ENTERPRISE: ("企业代表",),
                    ParticipantRole.INSTITUTE: ("科研院所", "院所", "研究院"),
                    ParticipantRole.UNIVERSITY: ("大学", "高等院校"),
                    ParticipantRole.INVESTOR: ("投资人", "银行", "基金"),
                    ParticipantRole.VISITOR: ("嘉宾", "来宾"),
                },
            ),
        ),
        Column("needs_accessible_table", ("无障碍席位", "accessible table"), parse_flag),
    )

    def __init__(self, fair: Fair) -> None:
        self.fair = fair

    def compare(self, rows: list[Row], organization: Organization | None) -> None:
        """Mark known guests, roles that are not admitted, and where the places end."""
        self.organizations = {
            each.name: each
            for each in Organization.objects.filter(
                name__in={row.values["organization_name"] for row in rows}, merged_into=None
            )
        }
        known = {each.email: each for each in self.fair.registrations.all()}
        places = places_of(self.fair)
        for row in rows:
            row.values.setdefault("role", ParticipantRole.VISITOR)
            registration = known.get(row.values["email"])
            if registration and registration.state not in REOPENED_STATES:
                row.outcome = self._outcome(row, registration)
                row.values["registration"] = registration
                if row.outcome == CHANGED and registration.role != row.values["role"]:
                    self._check_place(row, places)
                continue
            self._check_place(row, places)

    def _outcome(self, row: Row, registration: Registration) -> str:
        """A person who registered alone keeps the own words; a guest's row may be corrected."""
        if registration.person_id or registration.state == RegistrationState.DRAFT:
            return UNCHANGED
        same = all(
            getattr(registration, name) == row.values.get(name, getattr(registration, name))
            for name in KEPT
        )
        return UNCHANGED if same else CHANGED

    def _check_place(self, row: Row, places: Any) -> None:
        role = row.values["role"]
        heading = self.heading("role")
        if role not in places.limits:
            row.errors[heading] = _("This fair does not admit that role.")
        elif not places.has_place(role):
            row.errors[heading] = _("No place is left: add places first, or take guests out.")
        else:
            places.take(role)

    def person_for(self, email: str) -> User | None:
        """The account of an address, if there is one."""
        return User.objects.filter(email__iexact=email, is_active=True).first()
