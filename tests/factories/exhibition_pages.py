"""A browser for the pages of an exhibition, and a picture to upload."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image


class Browser:
    """One person at a browser: pages of the exhibition by their names."""

    def __init__(self, client, user=None):
        self.client = client
        client.logout()
        if user:
            client.force_login(user)

    def get(self, name, *args, query="", status=200):
        answer = self.client.get(reverse(f"exhibition:{name}", args=args) + query)
        assert answer.status_code == status, (name, answer.status_code)
        return answer.content.decode() if status == 200 and not answer.streaming else answer

    def post(self, name, /, *args, status=302, follow=False, query="", **data):
        address = reverse(f"exhibition:{name}", args=args) + query
        answer = self.client.post(address, data, follow=follow)
        assert answer.status_code == status, (name, answer.status_code, answer.content[:400])
        return answer


def picture(name="sample.png"):
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
