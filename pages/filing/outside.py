"""决定和文书 of one's own application; where its centre does not use this system, its acts are copied from the letters: 外部决定."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours, Refused
from app.files import MOST_ATTACHED, keep_stored, read_file, store_scan
from app.filing.acts import OUTSIDE, Point
from app.filing.answering import DECLINE
from app.filing.forms import STEPS, questions
from app.filing.outside import Granted, confirm_act, outside_verbs, record_act, reject_act
from app.filing.queries import Page, application_page
from app.filing.ways import STEP_WORDS, WAYS
from app.organizations.rules import Range
from app.states import MOVES, state_word
from app.words import level_digits, screen_moment
from app.work import begin, look
from db.filing import CentreAct
from pages.filing.applications import head
from pages.filing.notices import notices_shown
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.history import history
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given, upload

DATED = ('application.rectify', 'application.publicize')  # acts with a last day
GIVES = ('application.file', 'application.file_national')  # letters that give number, term and annex
BASED = ('application.refuse', *GIVES, 'application.change', 'application.end', DECLINE)


@page('/filings/{application_id}/acts', title='决定和文书', needs=Permission.FILING_READ)
def acts(me: Actor, application_id: int) -> None:
    """What was handed in and what was decided on it."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        found = application_page(work, application_id)
    head(me, found, '/acts')
    acts_shown(found)
    notices_shown(me, found)
    for act in found.acts:
        if act.state == 'proposed':
            _confirming(me, act)
    if found.app.outside_centre and me.may(Permission.FILING_WRITE) and not any(act.state == 'proposed' for act in found.acts):
        with look(me) as work:
            offered = outside_verbs(work, application_id)
        if offered:
            _recording(me, found, offered)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, application_id, needs=Permission.FILING_READ)


def acts_shown(found: Page) -> None:
    """Draw what was handed in, decided, asked for and lifted."""
    ui.html('提交', tag='h2', sanitize=False).classes('dj-heading')
    table('提交', ('次数', '提交时间', '提交人', '职业（工种）和等级', '校验值（SHA-256）', '对提醒的说明'), [
        (f'第{s.n}次', screen_moment(s.made_at), s.by, s.summary, f'{s.sha256[:16]}…', '；'.join(dict.fromkeys(x.rstrip('。；') for x in s.reasons.values())) or '—') for s in found.snapshots], empty='还没有提交')
    ui.html('决定', tag='h2', sanitize=False).classes('dj-heading')
    table('决定', ('决定', '文书编号', '日期', '机关', '内容', '状态', '经办', '核对'), [
        (act_word(a.verb), a.number or '—', f'{a.decided_on}', (a.issuer or '—') + ('（外部决定）' if a.outside else ''),
         act_said(a) or '—', state_word('centre_act', a.state), a.recorded_by, a.confirmed_by or '—') for a in found.acts], empty='还没有决定')
    if found.corrections:
        ui.html('补正事项', tag='h2', sanitize=False).classes('dj-heading')
        table('补正事项', ('内容', '需补正的', '补正情况'), [(c.label, c.sentence, c.answer or '—') for c in found.corrections])
    if found.lifted:
        table('同意的例外', ('规则', '事项', '理由', '经办'), [(x.rule, x.subject or '—', x.reason, x.by) for x in found.lifted])


def act_word(verb: str) -> str:
    """Return the Chinese word of an act."""
    return MOVES[verb].word if verb in MOVES else OUTSIDE[verb]


def act_said(act: CentreAct) -> str:
    """Return what an act says beside its number and day: reasons, terms, what a letter gives."""
    data = act.data
    said = [act.text, f'依据{data["basis"]}' if data.get('basis') else '', *(f'{p["label"]}：{p["sentence"]}' for p in data.get('points', ()))]
    if 'until' in data:
        said.append(f'{"公示" if act.verb == "application.publicize" else "整改"}至{data["until"]}')
    if 'number' in data:
        said.append(f'机构备案号{data["number"]}，有效期{data["valid_from"]}至{data["valid_to"]}')
        said += [f'{r["occupation"]}{"/" + r["work_type"] if r["work_type"] else ""}（{r["occupation_code"]}）{level_digits(r["levels"])}级' for r in data['ranges']]
    if data.get('rule'):
        said.append(f'{data["rule"]} {data["subject"]}')
    return '；'.join(x.rstrip('。；') for x in said if x)


