# long: every part in every state stands on this one page
"""组件: every part in every state, for development and for the browser tests; main registers it with DINGJI_DEV=1 only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nicegui import ui

from app import intake_table, xlsx
from app.access import Permission
from app.actors import Actor
from app.checks import check_text
from app.errors import Changed, NotYours, Refused, SignedOut
from app.findings import Finding
from app.house import house
from app.intake import read_table
from app.jobs import Kind, Running, queue_job
from app.states import WORDS
from app.users.operations import set_preference
from app.users.queries import preference
from app.words import LEVELS, china_time
from app.work import Work, begin, look
from app.xlsx import Book
from pages.frame import page
from pages.parts.basis import basis
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents
from pages.parts.exporting import exporter
from pages.parts.findings import findings_table
from pages.parts.form import Field, Form
from pages.parts.history import history
from pages.parts.importing import Outcome, importing
from pages.parts.listing import Action, Bulk, Chosen, Column, Filter, listing
from pages.parts.preview import Preview
from pages.parts.progress import progress
from pages.parts.refusals import refusals
from pages.parts.states import deadline, stages
from pages.parts.upload import Given, upload

FORM, ROWS, SLIP = 'components.form', 'components.rows', 'components.slip'  # kept as the person's own preference: no table of its own
MOST = 1234
PAGE = 25
TRADES = (('电工', 'dg'), ('焊工', 'hg'), ('钳工', 'qg'), ('车工', 'cg'), ('铣工', 'xg'))
FINDINGS = (
    Finding('VAL-01', 'block', 'code', '“编号”还没有填写，请填写后再提交。'),
    Finding('SCORE-19', 'warn', 'made_on', '“日期”早于今天，请核对；确实如此的，写明理由后提交。'),
    Finding('CERT-10', 'remind', '第7行', '第7行的名称与第3行相同，请留意是否重复。'))


@page('/components', title='组件', needs=Permission.HELP_READ)
def components(me: Actor) -> None:
    """Draw the parts one below the other, each under its heading."""
    for heading, draw in (
            ('列表', _list), ('宽列表', _wide_list), ('空列表', _empty_list), ('表单', _form), ('导入', _import), ('检查结果', _findings), ('文书', _documents), ('并排预览', _preview),
            ('任务进度', _jobs), ('上传', _upload), ('办理进度与期限', _states), ('拒绝与错误', _refusals), ('确认', _confirm), ('办理记录', _history)):
        with ui.element('section').classes('w-full') as part:
            part.props['aria-label'] = heading
            ui.html(heading, tag='h2', sanitize=False).classes('dj-heading')
            draw(me)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the list, made from its number."""

    id: int
    code: str
    name: str
    initials: str
    state: str
    level: int
    made_on: date


def item(n: int) -> Item:
    """Return row n of the list, 1 to MOST."""
    trade, initials = TRADES[n % len(TRADES)]
    states = list(WORDS['batch'])
    return Item(n, f'2026-{n:04d}', f'{trade}示例{n:04d}', f'{initials}sl{n:04d}', states[n % len(states)], n % 5 + 1, date(2026, 1, 1) + timedelta(n % 300))


def items(
        work: Work, *, q: str = '', state: str = '', sort: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = PAGE,
) -> tuple[list[Item], bool]:
    """Return rows, newest first or by a column, and whether more follow in the direction asked."""
    found = found_items(q, state)
    if sort:
        found.sort(key=lambda i: (getattr(i, sort.removeprefix('-')), i.id), reverse=sort.startswith('-'))
    at = next((n for n, i in enumerate(found) if i.id in (before, after)), None)
    part = found[at + 1:] if before and at is not None else found[:at] if after else found
    return (part[-limit:] if last or after else part[:limit]), len(part) > limit


def count_items(work: Work, limit: int, *, q: str = '', state: str = '') -> int:
    """Return how many, counted up to a limit; 0 counts all."""
    found = len(found_items(q, state))
    return min(found, limit) if limit else found


