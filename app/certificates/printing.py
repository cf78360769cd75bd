"""Printing the certificates of a batch as a job: one PDF, or a ZIP of PDFs where it is long."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.certificates.documents import certificates_file
from app.certificates.operations import note_print
from app.certificates.records import certificate_papers
from app.errors import Refused
from app.files import keep_stored, store_file
from app.house import house
from app.jobs import Kind, Running, queue_job
from app.settings import WORK
from app.work import Work
from db.jobs import Job

PRINT = 'certificates.print'
PART = 500  # pages of one PDF; more come as several in a ZIP


def queue_print(work: Work, *, batch_id: int, layout: str, frame: bool) -> Job:
    """Queue the print of all certificates of an approved batch. raises Refused for an unknown layout"""
    work.require(Permission.CERTIFICATES_PRINT)
    if layout not in ('handbook', 'national_2021'):
        raise Refused('没有这种证书式样，请从列表中选择。', rule='CERT-08')
    return queue_job(work, PRINT, '生成证书PDF', batch_id=get_batch(work, batch_id).id, layout=layout, frame=frame)


def print_certificates(job: Running) -> None:
    """Draw outside any transaction, keep the file, mark the certificates as printed and leave the trail entry."""
    batch_id = int(job.args['batch_id'])
    with job.look() as work:
        papers = certificate_papers(work, batch_id, str(job.args['layout']))
        number, today = papers.batch, work.today
    if not papers.people:
        raise Refused('本批次没有已编号的证书，请在机构负责人签批生成编号后再打印。', rule='CERT-35')
    name = f'{number}_职业技能等级证书_{today:%Y%m%d}'
    with TemporaryDirectory(prefix=WORK, dir=house().home) as folder:
        parts: list[Path] = []
        for start in range(0, len(papers.people), PART):
            part = papers.people[start:start + PART]
            parts.append(Path(folder) / f'{name}_{len(parts) + 1:02d}.pdf')
            certificates_file(papers.of(part), parts[-1], frame=bool(job.args['frame']))
            job.report(start + len(part), len(papers.people), f'已生成{start + len(part)}本')
        data, kind, suffix = (parts[0].read_bytes(), 'application/pdf', 'pdf') if len(parts) == 1 else (_zip(parts), 'application/zip', 'zip')
    stored = store_file(data, job.org_id, name=f'{name}.{suffix}', content_type=kind)
    with job.begin() as work:
        kept = keep_stored(work, stored)
        note_print(work, batch_id=batch_id, form='F-CERT')
    job.finish(f'{len(papers.people)}本证书已生成，请下载打印。', file_id=kept.id)


def _zip(parts: Sequence[Path]) -> bytes:
    """Return one ZIP of the files; PDFs hold packed pages and JPEGs, packing them again would gain nothing."""
    out = BytesIO()
    with ZipFile(out, 'w', ZIP_STORED) as packed:
        for part in parts:
            packed.writestr(ZipInfo(part.name, (2026, 1, 1, 0, 0, 0)), part.read_bytes())
    return out.getvalue()


KINDS: dict[str, Kind] = {PRINT: print_certificates}
