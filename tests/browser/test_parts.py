"""The parts in Chromium, on the page 组件: what only a browser does."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).with_name('axe.min.js')
TOKEN = 'sample-token-of-the-parts'
CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')

pytestmark = [
    pytest.mark.browser, pytest.mark.skipif(not CHROMIUM and os.environ.get('CI') != 'true', reason='no Chromium on this machine')]


@dataclass
class Server:
    """A server of the page 组件 that can be killed and started again on its data."""

    home: Path
    port: int
    process: subprocess.Popen[str] | None = None
    cookie: str = ''

    @property
    def address(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'tests.browser.serve_components', str(self.home), str(self.port), TOKEN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.cookie = self.process.stdout.readline().strip()
        until = monotonic() + 60
        while monotonic() < until:
            try:
                urlopen(f'{self.address}/static/site.css', timeout=2).close()
                return
            except (HTTPError, URLError, ConnectionError, TimeoutError):
                sleep(0.1)
        raise TimeoutError('the server did not answer')

    def stop(self, *, kill: bool = False) -> None:
        assert self.process
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(timeout=20)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    made = Server(tmp_path_factory.mktemp('parts') / 'data', port)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope='module')
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope='module')
def chromium(driver: Playwright) -> Iterator[Browser]:
    started = driver.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox'])
    yield started
    started.close()


@pytest.fixture
def staff(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser window of its own, signed in."""
    window = chromium.new_context(locale='zh-CN', viewport={'width': 1366, 'height': 768}, base_url=server.address)
    window.add_cookies([{'name': server.cookie, 'value': TOKEN, 'url': server.address}])
    yield window
    window.close()


@pytest.fixture
def page(staff: BrowserContext) -> Page:
    return opened(staff)


def opened(staff: BrowserContext, address: str = '/components') -> Page:
    page = staff.new_page()
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_function('window.did_handshake === true')


def codes(page: Page) -> list[str]:
    return page.locator('section[aria-label=列表] tbody a').all_inner_texts()


def saved(page: Page, label: str) -> None:
    expect(page.locator('.dj-form-field', has=page.get_by_label(label, exact=False)).locator('.dj-saved')).to_have_text(re.compile(r'已保存 \d\d:\d\d'))


def field(page: Page, label: str) -> str:
    return page.get_by_label(label, exact=False).first.input_value()


# ------------------------------------------------------------------ list


def test_a_list_pages_by_key_in_both_directions(page: Page) -> None:
    first = codes(page)
    assert (first[0], first[-1], len(first)) == ('2026-1234', '2026-1210', 25)
    page.get_by_role('button', name='下一页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1209')
    page.get_by_role('button', name='末页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').last).to_have_text('2026-0001')
    expect(page.get_by_role('button', name='下一页').first).to_be_disabled()
    page.get_by_role('button', name='上一页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').last).to_have_text('2026-0026')
    page.get_by_role('button', name='首页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1234')
    expect(page.get_by_role('button', name='上一页').first).to_be_disabled()


def test_filters_stand_in_the_address_and_survive_a_reload(page: Page) -> None:
    page.get_by_role('textbox', name='搜索').fill('dgsl')
    expect(page.get_by_text('筛选后246条 / 共1000+条')).to_be_visible()
    page.get_by_role('combobox', name='状态').click()
    page.get_by_role('option', name='公示').click()
    expect(page.get_by_text('筛选后35条 / 共1000+条')).to_be_visible()
    page.get_by_role('button', name='下一页').first.click()
    expect(page).to_have_url(re.compile(r'/components\?q=dgsl&state=publicized&before=\d+$'))
    rows = codes(page)
    page.reload()
    ready(page)
    assert (codes(page), page.get_by_role('textbox', name='搜索').input_value()) == (rows, 'dgsl')
    page.get_by_role('button', name='清除 状态').click()
    expect(page.get_by_text('筛选后246条 / 共1000+条')).to_be_visible()
    page.get_by_role('button', name='全部清除').click()
    expect(page).to_have_url(re.compile(r'/components$'))
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1234')


def test_a_list_is_searched_in_chinese_and_an_empty_answer_offers_to_clear(page: Page) -> None:
    page.get_by_role('textbox', name='搜索').fill('焊工示例1231')
    expect(page.get_by_text('筛选后1条 / 共1000+条')).to_be_visible()
    page.get_by_role('textbox', name='搜索').fill('没有的词')
    expect(page.get_by_text('没有符合条件的记录')).to_be_visible()
    page.get_by_role('button', name='清除筛选').click()
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1234')


