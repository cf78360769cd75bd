"""The import of a workbook and of a ZIP of photos as jobs that go on where they stood after a restart."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.errors import Refused
from app.files import file_bytes, read_file, store
from app.house import house
from app.intake import read_table
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.logbook import cover
from app.pictures import Photo, read_photo_zip
from app.registration.judging import Judged, counts, fates
from app.registration.operations import SLICE, prepare, set_photo, write_rows
from app.registration.queries import photo_owners, roster
from app.registration.rules import COLUMNS
from app.settings import WORK
from app.work import Work
from db.files import StoredFile
from db.jobs import Job

FAULTS_TOLD = 50  # photos whose fault is told by name; the counts tell of all
ROWS, PHOTOS = 'registration.rows', 'registration.photos'


def judge(work: Work, *, batch_id: int, data: bytes, name: str) -> tuple[Table, Judged]:
    """Return the workbook as read and the fate of every row; writes nothing. raises Refused"""
    known = roster(work, batch_id)
    table = read_table(data, COLUMNS, name_shown=name)
    return table, fates(table, known)


def queue_rows(work: Work, *, batch_id: int, file_id: int) -> Job:
    """Queue the import of a kept workbook. raises NotYours"""
    work.require(Permission.REGISTRATION_WRITE)
    return queue_job(work, ROWS, '导入考生名单', batch_id=get_batch(work, batch_id).id, file_id=work.get(StoredFile, file_id).id)


def queue_photos(work: Work, *, batch_id: int, file_id: int) -> Job:
    """Queue the import of a kept ZIP of photos. raises NotYours"""
    work.require(Permission.REGISTRATION_WRITE)
    return queue_job(work, PHOTOS, '导入考生照片', batch_id=get_batch(work, batch_id).id, file_id=work.get(StoredFile, file_id).id)


def import_rows(job: Running) -> None:
    """Write good rows in slices; what was written before a restart is found again as the same."""
    batch_id = int(job.args['batch_id'])
    with job.look() as work:
        row, data = read_file(work, int(job.args['file_id']))
        _table, judged = judge(work, batch_id=batch_id, data=data, name=row.name)
    made = counts(judged)
    good, written = made['new'] + made['changed'], 0
    waiting = judged.of('new', 'changed')
    while part := [(f, prepare(f)) for f in islice(waiting, SLICE)]:
        with job.begin() as work:
            write_rows(work, batch_id=batch_id, rows=part, job_id=job.id)
        written += len(part)
        job.report(written, good, f'已写入{written}行')
    job.finish(f'新增{made["new"]}人，更新{made["changed"]}人，无变化{made["same"]}人，有误未导入{made["bad"]}行。', **made)


def import_photos(job: Running) -> None:
    """Match photos with candidates and keep each one; a photo that is already there is put again unchanged."""
    batch_id = int(job.args['batch_id'])
    with job.look() as work:
        row, _ = read_file(work, int(job.args['file_id']))
        wanted, org_id = photo_owners(work, batch_id), work.org.id
    if not wanted:
        raise Refused('名单中还没有考生，请先导入名单，再导入照片。')

    def keep(candidate_id: int, photo: Photo) -> None:
        digest = store(photo.jpeg, org_id, sealed=True)
        with job.begin() as work:
            set_photo(work, candidate_id=candidate_id, photo=photo.jpeg, name=f'{candidate_id}.jpg', sha256=digest)

    with tempfile.TemporaryDirectory(prefix=WORK, dir=house().home) as folder:
        path = Path(folder) / 'photos.zip'
        path.write_bytes(file_bytes(row))
        matches = read_photo_zip(path, wanted, name_shown=row.name, keep=keep, progress=lambda done, total: job.report(done, total, f'已处理{done}张'))
    told = [f'“{name}”不在本批次名单中，请核对文件名里的证件号码。' for name in matches.unknown]
    told += [f'{"、".join(f"“{name}”" for name in names)}是同一人的照片，请只留一张后再选。' for names in matches.doubled.values()]
    said = f'匹配{len(matches.matched)}张，缺{len(matches.missing)}人，名单中没有的{len(matches.unknown)}张，重复{len(matches.doubled)}张，不能用的{len(matches.refused)}张。'
    job.finish(said, matched=len(matches.matched), missing=len(matches.missing), unknown=len(matches.unknown), doubled=len(matches.doubled),
               faults=[cover(sentence) for sentence in [*(sentence for _name, sentence in matches.refused), *told]][:FAULTS_TOLD])  # photos are named by ID number


KINDS: dict[str, Kind] = {ROWS: import_rows, PHOTOS: import_photos}
