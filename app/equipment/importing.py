"""The import of a workbook of equipment as a job that goes on after a restart."""

from __future__ import annotations

from app.access import Permission
from app.equipment.ledger import EQUIPMENT
from app.equipment.operations import import_equipment
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.ledgers import Fate, import_rows, judge
from app.work import Work
from db.files import StoredFile
from db.jobs import Job

ROWS = 'equipment.rows'


def judge_equipment(work: Work, *, data: bytes, name: str) -> tuple[Table, list[Fate]]:
    """Return a workbook as read and the fate of every row; writes nothing. raises Refused"""
    work.require(Permission.EQUIPMENT_WRITE)
    return judge(work, EQUIPMENT, data, name)


def queue_equipment(work: Work, *, file_id: int) -> Job:
    """Queue the import of a kept workbook. raises NotYours"""
    work.require(Permission.EQUIPMENT_WRITE)
    return queue_job(work, ROWS, '导入设备', file_id=work.get(StoredFile, file_id).id)


def import_workbook(job: Running) -> None:
    """Bring in the rows of the job's workbook."""
    import_rows(job, EQUIPMENT, lambda work, rows: import_equipment(work, rows=rows))


KINDS: dict[str, Kind] = {ROWS: import_workbook}
