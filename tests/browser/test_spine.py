"""The main job in Chromium, by the steps of assets/demo/练习.md: from the sample workbook to certificates that the public can check."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.spine import SAMPLES, WAIT_MS, Desk, copy_of, demo_at, desk_at
from tests.papers.read import codes_of, in_order, pictures_of, text_of, without_blanks
from tests.serving import free_port
from tests.shows import shows

pytestmark = pytest.mark.browser

SIGNERS = {'考评组长': '金芒种', '汇总记分员': '华小满', '内部质量督导员': '葛大寒', '考务负责人': '施惊蛰'}
FAILED = ('罗庚戌', '邬癸丑')  # of the sample scores: theory 59, absent
LAYOUTS = {'handbook': '手册式样（2寸照片、16磅楷体）', 'national_2021': '全国统一式样（1寸照片、小四仿宋）'}


@dataclass
class Way:
    """What was seen on the way, by step."""

    home: Path
    chromium: Browser
    served: ExitStack
    batch: str = ''
    said: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    papers: dict[str, bytes] = field(default_factory=dict)
    serious: list[str] = field(default_factory=list)
    desk: Desk = field(init=False)

    def serve(self, now: str = '') -> None:
        """Start the demo, or start it again by another clock, with a new window."""
        self.served.close()
        self.desk = self.served.enter_context(desk_at(self.chromium, self.served.enter_context(demo_at(self.home, free_port(), now=now))))

    @property
    def faults(self) -> list[str]:
        """What went wrong in the window, and what it asked of other machines."""
        return [*self.desk.errors, *self.desk.foreign]

    def look(self) -> None:
        """Let axe look at the page as it stands."""
        self.serious += self.desk.serious()


def sample_rows() -> list[dict[str, str]]:
    """Return the fourteen of the sample files with name, ID number and scores, in the order of their seats."""
    known = {r['序号']: r for r in csv.DictReader((SAMPLES / 'candidates.csv').open(encoding='utf-8'))}
    return [known[r['序号']] | r for r in csv.DictReader((SAMPLES / 'next_batch.csv').open(encoding='utf-8'))]


PEOPLE = sample_rows()
PASSED = [r['姓名'] for r in PEOPLE if r['姓名'] not in FAILED]
NUMBERS = [f'S000099010001264{n:06d}' for n in range(158, 170)]


@pytest.fixture(scope='module')
def start(story: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """The demo with its empty batch, served until the publicity begins."""
    with ExitStack() as served:
        way = Way(copy_of(story, tmp_path_factory.mktemp('way')), chromium, served)
        way.serve()
        yield way


@pytest.fixture(scope='module')
def listed(start: Way) -> Way:
    """张春分 brings workbook and photos in."""
    desk, page = start.desk, start.desk.page
    desk.sign_in('张春分', '/batches')
    desk.follow('2026-004')
    start.batch = urlsplit(page.url).path
    start.look()
    desk.follow('考生名单', page.get_by_role('navigation', name='本批次'))
    start.look()
    desk.follow('导入名单和照片')
    desk.give('选择工作簿', SAMPLES / '示例名单.xlsx')
    page.get_by_role('button', name='导入14行').wait_for()
    start.look()
    start.said['roster preview'] = page.locator('.dj-import .dj-job-title').first.inner_text()
    start.rows['fates'] = desk.texts('.dj-fates td:nth-child(2)')
    desk.press('导入14行')
    expect(page.locator('.dj-job').first).to_contain_text('已完成', timeout=WAIT_MS)
    start.said['roster job'] = page.locator('.dj-job .dj-note').first.inner_text()
    desk.give('选择照片ZIP', SAMPLES / '示例照片.zip')
    expect(page.locator('.dj-job').last).to_contain_text('导入考生照片：已完成')
    start.said['photo job'] = page.locator('.dj-job .dj-note').last.inner_text()
    desk.follow('返回名单')
    page.locator('.dj-rows tbody tr').nth(13).wait_for()
    start.rows['list'] = desk.texts('.dj-rows tbody tr')
    start.papers |= {f'F-ROSTER.{kind}': desk.download(f'{kind} 报名花名册') for kind in ('PDF', 'XLSX')}
    page.locator('.dj-rows tbody a').first.click()
    page.get_by_role('img', name='的照片').wait_for()
    desk.ready()
    start.look()
    return start


@pytest.fixture(scope='module')
def entered(listed: Way) -> Way:
    """施惊蛰 closes the list; 张春分 enters by workbook, 孔清明 in the grid by the keyboard, one score wrong."""
    desk, page = listed.desk, listed.desk.page
    desk.sign_in('施惊蛰', listed.batch)
    listed.said['close'] = desk.act('名单定稿，开始录入成绩')
    desk.sign_in('张春分', f'{listed.batch}/scores')
    desk.follow('第一次录入（工作簿）')
    desk.give('选择工作簿', SAMPLES / '示例成绩.xlsx')
    desk.press('导入14行')
    expect(page.locator('.dj-job').first).to_contain_text('已完成', timeout=WAIT_MS)
    desk.follow('返回成绩')
    listed.rows['one entry'] = desk.texts('.dj-mark')[:4]
    desk.sign_in('孔清明', f'{listed.batch}/scores')
    page.get_by_text('成绩表（14人）').click()
    page.locator('[aria-label=成绩表] td').first.wait_for()
    listed.rows['seen before the second entry'] = desk.texts('[aria-label=成绩表] td')
    desk.follow('第二次录入（逐格）')
    page.locator('[data-at="0_0"]').focus()
    _type_column([r['理论'] for r in PEOPLE], page, wrong=(1, '75.4'))
    for _ in PEOPLE[1:]:
        page.keyboard.press('ArrowUp')
    page.keyboard.press('Tab')
    _type_column([r['实操'] for r in PEOPLE], page, wrong=(3, '100.5'))
    page.locator('.dj-matrix-faults li').wait_for()
    expect(page.locator('.dj-cell-sent, .dj-cell-typed')).to_have_count(0)
    listed.look()
    listed.rows['refused cells'] = desk.texts('.dj-matrix-faults li')
    page.locator('[data-at="3_1"]').fill(PEOPLE[3]['实操'])
    page.keyboard.press('Enter')
    expect(page.locator('.dj-matrix-faults li')).to_have_count(0)
    desk.follow('返回成绩')
    listed.rows['differences'] = desk.texts('[aria-label=检查结果] td:nth-child(2)')
    listed.look()
    desk.follow('第二次录入（逐格）')
    page.locator('[data-at="1_0"]').fill(PEOPLE[1]['理论'])
    page.keyboard.press('Enter')
    expect(page.locator('[data-at="1_0"]')).to_have_class(re.compile('dj-cell-kept'))
    return listed


def _type_column(texts: list[str], page: Any, wrong: tuple[int, str]) -> None:
    for n, text in enumerate(texts):
        page.keyboard.insert_text(wrong[1] if n == wrong[0] else text)
        if n < len(texts) - 1:
            page.keyboard.press('Enter')
    page.locator(':focus').dispatch_event('change')


@pytest.fixture(scope='module')
def publicized(entered: Way) -> Way:
    """Four people sign, 施惊蛰 begins the publicity; 何立春 is refused before its end."""
    desk, page = entered.desk, entered.desk.page
    for post, name in SIGNERS.items():
        desk.sign_in(name, f'{entered.batch}/scores')
        entered.said[post] = desk.act(f'以{post}身份签字', '签字')
    entered.rows['signatures'] = desk.texts('[aria-label=签字] tr td:nth-child(3)')
    entered.said['publicize'] = desk.act('开始公示')
    entered.said['publicity'] = page.get_by_text('公示期 2026').inner_text()
    entered.look()
    entered.papers |= {f'F-SCORESUM.{kind}': desk.download(f'{kind} 成绩汇总表') for kind in ('PDF', 'XLSX')}
    entered.papers['F-SCORE-CHECK.XLSX'] = desk.download('XLSX 成绩录入双人核对单')
    entered.papers |= {f'F-RESULT-NOTICE.{kind}': desk.download(f'{kind} 认定结果公示') for kind in ('PDF', 'DOCX')}
    desk.sign_in('何立春', f'{entered.batch}/certificates')
    page.get_by_label('公示结果').fill('公示期内无异议')
    desk.press('签批核发，生成编号')
    page.get_by_text('暂不能办理').wait_for()
    entered.said['too early'] = page.get_by_role('alertdialog', name='暂不能办理').locator('.dj-sentence').inner_text()
    return entered


@pytest.fixture(scope='module')
def issued(publicized: Way) -> Way:
    """After a restart on 2026-12-01 何立春 approves; 曹谷雨 prints both layouts and issues."""
    publicized.rows['faults before'] = publicized.faults
    publicized.serve('2026-12-01')
    _approve(publicized)
    _print(publicized)
    publicized.said['issue'] = publicized.desk.act('登记发证')
    publicized.look()
    return publicized


def _approve(way: Way) -> None:
    desk, page = way.desk, way.desk.page
    desk.sign_in('何立春', f'{way.batch}/certificates')
    way.look()
    page.get_by_label('公示结果').fill('公示期内无异议')
    way.said['approve'] = desk.act('签批核发，生成编号', '签批并生成编号')
    way.rows['numbers'] = desk.texts('[aria-label=证书] td:nth-child(1)')


def _print(way: Way) -> None:
    desk, page = way.desk, way.desk.page
    desk.sign_in('曹谷雨', f'{way.batch}/certificates')
    for layout, word in LAYOUTS.items():
        page.get_by_label('证书式样').click()
        page.get_by_role('option', name=word).click()
        if page.get_by_role('link', name='下载结果').count():
            page.evaluate("document.querySelector('.dj-job').dataset.old = 1")
        desk.press('生成证书PDF')
        page.locator('.dj-job:not([data-old])').get_by_role('link', name='下载结果').wait_for()
        way.papers[layout] = desk.download('下载结果', role='link')
    way.look()
    way.papers['F-CERT-APPROVE.PDF'] = desk.download('PDF 证书核发审批表')
    for form, title in {'F-PASS': '合格人员名册', 'F-CERT-LIST': '证书核发名册'}.items():
        way.papers |= {f'{form}.{kind}': desk.download(f'{kind} {title}') for kind in ('PDF', 'XLSX')}


def test_the_preview_tells_the_fate_of_every_row_before_anything_is_written(listed: Way) -> None:
    assert listed.said['roster preview'] == '共14行：新增14行，更新0行，相同0行。'
    assert listed.rows['fates'] == ['新增'] * 14


def test_the_list_holds_every_row_of_the_workbook_and_a_photo_for_each(listed: Way) -> None:
    assert listed.said['roster job'] == '新增14人，更新0人，无变化0人，有误未导入0行。'
    assert listed.said['photo job'] == '匹配14张，缺0人，名单中没有的0张，重复0张，不能用的0张。'
    shown = [without_blanks(text) for text in listed.rows['list']]
    assert [row['姓名'] for row in reversed(PEOPLE)] == [re.match(r'[\u4e00-\u9fff]+', text)[0] for text in shown]  # type: ignore[index]
    assert all(text.endswith('有') for text in shown)
    assert not [row['证件号码'] for row in PEOPLE if any(row['证件号码'] in text for text in shown)], 'a list shows no full ID number'


def test_closing_the_list_says_how_many_it_is_for(entered: Way) -> None:
    assert entered.said['close'].startswith('14人的名单定稿后不能再增减')


def test_the_second_person_sees_nothing_of_the_first_entry(entered: Way) -> None:
    assert entered.rows['one entry'] == ['两次一致 0', '不一致 0', '待第二次录入 28', '未录入 0']
    assert set(entered.rows['seen before the second entry'][3::6]) == {'待第二次录入'}
    assert set(entered.rows['seen before the second entry'][4::6]) == {'待第二次录入'}


@shows('CONV-12')
def test_a_score_beyond_its_limit_is_refused_at_its_cell_and_stays_to_be_mended(entered: Way) -> None:
    assert len(entered.rows['refused cells']) == 1
    assert '尤壬午' in entered.rows['refused cells'][0]
    assert '100.5' in entered.rows['refused cells'][0]


@shows('SCORE-12')
def test_the_one_difference_between_the_entries_is_named(entered: Way) -> None:
    assert entered.rows['differences'] == ['260044001022 郑庚午的理论两次录入不一致（74.5与75.4），请对照原始成绩由录入人更正。']


def test_four_people_sign_in_their_order_what_they_were_shown(publicized: Way) -> None:
    assert publicized.rows['signatures'] == [f'{name}（{post}）' for post, name in SIGNERS.items()]
    assert len({re.search(r'校验码(\w{8})', publicized.said[post])[1] for post in SIGNERS}) == 1  # type: ignore[index]


@shows('SCORE-19')
def test_the_publicity_runs_five_working_days_and_holds_the_approval_back(publicized: Way) -> None:
    assert publicized.said['publicity'].startswith('公示期 2026-11-23 至 2026-11-30')
    assert publicized.said['too early'].startswith('公示期到2026-11-30止')


@shows('CERT-21')
def test_the_approval_says_its_numbers_and_gives_them_without_a_gap(issued: Way) -> None:
    assert issued.said['approve'] == '将为12人生成12个证书编号，发证日期2026-12-01，编号不可撤回、不可重号。'
    assert issued.rows['numbers'] == NUMBERS
    assert issued.said['issue'] == '登记12本证书为已发证，公众即可查询。'


@shows('CERT-07', 'F-CERT')
@pytest.mark.parametrize('layout', LAYOUTS)
def test_every_printed_certificate_carries_its_person_and_a_code_that_leads_to_its_number(issued: Way, layout: str, tmp_path: Path) -> None:
    pages = text_of(issued.papers[layout]).split('\f')[:-1]
    assert len(pages) == 12
    for page, name, number in zip(pages, PASSED, NUMBERS, strict=True):
        row = next(r for r in PEOPLE if r['姓名'] == name)
        assert in_order(page, ['证书编号', number]) == []
        assert all(word in without_blanks(page) for word in (name, row['证件号码'], '四级/中级工', '2026年12月1日', '保育师' if row['职业编码'] == '4-10-01-03' else '普通车床'))
    pictures = pictures_of(issued.papers[layout], tmp_path, dpi=110)
    assert [codes_of(picture) for picture in pictures] == [[f'https://jndj.example/?number={number}'] for number in NUMBERS]


@shows('DATA-14', 'DATA-16')
def test_the_public_finds_every_number_with_its_name_and_learns_nothing_otherwise(issued: Way, tmp_path: Path) -> None:
    page = issued.desk.page
    issued.desk.context.clear_cookies()
    read = [code for picture in pictures_of(issued.papers['handbook'], tmp_path, dpi=110) for code in codes_of(picture)]
    found, others = [], []
    page.goto(f'/verify?{urlsplit(read[0]).query}')
    assert page.get_by_label('证书编号（22位）').input_value() == NUMBERS[0]
    for number, name in [*((parse_qs(urlsplit(code).query)['number'][0], name) for code, name in zip(read, PASSED, strict=True)),
                         (NUMBERS[0], '王五六'), ('S000099010001264009999', PASSED[0])]:
        page.get_by_label('证书编号（22位）').fill(number)
        page.get_by_label('姓名').fill(name)
        with page.expect_navigation():
            page.get_by_role('button', name='查询').click()
        found.append(issued.desk.texts('.dj-table td'))
        others.append(''.join(issued.desk.texts('.dj-fault')))
    assert [row[:2] for row in found[:12]] == [[number, f'{name[0]}*{name[2]}'] for number, name in zip(NUMBERS, PASSED, strict=True)]
    assert all(re.fullmatch(r'9901\*{10}\d{3}[\dX]', row[2]) and '已发证' in row[-1] for row in found[:12])
    assert found[12:] == [[], []]
    assert others[12] == others[13] != ''
    assert others[:12] == [''] * 12
    issued.serious += issued.desk.serious()


@pytest.mark.parametrize('form', ['F-PASS', 'F-CERT-LIST', 'F-CERT-APPROVE', 'F-SCORESUM', 'F-RESULT-NOTICE', 'F-ROSTER'])
def test_every_paper_names_its_people_and_numbers(issued: Way, form: str) -> None:
    text = without_blanks(text_of(issued.papers[f'{form}.PDF']))
    everybody = [r['姓名'] for r in PEOPLE]
    expected = {
        'F-PASS': [*PASSED, *NUMBERS], 'F-CERT-LIST': [*PASSED, *NUMBERS], 'F-CERT-APPROVE': [NUMBERS[0], NUMBERS[6], NUMBERS[7], NUMBERS[11], '公示期内无异议', '何立春'],
        'F-SCORESUM': [*everybody, *SIGNERS.values(), '张春分', '孔清明'], 'F-RESULT-NOTICE': [*everybody, '2026年11月23日至2026年11月30日'],
        'F-ROSTER': [*everybody, *(r['证件号码'] for r in PEOPLE)]}[form]
    assert [word for word in expected if word not in text] == []
    if form in ('F-PASS', 'F-CERT-LIST'):
        assert [word for word in FAILED if word in text] == []
    if form == 'F-RESULT-NOTICE':
        assert not re.search(r'\d{17}[\dX]', text)
        rows = docx.Document(BytesIO(issued.papers['F-RESULT-NOTICE.DOCX'])).tables[0].rows
        assert [row.cells[1].text for row in rows][1:] == everybody


@pytest.mark.parametrize(('form', 'rows'), [('F-PASS', 12), ('F-CERT-LIST', 12), ('F-SCORESUM', 7), ('F-SCORE-CHECK', 28), ('F-ROSTER', 14)])
def test_every_workbook_keeps_its_codes_as_text(issued: Way, form: str, rows: int) -> None:
    sheet = openpyxl.load_workbook(BytesIO(issued.papers[f'{form}.XLSX'])).worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    at = next(heads.index(head) for head in ('证件号码', '准考证号') if head in heads)
    codes = [row[at].value for row in sheet.iter_rows(min_row=3, max_row=2 + rows)]
    assert all(isinstance(code, str) and re.fullmatch(r'\d{12}|\d{17}[\dX]', code) for code in codes)
    assert not re.fullmatch(r'\d{12}|\d{17}[\dX]', str(sheet.cell(3 + rows, at + 1).value))


def test_the_way_left_no_fault_in_the_browser_and_asked_no_other_machine(issued: Way) -> None:
    assert issued.rows['faults before'] == []
    assert issued.faults == []


def test_axe_finds_nothing_serious_on_the_way(issued: Way) -> None:
    assert issued.serious == []
