from django.db.models import ForeignKey
from wagtail.admin.forms.models import register_form_field_override

from .forms import PatentNumberField
from .models import Patent

register_form_field_override(ForeignKey, to=Patent, override={"form_class": PatentNumberField})
