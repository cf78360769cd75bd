"""The annexes that prove people and premises: a list as first page, the scans behind it (ORG-50, ORG-61)."""

from __future__ import annotations

from collections.abc import Sequence

from app.filing.papers import parts
from app.filing.papers.blocks import Block, Note, Printing, Rows, Table, pdf_of
from app.filing.papers.licence import as_pdf, merged
from app.filing.records import ApplicationRecord
from app.findings import Finding

PEOPLE, PREMISES = '专家、考评员资质证明材料', '场地、设备资产证明材料'


def people_pdf(record: ApplicationRecord, printing: Printing, scans: Sequence[bytes] = ()) -> bytes:
    """Return the proofs of examiners and experts."""
    people = [('考评员', p) for p in record.examiners] + [('专家', p) for p in record.experts]
    rows = tuple((str(n), kind, p.name, p.id_no, p.occupation, parts.post_text(p), f'{p.proofs}份') for n, (kind, p) in enumerate(people, 1))
    return _bound(PEOPLE, record, [Table(('序号', '类别', '姓名', '身份证件号', '职业', '职务/职称/技能等级', '证明'), rows, (12, 16, 20, 42, 26, 44, 12))], printing, scans)


def premises_pdf(record: ApplicationRecord, printing: Printing, scans: Sequence[bytes] = ()) -> bytes:
    """Return the proofs of premises and equipment, with the list of fixed assets."""
    sites = tuple((s.name, s.address, parts.square_metres(s.area_dm2), parts.TENURES.get(s.tenure, ''), s.title_no, f'{s.proofs}份') for s in record.sites)
    blocks: list[Block] = [Table(('场地', '地址', '面积（㎡）', '权属', '产权证号/合同', '证明'), sites, (32, 46, 22, 16, 38, 16), '场地'), *parts.equipment_tables(record)]
    return _bound(PREMISES, record, blocks, printing, scans)


def missing_people(record: ApplicationRecord) -> list[Finding]:
    """Return examiners and experts without any proof (source: ORG-61)."""
    people = [('考评员', p.name, p.proofs) for p in record.examiners] + [('专家', p.name, p.proofs) for p in record.experts]
    return [Finding('ORG-61', 'warn', 'people', f'{kind}{name}没有职称或技能等级证书扫描件，请上传。') for kind, name, proofs in people if not proofs]


def missing_premises(record: ApplicationRecord) -> list[Finding]:
    """Return premises without any proof (source: ORG-50)."""
    return [Finding('ORG-50', 'warn', 'rooms', f'场地“{s.name}”没有产权证明或租赁合同扫描件，请上传。') for s in record.sites if not s.proofs]


def _bound(title: str, record: ApplicationRecord, blocks: Sequence[Block], printing: Printing, scans: Sequence[bytes]) -> bytes:
    first = pdf_of(title, '', [Rows((('单位名称', record.org.name),)), *blocks, Note('证明材料复印件附后，技术评估时出示原件。')], printing)
    return merged([first, *(as_pdf(scan, f'{title}{n}', printing) for n, scan in enumerate(scans, 1))]) if scans else first
