from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils.deconstruct import deconstructible


@deconstructible
class CheckedStorage(FileSystemStorage):
    """Files whose only address is the checked view; the web server never serves the folder."""

    def url(self, name):
        return reverse("media:file", args=[name])
