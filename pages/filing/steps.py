"""One application: its steps on the left, each with state and faults, the step's form on the right, the official form beside it on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from nicegui import context, ui
from pydantic.fields import FieldInfo

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours, Refused, SignedOut
from app.filing import drafts
from app.filing.documents import printing_of
from app.filing.forms import FORM_VERSION, STEPS, extra, questions, row_model
from app.filing.operations import answer_correction, current_record
from app.filing.progress import WORDS, StepState, step_states
from app.filing.queries import Page, application_page, findings_of, previous_answers
from app.filing.records import ApplicationRecord
from app.filing.rules import step_of
from app.filing.typed import is_open, options_of
from app.filing.ways import REGISTERS, STEP_WORDS, WAYS
from app.findings import Finding
from app.work import begin, look
from db.filing import Application, Correction
from pages.filing.applications import endings, head
from pages.filing.occupations import ranges_form
from pages.filing.shown import Now, papers_of, printed, register_shown, step_shown, told_once
from pages.frame import page
from pages.parts.documents import Paper
from pages.parts.findings import findings_table
from pages.parts.form import Field, Form
from pages.parts.preview import Preview
from pages.parts.refusals import refusals
from pages.parts.rows import Acts, Column, Row, Rows
from pages.parts.tables import table

FIELD_KINDS: dict[str, Any] = {'long': 'long', 'date': 'date', 'number': 'number', 'select': 'select', 'yes_no': 'select'}
COLUMN_KINDS: dict[str, Any] = {'date': 'date', 'number': 'number', 'select': 'select', 'yes_no': 'select'}
REGISTER_PAGES = {
    'bylaws': '/bylaws', 'rooms': '/premises', 'equipment': '/equipment', 'systems': '/systems', 'people': '/personnel', 'groups': '/personnel/seats', 'standards': '/standards',
    'training': '/filings/training', 'licences': '/filings/licences'}

PRINTED_IN = {  # step → papers that print it, where that is not the application form
    'letter': ('F-FILING-LETTER', 'F-INC-LETTER'), 'extension': ('F-FILING-LETTER',), 'change': ('F-FILING-LETTER',), 'increment': ('F-INC-LETTER',), 'standing': ('F-LICENCE',),
    'licences': ('F-LICENCE',), 'groups': ('F-LEADGROUP',), 'plan': ('F-PLAN-HN',), 'training': ('F-PLAN-HN',), 'standards': ('F-PLAN-HN',)}


@page('/filings/{application_id}', title='备案申报', needs=Permission.FILING_READ)
def application(me: Actor, application_id: int, step: str = '') -> None:
    """The steps of an application and the form of one."""
    if me.is_centre:
        raise NotYours
    _upgrade(me, application_id)
    with look(me) as work:
        found = application_page(work, application_id)
        writes = found.app.state in ('draft', 'correcting') and me.may(Permission.FILING_WRITE)
        record, sealed = current_record(work, application_id)
        printing = printing_of(work, record, sealed=sealed)
        findings = findings_of(work, application_id, record) if found.app.state in ('draft', 'correcting') else []
        previous = previous_answers(work, application_id) if writes else {}
    head(me, found, '')
    opened = [(c.step, c.field) for c in found.corrections] if found.app.state == 'correcting' else None
    steps = [s for s in WAYS[found.app.way].steps if opened is None or any(s == o for o, _ in opened)]
    chosen = step if step in steps else steps[0]
    if opened is not None:
        _points(found)
    beside = Beside(papers_of(me, found, Now(record, printing, sealed), note=lambda form_id: None), chosen, partial(printed, me, found))
    with ui.element('div').classes('dj-wizard') as wizard:
        _steps(application_id, step_states(record, findings), steps, chosen)
        with ui.column().classes('dj-wizard-step gap-3'):
            ui.html(STEP_WORDS[chosen], tag='h2', sanitize=False).classes('dj-heading')
            if opened is not None and writes:
                _answers(me, [c for c in found.corrections if c.step == chosen])
            beside.button(wizard)
            _one(me, found, chosen, record, [f for f in findings if step_of(f) == chosen], previous.get(chosen, {}), opened, beside, writes=writes)
            _onward(application_id, steps, chosen)
        beside.room()
    endings(me, found)
    if writes:
        context.client.on_disconnect(lambda: _leave(me, application_id, chosen))


def _upgrade(me: Actor, application_id: int) -> None:
    """Bring an older draft to the forms of today, and say what did not survive."""
    with look(me) as work:
        app = application_page(work, application_id).app
    if app.form_version == FORM_VERSION or app.state not in ('draft', 'correcting') or not me.may(Permission.FILING_WRITE):
        return
    with begin(me) as work:
        gone = drafts.upgrade_draft(work, application_id=application_id)
    words = '、'.join(_word(key) for key in gone)
    ui.label(f'表式已更新，未变的内容都已保留。{f"下列内容在新表式中不再填写或须重新填写：{words}。" if gone else ""}').classes('dj-next')


def _word(key: str) -> str:
    step, _, field = key.partition('.')
    definition = questions(STEPS[step]).get(field) if step in STEPS else None
    return f'{STEP_WORDS.get(step, step)}的“{definition.title if definition else field}”'


def _leave(me: Actor, application_id: int, step: str) -> None:
    """The step is left: its one entry in the trail; who has signed out meanwhile leaves it to the next who writes."""
    with suppress(SignedOut, Refused), begin(me) as work:
        drafts.leave_step(work, application_id=application_id, step=step)


def _steps(application_id: int, states: Sequence[StepState], steps: Sequence[str], chosen: str) -> None:
    grades = {'untouched': 'calm', 'writing': 'remind', 'wrong': 'bad', 'done': 'good'}
    with ui.element('nav').classes('dj-wizard-steps').props('aria-label=申报步骤'), ui.element('ol'):
        for n, s in enumerate((s for s in states if s.step in steps), 1):
            with ui.element('li'), ui.link(target=f'/filings/{application_id}?step={s.step}') as link:
                if s.step == chosen:
                    link.props('aria-current=step')
                ui.label(f'{n}. {STEP_WORDS[s.step]}').classes('dj-grow')
                ui.label(f'{s.faults}项' if s.faults else '').classes('dj-missing')
                ui.label(WORDS[s.state]).classes(f'dj-mark dj-is-{grades[s.state]}')


def _one(
        me: Actor, found: Page, step: str, record: ApplicationRecord, findings: list[Finding], previous: dict[str, Any],
        opened: list[tuple[str, str]] | None, beside: Beside, *, writes: bool) -> None:
    if not writes:
        step_shown(record, step)
    elif step == 'ranges':
        if findings:
            findings_table(findings)
        ranges_form(me, found)
    elif step in REGISTERS:
        with ui.row().classes('items-center gap-2 w-full'):
            ui.label('以下内容取自登记，不在此重复填写；提交时按当时的登记封存。').classes('dj-note dj-grow')
            ui.button('打开登记', icon='open_in_new').props(f'outline href={REGISTER_PAGES[step]}')
        if findings:
            findings_table(findings)
        register_shown(record, step)
    else:
        _form(me, found.app, step, record, findings, previous, opened, beside)


def _form(
        me: Actor, app: Application, step: str, record: ApplicationRecord, findings: list[Finding], previous: dict[str, Any],
        opened: list[tuple[str, str]] | None, beside: Beside) -> None:
    asked = {n: d for n, d in questions(STEPS[step]).items() if opened is None or is_open(step, n, opened)}
    answers = record.answers[step]
    if missing := [n for n in asked if previous.get(n) and answers.get(n) in ('', None, [])]:
        _offer(me, app, step, len(missing))
    forms: list[Form] = []
    part: list[Field] = []

    def draw() -> None:
        if part:
            forms.append(Form(part, lambda name, shown, new: _save(me, app.id, step, name, shown, new, beside), title=STEP_WORDS[step]))
        part.clear()

    for name, definition in asked.items():
        if row_model(definition) or extra(definition)['kind'] == 'multi':
            draw()
            held: Any = answers.get(name) or []
            (_rows if row_model(definition) else _choices)(me, app, step, name, definition, held, record, beside)
        else:
            part.append(_field(name, definition, answers.get(name), previous.get(name)))
    draw()

    @refusals()
    def check() -> None:
        with look(me) as work:
            record = current_record(work, app.id)[0]
            now = [f for f in findings_of(work, app.id, record) if step_of(f) == step]
        for form in forms:
            form.show([Finding(f.rule, f.severity, f.subject.partition('.')[2], f.sentence) for f in now if f.subject.partition('.')[2] in form.fields])
        others = [f for f in now if not any(f.subject.partition('.')[2] in form.fields for form in forms)]
        told.clear()
        with told:
            if others:
                findings_table(others)
            if not now:
                ui.label('本步没有发现问题。').classes('dj-note')

    with ui.row().classes('items-center gap-2'):
        ui.button('检查本步', icon='fact_check', on_click=check).props('outline')
        if findings:
            ui.label(f'打开本步时有{len(findings)}项需要核对').classes('dj-note')
    told = ui.column().classes('w-full gap-2')


def _save(me: Actor, application_id: int, step: str, name: str, shown: Any, new: Any, beside: Beside) -> Any:
    with begin(me) as work:
        kept = drafts.save_answer(work, application_id=application_id, step=step, field=name, shown=shown, new=new)
    beside.saved()
    return kept


def _field(name: str, definition: FieldInfo, value: Any, previous: Any) -> Field:
    said = extra(definition)
    kind = FIELD_KINDS.get(said['kind'], 'text')
    hint = said['hint'] or {'month': '例如 2026-11', 'phone': '手机号，或带区号的座机'}.get(said['kind'], '')
    return Field(
        name, str(definition.title), value or '', kind, required=said['required'], hint=hint, rule=said['rule'], options=said['options'], most=said['most'],
        previous=[str(previous)] if previous and kind in ('text', 'number') else (), wide=kind == 'long')


def _offer(me: Actor, app: Application, step: str, count: int) -> None:
    @refusals()
    def take() -> None:
        with begin(me) as work:
            taken = drafts.take_over(work, application_id=app.id, step=step)
        ui.notify(f'已采用上次申报的{taken}项，请逐项核对。', type='positive')
        ui.navigate.reload()

    with ui.row().classes('dj-next items-center gap-3 w-full'):
        ui.label(f'上次申报填写过本步中{count}项还空着的内容。').classes('dj-grow')
        ui.button('采用上次内容', icon='history', on_click=take).props('outline')


def _choices(me: Actor, app: Application, step: str, name: str, definition: FieldInfo, held: list[str], record: ApplicationRecord, beside: Beside) -> None:
    """Several choices out of the profile's list."""
    from app.regulation import profile

    chosen = list(held)
    options = options_of(definition, profile(app.profile), f'{step}.{name}', record.org.kind)

    @refusals()
    def tick(key: str, on: bool) -> None:
        new = [k for k in options if (k in chosen and k != key) or (k == key and on)]
        chosen[:] = _save(me, app.id, step, name, list(chosen), new, beside)
        said.set_text('已保存')

    with ui.element('fieldset').classes('dj-choices'):
        ui.html(str(definition.title), tag='legend', sanitize=False).classes('dj-strong')
        for key, word in options.items():
            ui.checkbox(word, value=key in chosen, on_change=lambda e, key=key: tick(key, e.value))
        if not options:
            ui.label('本省对这类单位没有列出特别情形。').classes('dj-note')
        said = ui.label('').classes('dj-note').props('role=status')