def _confirming(me: Actor, act: CentreAct) -> None:
    """Offer the scan and the two answers to the second person."""
    @refusals()
    async def fetch() -> None:
        def read() -> tuple[str, bytes]:
            with look(me) as work:
                work.require(Permission.FILING_CONFIRM)
                row, data = read_file(work, act.scan_id or 0)
            return row.name, data

        if got := await run.io_bound(read):
            ui.download.content(got[1], got[0])

    @refusals()
    async def go() -> None:
        said = act_said(act)
        if await confirm(f'“{act_word(act.verb)}”{act.number}（{act.decided_on}，{act.issuer}）{"：" + said if said else ""}。与扫描件一致？确认后立即生效。', do='确认', danger=act.verb == 'application.end'):
            with begin(me) as work:
                confirm_act(work, act_id=act.id)
            ui.navigate.reload()

    @refusals()
    def back() -> None:
        with begin(me) as work:
            reject_act(work, act_id=act.id, reason=reason.value or '')
        ui.navigate.reload()

    with ui.row().classes('dj-next items-center gap-3 w-full'):
        ui.label(f'外部决定“{act_word(act.verb)}”{act.number}由{act.recorded_by}登记，待另一人对照扫描件核对。{act_said(act)}').classes('dj-grow')
        if me.may(Permission.FILING_CONFIRM):
            ui.button('下载扫描件', icon='download', on_click=fetch).props('outline')
            ui.button('核对无误，确认', icon='verified', on_click=go).props('unelevated')
            reason = ui.input('退回原因').props('outlined dense maxlength=500')
            ui.button('退回', on_click=back).props('outline')