def test_the_exact_count_comes_on_a_click(page: Page) -> None:
    expect(page.get_by_text('共1000+条', exact=True)).to_be_visible()
    page.get_by_role('button', name='精确计数').click()
    expect(page.get_by_text('共1,234条', exact=True)).to_be_visible()


def test_arrows_go_through_the_rows_and_enter_opens(page: Page) -> None:
    page.get_by_role('textbox', name='搜索').focus()
    for key in ('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(r'opened=1233$'))


def test_a_click_anywhere_on_a_row_opens_it(page: Page) -> None:
    page.get_by_role('cell', name='焊工示例1231').click()
    expect(page).to_have_url(re.compile(r'opened=1231$'))


def test_chosen_columns_are_kept_for_the_person(staff: BrowserContext, page: Page) -> None:
    page.get_by_role('button', name='列', exact=True).first.click()
    page.get_by_role('checkbox', name='拼音首字母').click()
    expect(page.get_by_role('columnheader', name='拼音首字母')).to_be_visible()
    page.get_by_role('checkbox', name='日期').click()
    expect(page.get_by_role('columnheader', name='日期')).to_have_count(0)
    other = opened(staff)
    assert other.locator('section[aria-label=列表] th').all_inner_texts()[1:] == ['编号', '名称', '状态', '等级', '拼音首字母']
    other.get_by_role('button', name='列', exact=True).first.click()
    other.get_by_role('button', name='恢复默认').click()
    expect(other.get_by_role('columnheader', name='日期')).to_be_visible()


def test_a_bulk_act_says_how_many_it_will_touch(page: Page) -> None:
    page.get_by_role('button', name='批量办理').click()
    expect(page.get_by_text('将影响筛选结果的全部1,234条：批量办理。办理后不可撤回。')).to_be_visible()
    page.get_by_role('button', name='取消').click()
    for name in ('选择 2026-1234', '选择 2026-1230'):
        page.get_by_role('checkbox', name=name).click()
    page.get_by_role('button', name='批量办理').click()
    expect(page.get_by_text('将影响所选的2条')).to_be_visible()
    page.get_by_role('alertdialog').get_by_role('button', name='批量办理').click()
    expect(page.get_by_text('已办理2条。')).to_be_visible()


def test_the_export_holds_what_is_filtered(page: Page) -> None:
    from python_calamine import CalamineWorkbook

    page.get_by_role('textbox', name='搜索').fill('焊工示例1231')
    expect(page.get_by_text('筛选后1条 / 共1000+条')).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role('button', name='导出XLSX').click()
    assert re.fullmatch(r'示例列表_\d{4}-\d\d-\d\d\.xlsx', got.value.suggested_filename)
    rows = CalamineWorkbook.from_path(got.value.path()).get_sheet_by_index(0).to_python()
    assert rows == [['编号', '名称', '状态', '等级', '日期'], ['2026-1231', '焊工示例1231', '已发证', '二级', '2026-02-01']]


def test_a_list_that_never_had_a_row_says_what_to_do_first(page: Page) -> None:
    empty = page.locator('section[aria-label=空列表]')
    expect(empty.get_by_text('还没有批次。先登记备案范围，再新建第一个批次。')).to_be_visible()
    expect(empty.get_by_role('link', name='新建批次')).to_have_attribute('href', '/components')


# ------------------------------------------------------------------ form


def test_typing_saves_by_itself_and_says_when(page: Page) -> None:
    box = page.get_by_label('说明')
    box.press_sequentially('甲乙', delay=30)
    state = page.locator('.dj-form-field', has=box).locator('.dj-saved')
    expect(state).to_have_text('未保存')
    expect(page.get_by_text('有1项未保存')).to_be_visible()
    expect(state).to_have_text(re.compile(r'已保存 \d\d:\d\d'), timeout=3000)  # without leaving the field
    page.reload()
    ready(page)
    assert field(page, '说明') == '甲乙'


def test_a_choice_and_a_tick_are_saved_at_once(page: Page) -> None:
    page.get_by_label('种类').select_option('甲类')
    saved(page, '种类')
    page.get_by_label('五级').check()
    expect(page.get_by_text(re.compile('全部已保存'))).to_be_visible()
    page.reload()
    ready(page)
    assert (field(page, '种类'), [page.get_by_label(level).is_checked() for level in ('五级', '四级', '三级', '二级', '一级')]) == (
        'a', [True, True, True, False, False])


def test_a_date_is_read_as_people_write_it(page: Page) -> None:
    page.get_by_role('textbox', name='日期').fill('2026年1月5日')
    page.get_by_role('textbox', name='日期').blur()
    expect(page.get_by_role('textbox', name='日期')).to_have_value('2026-01-05')


def test_what_cannot_be_saved_stays_with_its_fault_after_the_field_is_left(page: Page) -> None:
    box = page.get_by_role('textbox', name='日期')
    box.fill('5/1/26')
    sleep(2)  # longer than the autosave waits: still in the field, so no complaint yet
    expect(page.locator('.dj-form-fault')).to_have_count(0)
    box.blur()
    expect(page.locator('.dj-form-fault')).to_have_count(1)
    expect(box).to_have_attribute('aria-invalid', 'true')
    assert box.input_value() == '5/1/26'


def test_the_summary_takes_the_focus_and_its_links_lead_to_the_fields(page: Page) -> None:
    page.get_by_role('button', name='提交检查').click()
    summary = page.locator('.dj-faults')
    expect(summary).to_be_focused()
    expect(summary).to_contain_text('共有3处需要核对')
    summary.get_by_role('link', name='“编号”还没有填写').click()
    expect(page.get_by_role('textbox', name='编号')).to_be_focused()
    expect(page.locator('.dj-form-field', has=page.get_by_role('textbox', name='编号')).locator('.dj-form-fault')).to_contain_text('“编号”还没有填写')


def test_the_second_of_two_people_overwrites_nothing(staff: BrowserContext, page: Page) -> None:
    other = opened(staff)
    page.get_by_label('费用').fill('130')
    page.get_by_label('费用').blur()
    saved(page, '费用')
    other.get_by_label('费用').fill('140')
    other.get_by_label('费用').blur()
    expect(other.get_by_text(re.compile('“费用”已由示例人员（机构负责人）于.*改为“130”'))).to_be_visible()
    assert (field(other, '费用'), field(opened(staff), '费用')) == ('140', '130')
    other.get_by_role('button', name='改用我填写的').click()
    saved(other, '费用')
    assert field(opened(staff), '费用') == '140'


def test_the_clause_stands_beside_the_field(page: Page) -> None:
    page.get_by_role('button', name='依据 编号').click()
    expect(page.get_by_role('dialog', name='依据 编号')).to_contain_text('GB 11643')


def test_what_was_typed_outlives_a_killed_server(page: Page, server: Server) -> None:
    box = page.get_by_label('名称')
    box.fill('断电前')
    box.blur()
    saved(page, '名称')
    server.stop(kill=True)
    box.fill('断电中填写')
    expect(page.locator('.dj-form-field', has=box).locator('.dj-saved')).to_have_text('未保存')
    server.start()
    page.wait_for_event('domcontentloaded', timeout=30_000)
    ready(page)
    expect(page.get_by_label('名称')).to_have_value('断电中填写', timeout=10_000)
    saved(page, '名称')


# ------------------------------------------------------------------ import


def workbook(*rows: tuple[str, str, str]) -> bytes:
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {'in_memory': True}) as book:
        sheet = book.add_worksheet()
        for r, cells in enumerate((('编号', '名称', '等级'), *rows)):
            sheet.write_row(r, 0, cells)
    return out.getvalue()