def _rows(me: Actor, app: Application, step: str, name: str, definition: FieldInfo, held: list[Row], record: ApplicationRecord, beside: Beside) -> None:
    """A table that the official form asks for."""
    at: dict[str, Any] = {'application_id': app.id, 'step': step, 'field': name}
    model = row_model(definition)
    assert model

    def change(n: int, shown: Row, new: Row) -> Row:
        with begin(me) as work:
            kept = drafts.change_row(work, **at, at=n, shown=shown, new=new)[n]
        beside.saved()
        return kept

    def add() -> Row:
        with begin(me) as work:
            return drafts.add_row(work, **at)[-1]

    def remove(n: int, shown: Row) -> None:
        with begin(me) as work:
            drafts.remove_row(work, **at, at=n, shown=shown)

    def move(n: int, by: int, shown: Row) -> None:
        with begin(me) as work:
            drafts.move_row(work, **at, at=n, by=by, shown=shown)

    ui.html(str(definition.title), tag='h3', sanitize=False).classes('dj-heading')
    Rows([Column(n, str(d.title), COLUMN_KINDS.get(extra(d)['kind'], 'text'), extra(d)['required'], extra(d)['most'], extra(d)['options'])
          for n, d in questions(model).items()], held, Acts(change, add, remove, move), label=str(definition.title))