def found_items(q: str, state: str) -> list[Item]:
    """Return all rows that a search in Chinese or by pinyin initials finds, newest first."""
    made = map(item, range(MOST, 0, -1))
    return [i for i in made if (not state or i.state == state) and (not q or q in i.name or q in i.code or i.initials.startswith(q.lower()))]


def _list(me: Actor) -> None:
    def confirm_all(_me: Actor, chosen: Chosen) -> str:
        return f'已办理{chosen.count:,}条。'

    filters = [Filter('state', '状态', WORDS['batch'])]
    listing(me, name='components', title='示例列表', columns=COLUMNS, fetch=items, count=count_items, search='名称、编号或拼音首字母',
            filters=filters, bulk=[Bulk('批量办理', confirm_all, '办理后不可撤回。')], export=exporter('示例列表', COLUMNS, items, filters),
            actions=[Action('新建', act=lambda: ui.notify('新建'), icon='add')], opens=lambda row: f'/components?opened={row.id}',
            empty=('还没有示例。', None))


COLUMNS = (
    Column('code', '编号', width='8em', sort=True), Column('name', '名称'), Column('state', '状态', format=lambda s: WORDS['batch'][s]),
    Column('level', '等级', format=lambda n: LEVELS[n], sort=True), Column('made_on', '日期', format=lambda day: f'{day:%Y-%m-%d}', sort=True), Column('initials', '拼音首字母', hidden=True))


def _wide_list(me: Actor) -> None:
    """Longer texts than the page is wide, nothing to find, open or tick, one page."""
    def fetch(work: Work, **at: Any) -> tuple[list[Item], bool]:
        return [item(n) for n in range(5, 0, -1)], False

    long = [Column(key, f'很长的{word}', format=lambda value: f'{value}，后面还有很长的说明' * 3) for key, word in (('name', '名称'), ('state', '状态'), ('level', '等级'), ('made_on', '日期'))]
    columns = [Column('code', '编号'), *long, Column('id', '费用（元）', align='right', format=lambda n: f'{n * 1234:,}')]
    listing(me, name='components-wide', title='宽的示例列表', columns=columns, fetch=fetch, count=lambda work, limit, **at: 5, prefix='w_', empty=('还没有示例。', None))


def _empty_list(me: Actor) -> None:
    listing(me, name='components-empty', title='空的示例列表', columns=COLUMNS, fetch=lambda work, **at: ([], False), count=lambda work, limit, **at: 0,
            prefix='e_', empty=('还没有批次。先登记备案范围，再新建第一个批次。', Action('新建批次', address='/components', icon='add')))


DEFAULTS: dict[str, Any] = {'code': '', 'title': '示例名称', 'made_on': '2026-11-23', 'fee': '120', 'kind': 'b', 'levels': [4, 3], 'note': ''}


def _form(me: Actor) -> None:
    def put(name: str, shown: Any, new: Any) -> Any:
        if name == 'title':
            new = check_text('名称', new, 20)
        kept, was = _json(new), _json(shown)
        with begin(me) as work:
            stored = {**DEFAULTS, **preference(work, FORM)}
            if stored[name] not in (was, kept):
                raise Changed(fields[name].label, work.actor.printed, china_time(work.now), str(stored[name] or None if name == 'made_on' else stored[name]))
            set_preference(work, FORM, {**stored, name: kept})
        return new

    with look(me) as work:
        value = {**DEFAULTS, **preference(work, FORM)}
    day = date.fromisoformat(value['made_on']) if value['made_on'] else None
    fields = {f.name: f for f in (
        Field('first', '基本情况', kind='heading'),
        Field('code', '编号', value['code'], required=True, rule='VAL-01', hint='四位年份和三位流水号，例如2026-003。', most=20),
        Field('title', '名称', value['title'], required=True, previous=('电工示例', '焊工示例'), hint='不超过20个字。'),
        Field('made_on', '日期', day, kind='date', rule='SCORE-19'),
        Field('fee', '费用', value['fee'], kind='number', unit='元'),
        Field('kind', '种类', value['kind'], kind='select', options={'a': '甲类', 'b': '乙类'}, required=True),
        Field('levels', '等级', value['levels'], kind='levels'),
        Field('note', '说明', value['note'], kind='long', wide=True, most=2000))}
    form = Form(list(fields.values()), put, title='示例表单')
    ui.button('提交检查', on_click=lambda: form.show(FINDINGS)).props('unelevated')


