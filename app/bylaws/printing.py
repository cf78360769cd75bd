"""The ZIP of all rule documents as a job: each as PDF and DOCX, with register, volume and chart, in order."""

from __future__ import annotations

from app.access import Permission
from app.bylaws.documents import bylaws_zip
from app.bylaws.records import register_record
from app.errors import Refused
from app.files import keep_stored, store_file
from app.jobs import Kind, Running, queue_job
from app.work import Work
from db.jobs import Job

BUNDLE = 'bylaws.bundle'


def queue_bundle(work: Work) -> Job:
    """Queue the ZIP. raises Refused while no document is in force (ORG-54)"""
    work.require(Permission.BYLAWS_READ)
    if not register_record(work).papers:
        raise Refused('还没有现行的规章制度，请先制定并批准。', rule='ORG-54')
    return queue_job(work, BUNDLE, '打包规章制度')


def make_bundle(job: Running) -> None:
    """Draw every document outside any transaction and keep the ZIP."""
    with job.look() as work:
        register, today, name = register_record(work), work.today, work.org.short_name or work.org.name
    data = bylaws_zip(register, lambda done, total: job.report(done, total, f'已生成{done}份'))
    stored = store_file(data, job.org_id, name=f'{name}_规章制度_{today:%Y%m%d}.zip', content_type='application/zip')
    with job.begin() as work:
        kept = keep_stored(work, stored)
    job.finish(f'{len(register.papers)}项现行制度已打包，请下载。', file_id=kept.id)


KINDS: dict[str, Kind] = {BUNDLE: make_bundle}