def _points(found: Page) -> None:
    """What the correction notice asks for, each with what was said to it and the way to its step."""
    said = sum(bool(c.answer) for c in found.corrections)
    ui.label(f'补正告知（{found.app.correction_due_on or "未定期限"}前完成）：共{len(found.corrections)}项，已说明{said}项。只能修改下列内容，其他内容保持提交时的样子。').classes('dj-strong')
    table('补正事项', ('内容', '需补正的', '补正情况'), [(c.label, c.sentence, c.answer or '尚未说明') for c in found.corrections],
          links=[f'/filings/{found.app.id}?step={c.step}' for c in found.corrections])


def _answers(me: Actor, points: Sequence[Correction]) -> None:
    """The points of a step, each with the box for what was done about it."""
    held = {f'p{c.id}': c for c in points}

    def put(name: str, shown: Any, new: Any) -> Any:
        with begin(me) as work:
            return answer_correction(work, correction_id=held[name].id, shown=shown, new=new)

    Form([Field(key, f'补正情况：{c.label}', c.answer, required=True, hint=c.sentence, most=500, wide=True) for key, c in held.items()], put, title='补正情况')


def _onward(application_id: int, steps: Sequence[str], chosen: str) -> None:
    at = steps.index(chosen)
    with ui.row().classes('gap-2'):
        if at:
            ui.button('上一步', icon='arrow_back').props(f'outline href=/filings/{application_id}?step={steps[at - 1]}')
        if at + 1 < len(steps):
            ui.button('下一步', icon='arrow_forward').props(f'unelevated href=/filings/{application_id}?step={steps[at + 1]}')
        else:
            ui.button('检查和提交', icon='task_alt').props(f'unelevated href=/filings/{application_id}/check')