def _json(value: Any) -> Any:
    return '' if value is None else f'{value:%Y-%m-%d}' if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class RowFate:
    """What happens to one row of the sample import."""

    row: int
    outcome: Outcome
    values: dict[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sample sheet that was read."""

    fates: list[RowFate]

    @property
    def outcomes(self) -> list[Outcome]:
        return [fate.outcome for fate in self.fates]

    def fate(self, at: int) -> RowFate:
        return self.fates[at]


class Sample:
    """The sample import: code, name, level, kept in the person's own preference."""

    title = '示例名单'
    columns = (('code', '编号'), ('name', '名称'), ('level', '等级'))
    second = '照片压缩包'
    heads = (
        intake_table.Column('code', '编号', True, kind='code'), intake_table.Column('name', '名称', True), intake_table.Column('level', '等级', True, kind='int'))

    def template(self) -> bytes:
        columns = [xlsx.Column(h.head, required=h.required, example=example) for h, example in zip(self.heads, ('2026-003', '电工示例', '4'), strict=True)]
        return Book('示例名单', made_at=house().now()).template('示例名单', columns, '每行一个，编号不得重复。').to_bytes()

    def check(self, me: Actor, book: Given, second: Given | None) -> Sheet:
        table = read_table(book.data, self.heads, name_shown=book.name)
        with look(me) as work:
            stored = preference(work, ROWS)
        return Sheet([self._fate(row, stored) for row in table.rows])

    def start(self, me: Actor, checked: Sheet) -> int:
        rows = {f.values['code']: f.values for f in checked.fates if f.outcome in ('new', 'changed')}
        with begin(me) as work:
            return queue_job(work, 'components.import', '导入示例名单', rows=rows).id

    def rows_back(self, checked: Sheet) -> bytes:
        return _sheet(['编号', '名称', '等级', '原因'], [[*f.values.values(), f.findings[0].sentence] for f in checked.fates if f.outcome == 'bad'])

    def cells(self, fate: RowFate) -> dict[str, str]:
        return fate.values

    def _fate(self, row: intake_table.Row, stored: dict[str, object]) -> RowFate:
        values = {key: row.written.get(key, str(value if value is not None else '')) for key, value in row.values.items()}
        faults = row.faults
        if not faults and not re.fullmatch(r'\d{4}-\d{3,4}', values['code']):
            faults = [Finding('', 'block', f'A{row.number}', f'A{row.number}“编号”应为四位年份、连字符和流水号，例如2026-003，请更正。')]
        was = stored.get(values['code'])
        outcome: Outcome = 'bad' if faults else 'new' if was is None else 'same' if was == values else 'changed'
        return RowFate(row.number, outcome, values, tuple(faults))


def _import(me: Actor) -> None:
    importing(me, Sample())


def _findings(me: Actor) -> None:
    findings_table(FINDINGS, go=lambda subject: ui.notify(f'前往 {subject}'))


def _documents(me: Actor) -> None:
    documents([
        Paper('F-CERT-LIST', '证书清单', {'PDF': lambda: _list_pdf(60), 'XLSX': lambda: _sheet(['证书编号'], [])}),
        Paper('F-PASS', '合格人员名单', {'PDF': lambda: _list_pdf(5), '空白PDF': lambda: _list_pdf(0)}, missing=FINDINGS[:1])],
        bundle_name='示例批次文书')


def _list_pdf(rows: int) -> bytes:
    from app.pdf import Paper as Printed

    return Printed('证书清单（示例）', form='F-CERT-LIST').table(['序号', '编号', '名称'], [[str(n), item(n).code, item(n).name] for n in range(1, rows + 1)], [1, 2, 3]).to_bytes()


def _preview(me: Actor) -> None:
    def stored() -> str:
        with look(me) as work:
            return str(preference(work, SLIP).get('holder', ''))

    def put(_name: str, _shown: Any, new: Any) -> Any:
        with begin(me) as work:
            set_preference(work, SLIP, {'holder': new})
        pane.refresh()
        return new

    def slip() -> bytes:
        from app.pdf import Paper as Printed

        if not (holder := stored()):
            raise Refused('“领取人”还没有填写，请填写后再打印。', rule='VAL-01')
        return Printed('领取单（示例）', form='F-CERT-LIST').rows([('领取人', holder)]).to_bytes()

    with ui.element('div').classes('dj-beside'):
        Form([Field('holder', '领取人', stored(), required=True)], put, title='领取单')
        pane = Preview()
    pane.show('领取单', slip)


def _jobs(me: Actor) -> None:
    box = ui.column().classes('w-full')

    @refusals()
    def start(kind: str) -> None:
        with begin(me) as work:
            job = queue_job(work, kind, '示例任务')
        with box:
            progress(me, job.id)

    with ui.row():
        ui.button('启动任务', on_click=lambda: start('components.count')).props('outline')
        ui.button('启动会失败的任务', on_click=lambda: start('components.fail')).props('outline')


def _upload(me: Actor) -> None:
    upload('选择照片', most_bytes=1 << 20, accept='.jpg,.png', on_file=lambda given: ui.notify(f'收到{len(given.data)}字节'))


def _states(me: Actor) -> None:
    stages('batch', 'signed')
    with ui.row().classes('q-mt-sm'):
        for left in (12, 3, 0, -2):
            deadline(date(2026, 11, 27), left, rule='SCORE-19')
    basis('CERT-35')


def _refusals(me: Actor) -> None:
    @refusals()
    def refuse(error: Exception) -> None:
        raise error

    with ui.row():
        for word, error in (
                ('无规则的拒绝', Refused('工作簿中没有数据行，请填写后再上传。')), ('有规则的拒绝', Refused('证书编号已用完，请联系管理员。', rule='CERT-35')),
                ('多项拒绝', Refused(FINDINGS[0].sentence, rule='VAL-01', findings=FINDINGS)), ('无权', NotYours()), ('程序错误', ValueError('sample')), ('登录已结束', SignedOut())):
            ui.button(word, on_click=lambda error=error: refuse(error)).props('outline')


def _confirm(me: Actor) -> None:
    async def ask() -> None:
        said.set_text('已确认' if await confirm('将为43人生成43个证书编号，不可撤回。', do='生成编号') else '已取消')

    ui.button('生成编号…', on_click=ask).props('outline')
    said = ui.label().props('role=status')


def _history(me: Actor) -> None:
    history(me, me.sign_in_id, needs=Permission.HELP_READ)


def _sheet(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return Book('示例', made_at=house().now()).sheet('示例', [xlsx.Column(head) for head in heads], rows).to_bytes()


def _bring_in(job: Running) -> None:
    with job.begin() as work:
        set_preference(work, ROWS, {**preference(work, ROWS), **job.args['rows']})
    job.report(len(job.args['rows']), len(job.args['rows']))
    job.finish(f'已导入{len(job.args["rows"])}行。')


def _count(job: Running) -> None:
    import time

    for n in range(1, 31):
        time.sleep(0.3)
        job.report(n, 30, f'正在处理第{n}条')
    job.finish('30条全部处理完毕。')


def _fail(job: Running) -> None:
    raise Refused('第3条缺少照片，任务没有完成。请补充照片后重新启动。', rule='CERT-10')


KINDS: dict[str, Kind] = {'components.import': _bring_in, 'components.count': _count, 'components.fail': _fail}
