from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

FILES = {"pictures": "image", "attachments": "document"}


class OwnFilesForm(WagtailAdminPageForm):
    """A page in the admin whose pictures and files come from the institute's own collection.

    What hung on the page before stays, wherever it is from. The choosers offer nothing else, so a
    foreign id was forged; showing the form again would show the foreign file's name.
    """

    def clean(self):
        data = super().clean()
        chosen = [(self, "picture")]
        for name, field in FILES.items():
            forms = self.formsets[name].forms if name in self.formsets else []
            chosen += [(each, field) for each in forms if each.is_valid()]
        if any(self._is_foreign(form, field) for form, field in chosen):
            raise PermissionDenied(_("Choose pictures and files of your own institute."))
        return data

    def _is_foreign(self, form, field: str) -> bool:
        from .border import is_behind_border, owns_file

        file = form.cleaned_data.get(field)
        if not file or file.pk == form.initial.get(field):
            return False
        return is_behind_border(self.for_user) and not owns_file(self.for_user, file)
