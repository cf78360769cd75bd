"""F-BINDING-HN and F-BINDING-INC: the bound volume in its order, with cover, contents and every paper, as PDF and as ZIP."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from app.filing.materials import handing
from app.filing.papers import form, groups, letter, licence, plan, pledge, proofs, specimen
from app.filing.papers.blocks import Block, Cover, Note, Printing, Table, Title, pdf_of
from app.filing.papers.parts import at_left
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.findings import Finding
from app.words import paper_date

TITLE, INCREMENT = '备案申报材料目录', '增量备案材料目录'
MADE, SCANNED, LACKING, GAPS = '已生成', '已签章扫描', '缺', '有缺项'
FIXED = (2026, 1, 1, 0, 0, 0)  # time of every entry of the ZIP: the same record gives the same bytes
PEOPLE, PREMISES, LICENCES = 'people', 'premises', 'licences'  # keys of scans that go behind a list

Read = Callable[[], bytes]
Scans = Mapping[str, Sequence[Read]]  # {form id: the signed and sealed paper, scanned; PEOPLE, PREMISES, LICENCES: proofs}
Annexes = Sequence[tuple[str, Read]]  # file name without ending, builder of its PDF: rule documents, which the form wants separately (具体材料另附)
Told = Callable[[int, int, str], None]  # done, of how many, what was just written
ANNEX = '另附_规章制度'
SETS = ('F-NAT6', 'F-NAT14')  # sets of the national lists, not bound


@dataclass(frozen=True, slots=True)
class Entry:
    """One material of the volume; build gives its PDF when its turn comes. findings: what it lacks, block or warn"""

    n: int
    title: str
    form: str
    original: bool
    sealed: bool
    state: str
    findings: tuple[Finding, ...]
    build: Read | None

    @property
    def file_name(self) -> str:
        """Name in the ZIP: 02_诚信承诺书.pdf."""
        return f'{self.n:02d}_{self.title}.pdf'


@dataclass(frozen=True, slots=True)
class Part:
    """How a material is made: its name, builder, findings, key of the scans behind it."""

    title: str
    form: str
    build: Callable[[ApplicationRecord, Printing, Sequence[bytes]], bytes]
    missing: Callable[[ApplicationRecord], list[Finding]]
    original: bool = True
    sealed: bool = True
    scans: str = ''


def volume_of(way: str) -> str:
    """Return the form that all materials of a way are handed in as, '' for a way of single papers (source: ORG-52, ORG-56, ORG-57, ORG-93)."""
    papers = WAYS[way].papers
    return 'F-BINDING-INC' if way == 'increment' else 'F-BINDING-HN' if 'F-CERT-SAMPLE' in papers else papers[0] if papers[0] in SETS else ''


def is_bound(way: str) -> bool:
    """Tell whether the materials of a way are bound into one volume with cover and contents."""
    return volume_of(way).startswith('F-BINDING')


def signed_forms(way: str) -> dict[str, str]:
    """Return {form: title} of the materials that may come signed and sealed as a scan; none where nothing is bound."""
    return {part.form: part.title for part in _parts(way) if part.form} if is_bound(way) else {}


def entries(record: ApplicationRecord, printing: Printing, scans: Scans | None = None, *, sealed: bool = False) -> list[Entry]:
    """Return the materials in binding order; a signed scan takes the place of the print (source: ORG-52, ORG-93).

    What would print with a gap is 缺 and names why; proofs of premises and people follow as annexes (C-02).
    sealed: it was handed in, so nothing can be mended: what has a gap prints as it was handed in and is 有缺项
    """
    held, found = scans or {}, []
    for n, part in enumerate(_parts(record.way), 1):
        signed, title = held.get(part.form, ()) if part.form else (), form.title_of(part.title, record)
        findings = tuple(f for f in part.missing(record) if f.severity != 'remind')
        lacks = any(f.severity == 'block' for f in findings)
        state = SCANNED if signed else MADE if not lacks else GAPS if sealed else LACKING
        build = _signed(title, signed, printing) if signed else None if state == LACKING else _made(part, record, printing, held.get(part.scans, ()))
        found.append(Entry(n, title, part.form, part.original, part.sealed, state, findings, build))
    return found


def binding_pdf(record: ApplicationRecord, printing: Printing, scans: Scans | None = None, copy: int = 1, annexes: int = 0, *, sealed: bool = False) -> bytes:
    """Return F-BINDING-HN or F-BINDING-INC: cover of one copy and contents with pages and states; annexes: how many papers come separately."""
    found = entries(record, printing, scans, sealed=sealed)
    return _contents(record, printing, found, [page_count(e.build()) if e.build else 0 for e in found], copy, annexes)


def binding_zip(record: ApplicationRecord, printing: Printing, scans: Scans | None = None) -> bytes:
    """Return the volume as ZIP in memory; write_binding for large ones."""
    out = BytesIO()
    write_binding(out, record, printing, scans)
    return out.getvalue()


def write_binding(
        out: IO[bytes], record: ApplicationRecord, printing: Printing, scans: Scans | None = None, annexes: Annexes = (),
        told: Told = lambda done, total, what: None, *, sealed: bool = False) -> None:
    """Write the volume as ZIP, one paper in memory at a time: materials, what is annexed, then a cover for each copy; told may raise to stop."""
    found, pages = entries(record, printing, scans, sealed=sealed), []
    copies = max(1, handing(printing.profile).copies)
    total = len(found) + len(annexes) + copies
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as packed:
        for done, entry in enumerate(found, 1):
            made = entry.build() if entry.build else b''
            pages.append(page_count(made) if made else 0)
            if made:
                write_entry(packed, entry.file_name, made)
            told(done, total, entry.title)
        for done, (name, build) in enumerate(annexes, len(found) + 1):
            write_entry(packed, f'{ANNEX}/{name}.pdf', build())
            told(done, total, name)
        for copy in range(1, copies + 1):
            write_entry(packed, f'00_封面和目录_第{copy}份.pdf', _contents(record, printing, found, pages, copy, len(annexes)))
            told(total - copies + copy, total, f'封面和目录第{copy}份')
        packed.filelist.sort(key=lambda entry: entry.filename)  # covers are drawn last, as they count the pages, and listed first


def write_entry(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file with a fixed time."""
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(info, content)


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as file:
        return len(file.pages)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return what stops a material of the volume, in binding order (source: ORG-52, ORG-93)."""
    return [f for part in _parts(record.way) for f in part.missing(record)]


def _contents(record: ApplicationRecord, printing: Printing, found: Sequence[Entry], pages: Sequence[int], copy: int, annexes: int) -> bytes:
    increment, copies, rows, start = record.way == 'increment', max(1, handing(printing.profile).copies), [], 1
    for entry, count in zip(found, pages, strict=True):
        span = f'{start}—{start + count - 1}' if count > 1 else str(start) if count else '—'
        rows.append((str(entry.n), at_left(entry.title), str(copies), str(count) if count else '—', span, '原件' if entry.original else '复印件', '是' if entry.sealed else '否', entry.state))
        start += count
    title = INCREMENT if increment else TITLE
    name = form.title_of('社会培训评价组织增量备案\n申报材料' if increment else '社会培训评价组织备案\n申报材料', record)
    blocks: list[Block] = [
        Cover(tuple(name.split('\n')), ((('单位名称', f'{record.org.name}　（盖章）'),), (('报送机关', record.receiver),), (('日期', paper_date(record.day)), ('份数', f'第{copy}份　共{copies}份')))),
        Title(title), Table(('序号', '材料名称', '份数', '页数', '起止页', '原件/复印件', '是否盖章', '状态'), tuple(rows), (12, 58, 12, 12, 18, 28, 20, 24)),
        Note(f'以上内容按先后顺序装订成册，一式{copies}份。' + (f'规章制度{annexes}项另附。' if annexes else ''))]
    return pdf_of(title, 'F-BINDING-INC' if increment else 'F-BINDING-HN', blocks, printing)


def _parts(way: str) -> tuple[Part, ...]:
    return INCREMENT_PARTS if way == 'increment' else PARTS


def _signed(title: str, signed: Sequence[Read], printing: Printing) -> Read:
    return lambda: licence.merged([licence.as_pdf(read(), title, printing) for read in signed])


def _made(part: Part, record: ApplicationRecord, printing: Printing, proofs_of: Sequence[Read]) -> Read:
    return lambda: part.build(record, printing, [read() for read in proofs_of])


def _alone(build: Callable[[ApplicationRecord, Printing], bytes]) -> Callable[[ApplicationRecord, Printing, Sequence[bytes]], bytes]:
    return lambda record, printing, scans: build(record, printing)


_PREMISES = Part(proofs.PREMISES, '', proofs.premises_pdf, proofs.missing_premises, original=False, scans=PREMISES)
_PEOPLE = Part(proofs.PEOPLE, '', proofs.people_pdf, proofs.missing_people, original=False, scans=PEOPLE)
PARTS = (
    Part('备案的函（红头文件）', 'F-FILING-LETTER', _alone(letter.filing_letter_pdf), letter.missing), Part('诚信承诺书', 'F-PLEDGE', _alone(pledge.pledge_pdf), pledge.missing),
    Part('法人登记证照复印件', 'F-LICENCE', licence.licence_pdf, licence.missing, original=False, scans=LICENCES),
    Part('成立工作领导小组的红头文件', 'F-LEADGROUP', _alone(groups.lead_group_pdf), groups.missing), Part('河南省社会培训评价组织备案申请表', 'F-FILING-HN', _alone(form.filing_pdf), form.missing),
    Part('职业技能等级认定工作实施方案', 'F-PLAN-HN', _alone(plan.plan_pdf), plan.missing),
    Part('实物证书样本', 'F-CERT-SAMPLE', _alone(specimen.specimen_pdf), specimen.missing, sealed=False), _PREMISES, _PEOPLE)
INCREMENT_PARTS = (
    Part('增量备案的函（红头文件）', 'F-INC-LETTER', _alone(letter.increment_letter_pdf), letter.missing),
    Part('社会培训评价组织增量备案申请表', 'F-FILING-INC', _alone(form.increment_pdf), form.missing), _PEOPLE, _PREMISES)
