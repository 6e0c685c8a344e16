"""Fields that the forms of fairs share."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from achievements.imports.parsers import parse_list
from portal.accounts.models import Organization


class MomentInput(forms.DateTimeInput):
    """A browser's field for day and time takes its value in one format."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        given = {"class": "input--medium", **(attrs or {})}
        super().__init__(given, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    widget = MomentInput

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


def text_area(label, *, rows=4, length, **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


def number_field(label, *, least=0, most, **kwargs) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
        **kwargs,
    )


class OrganizationsField(forms.CharField):
    """Organizations by the names they are registered under, one on each line."""

    widget = forms.Textarea

    def __init__(self, *, most=20, rows=3, **kwargs):
        self.most = most
        super().__init__(
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": rows}) if most > 1 else forms.TextInput(),
            **kwargs,
        )

    def prepare_value(self, value):
        if isinstance(value, str | None):
            return value
        return "\n".join(organization.name for organization in value)

    def clean(self, value):
        names = list(dict.fromkeys(parse_list(super().clean(value).replace("\r", "\n"))))
        if len(names) > self.most:
            raise forms.ValidationError(
                gettext("At most %(most)d organizations.") % {"most": self.most}
            )
        found = {
            each.name: each
            for each in Organization.objects.filter(name__in=names, merged_into=None)
        }
        unknown = [name for name in names if name not in found]
        if unknown:
            raise forms.ValidationError(
                gettext("Not registered on the portal: %(names)s. Use the full name.")
                % {"names": "、".join(unknown)}
            )
        return [found[name] for name in names]


def check_span(form, first: str, last: str) -> None:
    """Let nothing end before it begins."""
    begins, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begins and ends and begins >= ends:
        form.add_error(last, gettext("This lies before the beginning."))


def check_ahead(form, name: str) -> None:
    """Let nothing be planned for a time that is over."""
    given = form.cleaned_data.get(name)
    if given and given <= timezone.now():
        form.add_error(name, gettext("This is over: a fair is planned ahead."))


DATES_HINT = _("Beijing time.")
