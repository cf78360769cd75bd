"""What is read of scores: the table with both entries, the signatures, the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of, sittings_of
from app.findings import Finding
from app.registration.queries import candidates_by_ticket
from app.scores.rules import Cell, content_hash, entry_text, table_findings
from app.words import china_time
from app.work import Work
from db.batches import Batch, BatchGroup
from db.registration import Candidate
from db.scores import Result, ScoreEntry, ScoreSignature


@dataclass(frozen=True, slots=True)
class TableRow:
    """One candidate of the score table."""

    candidate: Candidate
    group: BatchGroup
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """All scores of a batch as they stand, and the hash a signature would cover."""

    batch: Batch
    rows: tuple[TableRow, ...]
    findings: tuple[Finding, ...]
    signatures: tuple[ScoreSignature, ...]
    content_hash: str


def score_table(work: Work, batch_id: int) -> ScoreTable:
    """Return the score table of a batch by ticket number."""
    work.require(Permission.SCORES_READ)
    batch = get_batch(work, batch_id)
    groups = {g.id: g for g in groups_of(work, batch_id)}
    entries: dict[tuple[int, str], dict[int, ScoreEntry]] = {}
    for entry in work.session.exec(select(ScoreEntry).where(ScoreEntry.batch_id == batch_id)):
        entries.setdefault((entry.candidate_id, entry.subject), {})[entry.round] = entry
    cells = {key: _cell(rounds) for key, rounds in entries.items()}
    people = candidates_by_ticket(work, batch_id)
    rows = tuple(TableRow(c, groups[c.group_id], {s: cells.get((c.id, s), Cell('', '')) for s in groups[c.group_id].subjects}) for c in people)
    findings = table_findings({c.id: f'{c.ticket_number or ""} {c.name}' for c in people}, cells, {c.id: groups[c.group_id].subjects for c in people})
    return ScoreTable(batch, rows, tuple(findings), tuple(signatures(work, batch)), _hash(rows))


def signatures(work: Work, batch: Batch) -> list[ScoreSignature]:
    """Return the signatures that count now, in their order."""
    return list(work.session.exec(select(ScoreSignature).where(
        ScoreSignature.batch_id == batch.id, ScoreSignature.edition == batch.score_edition).order_by(col(ScoreSignature.id))))


def withdrawn_signatures(work: Work, batch_id: int) -> list[ScoreSignature]:
    """Return the signatures that were taken back, oldest first, with who did it, when and why."""
    work.require(Permission.SCORES_READ)
    batch = get_batch(work, batch_id)
    return list(work.session.exec(select(ScoreSignature).where(
        ScoreSignature.batch_id == batch.id, ScoreSignature.edition < batch.score_edition).order_by(col(ScoreSignature.id))))


def results(work: Work, batch_id: int) -> dict[int, Result]:
    """Return the outcome of each candidate {candidate id: Result}; empty before all have signed."""
    work.require(Permission.SCORES_READ)
    return {r.candidate_id: r for r in work.session.exec(select(Result).where(Result.batch_id == batch_id))}


def entries(work: Work, batch_id: int) -> dict[tuple[int, str, int], ScoreEntry]:
    """Return {(candidate id, subject, round): the entry with who made it and when}."""
    work.require(Permission.SCORES_READ)
    return {(e.candidate_id, e.subject, e.round): e for e in work.session.exec(select(ScoreEntry).where(ScoreEntry.batch_id == batch_id))}


def exam_days(work: Work, batch: Batch) -> dict[tuple[int, str], date]:
    """Return {(group id, subject): last exam day}; the batch's last day where no sitting stands."""
    days: dict[tuple[int, str], date] = {}
    for group in groups_of(work, batch.id):
        for subject in group.subjects:
            days[group.id, subject] = batch.last_on
    found: dict[tuple[int, str], date] = {}
    for sitting in sittings_of(work, batch.id):
        on = china_time(sitting.starts_at).date()
        found[sitting.group_id, sitting.subject] = max(on, found.get((sitting.group_id, sitting.subject), on))
    return days | found


def entry_value(entry: ScoreEntry) -> int | str:
    """Return tenths or the mark of an entry."""
    return entry.mark if entry.tenths is None else entry.tenths


def _cell(rounds: dict[int, ScoreEntry]) -> Cell:
    first, second = rounds.get(1), rounds.get(2)
    return Cell(
        entry_value(first) if first else '', entry_value(second) if second else '', first.entered_by_id if first else 0, second.entered_by_id if second else 0)


def _hash(rows: tuple[TableRow, ...]) -> str:
    return content_hash([
        (row.candidate.ticket_number or '', subject, f'{entry_text(cell.first)}|{entry_text(cell.second)}') for row in rows for subject, cell in row.cells.items()])