def test_an_import_shows_every_rows_fate_and_brings_in_the_good_ones(page: Page) -> None:
    data = workbook(('2026-001', '甲', '3'), ('2026-002', '乙', '4'), ('错号', '丙', '5'))
    part = page.locator('section[aria-label=导入]')
    give(page, data)
    expect(part.get_by_text('共3行：新增2行，更新0行，相同0行；有误1行不会导入')).to_be_visible(timeout=20_000)
    expect(part.locator('.dj-fates tbody tr')).to_have_count(1)  # the bad ones first
    expect(part.locator('.dj-fates')).to_contain_text('A4“编号”应为四位年份')
    with page.expect_download() as got:
        part.get_by_role('button', name='下载有误的1行').click()
    assert got.value.suggested_filename == '示例名单有误的行.xlsx'
    part.get_by_role('button', name='导入2行').click()
    expect(part.get_by_text('导入示例名单：已完成')).to_be_visible(timeout=20_000)
    give(page, workbook(('2026-001', '甲', '3'), ('2026-002', '乙', '4')))
    expect(part.get_by_text('共2行，均与系统中相同，无须导入。')).to_be_visible(timeout=20_000)
    expect(part.get_by_role('button', name='没有需要导入的行')).to_be_disabled()


def test_a_file_that_is_no_workbook_is_refused_in_chinese(page: Page) -> None:
    give(page, b'GIF89a not a workbook')
    expect(page.get_by_text(re.compile('不是Excel工作簿，实际是GIF图片'))).to_be_visible(timeout=20_000)


