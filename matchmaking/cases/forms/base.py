"""What every move's form has: the day, a remark, papers, and the version it was given out over."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from achievements.forms import DayInput
from portal.media.validators import validate_attachment

from ..enums import EvidenceKind
from ..services import Paper

MOST_FILES = 10
EMPTY_ROWS = 2
MOST_ROWS = 60


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several papers, each checked by size, kind and content."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(each, initial) for each in given]
        files = [each for each in files if each]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Please choose ten files at most."))
        for each in files:
            validate_attachment(each)
        return files


class DayField(forms.DateField):
    widget = DayInput


class MoneyField(forms.DecimalField):
    """An amount of yuan with two decimals at most."""

    def __init__(self, **kwargs):
        kwargs.setdefault("min_value", 0)
        super().__init__(max_digits=15, decimal_places=2, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "input--medium"}


def long_text(label, *, limit=500, required=True, help_text="", rows=4) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class MoveForm(forms.Form):
    """A move that has nothing of its own to say; others add their fields between.

    ``case`` is the one that moves. ``version`` is what it stood at when the form was given out.
    """

    evidence_kind = EvidenceKind.OTHER
    rows: Any = None
    takes_note = True
    takes_files = True

    occurred_on = DayField(label=_("Day it happened"), initial=timezone.localdate)
    note = long_text(_("Remark"), required=False, rows=3)
    attachments = FilesField(
        label=_("Supporting papers"),
        required=False,
        help_text=_("PDF, Office files, pictures or ZIP, up to 20 MB each; several at once."),
    )
    is_confidential = forms.BooleanField(
        label=_("Only the parties may read these papers"),
        required=False,
        help_text=_("The commission then sees their names and digests, not their content."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case, **kwargs):
        initial = {"version": case.version, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.case = case
        if not self.takes_note:
            del self.fields["note"]
        if not self.takes_files:
            del self.fields["attachments"], self.fields["is_confidential"]
        last = [name for name in ("note", "attachments", "is_confidential") if name in self.fields]
        own = [name for name in self.fields if name not in {"occurred_on", *last, "version"}]
        self.order_fields(["occurred_on", *own, *last, "version"])

    @property
    def papers(self) -> Iterator[Paper]:
        return self._papers("attachments", self.evidence_kind)

    def _papers(self, name: str, kind: str) -> Iterator[Paper]:
        is_confidential = self.cleaned_data.get("is_confidential", False)
        for file in self.cleaned_data.get(name, []):
            yield Paper(file, kind=kind, is_confidential=is_confidential)

    @property
    def payload(self) -> dict[str, Any]:
        """What the move's own fields say, as JSON; empty ones say nothing."""
        shared = {"occurred_on", "attachments", "is_confidential", "version"}
        said = {name: each for name, each in self.cleaned_data.items() if name not in shared}
        return {name: _plain(value) for name, value in said.items() if value not in {None, ""}}

    @property
    def lost_files(self) -> bool:
        """Whether papers were sent that the browser will not send again by itself."""
        return self.is_bound and bool(self.files)

    def keep_up(self, version):
        """Show the form again over a newer version of the case."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = version


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if isinstance(value, bool | int) else str(value)


class RowForm(forms.Form):
    """One row below a form; it counts once its ``key`` is filled in."""

    key: str

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def need(self, *names):
        """Ask for the other cells of a row in which anything is written."""
        given = [name for name in names if self.cleaned_data.get(name) not in {None, ""}]
        for name in names:
            if given and name not in given and name not in self.errors:
                self.add_error(name, _("Please fill in the whole row, or empty it."))


class RowsMixin:
    """A form with rows below it: valid only together, and able to show more empty rows."""

    rows: Any
    rows_prefix = "rows"
    formset_class: type[forms.BaseFormSet]

    def add_rows(self, data: Any, initial: list[dict] | None = None) -> None:
        self.rows = self.formset_class(data, prefix=self.rows_prefix, initial=initial)

    def is_valid(self):
        return super().is_valid() & self.rows.is_valid()

    @property
    def filled_rows(self) -> list[dict[str, Any]]:
        cleaned = [getattr(row, "cleaned_data", {}) for row in self.rows.forms]
        return [row for row in cleaned if row.get(self.formset_class.form.key)]


def rows_of(form: type[RowForm]) -> type[forms.BaseFormSet]:
    return forms.formset_factory(form, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def with_more_rows(data: Any, prefix: str = "rows") -> Any:
    """The same answers with more empty rows."""
    data = data.copy()
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if total.isdecimal():
        data[f"{prefix}-TOTAL_FORMS"] = min(int(total[:4]) + EMPTY_ROWS, MOST_ROWS)
    return data
