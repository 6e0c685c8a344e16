"""Badges (胸牌) as PDF: eight on an A4 sheet with cut marks; the QR code holds the ticket alone."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.html import format_html
from django.utils.safestring import SafeString
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from events.fairs.enums import ParticipantRole
from events.fairs.models import Fair

from .models import Registration

FONT = "STSong-Light"
WIDTH, HEIGHT = 90 * mm, 66 * mm
COLUMNS, ROWS = 2, 4
LEFT, TOP = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
BAND, INSET, CODE, MARK = 11 * mm, 6 * mm, 24 * mm, 4 * mm
SHORT_NAME, SHORT_SIZE, LONG_SIZE, LEAST_SIZE = 4, 34, 22, 12
MUTED = HexColor("#5A6668")
BANDS = {
    ParticipantRole.ENTERPRISE: "#0C5F5B",
    ParticipantRole.INSTITUTE: "#1D5183",
    ParticipantRole.UNIVERSITY: "#3C5A9A",
    ParticipantRole.EXPERT: "#5B4A86",
    ParticipantRole.INVESTOR: "#7D5200",
    ParticipantRole.INTERMEDIARY: "#566018",
    ParticipantRole.GOVERNMENT: "#A3212B",
    ParticipantRole.MEDIA: "#8A3A6B",
    ParticipantRole.VISITOR: "#4A5557",
}


def badges_pdf(fair: Fair, people: Iterable[Registration]) -> bytes:
    """The badges in the given order; the same people give the same bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle(f"{fair.code} 胸牌")
    place = 0
    for number, registration in enumerate(people):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            if number:
                canvas.showPage()
            _draw_cut_marks(canvas)
        row, column = divmod(place, COLUMNS)
        _draw_badge(canvas, fair, registration, *_corner(row, column))
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _corner(row: int, column: int) -> tuple[float, float]:
    """The lower left corner of a badge."""
    return LEFT + column * WIDTH, A4[1] - TOP - (row + 1) * HEIGHT


def _draw_cut_marks(canvas: Canvas) -> None:
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.3)
    for column in range(COLUMNS + 1):
        x = LEFT + column * WIDTH
        canvas.line(x, A4[1] - TOP + 1 * mm, x, A4[1] - TOP + 1 * mm + MARK)
        canvas.line(x, TOP - 1 * mm, x, TOP - 1 * mm - MARK)
    for row in range(ROWS + 1):
        y = A4[1] - TOP - row * HEIGHT
        canvas.line(LEFT - 1 * mm, y, LEFT - 1 * mm - MARK, y)
        canvas.line(A4[0] - LEFT + 1 * mm, y, A4[0] - LEFT + 1 * mm + MARK, y)


def _draw_badge(canvas: Canvas, fair: Fair, registration: Registration, x: float, y: float) -> None:
    role = ParticipantRole(registration.role)
    left, full, beside = x + INSET, WIDTH - 2 * INSET, WIDTH - 2 * INSET - CODE
    canvas.setFillColor(MUTED)
    _write(canvas, fair.page.title, (left, y + HEIGHT - 9 * mm), size=9, width=full)
    canvas.setFillColor(black)
    size = SHORT_SIZE if len(registration.name) <= SHORT_NAME else LONG_SIZE
    _write(canvas, registration.name, (left, y + 38 * mm), size=size, width=full)
    label = registration.organization_label
    _write(canvas, label, (left, y + 27 * mm), size=12, width=beside)
    canvas.setFillColor(MUTED)
    _write(canvas, registration.post, (left, y + 19 * mm), size=10, width=beside)
    _draw_code(canvas, registration.ticket, x + WIDTH - INSET - CODE, y + BAND + 1.5 * mm)
    canvas.setFillColor(HexColor(BANDS[role]))
    canvas.rect(x, y, WIDTH, BAND, stroke=0, fill=1)
    canvas.setFillColor(white)
    _write(canvas, str(role.label), (left, y + 3.6 * mm), size=13, width=full)


def _write(
    canvas: Canvas, text: str, at: tuple[float, float], *, size: float, width: float
) -> None:
    """Write one line, smaller where it would not fit, cut where even that is too long."""
    while size > LEAST_SIZE and pdfmetrics.stringWidth(text, FONT, size) > width:
        size -= 1
    while text and pdfmetrics.stringWidth(text, FONT, size) > width:
        text = text[:-2] + "…" if text.endswith("…") else text[:-1] + "…"
    canvas.setFont(FONT, size)
    canvas.drawString(*at, text)


def _draw_code(canvas: Canvas, ticket: str, x: float, y: float) -> None:
    widget = QrCodeWidget(ticket, barLevel="M", barBorder=2)
    left, bottom, right, top = widget.getBounds()
    scale = CODE / (right - left), CODE / (top - bottom)
    drawing = Drawing(CODE, CODE, transform=[scale[0], 0, 0, scale[1], 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, x, y)


def ticket_svg(ticket: str) -> SafeString:
    """The QR code of a ticket for a page, always dark on white so that every scanner reads it."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(ticket)
    code.make()
    size, quiet = code.getModuleCount(), 4
    dark = "".join(
        f"M{column + quiet} {row + quiet}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if code.isDark(row, column)
    )
    return format_html(
        '<svg class="ticket__code" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path d="{2}" fill="#000"/></svg>',
        size + 2 * quiet,
        "QR",
        dark,
    )
