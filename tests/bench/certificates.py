"""1,000 certificates in one PDF beside a script that only draws them; memory for 200 and for 2,000."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from app.certificate_sheets import CertificatePaper, CertificatePapers
from app.certificates.documents import certificates_file, certificates_pdf
from app.regulation import profile
from tests.bench.measuring import Figure, computing, ratio

KAI = Path(__file__).resolve().parents[2] / 'assets' / 'fonts' / 'kai.ttf'
POINTS = 72 / 25.4  # of a millimetre
FEW, MANY = 200, 2000


def run() -> Iterator[Figure]:
    """Yield the figures."""
    drawn = papers(1000)
    yield ratio('certificates, 1,000 in one PDF', lambda: certificates_pdf(drawn), lambda: plain_pdf(drawn), 1.5, clock=computing)
    few, many = peak_mb(FEW), peak_mb(MANY)
    yield Figure(f'certificates, peak memory for {MANY:,} and for {FEW}', many / few, '×', 1.15, f'{many:.0f} MB and {few:.0f} MB')


def papers(count: int) -> CertificatePapers:
    """Return so many certificates, each with a photo of its own bytes."""
    figures = profile('demo', '').certificates
    jpeg, address = _jpeg(), figures.query_address.value
    people = [
        CertificatePaper(
            f'S0000990100012640{n:06d}', f'考生{"甲乙丙丁戊己庚辛壬癸"[n % 10]}{"子丑寅卯辰巳午未申酉戌亥"[n % 12]}', '居民身份证', '990101199112031381', '保育师', '----', '四级/中级工',
            4, date(2026, 11, 23), '明川市启帆职业培训学校（演示）', partial(_own_photo, jpeg, n), f'{address}?number=S0000990100012640{n:06d}')
        for n in range(count)]
    return CertificatePapers(
        '2026-003', address, address, '', datetime(2026, 11, 23, tzinfo=UTC), figures.layouts.handbook.value, figures.qr_mm.value, people)


def plain_pdf(drawn: CertificatePapers) -> bytes:
    """Draw the same pages and nothing else: the font cut once, JPEG bytes as they are, the QR code as one path."""
    import uharfbuzz as hb
    from fpdf import FPDF

    lines = [list(_lines(person, drawn.query_address)) for person in drawn.people]
    with TemporaryDirectory() as folder:
        want, font = hb.SubsetInput(), Path(folder) / 'kai.ttf'
        want.unicode_set.update({ord(c) for page in lines for _x, _y, text, _pt in page for c in text})
        for table in ('GSUB', 'GPOS', 'GDEF', 'vhea', 'vmtx', 'BASE', 'STAT'):
            want.drop_table_tag_set.add(int.from_bytes(table.encode(), 'big'))
        font.write_bytes(bytes(hb.subset(hb.Face(hb.Blob.from_file_path(str(KAI))), want).blob.data))
        pdf = FPDF('L', format='A4')
        pdf.set_auto_page_break(False)
        pdf.add_font('kai', '', font)
        for person, page in zip(drawn.people, lines, strict=True):
            pdf.add_page()
            pdf.set_line_width(0.8)
            pdf.rect(14, 11, 269, 188)
            for x, y, text, pt in page:
                pdf.set_font('kai', '', pt)
                pdf.text(x, y, text)
            pdf.image(BytesIO(person.photo()), 178, 26, 35, 49)
            pdf._out(_qr(person.verify_url, drawn.qr_mm))
        return bytes(pdf.output())


def peak_mb(count: int) -> float:
    """Return the most memory that a process of its own takes to write so many certificates to a file."""
    said = subprocess.run([sys.executable, '-m', 'tests.bench.certificates', str(count)], check=True, capture_output=True, text=True)
    return int(said.stdout) / 1024


def _lines(person: CertificatePaper, query: str) -> Iterator[tuple[float, float, str, int]]:
    body = f'　　本证书由{person.org}颁发，表明持证人通过本机构组织的职业技能等级认定，达到所载职业（工种）和等级的要求。'
    yield 51, 42, '职业技能等级证书', 30
    for n in range(0, len(body), 18):
        yield 28, 66 + n / 2, body[n:n + 18], 16
    yield 50, 146, person.org, 16
    yield 92, 158, '2026年11月23日', 16
    yield 28, 181, f'证书查询：{query}', 14
    yield 28, 189, f'机构查询：{query}', 14
    values = (('姓名', person.name), ('证件类型', person.id_kind), ('证件号码', person.id_no), ('职业名称', person.occupation), ('工种名称', person.work_type),
              ('职业技能等级', person.level), ('证书编号', person.number), ('评价机构', person.org))
    for n, (label, value) in enumerate(values):
        yield 166, 92 + n * 11.5, label, 16
        yield 204, 92 + n * 11.5, value, 14


def _qr(text: str, size: float) -> str:
    import numpy as np
    import zxingcpp

    dark = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level='M').to_image(scale=1, add_quiet_zones=False)) == 0
    unit = size * POINTS / len(dark)
    rows, edges = (found.tolist() for found in np.nonzero(np.diff(np.pad(dark.view(np.int8), ((0, 0), (1, 1))))))
    parts = [f'{start} {row} {end - start} 1 re' for row, start, end in zip(rows[::2], edges[::2], edges[1::2], strict=True)]
    return f'q {unit:.4f} 0 0 {-unit:.4f} {232 * POINTS:.2f} {(210 - 36) * POINTS:.2f} cm\n' + '\n'.join(parts) + ' f Q'


def _jpeg() -> bytes:
    """Return a picture of a photo's size, 413 × 579 and about 50 kB."""
    import numpy as np
    from PIL import Image

    out = BytesIO()
    grain = np.random.default_rng(1).normal(150, 18, (579, 413, 3)).clip(0, 255).astype('uint8')
    Image.fromarray(grain).save(out, 'JPEG', quality=70)
    return out.getvalue()


def _own_photo(jpeg: bytes, n: int) -> bytes:
    """Return the picture with a remark in it, so that no two are the same."""
    return jpeg[:2] + b'\xff\xfe\x00\x0a%08d' % n + jpeg[2:]


def _peak_kb() -> int:
    """Return the most memory of this process; getrusage would carry over the size of the one that started it."""
    status = Path('/proc/self/status')
    if status.exists():
        return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith('VmHWM')))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == '__main__':
    with TemporaryDirectory() as scratch:
        certificates_file(papers(int(sys.argv[1])), Path(scratch) / 'certificates.pdf')
    print(_peak_kb())
