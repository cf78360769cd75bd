"""Writing an application: every answer is kept as it is typed, two people on one step never overwrite each other, the trail hears of a step once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from app.access import Permission
from app.checks import check_text
from app.codes import read_occupation_code
from app.errors import Changed, NotYours, Refused
from app.filing.answers import lost, upgraded_draft
from app.filing.forms import FORM_VERSION, STEPS, extra
from app.filing.queries import asked_ranges, corrections_of, previous_answers, seen
from app.filing.typed import MOST_ROWS, check_open, empty_row, options_of, question, read_answer, read_levels, read_row, row_columns
from app.filing.ways import WAYS
from app.states import state_word
from app.words import china_time
from app.work import Work
from db.filing import Application, ApplicationRange

WHOLE = 'ranges'  # the step and the field of the occupations asked for


def upgrade_draft(work: Work, *, application_id: int) -> list[str]:
    """Bring a draft to the forms of today when it is opened: fields still asked in the same kind survive; returns 'step.field' of those that do not."""
    work.require(Permission.FILING_WRITE)
    app = _draft(work, application_id)
    if app.form_version == FORM_VERSION:
        return []
    gone = lost(app.data)
    app.data, app.form_version = _plain(upgraded_draft(app.data)), FORM_VERSION
    work.keep('application.upgrade', app, fields=gone)
    return gone


def save_answer(work: Work, *, application_id: int, step: str, field: str, shown: Any, new: Any) -> Any:
    """Save one answer as typed and return it as kept; the trail tells of it when the step is left.

    raises Changed when somebody else saved another answer since it was shown, Refused (ORG-53, ORG-74)
    """
    work.require(Permission.FILING_WRITE)
    app = _draft(work, application_id)
    definition = question(app.way, step, field)
    if extra(definition)['kind'] == 'rows':
        raise Refused('表格须逐行填写，请刷新页面。')
    _check_may_change(work, app, step, field, str(definition.title))
    options = options_of(definition, work.profile, f'{step}.{field}', work.org.kind)
    kept = read_answer(definition, new, options)
    stored = app.data.get(step, {}).get(field, read_answer(definition, [] if extra(definition)['kind'] == 'multi' else '', options))
    if stored != kept:
        if stored != read_answer(definition, shown, options):
            raise _changed(work, app, f'{step}.{field}', str(definition.title), _text(stored, options))
        _put(work, app, step, field, kept)
    return kept


def add_row(work: Work, *, application_id: int, step: str, field: str, row: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Add a row to a table, empty or filled; returns all rows. raises Refused"""
    work.require(Permission.FILING_WRITE)
    app, rows, columns = _table(work, application_id, step, field)
    if len(rows) >= MOST_ROWS:
        raise Refused(f'表格最多{MOST_ROWS}行，请合并或另附清单。')
    return _put_rows(work, app, step, field, [*rows, read_row(columns, row) if row else empty_row(columns)])


