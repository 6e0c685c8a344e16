from django import forms
from django.utils.translation import gettext_lazy as _

from .models import CalendarDay


class CalendarDayForm(forms.ModelForm):
    class Meta:
        model = CalendarDay
        fields = ("day", "name", "is_working")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "name": _("For instance: National Day, make-up working day"),
            "is_working": _("Tick it for a weekend day that is worked."),
        }

    def validate_unique(self):
        """A day that is entered already is changed."""
