"""The code on a photo of a ticket, for browsers that read none with their camera."""

import zxingcpp
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from portal.accounts.uploads import NOT_A_PICTURE, PICTURES

LONGEST_SIDE = 2000  # pixels; a phone's photo has twice as many
MOST_PIXELS = 60_000_000
CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_code(photo: UploadedFile) -> str:
    """The text of the QR code on a picture; empty where there is none, or no picture."""
    try:
        with Image.open(photo, formats=list(PICTURES)) as image:
            if image.width * image.height > MOST_PIXELS:
                return ""
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            found = zxingcpp.read_barcodes(image.convert("L"), CODES)
    except NOT_A_PICTURE:
        return ""
    return found[0].text if found else ""
