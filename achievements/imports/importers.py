import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organization, User
from portal.audit.services import record

from ..rules import can_import
from .parsers import parse_amount, parse_amount_in_ten_thousands, warn_of_small_amount
from .tables import Table, UnableToRead

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
EXAMPLE_MARKS = ("示例 ", "example ")


@dataclass(frozen=True)
class Column:
    """A field, the headings it may stand under (Chinese first), and how its cells are read.

    ``other_headings`` read their cells in another way, as amounts in ten thousands; ``warn`` says
    what is odd about a value, or nothing; ``example`` stands in the template.
    """

    name: str
    headings: tuple[str, ...]
    parse: Callable[[str], Any]
    required: bool = False
    example: Any = ""
    other_headings: Mapping[str, Callable[[str], Any]] = field(default_factory=dict, hash=False)
    warn: Callable[[Any], str] | None = None


def amount_column(name: str, chinese: str, english: str, example: str = "") -> Column:
    """A column of amounts in yuan; below a heading that says 万元, in ten thousands."""
    return Column(
        name,
        (f"{chinese}（元）", chinese, english, f"{english} (CNY)"),
        parse_amount,
        example=example,
        other_headings={f"{chinese}（万元）": parse_amount_in_ten_thousands},
        warn=warn_of_small_amount,
    )


def fold_heading(text: str) -> str:
    """A heading without what writers vary: width, case, blanks, the sign of a required column."""
    return "".join(unicodedata.normalize("NFKC", text).rstrip("* ").lower().split())


@dataclass
class Row:
    """A line of the file: its ``values``, what is wrong by heading, and what would become of it."""

    number: int
    values: dict = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    outcome: str = NEW


@dataclass
class Report:
    """The answer of a dry run; nothing is written while any row has errors."""

    rows: list[Row]
    ignored_headings: list[str]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.errors]

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome and not row.errors for row in self.rows)


class UnableToImport(Exception):
    """Nothing was written; the message says why and what to do."""


class Importer:
    """One kind of listing. Subclasses name ``columns`` and how rows are compared and written."""

    kind = ""
    label: Any = ""
    columns: tuple[Column, ...] = ()
    identity = "source_id"
    may_submit = False

    def check(self, table: Table, organization: Organization | None) -> Report:
        """Read every row and say what is wrong and what would be written; writes nothing.

        Raises UnableToRead when a required column is missing.
        """
        places, ignored = self._find_columns(table.headings)
        rows = [
            self._read(number, cells, places)
            for number, cells in table.rows
            if not cells[0].lower().startswith(EXAMPLE_MARKS)
        ]
        self._refuse_doubles(rows)
        good = [row for row in rows if not row.errors]
        self.compare(good, organization)
        return Report(rows, ignored)

    @transaction.atomic
    def write(
        self,
        report: Report,
        *,
        organization: Organization,
        actor: User | None,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, int]:
        """Write all rows of a clean report, or none; return how many were new and changed.

        ``actor`` None is the operator at the machine itself. Raises UnableToImport.
        """
        if actor is not None and not can_import(actor, organization):
            raise UnableToImport(_("Only the organization's own office may import for it."))
        if report.refused:
            raise UnableToImport(
                _("%(count)d rows are wrong; correct them first, nothing was written.")
                % {"count": len(report.refused)}
            )
        for outcome, save in ((NEW, self.create), (CHANGED, self.change)):
            rows = [row for row in report.rows if row.outcome == outcome]
            if rows:
                save(rows, organization=organization, actor=actor, progress=progress)
        written: dict[str, Any] = {
            outcome: report.count(outcome) for outcome in (NEW, CHANGED, UNCHANGED)
        }
        record(
            actor=actor,
            action="achievements.import_listings",
            target=organization,
            organization_id=organization.pk,
            kind=self.kind,
            **written,
        )
        return written

    def compare(self, rows: list[Row], organization: Organization | None) -> None:
        """Mark the rows that are known already, and the errors that only the database knows."""
        raise NotImplementedError

    def create(self, rows, *, organization, actor, progress) -> None:
        raise NotImplementedError

    def change(self, rows, *, organization, actor, progress) -> None:
        raise NotImplementedError

    def submit(
        self,
        identities: Collection[str],
        *,
        organization: Organization,
        actor: User,
        progress: Callable[[int, int], None],
    ) -> dict:
        """Send what was imported to review; ``submitted`` and, by title, what is ``refused``."""
        raise NotImplementedError

    def heading(self, name: str) -> str:
        return next(column.headings[0] for column in self.columns if column.name == name)

    def _find_columns(self, headings: list[str]) -> tuple[dict[int, Column], list[str]]:
        by_heading = {
            fold_heading(name): column for column in self.columns for name in column.headings
        }
        by_heading |= {
            fold_heading(name): replace(column, parse=parse)
            for column in self.columns
            for name, parse in column.other_headings.items()
        }
        places, ignored = {}, []
        for position, heading in enumerate(headings):
            column = by_heading.get(fold_heading(heading))
            if column:
                places[position] = column
            elif heading:
                ignored.append(heading)
        found = {column.name for column in places.values()}
        missing = [c.headings[0] for c in self.columns if c.required and c.name not in found]
        if missing:
            raise UnableToRead(_("Missing columns: %(names)s.") % {"names": "、".join(missing)})
        return places, ignored

    def _read(self, number: int, cells: list[str], places: dict[int, Column]) -> Row:
        row = Row(number)
        for position, column in places.items():
            text = cells[position] if position < len(cells) else ""
            if column.required and not text:
                row.errors[column.headings[0]] = _("Please fill this in.")
                continue
            try:
                value = row.values[column.name] = column.parse(text)
                if column.warn and (warning := column.warn(value)):
                    row.warnings[column.headings[0]] = warning
            except ValidationError as error:
                row.errors[column.headings[0]] = " ".join(error.messages)
        return row

    def _refuse_doubles(self, rows: list[Row]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            identity = row.values.get(self.identity)
            if identity and first.setdefault(identity, row.number) != row.number:
                row.errors[self.heading(self.identity)] = _("Stands in row %(number)d already.") % {
                    "number": first[identity]
                }

    def add_model_errors(self, row: Row, error: ValidationError) -> None:
        """Hang what a model says of a row below the headings that its columns have."""
        headings = {column.name: column.headings[0] for column in self.columns}
        for name, messages in error.message_dict.items():
            row.errors[headings.get(name, name)] = " ".join(messages)


_IMPORTERS: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    _IMPORTERS[importer.kind] = importer


def find_importer(kind: str) -> Importer:
    """Return the importer of a kind: achievements, patents or needs; KeyError for another."""
    return _IMPORTERS[kind]


def importer_choices() -> list[tuple[str, str]]:
    """Return (kind, label) of every importer, in a stable order."""
    return [(kind, str(importer.label)) for kind, importer in sorted(_IMPORTERS.items())]
