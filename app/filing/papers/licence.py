"""F-LICENCE: the list of licences as first page, their scans behind it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from app.errors import Refused
from app.filing.answers import given
from app.filing.forms import Standing
from app.filing.materials import LICENCE_WORDS
from app.filing.papers.blocks import Block, Note, Printing, Rows, Seal, Table, pdf_of
from app.filing.papers.parts import term_text
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.sheets import Sheets
from app.words import paper_date

TITLE = '法人登记证照复印件'
CHECKS = (  # bans of ORG-20 … ORG-25 with what is declared and which answer is in order
    ('属于行政机关或其所属事业单位、未脱钩社会团体', 'government_body'), ('本单位或法定代表人在培训评价中有违法违规失信记录', 'breach'), ('被列入非法社会组织名单', 'illegal_list'),
    ('人才评价活动中有不良记录', 'bad_record'))
PAGE, MARGIN = (210.0, 297.0), 15.0  # mm
JPEG, PNG = b'\xff\xd8', b'\x89PNG'


def licence_pdf(record: ApplicationRecord, printing: Printing, scans: Sequence[bytes] = ()) -> bytes:
    """Return F-LICENCE: the list, then the scans (PDF or JPEG) in the order of the list; raises Refused for another format."""
    first = pdf_of(TITLE, 'F-LICENCE', _blocks(record), printing)
    return merged([first, *(as_pdf(scan, f'{TITLE}扫描件{n}', printing) for n, scan in enumerate(scans, 1))]) if scans else first


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return licences that are not registered, without number or issuer, without scan (source: ORG-50)."""
    found = [] if any(x.kind != 'school' for x in record.licences) else [Finding('ORG-50', 'block', 'licences', '没有登记法人证照，请登记并上传扫描件后再打印。')]
    for x in record.licences:
        name = LICENCE_WORDS.get(x.kind, x.kind)
        found += [Finding('ORG-50', 'block', 'licences', f'{name}的{what}是空的，请补登后再打印。') for what, value in (('号码', x.number), ('发证机关', x.issuer)) if not value]
        found += [Finding('ORG-50', 'warn', 'licences', f'{name}（{x.number}）没有扫描件，装订时会缺页，请上传。')] if not x.scans else []
    return found


def as_pdf(scan: bytes, name: str, printing: Printing) -> bytes:
    """Return a scan as PDF: a PDF as it is, a JPEG or PNG on a page of its own. raises Refused for another format and for what does not open"""
    import pikepdf
    from PIL import Image, UnidentifiedImageError

    try:
        if scan.startswith(b'%PDF-'):
            pikepdf.open(BytesIO(scan)).close()
            return scan
        if not scan.startswith((JPEG, PNG)):
            raise Refused(f'“{name}”不是PDF、JPG或PNG，不能装订，请转换后重新上传。', rule='ORG-52')
        picture = Image.open(BytesIO(scan))
        if scan.startswith(PNG):
            jpeg = BytesIO()
            picture.convert('RGB').save(jpeg, 'JPEG', quality=92)
            scan = jpeg.getvalue()
    except (pikepdf.PdfError, UnidentifiedImageError, OSError):
        raise Refused(f'“{name}”打不开（文件损坏或有密码），不能装订，请重新扫描后上传。', rule='ORG-52') from None
    wide, high = picture.size
    scale = min((PAGE[0] - 2 * MARGIN) / wide, (PAGE[1] - 2 * MARGIN) / high)
    sheets = Sheets(name, printed_at=printing.at, mark=printing.mark)
    sheets.page(f'“{name}”').place_image((PAGE[0] - wide * scale) / 2, (PAGE[1] - high * scale) / 2, wide * scale, high * scale, scan)
    return sheets.to_bytes()


def merged(parts: Sequence[bytes]) -> bytes:
    """Return several PDFs as one, in order; the same parts give the same bytes."""
    import pikepdf

    with pikepdf.new() as whole:
        sources = [pikepdf.open(BytesIO(part)) for part in parts]
        for source in sources:
            whole.pages.extend(source.pages)
        out = BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _blocks(record: ApplicationRecord) -> list[Block]:
    said = given(record, Standing)
    rows = tuple((str(n), LICENCE_WORDS.get(x.kind, x.kind), x.number, x.issuer, term_text(x.valid_from, x.valid_to) or '长期', f'{x.scans}份') for n, x in enumerate(record.licences, 1))
    declared = tuple((label, {'yes': '是', 'no': '否'}.get(getattr(said, name), '')) for label, name in CHECKS)
    since = tuple((label, paper_date(day) if day else '无') for label, day in (('最近一次民政年检不合格', said.civil_affairs_failed_on), ('最近一次列入经营异常名录', said.abnormal_list_on)))
    return [
        Rows((('单位名称', record.org.name), ('统一社会信用代码', record.org.credit_code))),
        Table(('序号', '证照种类', '证照号码', '发证机关', '有效期', '扫描件'), rows, (12, 38, 46, 38, 34, 16)),
        Table(('年审/信用核查', '情况'), (*declared, *since), (120, 50)), Note('证照复印件附后，与原件一致。技术评估时须出示原件，复印件不作为凭据。'), Seal(record.org.name, '（公章）')]
