"""The import of a register's workbook as a job that goes on where it stood after a restart."""

from __future__ import annotations

from app.access import Permission
from app.files import read_file
from app.intake import read_table
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.personnel.judging import Fate, counts, fates
from app.personnel.operations import SLICE, kept_people, write_rows
from app.personnel.queries import register_of
from app.personnel.reading import reading
from app.words import name_initials, name_key
from app.work import Work
from db.files import StoredFile
from db.jobs import Job

ROWS = 'personnel.rows'


def judge(work: Work, *, register: str, data: bytes, name: str) -> tuple[Table, list[Fate]]:
    """Return the workbook as read and the fate of every row; writes nothing. raises Refused"""
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    table = read_table(data, [item.intake for item in asked.items], name_shown=name)
    return table, judge_table(work, register=register, table=table)


def judge_table(work: Work, *, register: str, table: Table) -> list[Fate]:
    """Return the fate of every row already read."""
    work.require(Permission.PERSONNEL_WRITE)
    return fates(table, register_of(register), reading(work.today, work.profile.codes.cards), kept_people(work, register=register))


def queue_rows(work: Work, *, register: str, file_id: int) -> Job:
    """Queue the import of a kept workbook. raises NotYours"""
    work.require(Permission.PERSONNEL_WRITE)
    return queue_job(work, ROWS, f'导入{register_of(register).title}登记册', register=register, file_id=work.get(StoredFile, file_id).id)


def import_rows(job: Running) -> None:
    """Write good rows in slices; what was written before a restart is found again as the same."""
    register = str(job.args['register'])
    with job.look() as work:
        row, data = read_file(work, int(job.args['file_id']))
        _table, judged = judge(work, register=register, data=data, name=row.name)
    good = [fate for fate in judged if fate.outcome in ('new', 'changed')]
    made = counts(judged)
    for start in range(0, len(good), SLICE):
        part = good[start:start + SLICE]
        names = names_of(part)
        with job.begin() as work:
            write_rows(work, register=register, rows=part, names=names)
        job.report(start + len(part), len(good), f'已写入{start + len(part)}行')
    job.finish(f'新增{made["new"]}行，更新{made["changed"]}行，无变化{made["same"]}行，有误未导入{made["bad"]}行。', **made)


def names_of(rows: list[Fate]) -> dict[str, tuple[str, str]]:
    """Return {name: (sort key, initials)} of rows: reading pinyin takes time, so it is done outside the transaction."""
    return {name: (name_key(name), name_initials(name)) for name in {str(fate.values['name']) for fate in rows}}


KINDS: dict[str, Kind] = {ROWS: import_rows}
