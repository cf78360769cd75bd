"""The import of a workbook of scores as a job that goes on where it stood after a restart."""

from __future__ import annotations

from sqlmodel import col

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.errors import Refused
from app.files import read_file
from app.intake import read_table
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.registration.queries import candidate_columns
from app.scores.importing import COLUMNS, Known, ScoreFate, score_fates
from app.scores.operations import enter_row
from app.work import Work
from db.files import StoredFile
from db.jobs import Job
from db.scores import ScoreEntry

ROWS = 'scores.rows'
SLICE = 40  # candidates a transaction


def known(work: Work, batch_id: int, round_no: int) -> dict[str, Known]:
    """Return {ticket number: Known} with the entries of one round."""
    work.require(Permission.SCORES_ENTER)
    get_batch(work, batch_id)
    subjects = {g.id: tuple(g.subjects) for g in groups_of(work, batch_id)}
    entries: dict[int, dict[str, int | str]] = {}
    entered = work.session.columns(
        [col(ScoreEntry.candidate_id), col(ScoreEntry.subject), col(ScoreEntry.tenths), col(ScoreEntry.mark)],
        col(ScoreEntry.batch_id) == batch_id, col(ScoreEntry.round) == round_no)
    for candidate_id, subject, tenths, mark in zip(*entered, strict=True):
        entries.setdefault(candidate_id, {})[subject] = mark if tenths is None else tenths
    people = candidate_columns(work, batch_id, ('ticket_number', 'id', 'name', 'group_id'))
    return {ticket: Known(candidate_id, name, subjects[group_id], entries.get(candidate_id, {}))
            for ticket, candidate_id, name, group_id in zip(*people.values(), strict=True) if ticket}


def judge(work: Work, *, batch_id: int, round_no: int, data: bytes, name: str) -> tuple[Table, list[ScoreFate]]:
    """Return the workbook as read and the fate of every row; writes nothing. raises Refused"""
    people = known(work, batch_id, round_no)
    table = read_table(data, COLUMNS, name_shown=name)
    return table, score_fates(table, people, work.profile.scores.full.value)


def queue_rows(work: Work, *, batch_id: int, round_no: int, file_id: int) -> Job:
    """Queue the import of a kept workbook as one of the two entries. raises NotYours, Refused for another round"""
    work.require(Permission.SCORES_ENTER)
    if round_no not in (1, 2):
        raise Refused('成绩只录入两次，请选择第一次或第二次录入。', rule='SCORE-12')
    batch, file = get_batch(work, batch_id), work.get(StoredFile, file_id)
    return queue_job(work, ROWS, f'导入成绩（第{round_no}次录入）', batch_id=batch.id, round_no=round_no, file_id=file.id)


def import_rows(job: Running) -> None:
    """Write good rows in slices; what was written before a restart is found again as the same."""
    batch_id, round_no = int(job.args['batch_id']), int(job.args['round_no'])
    with job.look() as work:
        row, data = read_file(work, int(job.args['file_id']))
        _table, judged = judge(work, batch_id=batch_id, round_no=round_no, data=data, name=row.name)
    good = [f for f in judged if f.outcome in ('new', 'changed')]
    for start in range(0, len(good), SLICE):
        part = good[start:start + SLICE]
        with job.begin() as work:
            for fate in part:
                enter_row(work, batch_id=batch_id, candidate_id=fate.candidate_id, round_no=round_no, entries=fate.entries)
        job.report(start + len(part), len(good), f'已写入{start + len(part)}人')
    bad, same = (sum(f.outcome == o for f in judged) for o in ('bad', 'same'))
    job.finish(f'写入{len(good)}人的成绩，无变化{same}人，有误未导入{bad}行。', written=len(good), same=same, bad=bad)


KINDS: dict[str, Kind] = {ROWS: import_rows}
