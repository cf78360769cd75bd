"""F-CERT-SAMPLE: a specimen of the certificate for each level asked for, laid out as F-CERT, with 样本 across it."""

from __future__ import annotations

from app.certificate_sheets import CertificatePaper, CertificatePapers, certificate_sheets
from app.filing.papers.blocks import Printing
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.words import level_word

MARK = '样本'
NAME, ID_NO, FILING = '张某某', '000000000000000000', 'S000000000000'  # of nobody: no region, no register, no serial


def specimen_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-CERT-SAMPLE, one page a level, in the layout of the figures in force (source: CERT-02)."""
    return certificate_sheets(specimens(record, printing), frame=True).to_bytes()


def specimens(record: ApplicationRecord, printing: Printing) -> CertificatePapers:
    """Return the specimens: each level with the first occupation that asks for it."""
    figures = printing.profile.certificates
    levels = sorted({level for r in record.ranges for level in r.levels}, reverse=True)
    people = []
    for level in levels:
        row = next(r for r in record.ranges if level in r.levels)
        people.append(CertificatePaper(
            f'{FILING}{record.day:%y}{level}000000', NAME, '居民身份证', ID_NO, row.occupation, row.work_type or figures.empty_work_type.value, level_word(level), level, record.day,
            record.org.name, None, figures.query_address.value))
    layout = getattr(figures.layouts, figures.layout.value).value
    return CertificatePapers('', figures.query_address.value, figures.organization_query_address.value, MARK, printing.at, layout, figures.qr_mm.value, people)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return why there is no specimen (source: ORG-52)."""
    return [] if record.ranges else [Finding('ORG-52', 'block', 'ranges', '没有申请的职业和等级，无法制作证书样本，请先填写。')]
