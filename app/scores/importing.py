"""The workbook of scores: one row a candidate, found by ticket number, name compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.checks import same_name
from app.codes import fold
from app.errors import Refused
from app.findings import Finding
from app.intake_table import Column, Table
from app.registration.rules import Meanings, Outcome
from app.scores.rules import entry_text, read_entry
from app.words import SUBJECTS

COLUMNS = (
    Column('ticket_number', '准考证号', required=True, kind='code'),
    Column('name', '姓名', required=True),
    Column('theory', '理论', aliases=('理论成绩', '理论知识')),
    Column('practical', '实操', aliases=('实操成绩', '实际操作', '操作技能')),
    Column('comprehensive', '综合评审', aliases=('综合', '评审成绩')),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate of the batch as rows are matched with him; entries: {subject: value of this round so far}."""

    candidate_id: int
    name: str
    subjects: tuple[str, ...]
    entries: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class ScoreFate:
    """What becomes of one row: the entries it brings."""

    row: int
    outcome: Outcome
    candidate_id: int
    entries: dict[str, int | str]
    ticket: str = ''
    name: str = ''
    findings: tuple[Finding, ...] = ()


def score_fates(table: Table, known: Mapping[str, Known], full: int) -> list[ScoreFate]:
    """Return what becomes of every row.

    known: {ticket number: Known} · full: full mark in points · source: CONV-12, SCORE-01
    """
    tickets, names = [fold(text) for text in table.texts('ticket_number')], table.texts('name')
    entries = _entry_columns(table, full)
    judged: list[ScoreFate] = []
    seen: dict[str, int] = {}
    for at, (number, ticket, name) in enumerate(zip(table.numbers, tickets, names, strict=True)):
        findings = list(table.faults.get(at, ()))
        person = known.get(ticket)
        if person is None:
            findings.append(_fault(table, at, 'ticket_number', '', f'准考证号“{ticket}”不在本批次名单中，请核对。'))
        elif not same_name(person.name, name):
            findings.append(_fault(table, at, 'name', '', f'姓名“{name}”与名单中该准考证号的“{person.name}”不符，请核对是否串行。'))
        elif ticket in seen:
            findings.append(_fault(table, at, 'ticket_number', '', f'与第{seen[ticket]}行是同一准考证号，请删去一行。'))
        seen.setdefault(ticket, number)
        read = _entries(table, at, person, entries, findings) if person else {}
        judged.append(_fate(number, table.texts('ticket_number')[at], name, person, read, findings))
    return judged


def _entry_columns(table: Table, full: int) -> dict[str, list[int | str | Refused]]:
    """Return {subject: what each cell says as an entry, or why it says none}."""
    columns = {}
    for subject, word in SUBJECTS.items():
        meant = _entry_meanings(word, full)
        columns[subject] = [meant[text] for text in table.texts(subject)]
    return columns


def _entry_meanings(word: str, full: int) -> Meanings:
    return Meanings(lambda text: read_entry(word, text, full))


def _entries(table: Table, at: int, person: Known, columns: Mapping[str, Sequence[int | str | Refused]], findings: list[Finding]) -> dict[str, int | str]:
    entries: dict[str, int | str] = {}
    for subject, word in SUBJECTS.items():
        if subject not in person.subjects:
            if table.texts(subject)[at] not in ('', '—', '-', '/'):
                findings.append(_fault(table, at, subject, 'SCORE-02', f'该考生的等级没有{word}这一科目，请清空此格。'))
        elif isinstance(entry := columns[subject][at], Refused):
            findings.append(_fault(table, at, subject, entry.rule, entry.sentence))
        else:
            entries[subject] = entry
    return entries


def _fate(row: int, ticket: str, name: str, person: Known | None, entries: dict[str, int | str], findings: Sequence[Finding]) -> ScoreFate:
    if person is None or findings:
        return ScoreFate(row, 'bad', person.candidate_id if person else 0, {}, ticket, name, tuple(findings))
    changed = {s: v for s, v in entries.items() if person.entries.get(s, '') != v}
    outcome: Outcome = 'same' if not changed else 'changed' if any(s in person.entries for s in changed) else 'new'
    return ScoreFate(row, outcome, person.candidate_id, changed, ticket, name)


def _fault(table: Table, at: int, key: str, rule: str, sentence: str) -> Finding:
    row = table.row(at)
    return Finding(rule, 'block', table.address(row, key), f'{table.place(row, key)}：{sentence}')


def entries_word(entries: Mapping[str, int | str]) -> str:
    """Return entries as one line for a preview: 理论 66.5，实操 缺考."""
    return '，'.join(f'{SUBJECTS[s]} {entry_text(v)}' for s, v in entries.items())
