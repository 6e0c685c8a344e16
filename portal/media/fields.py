from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField

from portal.accounts.uploads import NOT_A_PICTURE


class PictureField(WagtailImageField):
    """A picture whose size is read from its head before anything unpacks it.

    Wagtail's own check unpacks it first, and lets broken pictures through as errors of the page.
    """

    def check_image_pixel_size(self, f):
        try:
            with Image.open(f) as image:
                pixels = image.width * image.height * getattr(image, "n_frames", 1)
                if pixels <= self.max_image_pixels:
                    image.load()
        except (*NOT_A_PICTURE, Image.DecompressionBombWarning):
            raise ValidationError(
                self.error_messages["invalid_image"], code="invalid_image"
            ) from None
        finally:
            f.seek(0)
        if pixels > self.max_image_pixels:
            raise ValidationError(
                self.error_messages["file_too_many_pixels"]
                % {"num_pixels": pixels, "max_pixels_count": self.max_image_pixels},
                code="file_too_many_pixels",
            )
