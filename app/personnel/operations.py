"""Keeping the registers of people: entering, changing, ending, attaching, revealing; one person per ID number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_written
from app.codes import fold, mask_id, read_id_number
from app.errors import Changed, Refused
from app.files import Scan, attach, attached_row, end_attachment
from app.findings import Finding, refuse_blocks
from app.house import house
from app.personnel.judging import Fate, Kept, KeptRow, judge_row, key_of
from app.personnel.queries import places_of, register_of
from app.personnel.reading import Reading, Written, read_item, reading, row_faults, written_of
from app.personnel.registers import ATTACHED, Item, Register, Row
from app.words import SEXES, name_initials, name_key
from app.work import Work
from db.files import Attachment, StoredFile
from db.organizations import Org
from db.personnel import Staff
from db.users import Person

SLICE = 25  # rows a transaction: each may write a person, his row of staff and his row of the register


def enter(work: Work, *, register: str, written: Mapping[str, Written]) -> Row:
    """Put a person on a register, him too if he ended before; a person known by his ID number is used again.

    written: {item: as typed}; what is left empty of somebody known stays as it is
    raises Refused with everything wrong (VAL-01, VAL-05, OCC-05, OCC-07, PERS-17), and for who stands there already
    """
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    people = kept_people(work, register=register, number=fold(str(written.get('id_no') or '')))
    verdict = judge_row(asked, written, _reading(work), people)
    refuse_blocks(Finding(f.rule, 'block', f.key, f.sentence) for f in verdict.faults)
    if verdict.kept and not verdict.kept.ended:
        raise Refused(f'{verdict.values["name"]}已在{asked.title}登记册中（同一证件号码、同一职业工种或小组），请打开原记录修改，不要重复登记。', rule='SEC-01')
    return _write(work, asked, verdict.values, 'personnel.enter')


def write_rows(work: Work, *, register: str, rows: Sequence[Fate], names: Mapping[str, tuple[str, str]]) -> int:
    """Keep one slice of judged rows (new and changed ones); returns how many.

    names: {name: (sort key, initials)}, made outside the transaction: reading pinyin takes time
    """
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    good = [fate for fate in rows if fate.outcome in ('new', 'changed')]
    for fate in good:
        _write(work, asked, fate.values, 'personnel.import', names.get(str(fate.values['name'])))
    return len(good)


def change_field(work: Work, *, register: str, row_id: int, column: str, shown: Written, new: Written) -> str:
    """Save one item of a record as typed; returns it as kept. raises Refused, Changed, NotYours"""
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    row = _standing(work, asked, row_id)
    item = next((i for i in asked.items if i.key == column and not i.fixed), None)
    if item is None:
        raise Refused('这一项用来区分登记，不能更改；登记有误的请退出后重新登记。')
    by = _reading(work)
    value = read_item(item, new, by)
    if faults := row_faults(asked, {i.key: getattr(row, i.stored_in) for i in asked.of('row')} | {item.key: value}, by):
        raise Refused(faults[0].sentence, rule=faults[0].rule)
    owner = _owner(work, item, row)
    try:
        changed = work.change(owner, item.stored_in, shown=_as_shown(item, shown, by), new=value, word=item.head)
    except Changed as other:
        kept = written_of(item, getattr(owner, item.stored_in))
        raise Changed(item.head, other.who, other.at, kept or ('None' if item.kind == 'date' else '')) from None
    if changed:
        if item.key == 'name':
            owner.sort_key, owner.initials = name_key(value), name_initials(value)
        work.keep('personnel.change', owner, columns=[item.key])
    return written_of(item, value)


def end_record(work: Work, *, register: str, row_id: int, ended_on: date, reason: str) -> Row:
    """End a record on a day; it stays to be read and may be entered anew. raises Refused for staff who still stand in another register"""
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    row: Row = _standing(work, asked, row_id)
    why = check_written('退出原因', reason, 2, 200)
    if ended_on > work.today:
        raise Refused(f'退出日期{ended_on}还没有到，请在当天或之后办理。')
    if asked.model is Staff and (places := places_of(work, person_id=row.person_id)):
        where = '、'.join(dict.fromkeys(r.title for r, _ in places))
        raise Refused(f'此人还在{where}登记册中，请先办理那里的退出，再从工作人员登记册退出。', rule='PERS-52')
    row.ended_on = ended_on
    work.keep('personnel.end', row, reason=why)
    return row


def attach_proof(work: Work, *, register: str, row_id: int, scan: Scan, kind: str, title: str = '') -> Attachment:
    """Attach a certificate, letter or other proof to a record. raises Refused for a kind that the registers do not take (PERS-52)"""
    work.require(Permission.PERSONNEL_WRITE)
    return attach(work, _standing(work, register_of(register), row_id), scan, kind=kind, kinds=ATTACHED, title=title)


def end_proof(work: Work, *, register: str, row_id: int, attachment_id: int) -> Attachment:
    """End an attachment of a record; its file stays. raises NotYours, Refused"""
    work.require(Permission.PERSONNEL_WRITE)
    return end_attachment(work, work.get(register_of(register).model, row_id), attachment_id)


def open_proof(work: Work, *, register: str, row_id: int, attachment_id: int) -> StoredFile:
    """Return a proof, to be read after the commit, and leave a trail entry: certificates and copies of ID cards show the full number (source: DATA-16).

    raises NotYours
    """
    work.require(Permission.PERSONNEL_WRITE)
    row = work.get(register_of(register).model, row_id)
    stored = attached_row(work, row, attachment_id)
    work.note('personnel.open_proof', row, attachment=attachment_id)
    return stored


def reveal_id(work: Work, *, person_id: int) -> str:
    """Return a person's full ID number and leave a trail entry (source: DATA-16)."""
    work.require(Permission.PERSONNEL_WRITE)
    person = work.get(Person, person_id)
    work.note('personnel.reveal_id', person)
    return work.unseal_id(person)


