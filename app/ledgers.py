"""Ledgers (场所、考场、设备…): how rows are read, judged, kept, changed and ended, the same for form and workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import Changed, Refused
from app.files import read_file
from app.findings import Finding, refuse_blocks
from app.intake import read_table
from app.intake_table import Row, Table
from app.jobs import Running
from app.ledger_items import Item, Known, Written, read_item, written_of
from app.work import Work
from db.base import Owned

Outcome = Literal['new', 'same', 'changed', 'bad']
NONE: Mapping[str, str] = {}
SLICE = 50  # rows a transaction: well under the 250 ms that a write may last, also on a busy machine


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger.

    noun: 房间 · model: its table · keys: items that tell its rows apart at an import · named: tables its rows name, {'site': Site}
    check: what does not fit together in a row; subjects are keys of items · marks: what a row takes for itself alone; its keys when None
    search: columns looked through · filters: {key: value → condition} · verb: first part of the verbs of the trail · for_good: keys of ended rows stay taken
    ending: the word for taking a row out of use
    """

    name: str
    noun: str
    model: type[Any]
    items: tuple[Item, ...]
    keys: tuple[str, ...]
    verb: str
    search: tuple[str, ...]
    named: Mapping[str, type[Any]] = field(default_factory=dict)
    check: Callable[[Mapping[str, Any], date], Sequence[Finding]] = lambda values, today: ()
    marks: Callable[[Mapping[str, Any]], Iterable[Any]] | None = None
    filters: Mapping[str, Callable[[str], ColumnElement[bool]]] = field(default_factory=dict)
    for_good: bool = False
    ending: str = '停用'

    def item(self, key: str) -> Item:
        """Return an item by its key; raises Refused for what the ledger does not ask."""
        if found := next((i for i in self.items if i.key == key), None):
            return found
        raise Refused('没有这一项，请刷新页面后重新填写。')

    def marks_of(self, values: Mapping[str, Any]) -> list[Any]:
        """Return what a row takes for itself alone."""
        return list(self.marks(values)) if self.marks else [self.key_of(values)]

    def key_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what tells a row apart."""
        return tuple(values.get(key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row of a workbook: values as they will be kept, and why not when it is bad."""

    row: int
    outcome: Outcome
    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()


def values_of(ledger: Ledger, row: Any) -> dict[str, Any]:
    """Return a kept row's values by item; a part of a JSON column that was never filled is blank."""
    return {i.key: getattr(row, i.column).get(i.part, i.blank) if i.part else getattr(row, i.column) for i in ledger.items}


