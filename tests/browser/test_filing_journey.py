"""The social body's filing in Chromium, from the first form to the reply letter, by the people of the demo.

The body is 启帆 after the end of its first filing: registers and last answers are there, a filing in force is not, so the way is whole. Of the three
assessors the leader scores in the browser, by keyboard alone; the other two, who have no sign-in in the story, declare, score and sign
by the operations that the pages call (46 × 3 entries would take minutes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.filing_way import (
    ORG,
    PANEL,
    Way,
    ask_for,
    list_points,
    onward,
    open_line,
    open_sheet,
    others_score,
    prepare,
    preview,
    register_licence,
    sign,
    sign_typed,
    take_over,
    type_sheet,
    write,
)
from tests.browser.spine import copy_of
from tests.filing.sample import filing
from tests.papers.read import in_order, text_of

pytestmark = pytest.mark.browser

ANSWERS = filing().answers
REASON = '灭火器已更换，待消防复查'
POINTS = (('组织和专业优势、场地、信息化：场地情况', '未写明机房、实训室的间数和机位，请补充。'), ('实施方案：三、（八）经费保障', '未写明收费的依据，请补充。'))
VENUE, FUNDS = '理论机房2间76个机位，保育实训室1间5个工位。', '经费列入年度预算，收费按明价〔2025〕3号执行。'
APART, WHY, AGREED = 'A5.11', '只写了考试形式，未写评分标准', '方案附件载有评分标准，表述过简，按4分计'  # the leader gives 1 of 5, the others 5
NUMBER, TERM = 'S000099010002', '2026-12-03 至 2029-12-02'


@pytest.fixture(scope='module')
def begun(story: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """吕雨水 begins, takes the last answers, writes the conditions and asks for an occupation."""
    with ExitStack() as served:
        way = Way(copy_of(story, tmp_path_factory.mktemp('filing')), chromium, served)
        prepare(way.home)
        way.serve()
        desk, page = way.desk, way.desk.page
        desk.sign_in('吕雨水', '/filings', role='备案联系人')
        way.look()
        desk.follow('新建申报')
        way.look()
        desk.press('开始填写')
        page.wait_for_url(re.compile(r'/filings/\d+$'))
        desk.ready()
        way.application = urlsplit(page.url).path
        way.said['offered'] = take_over(way)
        write(desk, 'basics', {'filled_on': '2026-11-23'})
        desk.press('检查本步')
        way.said['basics'] = page.get_by_text('本步没有发现问题').inner_text()
        way.look()
        onward(desk)
        write(desk, 'standing', ANSWERS['standing'])
        onward(desk)
        write(desk, 'belonging', {'social_insurance_place': '明川市', 'under_department': 'no', 'audience': 'society'})
        way.look()
        onward(desk)
        ask_for(way, '4-10-01-03', '保育师')
        way.see('ranges', '申请职业')
        way.look()
        onward(desk)
        register_licence(way)
        yield way


@pytest.fixture(scope='module')
def handed_in(begun: Way) -> Way:
    """He writes strengths, plan and letter, reads what the check finds, gives a reason for the one warning and hands in."""
    way, desk, page = begun, begun.desk, begun.desk.page
    desk.open(f'{way.application}?step=strengths')
    take_over(way)
    preview(way)
    onward(desk)
    write(desk, 'plan', ANSWERS['plan'])
    way.look()
    onward(desk)
    take_over(way)
    write(desk, 'letter', {'letter_no': '明启培函〔2026〕9号', 'letter_on': '2026-11-23'})
    onward(desk, '检查和提交')
    way.see('self score', '自评分')
    way.look()
    desk.press('提交申报')
    asked = page.get_by_role('alertdialog')
    way.said['hand in'] = asked.locator('.dj-sentence').inner_text()
    asked.get_by_role('button', name='提交申报').click()
    way.said['no reason'] = page.get_by_text('提醒尚未说明理由').inner_text()
    desk.press('知道了')
    page.get_by_label('理由 ', exact=False).fill(REASON)
    desk.press('提交申报')
    desk.confirm('提交申报')
    page.wait_for_url('**/acts')
    desk.ready()
    way.see('handed in', '提交')
    way.look()
    return way


@pytest.fixture(scope='module')
def corrected(handed_in: Way) -> Way:
    """狄柳土 asks for two fields in one go; 吕雨水 writes just these, and 何立春 hands in again."""
    way, desk, page = handed_in, handed_in.desk, handed_in.desk.page
    desk.sign_in('狄柳土', '/desk')
    way.look()
    open_line(way, '**/desk/*')
    way.said['clock'] = page.locator('.dj-is-calm, .dj-is-remind').filter(has_text='工作日').inner_text()
    list_points(way, POINTS)
    way.look()
    way.said['correct'] = desk.act('告知补正')
    desk.sign_in('吕雨水', way.application, role='备案联系人')
    way.rows['open steps'] = desk.texts('.dj-wizard-steps li .dj-grow')
    way.look()
    for step, text in (('strengths', {'venue': VENUE}), ('plan', {'funds': FUNDS})):
        desk.open(f'{way.application}?step={step}')
        way.rows[step] = desk.texts('.dj-wizard-step [data-field]:not([data-field^=p])')
        page.get_by_role('textbox', name='补正情况').fill('已补充，见申报材料。')
        write(desk, step, text)
    desk.sign_in('何立春', f'{way.application}/check')
    way.said['kept reason'] = page.get_by_label('理由 ', exact=False).input_value()
    desk.press('提交补正材料')
    desk.confirm('提交补正材料')
    page.wait_for_url('**/acts')
    return way


@pytest.fixture(scope='module')
def assessing(corrected: Way) -> Way:
    """狄柳土 sees what changed, accepts and names the panel; who works for the applicant is refused."""
    way, desk, page = corrected, corrected.desk, corrected.desk.page
    desk.sign_in('狄柳土', way.application.replace('filings', 'desk'))
    way.see('changed', '补正后的变化')
    way.look()
    desk.act('受理')
    way.see('decided', '决定')
    desk.follow('组织技术评估')
    page.get_by_label('评估日期 *').fill('2026-11-25')
    for name in PANEL:
        page.get_by_role('checkbox', name=name).click()
    page.get_by_label('组长 *').click()
    page.get_by_role('option', name=PANEL[0]).click()
    employer = page.get_by_label('工作单位').last
    own = employer.input_value()
    employer.fill(ORG)
    desk.press('开始评估')
    way.said['excluded'] = page.get_by_text('应当回避，请改选他人').inner_text()
    desk.press('知道了')
    employer.fill(own)
    way.look()
    desk.press('开始评估')
    page.wait_for_url(re.compile(r'/assessments/\d+$'))
    way.assessment = urlsplit(page.url).path
    return way


@pytest.fixture(scope='module')
def scored(assessing: Way) -> Way:
    """The others have signed; 米星日 declares, scores and signs both his sheets by keyboard."""
    way = assessing
    others_score(way)
    way.serve('2026-11-25T09:30')
    desk, page = way.desk, way.desk.page
    desk.sign_in('米星日', '/assessments', role='评估专家')
    open_line(way, f'**{way.assessment}')
    way.look()
    way.said['declared'] = desk.act('没有应当回避的关系', '声明')
    way.see('alone', '评分表')
    expect(page.get_by_text('全部评分表签字以后，由您汇总评分。')).to_be_visible()
    open_sheet(way, '评分表', '公共部分')
    type_sheet(way, 'social-public', {APART: ('1', WHY)})
    way.said['public'] = page.locator('.dj-rs-bar').inner_text()
    way.look()
    page.set_viewport_size({'width': 1024, 'height': 768})
    way.look()
    page.set_viewport_size({'width': 1366, 'height': 768})
    way.said['signed'] = sign_typed(way)
    way.see('after signing', '评分表')
    open_sheet(way, '评分表', '保育师')
    type_sheet(way, 'social-occupation', {})
    sign_typed(way)
    return way


@pytest.fixture(scope='module')
def settled(scored: Way) -> Way:
    """He settles the item and the total that lie apart, in writing, and signs the consolidated sheets."""
    way, desk, page = scored, scored.desk, scored.desk.page
    way.see('apart', '评分差异')
    with desk.redrawn():
        desk.press('汇总评分')
    way.look()
    open_sheet(way, '汇总评分表', '公共部分')
    desk.press('核对并签字')
    way.said['unsettled'] = page.get_by_text('签字前须处理').inner_text()
    expect(page.get_by_text('签字前须处理')).to_be_in_viewport()
    way.see('unsettled', '检查结果')
    way.look()
    page.get_by_role('button', name=f'前往 {APART}').first.click()
    expect(page.locator(f'[data-main="{APART}"]')).to_be_focused()
    page.keyboard.type('4')
    page.locator('.dj-rs-panel textarea').first.fill('评分标准表述过简')
    page.get_by_label(re.compile('^复核意见')).fill(AGREED)
    page.locator('.dj-rs').evaluate('sheet => getElement(Number(sheet.id.slice(1))).$forceUpdate()')  # an answer of the server that comes while it is written
    expect(page.get_by_label(re.compile('^复核意见'))).to_have_value(AGREED)
    page.keyboard.press('Tab')
    expect(page.locator('.dj-rs-state')).to_contain_text('全部已保存')
    page.get_by_label(re.compile('总分复核意见')).fill(f'均因{APART}一项，已复核')
    desk.press('保存')
    page.get_by_text('总分的复核意见已保存').wait_for()
    way.said['consolidated'] = sign(way)
    open_sheet(way, '汇总评分表', '保育师')
    sign(way)
    way.see('reconciled', '评分差异')
    way.see('settled', '汇总评分表')
    return way


@pytest.fixture(scope='module')
def granted(settled: Way) -> Way:
    """狄柳土 concludes and publicizes; after the publicity he drafts the letter, 禹鬼金 signs it, 吕雨水 receives it."""
    way, desk, page = settled, settled.desk, settled.desk.page
    desk.sign_in('狄柳土', way.assessment)
    way.look()
    way.said['conclusion'] = desk.act('作出评估结论', '作出结论')
    page.get_by_label('联系电话').fill('0000-5550001')
    way.said['publicity'] = desk.act('开始公示')
    page.get_by_label('公示结果').fill('无异议')
    desk.press('登记公示结果')
    way.said['too early'] = page.get_by_text('期满后才能登记公示结果').inner_text()
    way.serve('2026-12-03T09:00')
    desk, page = way.desk, way.desk.page
    desk.sign_in('狄柳土', way.assessment)
    page.get_by_label('公示结果').fill('无异议')
    with desk.redrawn():
        desk.press('登记公示结果')
    page.get_by_label('发文机关 *').fill('明川市人力资源和社会保障局（演示）')
    with desk.redrawn():
        desk.press('起草')
    letter = page.get_by_role('group', name='备案函')
    letter.locator('[data-field=letter_no]').fill('明人社函〔2026〕31号')
    letter.locator('[data-field=letter_on]').fill('2026-12-03')
    page.keyboard.press('Tab')
    expect(letter).to_contain_text('全部已保存')
    way.rows['of the drafter'] = [word for word in ('签发', '作废草稿') if page.get_by_role('button', name=word, exact=True).count()]
    way.look()
    desk.sign_in('禹鬼金', way.assessment, role='中心主任')
    way.said['sign'] = desk.act('签发')
    way.see('annex', '附件')
    way.look()
    desk.sign_in('吕雨水', way.application, role='备案联系人')
    way.said['filed'] = ' '.join(desk.texts('.dj-subtitle') + desk.texts('.dj-mark')[:1])
    way.look()
    desk.follow('技术评估、公示和备案函')
    way.look()
    page.get_by_role('button', name='预览 备案函').click()
    expect(page.get_by_role('img', name='备案函 第1页，共3页', exact=True)).to_be_visible()
    way.look()
    page.keyboard.press('Escape')
    way.papers['letter'] = desk.download('PDF 备案函')
    return way


def test_what_is_known_is_offered_and_the_days_of_the_last_letter_are_not(handed_in: Way) -> None:
    assert handed_in.said['offered'] == '上次申报填写过本步中8项还空着的内容。'
    assert handed_in.said['basics'] == '本步没有发现问题。'
    assert handed_in.rows['ranges'] == ['1 4-10-01-03 保育师 5、4、3 国家职业技能标准 理论：机考；实操：现场操作 修改 删去']


def test_the_official_form_stands_beside_the_step(handed_in: Way) -> None:
    assert re.fullmatch(r'河南省社会培训评价组织备案申请表 第1页，共\d+页', handed_in.said['beside'])


def test_the_check_shows_the_self_score_and_asks_a_reason_for_each_warning(handed_in: Way) -> None:
    assert [row.split()[0] for row in handed_in.rows['self score']] == ['公共部分', '保育师']
    assert handed_in.said['no reason'] == '有1项提醒尚未说明理由，请逐项阅读并写明理由（不少于4个字）后再提交。'
    assert handed_in.said['hand in'].startswith('将向明川市职业技能鉴定指导中心（演示）提交申报。提交后内容封存')
    assert [(row[:18], row.endswith(REASON)) for row in handed_in.rows['handed in']] == [('第1次 2026-11-23 09:', True)]


def test_the_applicant_sees_just_what_a_correction_opens(corrected: Way) -> None:
    assert corrected.said['clock'] == '剩7个工作日'
    assert corrected.said['correct'] == '将一次性告知2项补正事项，以后不能再次要求补正。'
    assert corrected.rows['open steps'] == ['1. 组织和专业优势、场地、信息化', '2. 实施方案']
    assert (len(corrected.rows['strengths']), len(corrected.rows['plan'])) == (1, 1)
    assert corrected.said['kept reason'] == REASON


def test_the_centre_sees_just_what_changed_and_gives_a_number(assessing: Way) -> None:
    assert [(row.split(' ')[0], row.split(' ')[-1]) for row in assessing.rows['changed']] == [('组织和专业优势、场地、信息化', VENUE), ('实施方案', FUNDS)]
    assert '。；' not in assessing.rows['decided'][0]
    assert assessing.rows['decided'][-1].startswith('受理 BA20261123-01 2026-11-23 明川市职业技能鉴定指导中心（演示）')


def test_who_works_for_the_applicant_is_refused_by_name(assessing: Way) -> None:
    assert assessing.said['excluded'] == f'臧轸水的工作单位就是被评估单位“{ORG}”，应当回避，请改选他人。'


def test_an_assessor_scores_alone_and_sees_the_others_once_he_has_signed(scored: Way) -> None:
    assert scored.rows['alone'] == ['公共部分 评分中 评分 已签字 已签字', '保育师 评分中 评分 已签字 已签字']
    assert scored.said['public'].split('\n')[0] == '96 分'
    assert scored.said['signed'].startswith('总分96分，申请单位具备评价机构备案条件')
    assert scored.rows['after signing'] == ['公共部分 96分 查看 100分 查看 100分 查看', '保育师 评分中 评分 已签字 已签字']


def test_what_lies_apart_is_reconciled_in_writing_before_it_is_signed(settled: Way) -> None:
    assert settled.rows['apart'] == [f'公共部分 {APART} 1 5 5 4分 须写复核意见', '公共部分 总分 96 100 100 4分 须写复核意见']
    assert settled.said['unsettled'] == '签字前须处理3项：'
    assert f'{APART}各评估专家的评分相差4分，超过2分，请由组长写明复核意见。' in settled.rows['unsettled'][1]
    assert settled.said['consolidated'].startswith('总分99分，申请单位具备评价机构备案条件')
    assert settled.rows['reconciled'][0] == f'公共部分 {APART} 1 5 5 4分 {AGREED}'
    assert [row.split(' 米星日')[0] for row in settled.rows['settled']] == ['公共部分 已签字 99', '保育师 已签字 100']


def test_the_letter_waits_for_the_publicity_and_for_another_hand(granted: Way) -> None:
    assert granted.said['conclusion'] == '申请单位具备评价机构备案条件；可以纳入的职业（工种）1个，不纳入0个。'
    assert granted.said['publicity'] == '从2026-11-25起公示5个工作日。'
    assert granted.said['too early'] == '公示到2026-12-02为止，期满后才能登记公示结果。'
    assert granted.rows['of the drafter'] == ['作废草稿']
    assert granted.said['sign'].startswith(f'签发明人社函〔2026〕31号：机构备案号{NUMBER}')
    assert granted.said['sign'].endswith(f'1个职业（工种），有效期{TERM.replace(" ", "")}。签发后备案生效。')


def test_the_applicant_sees_the_filing_in_force_and_prints_the_letter(granted: Way) -> None:
    assert granted.said['filed'] == f'社会培训评价组织备案　机构备案号 {NUMBER}（{TERM}） 已备案'
    assert granted.rows['annex'] == ['1 保育师 4-10-01-03 — 5、4、3 国家职业技能标准']
    words = ['明川市人力资源和社会保障局（演示）', '明人社函〔2026〕31号', NUMBER, '2026年12月3日', '保育师', '4-10-01-03']
    assert in_order(text_of(granted.papers['letter']), words) == []


def test_nothing_went_wrong_in_the_windows_and_everybody_can_use_them(granted: Way) -> None:
    assert granted.faults + granted.serious == []