def note_export(work: Work, *, register: str) -> None:
    """Leave the trail entry of a workbook or paper with full ID numbers of a whole register (DATA-16)."""
    work.require(Permission.PERSONNEL_WRITE)
    work.note('personnel.export', work.get(Org, work.org.id), register=register_of(register).name)


def kept_people(work: Work, *, register: str, number: str = '') -> dict[str, Kept]:
    """Return the people of the organisation by ID number, with their rows of a register: what new rows are judged against.

    number: of one person only, '' for all
    """
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    q = select(Person).where(Person.org_id == work.org.id)
    if number:
        q = q.where(Person.id_no_index == house().keys.blind('id_no', number))
    people = {p.id: p for p in work.session.exec(q) if p.id_no_sealed}
    staff = {s.person_id: s for s in work.session.exec(_of(Staff, work, number, people))}
    kept: dict[int, Kept] = {}
    for person in people.values():
        held = staff.get(person.id)
        shared = {i.key: getattr(person, i.stored_in) for i in asked.of('person') if i.key != 'id_no'}
        shared |= {i.key: getattr(held, i.stored_in) for i in asked.of('staff')} if held else {}
        kept[person.id] = Kept(person.name, shared, held is not None, bool(held and held.ended_on))
    for row in work.session.exec(_of(asked.model, work, number, people)):
        if row.person_id in kept:
            values = {i.key: getattr(row, i.stored_in) for i in asked.of('row')}
            kept[row.person_id].rows[key_of(asked, values)] = KeptRow(row.id, bool(row.ended_on), values)
    return {work.unseal_id(people[n]): k for n, k in kept.items()}


def _of(model: type[Any], work: Work, number: str, people: Mapping[int, Person]) -> Any:
    q = select(model).where(model.org_id == work.org.id)
    return q.where(model.person_id.in_(list(people))) if number else q


# ------------------------------------------------------------------ writing


def _write(work: Work, register: Register, values: Mapping[str, Any], verb: str, names: tuple[str, str] | None = None) -> Row:
    person = _person(work, register, values, names)
    staff: Row = _row(work, Staff, {'person_id': person.id}, _columns(register, 'staff', values), verb if register.model is Staff else 'personnel.enter')
    if register.model is Staff:
        return staff
    keys = {'person_id': person.id} | {key: values[key] for key in register.keys}
    row: Row = _row(work, register.model, keys, _columns(register, 'row', values), verb)
    return row


def _person(work: Work, register: Register, values: Mapping[str, Any], names: tuple[str, str] | None) -> Person:
    number = str(values['id_no'])
    found = work.session.exec(select(Person).where(Person.id_no_index == house().keys.blind('id_no', number), Person.org_id == work.org.id)).first()
    told = {k: v for k, v in _columns(register, 'person', values).items() if k not in ('id_no', 'name')}
    if found:
        _change(work, found, told)
        return found
    name = str(values['name'])
    sort_key, initials = names or (name_key(name), name_initials(name))
    person = work.make(Person, name=name, sort_key=sort_key, initials=initials, sex=SEXES[read_id_number(number, work.today).sex], **told)
    work.seal_id(person, number, mask_id(number))
    work.keep('personnel.person', person)
    return person


def _row(work: Work, model: type[Any], keys: Mapping[str, Any], columns: Mapping[str, Any], verb: str) -> Any:
    found = work.session.exec(select(model).where(model.org_id == work.org.id, *(getattr(model, k) == v for k, v in keys.items()))).first()
    if found is None:
        row = work.make(model, **{**columns, **keys})
        work.keep(verb, row)
        return row
    if found.ended_on:
        found.ended_on = None
        for column, value in columns.items():
            setattr(found, column, value)
        work.keep('personnel.resume', found)
    else:
        _change(work, found, columns)
    return found


def _change(work: Work, row: Any, columns: Mapping[str, Any]) -> None:
    changed = {k: v for k, v in columns.items() if getattr(row, k) != v}
    for column, value in changed.items():
        setattr(row, column, value)
    if changed:
        work.keep('personnel.change', row, columns=sorted(changed))


def _columns(register: Register, owner: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {i.stored_in: values[i.key] for i in register.of(owner) if i.key in values}


def _standing(work: Work, register: Register, row_id: int) -> Any:
    row = work.get(register.model, row_id, lock=True)
    if row.ended_on:
        raise Refused(f'此人已于{row.ended_on}退出{register.title}登记册，不能更改；需要时请重新登记。')
    return row


def _owner(work: Work, item: Item, row: Any) -> Any:
    if item.owner == 'person':
        return work.get(Person, row.person_id, lock=True)
    if item.owner == 'staff' and not isinstance(row, Staff):
        return work.session.exec(select(Staff).where(col(Staff.person_id) == row.person_id, Staff.org_id == work.org.id)).one()
    return row


def _as_shown(item: Item, shown: Written, by: Reading) -> Any:
    return item.blank if shown is None or shown == '' else read_item(item, shown, by)


def _reading(work: Work) -> Reading:
    return reading(work.today, work.profile.codes.cards)
