"""The agreement on paper: Chinese with the English below each clause, in a CJK CID font."""

from io import BytesIO
from xml.sax.saxutils import escape

from django.utils import timezone
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus.flowables import Flowable

from .models import ConfidentialityAgreement
from .template import TITLE, TITLE_EN

FONT = "STSong-Light"
MUTED = HexColor("#5A6668")
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=10.5, leading=17, wordWrap="CJK")
ENGLISH = ParagraphStyle(
    "english", parent=TEXT, fontSize=8.5, leading=12, wordWrap=None, textColor=MUTED, spaceAfter=6
)
HEADING = ParagraphStyle("heading", parent=TEXT, fontSize=18, leading=26, alignment=1)
SMALL = ParagraphStyle("small", parent=ENGLISH, alignment=1, spaceAfter=14)


def agreement_pdf(agreement: ConfidentialityAgreement) -> bytes:
    """Return the agreement as PDF; the same record gives the same bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=24 * mm,
        rightMargin=24 * mm,
        topMargin=22 * mm,
        bottomMargin=20 * mm,
        title=f"{TITLE} {agreement.code}",
        lang="zh-Hans",
        invariant=1,
    )

    def number_page(canvas, _document):
        canvas.setFont(FONT, 8)
        canvas.drawCentredString(
            A4[0] / 2, 11 * mm, f"{agreement.code}  ·  {canvas.getPageNumber()}"
        )

    document.build(_story(agreement), onFirstPage=number_page, onLaterPages=number_page)
    return target.getvalue()


def _story(agreement: ConfidentialityAgreement) -> list[Flowable]:
    story: list[Flowable] = [Paragraph(TITLE, HEADING), Paragraph(TITLE_EN, SMALL)]
    lines = zip(agreement.text.splitlines(), agreement.text_en.splitlines(), strict=True)
    for chinese, english in lines:
        pair = [Paragraph(escape(chinese), TEXT), Paragraph(escape(english), ENGLISH)]
        story.append(KeepTogether(pair))
    digest = f"摘要 SHA-256 {agreement.digest}"
    story += [
        Spacer(1, 6 * mm),
        Paragraph(digest, ENGLISH),
        Spacer(1, 4 * mm),
        _signatures(agreement),
    ]
    return story


def _signatures(agreement: ConfidentialityAgreement) -> Table:
    cells = [
        _side("甲方 Party A", agreement, "proposer"),
        _side("乙方 Party B", agreement, "counterparty"),
    ]
    return Table([cells], colWidths=[81 * mm, 81 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def _side(label: str, agreement: ConfidentialityAgreement, side: str) -> Paragraph:
    name = getattr(agreement, side).name
    officer = getattr(agreement, f"{side}_confirmed_by")
    confirmed_at = getattr(agreement, f"{side}_confirmed_at")
    signed = "签字盖章 Signature and seal：＿＿＿＿＿＿<br/>日期 Date：＿＿＿＿＿＿"
    if confirmed_at:
        moment = timezone.localtime(confirmed_at)
        signed = (
            f"{escape(str(officer or ''))} {moment:%Y-%m-%d %H:%M} 验证码确认 confirmed by code"
        )
    return Paragraph(f"{label}<br/>{escape(name)}<br/>{signed}", TEXT)