def give(page: Page, data: bytes) -> None:
    page.locator('section[aria-label=导入] input[type=file]').last.set_input_files(
        {'name': '名单.xlsx', 'mimeType': 'application/octet-stream', 'buffer': data})


# ------------------------------------------------------------------ the others


def test_a_refusal_is_shown_with_its_clause(page: Page) -> None:
    page.get_by_role('button', name='有规则的拒绝').click()
    told = page.get_by_role('alertdialog')
    expect(told).to_contain_text('证书编号已用完')
    told.get_by_role('button', name='依据 CERT-35').click()
    expect(page.get_by_role('dialog', name='依据 CERT-35')).to_contain_text('湘人社鉴函')


def test_several_findings_are_all_shown(page: Page) -> None:
    page.get_by_role('button', name='多项拒绝').click()
    expect(page.get_by_role('alertdialog').locator('tbody tr')).to_have_count(3)


def test_our_own_fault_has_a_number_that_stands_in_the_log(page: Page, server: Server) -> None:
    page.get_by_role('button', name='程序错误').click()
    told = page.get_by_text(re.compile(r'编号\d{8}'))
    expect(told).to_be_visible()
    number = re.search(r'\d{8}', told.inner_text())
    assert number
    assert f'fault {number[0]}' in ''.join(p.read_text(encoding='utf-8') for p in (server.home / 'log').iterdir())


def test_an_ended_sign_in_leads_to_the_sign_in_page(page: Page) -> None:
    page.get_by_role('button', name='登录已结束').click()
    page.wait_for_url(lambda address: '/components' not in address or 'next' in address)


def test_a_dangerous_act_asks_and_the_focus_stands_on_cancel(page: Page) -> None:
    page.get_by_role('button', name='生成编号…').click()
    expect(page.get_by_text('将为43人生成43个证书编号，不可撤回。')).to_be_visible()
    expect(page.get_by_role('button', name='取消')).to_be_focused()
    page.keyboard.press('Enter')
    expect(page.get_by_text('已取消')).to_be_visible()


def test_a_job_shows_how_far_it_is_and_can_be_stopped(page: Page) -> None:
    part = page.locator('section[aria-label=任务进度]')
    part.get_by_role('button', name='启动任务').click()
    expect(part.get_by_text(re.compile(r'示例任务：进行中　\d+ / 30'))).to_be_visible(timeout=10_000)
    part.get_by_role('button', name='停止任务').click()
    page.get_by_role('alertdialog').get_by_role('button', name='停止任务').click()
    expect(part.get_by_text('示例任务：已取消')).to_be_visible()
    expect(part.get_by_text('已取消；取消前已完成的部分保留。')).to_be_visible()


def test_a_job_that_fails_says_why(page: Page) -> None:
    part = page.locator('section[aria-label=任务进度]')
    part.get_by_role('button', name='启动会失败的任务').click()
    expect(part.get_by_text('第3条缺少照片，任务没有完成。')).to_be_visible(timeout=10_000)


def test_a_paper_with_gaps_cannot_be_printed_but_its_blank_can(page: Page) -> None:
    part = page.locator('section[aria-label=文书]')
    expect(part.get_by_role('button', name='PDF 合格人员名单', exact=True)).to_be_disabled()
    with page.expect_download() as got:
        part.get_by_role('button', name='空白PDF 合格人员名单').click()
    assert got.value.suggested_filename == '合格人员名单（空白）.pdf'
    with page.expect_download() as got:
        part.get_by_role('button', name='全部打包下载').click()
    assert got.value.suggested_filename == '示例批次文书.zip'


@pytest.mark.parametrize('width', [1366, 1000, 390])
def test_axe_finds_nothing_serious_and_nothing_runs_over_the_edge(chromium: Browser, server: Server, width: int) -> None:
    with chromium.new_context(locale='zh-CN', viewport={'width': width, 'height': 768}, base_url=server.address) as window:
        window.add_cookies([{'name': server.cookie, 'value': TOKEN, 'url': server.address}])
        page = opened(window)
        if page.locator('.q-drawer__backdrop').is_visible():
            page.mouse.click(width - 10, 400)
        page.get_by_role('button', name='提交检查').click()
        expect(page.locator('.dj-faults')).to_be_visible()
        page.evaluate(AXE.read_text(encoding='utf-8'))
        found = page.evaluate("axe.run('section', {runOnly: ['wcag2a', 'wcag2aa']})")
        assert [(v['id'], [n['html'] for n in v['nodes']]) for v in found['violations'] if v['impact'] in ('serious', 'critical')] == []
        assert found['passes']
        assert page.evaluate('document.documentElement.scrollWidth') <= width
