from wagtail.images.forms import BaseImageForm

from .fields import PictureField


class PictureForm(BaseImageForm):
    """Every form of the editing desk that takes a picture."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PictureField(
                label=given.label, required=given.required, widget=given.widget
            )
