"""The bound volume of an application as a job: every material in binding order, rule documents annexed, a cover for each copy."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from app.access import Permission
from app.errors import Refused
from app.files import keep_stored, store_file
from app.filing.documents import printing_of
from app.filing.operations import current_record, note_print
from app.filing.papers.binding import Annexes, Scans, Told, entries, is_bound, volume_of, write_binding
from app.filing.papers.blocks import Printing
from app.filing.papers.national import fourteen_zip, six_zip
from app.filing.queries import seen
from app.filing.records import ApplicationRecord
from app.filing.scans import annexes_of, scans_of
from app.filing.ways import WAYS
from app.house import house
from app.jobs import Kind, Running, queue_job
from app.settings import WORK
from app.work import Work
from db.jobs import Job

BIND = 'filing.bind'


def queue_volume(work: Work, *, application_id: int) -> Job:
    """Queue the ZIP of the volume. raises Refused for a way that is not bound, and while none of its materials can be printed (ORG-52, ORG-93)"""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    if not volume_of(app.way):
        raise Refused(f'{WAYS[app.way].word}不装订成册，请在申报文书中分别打印。', rule='ORG-52')
    record, sealed = current_record(work, app.id)
    printing = printing_of(work, record, sealed=sealed)
    if is_bound(app.way) and not any(e.build for e in entries(record, printing, scans_of(work, app.id, printing, sealed=sealed), sealed=sealed)):
        raise Refused('各份材料都缺少内容，还不能装订，请先填写申报。', rule='ORG-52')
    return queue_job(work, BIND, f'装订申报材料：{WAYS[app.way].word}', application_id=app.id)


def make_volume(job: Running) -> None:
    """Draw every paper outside any transaction, keep the ZIP and leave the trail entry: it holds full ID numbers."""
    application_id = int(job.args['application_id'])
    with job.look() as work:
        record, sealed = current_record(work, application_id)
        printing = printing_of(work, record, sealed=sealed)
        scans, annexes = scans_of(work, application_id, printing, sealed=sealed), annexes_of(work, record, printing)
        name = f'{work.org.short_name or work.org.name}_{WAYS[record.way].word}_申报材料{"" if sealed else "_草稿"}_{work.today:%Y%m%d}.zip'
    def told(done: int, total: int, what: str) -> None:
        job.report(done, total, f'已生成“{what}”')

    if is_bound(record.way):
        data = _bound(record, printing, scans, annexes, told, sealed=sealed)
        lacking = [e for e in entries(record, printing, scans, sealed=sealed) if not e.build]
    else:
        data, lacking = (six_zip if volume_of(record.way) == 'F-NAT6' else fourteen_zip)(record, printing, scans, told), []
    stored = store_file(data, job.org_id, name=name, content_type='application/zip')
    with job.begin() as work:
        kept = keep_stored(work, stored)
        note_print(work, application_id=application_id, form=volume_of(record.way))
    job.finish(
        f'已按装订顺序打包，请下载。{f"缺{len(lacking)}份材料，不在包内。" if lacking else ""}', file_id=kept.id,
        faults=[f'{e.title}：{f.sentence}' for e in lacking for f in e.findings if f.severity == 'block'])


def _bound(record: ApplicationRecord, printing: Printing, scans: Scans, annexes: Annexes, told: Told, *, sealed: bool) -> bytes:
    """Return the volume, written to a file first: scans may be large."""
    with TemporaryDirectory(prefix=WORK, dir=house().home) as folder:
        path = Path(folder) / 'volume.zip'
        with path.open('wb') as out:
            write_binding(out, record, printing, scans, annexes, told, sealed=sealed)
        return path.read_bytes()


KINDS: dict[str, Kind] = {BIND: make_volume}
