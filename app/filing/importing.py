"""The import of a workbook of licences or training statistics as a job that goes on after a restart."""

from __future__ import annotations

from app.access import Permission
from app.filing.holdings import import_holdings
from app.filing.ledgers import ledger_of
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.ledgers import Fate, import_rows, judge
from app.work import Work
from db.files import StoredFile
from db.jobs import Job

ROWS = 'filing.rows'


def judge_holdings(work: Work, *, ledger: str, data: bytes, name: str) -> tuple[Table, list[Fate]]:
    """Return a workbook as read and the fate of every row; writes nothing. raises Refused"""
    work.require(Permission.FILING_WRITE)
    return judge(work, ledger_of(ledger), data, name)


def queue_holdings(work: Work, *, ledger: str, file_id: int) -> Job:
    """Queue the import of a kept workbook. raises NotYours"""
    work.require(Permission.FILING_WRITE)
    kept = ledger_of(ledger)
    return queue_job(work, ROWS, f'导入{kept.noun}', ledger=kept.name, file_id=work.get(StoredFile, file_id).id)


def import_workbook(job: Running) -> None:
    """Bring in the rows of the job's workbook."""
    ledger = str(job.args['ledger'])
    import_rows(job, ledger_of(ledger), lambda work, rows: import_holdings(work, ledger=ledger, rows=rows))


KINDS: dict[str, Kind] = {ROWS: import_workbook}