def columns_of(ledger: Ledger, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by item as values by column of the table."""
    made: dict[str, Any] = {}
    for item in ledger.items:
        if item.key in values and item.part:
            made.setdefault(item.column, {})[item.part] = values[item.key]
        elif item.key in values:
            made[item.column] = values[item.key]
    return made


# ------------------------------------------------------------------ reading rows


def known_of(work: Work, ledger: Ledger) -> Known:
    """Return what rows of a ledger are read against; the caller has asked for the permission."""
    names: dict[str, dict[str, int]] = {}
    words: dict[int, str] = {}
    for kind, model in ledger.named.items():
        rows = work.session.exec(select(model).where(model.org_id == work.org.id).order_by(col(model.id))).all()
        words |= {row.id: row.name for row in rows}
        names[kind] = {row.name: row.id for row in rows if row.ended_on is None}
    return Known(work.today, names, words)


def selected(ledger: Ledger, find: str, filters: Mapping[str, str]) -> SelectOfScalar[Any]:
    """Return the rows that a list shows: those in use, or the ended ones; texts are looked for in the ledger's search columns."""
    model = ledger.model
    q = select(model).where(col(model.ended_on).is_not(None) if filters.get('ended') else col(model.ended_on).is_(None))
    if find := find.strip():
        q = q.where(or_(*(col(getattr(model, c)).contains(find, autoescape=True) for c in ledger.search)))
    for key, value in filters.items():
        if value and key in ledger.filters:
            q = q.where(ledger.filters[key](value))
    return q


def current(work: Work, ledger: Ledger) -> list[Any]:
    """Return the rows in use of the organisation worked on, oldest first."""
    model = ledger.model
    return list(work.session.exec(select(model).where(model.org_id == work.org.id, col(model.ended_on).is_(None)).order_by(col(model.id))))


# ------------------------------------------------------------------ judging


def read_row(ledger: Ledger, written: Mapping[str, Written], known: Known, *, left_out: frozenset[str] = frozenset()) -> tuple[dict[str, Any], list[Finding]]:
    """Return the values of a row and everything wrong with it; subjects are keys of items."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for item in ledger.items:
        if item.key in left_out:
            continue
        try:
            values[item.key] = read_item(item, written.get(item.key), known)
        except Refused as refused:
            findings.append(Finding(refused.rule, 'block', item.key, refused.sentence))
    return values, findings + list(ledger.check(values, known.today))


def judge(work: Work, ledger: Ledger, data: bytes, name: str) -> tuple[Table, list[Fate]]:
    """Return a workbook as read and the fate of every row; writes nothing, the caller has asked for the permission. raises Refused"""
    table = read_table(data, [i.intake for i in ledger.items], name_shown=name)
    known = known_of(work, ledger)
    rows, taken = _standing(work, ledger)
    absent = frozenset(i.key for i in ledger.items if i.key not in table.letters)
    seen: dict[Any, int] = {}
    judged = []
    for row in table.rows:
        misread = frozenset(i.key for i in ledger.items if table.address(row, i.key) in {f.subject for f in row.faults})
        values, findings = read_row(ledger, row.values, known, left_out=absent | misread)
        faults = [*row.faults, *(_at(table, row, f) for f in findings)]
        kept = rows.get(ledger.key_of(values))
        if not any(f.severity == 'block' for f in faults):
            faults += [_at(table, row, f) for f in _twice(ledger, values, kept, taken, seen, row.number)]
        judged.append(_fate(ledger, row.number, values, faults, kept))
    return table, judged


def _fate(ledger: Ledger, number: int, values: dict[str, Any], findings: Sequence[Finding], kept: Any) -> Fate:
    if any(f.severity == 'block' for f in findings):
        return Fate(number, 'bad', values, tuple(findings))
    if kept is None:
        return Fate(number, 'new', values, tuple(findings))
    stands = values_of(ledger, kept)
    return Fate(number, 'same' if all(stands[k] == v for k, v in values.items()) else 'changed', values, tuple(findings))


def _standing(work: Work, ledger: Ledger) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Return the rows in use by key, and who holds each mark; ended rows hold theirs where keys stay taken."""
    model = ledger.model
    q = select(model).where(model.org_id == work.org.id)
    found = work.session.exec(q if ledger.for_good else q.where(col(model.ended_on).is_(None))).all()
    values = [(row, values_of(ledger, row)) for row in found]
    return {ledger.key_of(v): row for row, v in values if row.ended_on is None}, {mark: row for row, v in values for mark in ledger.marks_of(v)}


def _twice(ledger: Ledger, values: Mapping[str, Any], own: Any, taken: Mapping[Any, Any], seen: dict[Any, int], number: int) -> list[Finding]:
    for mark in ledger.marks_of(values):
        holder = taken.get(mark)
        if holder is not None and (own is None or holder.id != own.id):
            return [_taken(ledger, mark, f'该{ledger.noun}已于{holder.ended_on}停用，原编号不再使用' if holder.ended_on else '已登记')]
        if first := seen.get(mark):
            return [_taken(ledger, mark, f'与第{first}行重复')]
    seen.update(dict.fromkeys(ledger.marks_of(values), number))
    return []


def _taken(ledger: Ledger, mark: Any, why: str) -> Finding:
    shown = ' '.join(f'{part}' for part in mark if isinstance(part, str | date)) if isinstance(mark, tuple) else str(mark)
    return Finding('', 'block', ledger.keys[-1], f'{ledger.noun}“{shown}”{why}，请核对{ledger.item(ledger.keys[-1]).head}。')


def _at(table: Table, row: Row, finding: Finding) -> Finding:
    return Finding(finding.rule, finding.severity, table.address(row, finding.subject), f'{table.place(row, finding.subject)}：{finding.sentence}')


# ------------------------------------------------------------------ keeping; the operation that calls these has asked for the permission


def add_row(work: Work, ledger: Ledger, written: Mapping[str, Written]) -> Owned:
    """Keep a new row. raises Refused with every fault"""
    values, findings = read_row(ledger, written, known_of(work, ledger))
    refuse_blocks(findings)
    refuse_blocks(_twice(ledger, values, None, _standing(work, ledger)[1], {}, 0))
    row: Owned = work.make(ledger.model, **columns_of(ledger, values))
    work.keep(f'{ledger.verb}.add', row)
    return row


def change_row(work: Work, ledger: Ledger, row: Any, *, key: str, shown: Written, new: Written, draft: bool = False) -> str:
    """Save one item as typed and return it as written; draft: the row is still being written, the trail hears of it when that ends.

    raises Refused, and Changed when another value than `shown` stands
    """
    item, known = ledger.item(key), known_of(work, ledger)
    if row.ended_on:
        raise Refused(f'该{ledger.noun}已于{row.ended_on}{ledger.ending}，不能更改。')
    stands = values_of(ledger, row)
    values = stands | {key: read_item(item, new, known)}
    refuse_blocks(ledger.check(values, work.today))
    if ledger.marks_of(values) != ledger.marks_of(stands):
        refuse_blocks(_twice(ledger, values, row, _standing(work, ledger)[1], {}, 0))
    told = written_of(item, stands[key], known)
    whole = columns_of(ledger, values)[item.column]
    try:
        if work.change(row, item.column, shown=getattr(row, item.column) if _same(told, shown) else object(), new=whole, word=item.head):
            if draft:
                work.keep_draft(row, f'{ledger.verb}.change')
            else:
                work.keep(f'{ledger.verb}.change', row, columns=[item.column])
    except Changed as other:
        raise Changed(item.head, other.who, other.at, told or ('None' if item.kind == 'date' else '')) from other
    return written_of(item, values[key], known)


def end_row(work: Work, ledger: Ledger, row: Any) -> None:
    """End a row on the day of the work; it stays readable. raises Refused"""
    if row.ended_on:
        raise Refused(f'该{ledger.noun}已于{row.ended_on}{ledger.ending}，请刷新页面。')
    row.ended_on = work.today
    work.keep(f'{ledger.verb}.end', row)


def write_rows(work: Work, ledger: Ledger, fates: Sequence[Fate]) -> None:
    """Keep a slice of judged rows, new and changed ones; a row that meanwhile came in by another hand is updated."""
    wanted = {ledger.key_of(f.values): f.values for f in fates if f.outcome in ('new', 'changed')}
    model, first = ledger.model, ledger.keys[0]
    found = work.session.exec(select(model).where(
        model.org_id == work.org.id, col(model.ended_on).is_(None), col(getattr(model, first)).in_({key[0] for key in wanted}))).all()
    kept = {ledger.key_of(values_of(ledger, row)): row for row in found}
    work.keep_all(f'{ledger.verb}.import', [work.make(model, **columns_of(ledger, v)) for key, v in wanted.items() if key not in kept])
    for key, row in kept.items():
        made = columns_of(ledger, values_of(ledger, row) | wanted[key]) if key in wanted else {}
        changed = sorted(c for c, v in made.items() if getattr(row, c) != v)
        for column in changed:
            setattr(row, column, made[column])
        if changed:
            work.keep(f'{ledger.verb}.change', row, columns=changed)


def import_rows(job: Running, ledger: Ledger, write: Callable[[Work, Sequence[Fate]], None]) -> None:
    """Bring a kept workbook in as a job, in slices; what was written before a restart is found again as the same."""
    with job.look() as work:
        kept, data = read_file(work, int(job.args['file_id']))
        _table, judged = judge(work, ledger, data, kept.name)
    good = [f for f in judged if f.outcome in ('new', 'changed')]
    for start in range(0, len(good), SLICE):
        part = good[start:start + SLICE]
        with job.begin() as work:
            write(work, part)
        job.report(start + len(part), len(good), f'已写入{start + len(part)}行')
    made = Counter[str](f.outcome for f in judged)
    job.finish(f'新增{made["new"]}行，更新{made["changed"]}行，无变化{made["same"]}行，有误未导入{made["bad"]}行。', **made)


def _same(told: str, shown: Written) -> bool:
    return ('' if shown is None else f'{shown}'.strip()) == told