def change_row(work: Work, *, application_id: int, step: str, field: str, at: int, shown: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Save one row of a table if it still holds what was shown; returns all rows. raises Changed, Refused"""
    work.require(Permission.FILING_WRITE)
    app, rows, columns = _table(work, application_id, step, field)
    kept = read_row(columns, new)
    if rows[at:at + 1] == [kept]:
        return rows
    _check_row(work, app, step, field, rows, at, shown)
    return _put_rows(work, app, step, field, [*rows[:at], kept, *rows[at + 1:]])


def remove_row(work: Work, *, application_id: int, step: str, field: str, at: int, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Take a row out of a table if it still holds what was shown; returns all rows. raises Changed, Refused"""
    work.require(Permission.FILING_WRITE)
    app, rows, _ = _table(work, application_id, step, field)
    _check_row(work, app, step, field, rows, at, shown)
    return _put_rows(work, app, step, field, [*rows[:at], *rows[at + 1:]])


def move_row(work: Work, *, application_id: int, step: str, field: str, at: int, by: int, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Move a row of a table up (by = -1) or down (by = 1); returns all rows. raises Changed, Refused"""
    work.require(Permission.FILING_WRITE)
    app, rows, _ = _table(work, application_id, step, field)
    _check_row(work, app, step, field, rows, at, shown)
    to = min(max(at + by, 0), len(rows) - 1)
    rest = [*rows[:at], *rows[at + 1:]]
    return _put_rows(work, app, step, field, [*rest[:to], rows[at], *rest[to:]])


def take_over(work: Work, *, application_id: int, step: str) -> int:
    """Put the answers of earlier applications into the questions of a step that are still empty; returns how many. raises Refused"""
    work.require(Permission.FILING_WRITE)
    app = _draft(work, application_id)
    held, taken = app.data.get(step, {}), 0
    for field, value in previous_answers(work, application_id).get(step, {}).items():
        if value not in ('', None, []) and held.get(field) in ('', None, []):
            definition = question(app.way, step, field)
            _check_may_change(work, app, step, field, str(definition.title))
            _put(work, app, step, field, value)
            taken += 1
    return taken


def leave_step(work: Work, *, application_id: int, step: str) -> bool:
    """Leave the one trail entry of what was written since the last one; returns whether there was anything to tell."""
    work.require(Permission.FILING_WRITE)
    app = seen(work, application_id, lock=True)
    if step not in WAYS[app.way].steps:
        raise NotYours
    return work.keep_written('application.write', app, step=step)


# ------------------------------------------------------------------ occupations asked for


def add_range(
        work: Work, *, application_id: int, occupation_code: str, occupation: str, work_type: str = '', levels: Collection[int] = (),
        standard: str = '国家职业技能标准', modes: Mapping[str, str] | None = None) -> ApplicationRange:
    """Ask for an occupation; what is wrong with it is found when the application is checked. raises Refused (OCC-14, ORG-74)"""
    work.require(Permission.FILING_WRITE)
    app = _ranged(work, application_id)
    rows = asked_ranges(work, app.id)
    values = _range_values(occupation_code, occupation, work_type, levels, standard, modes or {})
    if any((x.occupation_code, x.work_type) == (values['occupation_code'], values['work_type']) for x in rows):
        raise Refused('这个职业（工种）已在申请范围内，请在原来的一行中修改等级。', rule='OCC-14')
    row = work.make(ApplicationRange, application_id=app.id, seq=max((x.seq for x in rows), default=0) + 1, **values)
    work.keep('application.range', row)
    return row


def change_range(
        work: Work, *, range_id: int, shown: int, occupation_code: str, occupation: str, work_type: str = '', levels: Collection[int] = (),
        standard: str = '国家职业技能标准', modes: Mapping[str, str] | None = None) -> ApplicationRange:
    """Change an occupation asked for. shown: the row's revision when it was shown · raises Changed, Refused (OCC-14, ORG-74)"""
    work.require(Permission.FILING_WRITE)
    row = work.get(ApplicationRange, range_id, lock=True)
    _ranged(work, row.application_id)
    if row.revision != shown:
        raise Refused(f'“{row.occupation}”这一行已由他人修改，您的内容没有覆盖它，请刷新后核对。')
    for name, value in _range_values(occupation_code, occupation, work_type, levels, standard, modes or {}).items():
        setattr(row, name, value)
    work.keep('application.range', row)
    return row


def remove_range(work: Work, *, range_id: int) -> None:
    """Take an occupation out of what is asked for; the trail keeps that it was there. raises Refused (ORG-74)"""
    work.require(Permission.FILING_WRITE)
    row = work.get(ApplicationRange, range_id, lock=True)
    _ranged(work, row.application_id)
    work.remove('application.drop_range', row)


# ------------------------------------------------------------------ inside


def _draft(work: Work, application_id: int) -> Application:
    """Return an application that is being written or corrected, locked. raises Refused, NotYours"""
    app = seen(work, application_id, lock=True)
    if app.state not in ('draft', 'correcting'):
        raise Refused(f'本申报处于“{state_word("application", app.state)}”，内容已经封存，不能修改。', rule='ORG-60')
    return app


def _check_may_change(work: Work, app: Application, step: str, field: str, label: str) -> None:
    if app.state == 'correcting':
        check_open(step, field, label, [(c.step, c.field) for c in corrections_of(work, app.id)])


def _table(work: Work, application_id: int, step: str, field: str) -> tuple[Application, list[dict[str, Any]], dict[str, Any]]:
    app = _draft(work, application_id)
    columns = row_columns(app.way, step, field)
    _check_may_change(work, app, step, field, str(question(app.way, step, field).title))
    return app, [empty_row(columns) | row for row in app.data.get(step, {}).get(field, [])], columns


def _check_row(work: Work, app: Application, step: str, field: str, rows: list[dict[str, Any]], at: int, shown: Mapping[str, Any]) -> None:
    label = str(question(app.way, step, field).title)
    if not 0 <= at < len(rows):
        raise _changed(work, app, f'{step}.{field}', label, f'共{len(rows)}行')
    if rows[at] != dict(shown):
        raise _changed(work, app, f'{step}.{field}', f'{label}第{at + 1}行', '，'.join(str(v) for v in rows[at].values() if v))


def _put(work: Work, app: Application, step: str, field: str, value: Any) -> None:
    app.data = {**app.data, step: {**app.data.get(step, {}), field: value}}  # a new object: a changed one would not be written
    app.touched = {**app.touched, f'{step}.{field}': [work.actor.printed, work.now.isoformat()]}
    work.keep_draft(app)


def _put_rows(work: Work, app: Application, step: str, field: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _put(work, app, step, field, rows)
    return rows


def _changed(work: Work, app: Application, key: str, label: str, value: str) -> Changed:
    who, at = app.touched.get(key, ['他人', work.now.isoformat()])
    return Changed(label, who, china_time(datetime.fromisoformat(at)), value)


def _text(value: Any, options: Mapping[str, str]) -> str:
    return '、'.join(options.get(x, x) for x in value) if isinstance(value, list) else str(value)


def _plain(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a draft as JSON holds it: days as text."""
    return {step: STEPS[step].model_validate(answers).model_dump(mode='json', include=set(answers)) for step, answers in data.items()}


def _ranged(work: Work, application_id: int) -> Application:
    app = _draft(work, application_id)
    if WHOLE not in WAYS[app.way].steps:
        raise Refused('这种备案方式不填写申请职业。')
    _check_may_change(work, app, WHOLE, WHOLE, '申请职业')
    return app


def _range_values(code: str, occupation: str, work_type: str, levels: Collection[int], standard: str, modes: Mapping[str, str]) -> dict[str, Any]:
    return {
        'occupation_code': read_occupation_code(code).occupation, 'occupation': check_text('职业名称', occupation, 60),
        'work_type': check_text('工种', work_type, 60, required=False), 'levels': read_levels(levels), 'standard': check_text('评价依据', standard, 80),
        'modes': {key: check_text('评价方式', modes.get(key, ''), 60, required=False) for key in ('theory', 'practical', 'review')}}
