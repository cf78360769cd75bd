"""A certificate to the millimetre (F-CERT): what stands on it and where; certificates and their specimen are drawn alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.figures_results import PageLayout
from app.fonts import MM, Style, width_mm
from app.sheets import Sheet, Sheets, kept_lines
from app.words import paper_date

PHOTOS = {'two_inch': (35.0, 49.0), 'one_inch': (25.0, 35.0)}  # mm, codes.md §10
_LEFT, _RIGHT, _LABEL, _STEP = 28.0, 166.0, 38.0, 11.5  # mm: forms.md F-CERT, proposed placing
_WIDE = 106.0  # of the left block
_LEAST_PT = 14.0  # a long name shrinks to this, then runs over two lines (CERT-04)


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """One certificate as printed; photo gives the JPEG when its page is drawn."""

    number: str
    name: str
    id_kind: str
    id_no: str
    occupation: str
    work_type: str  # as printed: never empty (CERT-03)
    level: str  # 四级/中级工
    level_digit: int
    issued_on: date
    org: str
    photo: Callable[[], bytes] | None  # None leaves a frame for it, on a specimen
    verify_url: str  # content of the QR code: nothing personal


@dataclass(frozen=True, slots=True)
class CertificatePapers:
    """The certificates of one print."""

    batch: str
    query_address: str
    org_query_address: str
    mark: str  # 演示样本 in the demo, else ''
    printed_at: datetime
    layout: PageLayout
    qr_mm: int
    people: Sequence[CertificatePaper]

    def of(self, people: Sequence[CertificatePaper]) -> CertificatePapers:
        """Return the same print of some of its people."""
        return replace(self, people=people)


def certificate_sheets(papers: CertificatePapers, *, frame: bool) -> Sheets:
    """Return one page a certificate; `frame=False` for pre-printed stock."""
    width, height = papers.layout.page_mm
    sheets = Sheets('职业技能等级证书', width=width, height=height, printed_at=papers.printed_at, mark=papers.mark)
    for person in papers.people:
        _certificate(sheets.page(f'{person.name}的证书：'), person, papers, frame=frame)
    return sheets


def _certificate(page: Sheet, person: CertificatePaper, papers: CertificatePapers, *, frame: bool) -> None:
    layout, style = papers.layout, _style(papers.layout)
    if frame:
        wide, high = layout.frame_mm
        page.frame((page.width - wide) / 2, (page.height - high) / 2, wide, high, layout.frame_pt)
    pt, leading = layout.text_pt, layout.text_pt * MM * 1.6
    page.place_text(_LEFT, 42, _WIDE, '职业技能等级证书', style, layout.title_pt, 'C')
    body = f'本证书由{person.org}颁发，表明持证人通过本机构组织的职业技能等级认定，达到所载职业（工种）和等级的要求。'
    page.place_lines(_LEFT, 66, _WIDE, body, style, pt, leading=leading, indent=2)
    y = page.place_lines(_LEFT, 146, _WIDE, person.org, style, pt, 'R', leading=leading)
    page.place_text(_LEFT, y + 2, _WIDE, paper_date(person.issued_on), style, pt, 'R')
    page.place_text(_LEFT, 181, _WIDE, f'证书查询：{papers.query_address}', style, layout.url_pt)
    page.place_text(_LEFT, 189, _WIDE, f'机构查询：{papers.org_query_address}', style, layout.url_pt)
    across, down = PHOTOS[layout.photo]
    left, top = 178 + (35 - across) / 2, 26 + (49 - down) / 2
    if person.photo is None:
        page.frame(left, top, across, down)
        page.place_text(left, top + down / 2, across, '照片', style, pt, 'C')
    else:
        page.place_image(left, top, across, down, person.photo)
    page.place_qr(232, 36, papers.qr_mm, person.verify_url)
    _data(page, person, style, pt)


def _data(page: Sheet, person: CertificatePaper, style: Style, pt: float) -> None:
    """Draw the labelled data of the right page; a long value takes two lines."""
    y = 92.0
    for label, value in (
            ('姓名', person.name), ('证件类型', person.id_kind), ('证件号码', person.id_no), ('职业名称', person.occupation), ('工种名称', person.work_type),
            ('职业技能等级', person.level), ('证书编号', person.number), ('评价机构', person.org)):
        page.place_text(_RIGHT, y, 0, label, style, pt)
        size, lines = fitted(value, style, pt, 110 - _LABEL)
        for n, line in enumerate(lines):
            page.place_text(_RIGHT + _LABEL, y + n * size * MM * 1.25, 110 - _LABEL, line, style, size)
        y += _STEP + (len(lines) - 1) * size * MM * 1.25


def fitted(text: str, style: Style, pt: float, wide: float) -> tuple[float, list[str]]:
    """Return points and lines of a value: as it is, shrunk to 14 pt at least, else broken into lines at 14 pt (CERT-04)."""
    least = min(pt, _LEAST_PT)
    for size in (pt, (pt + least) / 2, least):
        if width_mm(text, style, size) <= wide:
            return size, [text]
    return least, list(kept_lines(text, style, least, wide))


def _style(layout: PageLayout) -> Style:
    return '楷' if '楷' in layout.font else '仿宋'