class Beside:
    """The official form as it would be printed now, beside the step: drawn when it is asked for, drawn anew after each saved answer.

    Each opening leaves one entry in the trail, however often the paper is drawn anew
    """

    def __init__(self, papers: Sequence[Paper], step: str, note: Callable[[str], None]) -> None:
        """Take the papers of the way that come as PDF, the one that the step is printed in first chosen; what is missing prints as a gap here."""
        self.papers = [p for p in papers if 'PDF' in p.builds]
        wanted = (*PRINTED_IN.get(step, ()), 'F-FILING-HN', 'F-FILING-INC')
        self.first = next((n for form in wanted for n, p in enumerate(self.papers) if p.form == form), 0)
        self.note = note
        self.pane: Preview | None = None

    def button(self, wizard: ui.element) -> None:
        """Draw the choice of the paper and the button; nothing where no paper can be drawn yet."""
        self.wizard = wizard
        if self.papers:
            with ui.row().classes('items-center gap-2'):
                self.which = ui.select({n: p.title for n, p in enumerate(self.papers)}, value=self.first, label='预览文书').props('outlined dense').style('min-width: 22em')
                ui.button('打印预览', icon='preview', on_click=self.show).props('outline')

    def room(self) -> None:
        """Draw where the paper is to stand."""
        self.place = ui.element('div').classes('dj-wizard-paper')

    def show(self) -> None:
        """Show the chosen paper; the steps make room for it."""
        paper: Paper = self.papers[self.which.value]
        self.place.clear()
        self.wizard.classes('dj-previewing')
        with self.place:
            self.pane = Preview(on_close=self.close)
            self.pane.show(paper.title, told_once(paper, self.note))

    def close(self) -> None:
        """Give the room back to the steps."""
        self.pane = None
        self.place.clear()
        self.wizard.classes(remove='dj-previewing')

    def saved(self) -> None:
        """Draw the shown paper anew."""
        if self.pane:
            self.pane.refresh()
