"""After the conclusion: rectification, publicity, the letter and its papers, report and publication."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.assessment import deciding, operations
from app.assessment.letters import answer_docx, answer_pdf, osta_xlsx, publicity_docx, publicity_pdf
from app.assessment.queries import AnswerPage, AssessmentPage, letter_of
from app.assessment.records import answer_record, filing_reply, osta_record, publicity_record
from app.assessment.rules import DECLINED_WORDS, LETTER_WORDS, declined_kind, is_declinable, is_declined, is_reported, letter_kind
from app.errors import Refused
from app.filing.answering import is_publicized
from app.filing.operations import note_print
from app.organizations.documents import filing_reply_docx, filing_reply_pdf
from app.states import state_word
from app.words import level_digits, screen_moment
from app.work import Work, begin, look
from db.filing import Application
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.documents import Paper, documents
from pages.parts.form import Field, Form
from pages.parts.refusals import refusals
from pages.parts.tables import table


def rectification_section(me: Actor, shown: AssessmentPage) -> None:
    """The list with its due day; the organisation answers, the centre checks, a person decides (TEV-09)."""
    rows = shown.rectifications
    if not rows:
        return
    ui.html('整改清单', tag='h2', sanitize=False).classes('dj-heading')
    table('整改清单', ('序号', '项目', '整改事项', '完成期限', '整改情况', '核查'), [(
        str(r.seq), r.item or '—', r.sentence, f'{r.due_on}', f'{r.done}（{r.done_on}）' if r.done_on else '未完成', f'{r.checked_by} {r.checked_on}' if r.checked_on else '—') for r in rows])
    if shown.application.state != 'rectifying':
        return
    if me.may(Permission.FILING_WRITE):
        _answer(me, shown)
    if me.may(Permission.ASSESSMENT_ARRANGE):
        _check(me, shown)


def _answer(me: Actor, shown: AssessmentPage) -> None:
    said = {r.id: (r.done, r.done_on) for r in shown.rectifications}

    @refusals()
    def keep() -> None:
        if which.value is None:
            raise Refused('请选择整改事项。')
        with begin(me) as work:
            operations.answer_rectification(work, rectification_id=which.value, shown=said[which.value], done=done.value or '', done_on=day_of(on))
        ui.navigate.reload()

    with ui.row().classes('w-full items-center gap-2'):
        which = ui.select({r.id: f'第{r.seq}项' for r in shown.rectifications if r.checked_on is None}, label='整改事项').props('outlined dense').style('min-width: 8em')
        done = ui.input('整改情况').props('outlined dense maxlength=500').classes('dj-grow')
        on = day_box('完成日期')
        ui.button('保存', on_click=keep).props('outline')


def _check(me: Actor, shown: AssessmentPage) -> None:
    said = {r.id: (r.done, r.done_on) for r in shown.rectifications}
    answered = {r.id: f'第{r.seq}项' for r in shown.rectifications if r.done_on and r.checked_on is None}

    @refusals()
    def check() -> None:
        if which.value is None:
            raise Refused('请选择已完成的整改事项。')
        with begin(me, shown.org.id) as work:
            operations.check_rectification(work, rectification_id=which.value, shown=said[which.value])
        ui.navigate.reload()

    @refusals()
    async def settle(passed: bool) -> None:
        if await confirm('整改事项全部核查完成，评估通过。' if passed else f'整改未达到要求，评估不通过：{reason.value or ""}', do='评估通过' if passed else '评估不通过', danger=not passed):
            with begin(me, shown.org.id) as work:
                operations.settle_rectification(work, assessment_id=shown.assessment.id, passed=passed, reason=reason.value or '')
            ui.navigate.reload()

    with ui.row().classes('w-full items-center gap-2'):
        which = ui.select(answered, label='核查').props('outlined dense').style('min-width: 8em')
        ui.button('已到位', on_click=check).props('outline')
        ui.button('整改通过', icon='check', on_click=lambda: settle(True)).props('unelevated')
        reason = ui.input('不通过的理由').props('outlined dense maxlength=500').classes('dj-grow')
        ui.button('不通过', on_click=lambda: settle(False)).props('outline')
        ui.button('再次评估').props(f'outline href=/assessments/new/{shown.application.id}')


def publicity_section(me: Actor, shown: AssessmentPage) -> None:
    """Who is to be filed, for how many working days (ORG-76)."""
    state, row = shown.application.state, shown.publicity
    if row is None and not (state == 'assessed' and is_publicized(shown.application.way) and me.may(Permission.ASSESSMENT_ARRANGE)):
        return
    ui.html('公示', tag='h2', sanitize=False).classes('dj-heading')

    @refusals()
    async def start() -> None:
        with look(me, shown.org.id) as work:
            days = work.profile.filing.publicity_working_days.value
        if await confirm(f'从{from_on.value}起公示{days}个工作日。', do='开始公示', danger=False):
            with begin(me, shown.org.id) as work:
                deciding.publicize(work, application_id=shown.application.id, from_on=day_of(from_on), contact=contact.value or '')
            ui.navigate.reload()

    @refusals()
    def close() -> None:
        with begin(me, shown.org.id) as work:
            deciding.end_publicity(work, publicity_id=row.id if row else 0, objections=objections.value or '')
        ui.navigate.reload()

    if row is None:
        with look(me) as work:
            today = work.today
        with ui.row().classes('items-center gap-2'):
            from_on = day_box('公示开始日期', today)
            contact = ui.input('联系电话').props('outlined dense maxlength=200')
            ui.button('开始公示', icon='campaign', on_click=start).props('unelevated')
        return
    ui.label(f'公示期 {row.from_on} 至 {row.to_on}　联系方式 {row.contact}　{"结果：" + row.objections if row.closed_at else "期满后登记公示结果"}')
    if row.closed_at is None and me.may(Permission.ASSESSMENT_ARRANGE):
        with ui.row().classes('items-center gap-2'):
            objections = ui.input('公示结果（没有异议的填“无异议”）').props('outlined dense maxlength=500').style('min-width: 20em')
            ui.button('登记公示结果', on_click=close).props('outline')


def letter_section(me: Actor, shown: AssessmentPage | AnswerPage) -> None:
    """The letter: drafted by one, signed by another; then reported and published."""
    letter, answered = shown.letter, isinstance(shown, AnswerPage)
    if letter is None:
        if shown.application.state in (('accepted',) if answered else ('assessed', 'publicized')) and me.may(Permission.ASSESSMENT_ARRANGE):
            _draft(me, shown)
        return
    ui.html(LETTER_WORDS.get(letter.kind, '备案函'), tag='h2', sanitize=False).classes('dj-heading')
    with ui.row().classes('items-center gap-3'):
        ui.label(state_word('filing_letter', letter.state)).classes(f'dj-mark dj-is-{"good" if letter.state == "signed" else "warn"}')
        if letter.filing_number:
            ui.label(f'机构备案号 {letter.filing_number}').classes('dj-strong')
            ui.label(f'有效期 {letter.valid_from} 至 {letter.valid_to}')
        ui.label(f'起草：{letter.drafted_by}' + (f'　签发：{letter.signed_by} {screen_moment(letter.signed_at)}' if letter.signed_at else ''))
    if is_declined(letter.kind) and (letter.state == 'signed' or not me.may(Permission.ASSESSMENT_ARRANGE)):  # a drafter has them in the form
        table('理由和依据', ('理由', '依据'), [(letter.body, letter.basis)])
    if letter.ranges:
        table('附件', ('序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据'), [
            (str(n), r['occupation'], r['occupation_code'], r['work_type'] or '—', level_digits(r['levels']), r['standard']) for n, r in enumerate(letter.ranges, 1)])
    if letter.state == 'drafted':
        _drafted(me, shown)
    elif is_reported(letter.kind) and me.may(Permission.ASSESSMENT_ARRANGE):
        _reporting(me, shown)


def _draft(me: Actor, shown: AssessmentPage | AnswerPage) -> None:
    with look(me, shown.org.id) as work:
        today = work.today
        number = deciding.free_number(work, application_id=shown.application.id)
        usual = deciding.last_issuer(work, application_id=shown.application.id)
    kind = letter_kind(shown.application.way)
    ui.html(f'起草{LETTER_WORDS[kind]}', tag='h2', sanitize=False).classes('dj-heading')
    told = {'reply': f'机构备案号将给{number}，由中心赋予；有效期按规则档案计算。', 'extension': f'机构备案号{number}不变；有效期接原有效期，按规则档案计算。',
            'ending': f'机构备案号{number}保留，不再使用；备案自申报的停止日期起终止。'}
    ui.label(told.get(kind, f'机构备案号{number}和有效期不变。')).classes('dj-note')

    @refusals()
    def draft() -> None:
        with begin(me, shown.org.id) as work:
            deciding.draft_letter(work, application_id=shown.application.id, issuer=issuer.value or '', valid_from=day_of(valid_from), basis=basis.value or '')
        ui.navigate.reload()

    with ui.row().classes('w-full items-center gap-2'):
        issuer = ui.input('发文机关 *', value=usual).props('outlined dense maxlength=100').style('min-width: 20em')
        basis = ui.input('依据文件').props('outlined dense maxlength=200').style('min-width: 16em')
        valid_from = day_box('有效期起 *', today)
        valid_from.set_visibility(kind == 'reply')
        ui.button('起草', icon='edit_note', on_click=draft).props('unelevated')
    publicity = shown.publicity if isinstance(shown, AssessmentPage) else None
    if is_declinable(shown.application.way, publicity_over=publicity is not None and publicity.closed_at is not None):
        _draft_refusal(me, shown, usual)


def _draft_refusal(me: Actor, shown: AssessmentPage | AnswerPage, usual: str) -> None:
    """Offer the no beside the yes: reason and basis, the register stays as it is."""
    kind = declined_kind(shown.application.way)
    word, why = LETTER_WORDS[kind], '公示期间的异议成立的，在此' if is_publicized(shown.application.way) else ''

    @refusals()
    def draft() -> None:
        with begin(me, shown.org.id) as work:
            deciding.draft_refusal(work, application_id=shown.application.id, issuer=issuer.value or '', reason=reason.value or '', basis=basis.value or '')
        ui.navigate.reload()

    with ui.expansion(DECLINED_WORDS[kind], icon='block').classes('w-full'), ui.column().classes('w-full gap-2'):
        ui.label(f'{why}起草{word}，由中心主任签发；{"不产生备案" if kind == "reply_declined" else "备案不变"}，理由和依据随函送达。').classes('dj-note')
        reason = ui.textarea('理由 *').props('outlined dense rows=2 maxlength=2000').classes('w-full')
        with ui.row().classes('w-full items-center gap-2'):
            issuer = ui.input(f'发文机关（{DECLINED_WORDS[kind]}） *', value=usual).props('outlined dense maxlength=100').style('min-width: 20em')
            basis = ui.input('依据（文号和条款） *').props('outlined dense maxlength=200').classes('dj-grow')
            ui.button(f'起草{word}', icon='edit_note', on_click=draft).props('outline color=negative')


def _drafted(me: Actor, shown: AssessmentPage | AnswerPage) -> None:
    letter = shown.letter
    assert letter is not None
    drawn = deciding.hash_of(letter)  # a signature covers what stood on the page, not what another wrote since

    def put(name: str, before: Any, new: Any) -> Any:
        with begin(me, shown.org.id) as work:
            return getattr(deciding.change_letter(work, letter_id=letter.id, column=name, shown=before, new=new), name)

    @refusals()
    async def sign() -> None:
        with look(me) as work:
            now = letter_of(work, shown.application.id)
        if now is None:
            raise Refused('备案函草稿已经作废，请刷新页面。', rule='ORG-80')
        effect = f'{DECLINED_WORDS[now.kind]}：{"备案不变" if now.filing_number else "不产生备案"}，申报以“不予同意”办结，不可撤回。' if is_declined(now.kind) else {'change': '签发后所列事项即按函变更。', 'ending': f'签发后备案{now.filing_number}终止，不能再建批次、编号和发证，不可撤回。'}.get(
            now.kind, f'{len(now.ranges)}个职业（工种），有效期{now.valid_from}至{now.valid_to}。签发后备案生效。')
        said = f'签发{now.letter_no or "（未编文号）"}{f"：机构备案号{now.filing_number}" if now.filing_number else ""}。{effect}'
        if await confirm(said, do='签发'):
            with begin(me, shown.org.id) as work:
                deciding.sign_letter(work, letter_id=now.id, shown_hash=drawn)
            ui.navigate.reload()

    @refusals()
    async def discard() -> None:
        if await confirm('作废这份备案函草稿，可以重新起草；操作记录保留。', do='作废草稿'):
            with begin(me, shown.org.id) as work:
                deciding.discard_letter(work, letter_id=letter.id)
            ui.navigate.reload()

    if me.may(Permission.ASSESSMENT_ARRANGE):
        no = is_declined(letter.kind)
        Form([Field('letter_no', '发文字号', letter.letter_no, most=60, hint='例如：明人社函〔2026〕9号'), Field('letter_on', '发文日期', letter.letter_on, kind='date'),
              Field('issuer', '发文机关', letter.issuer, required=True, most=100), Field('basis', '依据（文号和条款）' if no else '依据文件', letter.basis, required=no, most=200),
              Field('body', '理由' if no else '补充内容', letter.body, kind='long', required=no, most=2000, wide=True)], put, title=LETTER_WORDS[letter.kind])
    with ui.row().classes('items-center gap-2'):
        if me.may(Permission.ASSESSMENT_SIGN_LETTER):
            ui.button('签发', icon='draw', on_click=sign).props('unelevated')
        if me.may(Permission.ASSESSMENT_ARRANGE):
            ui.button('作废草稿', on_click=discard).props('outline')
        ui.label('起草和签发须为两人' + ('；公示期满并登记结果后才能签发。' if is_publicized(shown.application.way) else '。')).classes('dj-note')


def _reporting(me: Actor, shown: AssessmentPage | AnswerPage) -> None:
    letter = shown.letter
    assert letter is not None
    ui.label(f'报送部中心：{letter.reported_on or "未登记"}　网上公布：{letter.published_on or "未登记"}')
    if shown.application.state != 'filed':
        return

    @refusals()
    def keep() -> None:
        with begin(me, shown.org.id) as work:
            if letter.reported_on is None:
                deciding.report_filing(work, letter_id=letter.id, reported_on=day_of(on))
            else:
                deciding.publish(work, application_id=shown.application.id, published_on=day_of(on))
        ui.navigate.reload()

    with ui.row().classes('items-center gap-2'):
        on = day_box('日期')
        ui.button('登记报送' if letter.reported_on is None else '登记网上公布', on_click=keep).props('outline')


def papers(me: Actor, shown: AssessmentPage | AnswerPage) -> None:
    """The papers that can be made by now."""
    of, found = partial(built, me, shown.application), []
    if isinstance(shown, AssessmentPage) and shown.publicity is not None:
        found.append(Paper('F-PUB-FILING', '拟备案名单公示', {'PDF': of('F-PUB-FILING', publicity_record, publicity_pdf), 'DOCX': of('F-PUB-FILING', publicity_record, publicity_docx)}))
    letter = shown.letter
    if letter is not None and letter.kind != 'reply':
        form = 'F-INC-REPLY' if letter.kind == 'increment' else '—'
        found.append(Paper(form, LETTER_WORDS[letter.kind], {'PDF': of(form, answer_record, answer_pdf), 'DOCX': of(form, answer_record, answer_docx)}))
    elif letter is not None:
        found.append(Paper('F-FILING-REPLY', '备案函', {'PDF': of('F-FILING-REPLY', filing_reply, filing_reply_pdf), 'DOCX': of('F-FILING-REPLY', filing_reply, filing_reply_docx)}))
    if letter is not None and letter.state == 'signed' and is_reported(letter.kind) and me.is_centre:
        found.append(Paper('F-OSTA-REPORT', '备案机构信息报送表', {'XLSX': of('F-OSTA-REPORT', osta_record, osta_xlsx)}))
    if found:
        ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
        documents(found, bundle_name=f'{shown.org.name}_评估文书')


def built(me: Actor, application: Application, form: str, read: Callable[[Work, int], Any], draw: Callable[[Any], bytes]) -> Callable[[], bytes]:
    """Return what reads a paper of an application, leaves its trail entry and draws it."""
    def build() -> bytes:
        with look(me, application.org_id) as work:
            record = read(work, application.id)
        with begin(me, application.org_id) as work:
            note_print(work, application_id=application.id, form=form)
        return draw(record)

    return build


def handed_in_link(me: Actor, application: Application) -> None:
    """Lead to what was handed in."""
    ui.link('申报内容和材料', f'/{"desk" if me.is_centre else "filings"}/{application.id}').classes('dj-link')