def _recording(me: Actor, found: Page, offered: Mapping[str, str]) -> None:
    """Copy an act from the paper of the centre: what can come next, and the fields that it has."""
    scan: list[Given] = []
    points: list[Point] = []

    @refusals()
    async def keep() -> None:
        if not scan:
            raise Refused('请上传文书扫描件，第二人据此核对。', rule='ORG-80')
        rule, _, subject = (finding.value or '').strip().partition(' ')
        stored = await run.io_bound(store_scan, scan[0].data, me.org_id, name=scan[0].name)
        if stored is None:  # the server stops
            return
        with begin(me) as work:
            kept = keep_stored(work, stored)
            record_act(
                work, application_id=found.app.id, verb=verb.value, number=number.value or '', decided_on=day_of(on), issuer=issuer.value or '', scan_id=kept.id,
                text=text.value or '', basis=basis.value or '', points=points, rule=rule, subject=subject, until=day_of(until) if verb.value in DATED else None,
                granted=granted() if verb.value in GIVES else None)
        ui.navigate.reload()

    ui.html('登记外部决定', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('受理机关不在本系统：照它的文书登记，上传扫描件，由机构负责人核对后生效。').classes('dj-note')
    with ui.row().classes('w-full gap-2'):
        verb = ui.select(dict(offered), label='决定 *', value=next(iter(offered))).props('outlined dense').style('min-width: 13em')
        number = ui.input('文书编号').props('outlined dense maxlength=60')
        on = day_box('文书日期 *')
        issuer = ui.input('发文机关 *', value=found.app.receiver).props('outlined dense maxlength=100').style('min-width: 20em')
        until = day_box('截止日期 *').bind_visibility_from(verb, 'value', lambda v: v in DATED)
    text = ui.textarea('理由、要求或结果').props('outlined dense rows=2 maxlength=2000').classes('w-full').bind_visibility_from(verb, 'value', lambda v: v not in GIVES)
    basis = ui.input('依据').props('outlined dense maxlength=200').classes('w-full').bind_visibility_from(verb, 'value', lambda v: v in BASED)
    finding = ui.input('例外的规则和事项（检查结果中的规则号）').props('outlined dense maxlength=120').classes('w-full').bind_visibility_from(verb, 'value', lambda v: v == 'application.lift')
    with ui.column().classes('w-full').bind_visibility_from(verb, 'value', lambda v: v == 'application.correct'):
        points_form(found, points)
    with ui.column().classes('w-full gap-2').bind_visibility_from(verb, 'value', lambda v: v in GIVES):
        granted = _granting(found)
    upload('上传文书扫描件', most_bytes=MOST_ATTACHED, accept='.pdf,.jpg,.png', on_file=lambda given: scan.__setitem__(slice(None), [given]))
    ui.button('保存，交另一人核对', icon='check', on_click=keep).props('unelevated')


def _granting(found: Page) -> Callable[[], Granted]:
    """Ask what the letter gives; returns how to read it: number and term as they stand in it, occupations and levels of its annex."""
    levels = {f'{r.id}|{level}': f'{r.occupation}{"/" + r.work_type if r.work_type else ""} {level}级' for r in found.ranges for level in r.levels}
    filing = found.filing
    with ui.row().classes('w-full gap-2'):
        number = ui.input('机构备案号 *', value=filing.number if filing else '').props('outlined dense maxlength=20')
        begins = day_box('有效期起 *', filing.valid_from if filing else None)
        ends = day_box('有效期止 *', filing.valid_to if filing else None)
    chosen = ui.select(levels, label='附件目录中的职业和等级 *', value=list(levels), multiple=True).props('outlined dense use-chips').classes('w-full')
    ui.label('备案号、有效期和目录照备案函填写；函中没有的等级请去掉。').classes('dj-note')

    def read() -> Granted:
        given: dict[int, list[int]] = {}
        for key in chosen.value or []:
            row, _, level = key.partition('|')
            given.setdefault(int(row), []).append(int(level))
        rows = tuple(Range(r.occupation_code, r.occupation, r.work_type, tuple(given[r.id]), r.standard) for r in found.ranges if r.id in given)
        return Granted(number.value or '', day_of(begins), day_of(ends), rows)

    return read


def points_form(found: Page, points: list[Point]) -> None:
    """Let the points of a correction notice be named, each on a single field."""
    places = {}
    for step in WAYS[found.app.way].steps:
        places[f'{step}|{"ranges" if step == "ranges" else ""}'] = STEP_WORDS[step]
        if step in STEPS:
            places |= {f'{step}|{name}': f'{STEP_WORDS[step]}：{d.title}' for name, d in questions(STEPS[step]).items()}

    @ui.refreshable
    def listed() -> None:
        table('补正事项', ('序号', '内容', '需补正的'), [(str(n), places[f'{p.step}|{p.field}'], p.sentence) for n, p in enumerate(points, 1)], empty='还没有列出补正事项。补正须一次性告知。')

    @refusals()
    def add() -> None:
        if not place.value or not (sentence.value or '').strip():
            raise Refused('请选择需要补正的内容，并写明缺什么或错在哪里。')
        step, _, field = place.value.partition('|')
        points.append(Point(step, field, sentence.value.strip()))
        sentence.value = ''
        listed.refresh()

    def undo() -> None:
        del points[-1:]
        listed.refresh()

    listed()
    with ui.row().classes('w-full gap-2 items-center no-wrap'):
        place = ui.select(places, label='需补正的内容 *', with_input=True).props('outlined dense').style('min-width: 20em')
        sentence = ui.input('缺什么、错在哪里 *').props('outlined dense maxlength=500').classes('dj-grow')
        ui.button('列入', icon='add', on_click=add).props('outline')
        ui.button('撤去最后一项', on_click=undo).props('flat')
