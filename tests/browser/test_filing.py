"""Writing an application in Chromium: saved while typing, kept over a lost connection, two people on one step, rows, and the way to handing in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZE
from tests.browser.spine import WAIT_MS
from tests.filing.serving import Served, served
from tests.shows import shows

SENT = "window.rowsSent = 0; { const emit = window.socket.emit; window.socket.emit = function (...said) { if (JSON.stringify(said).includes('change')) window.rowsSent++; return emit.apply(this, said); }; } 0"
BARS = """() => {
  window.bars = new Set(); // each state of a job that the page showed
  new MutationObserver(() => bars.add(document.querySelector('.dj-job')?.innerText)).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope='module')
def filing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp('filing')) as running:
        yield running


@pytest.fixture
def tab(chromium: Browser, filing: Served) -> Iterator[Callable[[str, str], Page]]:
    """`tab('mine', path)`: a tab of somebody who has signed in."""
    contexts = []

    def open_tab(who: str, path: str) -> Page:
        context = chromium.new_context(locale='zh-CN', viewport=SIZE, base_url=filing.url)
        context.set_default_timeout(WAIT_MS)
        context.add_cookies([{'name': filing.cookie, 'value': who, 'url': filing.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        page.wait_for_function('window.did_handshake === true')
        return page

    yield open_tab
    for context in contexts:
        context.close()


def test_what_is_typed_is_saved_and_survives_a_lost_connection(tab: Callable[[str, str], Page], filing: Served) -> None:
    address = f'/filings/{filing.begun}'
    page = tab('mine', address)
    page.get_by_label('联系人', exact=False).first.wait_for()
    name = page.locator('[data-field=contact]')
    name.fill('汪觜火')
    name.blur()
    expect(page.get_by_text('全部已保存')).to_be_visible()
    page.context.set_offline(True)
    post = page.locator('[data-field=contact_post]')
    post.fill('认定中心主任')
    post.blur()
    expect(page.get_by_text('未保存').first).to_be_visible()
    assert post.input_value() == '认定中心主任'
    page.context.set_offline(False)
    expect(page.get_by_text('全部已保存')).to_be_visible()
    again = tab('mine', address)
    assert again.locator('[data-field=contact_post]').input_value() == '认定中心主任'


def test_the_second_of_two_on_one_step_is_told_and_decides(tab: Callable[[str, str], Page], filing: Served) -> None:
    address = f'/filings/{filing.begun}'
    first, second = tab('mine', address), tab('mine', address)
    for page, text in ((first, '省民政厅'), (second, '市民政局')):
        box = page.locator('[data-field=registration_body]')
        box.fill(text)
        box.blur()
        if page is first:
            expect(page.get_by_text('全部已保存')).to_be_visible()
    expect(second.get_by_text('改为“省民政厅”，您的内容没有覆盖它')).to_be_visible()
    second.get_by_role('button', name='改用我填写的').click()
    expect(second.get_by_text('全部已保存')).to_be_visible()
    assert tab('mine', address).locator('[data-field=registration_body]').input_value() == '市民政局'


def test_a_fault_stands_at_its_field_when_the_step_is_checked(tab: Callable[[str, str], Page], filing: Served) -> None:
    page = tab('mine', f'/filings/{filing.begun}?step=letter')
    page.get_by_role('button', name='检查本步').click()
    expect(page.locator('.dj-faults')).to_contain_text('“申请函”的“论证说明”还没有填写')


def test_rows_are_written_moved_and_taken_out(tab: Callable[[str, str], Page], filing: Served) -> None:
    address = f'/filings/{filing.begun}?step=plan'
    page = tab('mine', address)
    table = page.locator('.dj-written', has=page.get_by_role('region', name='五、工作计划安排'))
    for n, phase in ((1, '筹备'), (2, '首次认定'), (3, '总结')):
        table.get_by_role('button', name='添加一行').click()
        box = table.get_by_label(f'五、工作计划安排第{n}行 阶段')
        box.fill(phase)
        box.blur()
    wrong = table.get_by_label('五、工作计划安排第2行 起（年月）')
    page.evaluate(SENT)
    wrong.fill('明年')
    wrong.blur()
    expect(table.get_by_role('alert')).to_contain_text('应按“2026-11”填写年月')
    page.wait_for_timeout(500)
    assert page.evaluate('rowsSent') == 1  # what was refused waits for the person
    wrong.fill('2026-12')
    table.get_by_role('button', name='上移第2行').click()  # in one breath: what was typed is kept, then the row moves
    expect(table.get_by_label('五、工作计划安排第1行 阶段')).to_have_value('首次认定')
    table.get_by_role('button', name='上移第3行').evaluate('button => { button.click(); button.click(); }')  # quicker than the answer
    expect(table.get_by_label('五、工作计划安排第1行 阶段')).to_have_value('总结')
    table.get_by_role('button', name='下移第1行').evaluate('button => { button.click(); button.click(); }')
    expect(table.get_by_label('五、工作计划安排第3行 阶段')).to_have_value('总结')
    expect(table.get_by_role('alert')).to_have_count(0)
    table.get_by_role('button', name='删除第3行').click()
    expect(table.get_by_label('五、工作计划安排第3行 阶段')).to_have_count(0)
    table.get_by_role('button', name='删除第2行').click()
    expect(table.get_by_label('五、工作计划安排第2行 阶段')).to_have_count(0)
    again = tab('mine', address)
    assert again.get_by_label('五、工作计划安排第1行 阶段').input_value() == '首次认定'
    assert again.get_by_label('五、工作计划安排第1行 起（年月）').input_value() == '2026-12'


@shows('F-BINDING-HN')
def test_the_volume_is_bound_with_a_moving_bar_and_downloaded_when_it_is_done(tab: Callable[[str, str], Page], filing: Served, tmp_path: Path) -> None:
    page = tab('third', f'/filings/{filing.filled}/papers')
    page.evaluate(BARS)
    page.get_by_role('button', name='装订打包（ZIP）').click()
    expect(page.locator('.dj-job')).to_contain_text('已完成')
    assert any(0 < int(n) < 12 for n in re.findall(r'(\d+) / 12', page.evaluate("[...bars].join('\\n')")))
    with page.expect_download() as got:
        page.get_by_text('下载结果').click()
    got.value.save_as(tmp_path / 'volume.zip')
    assert '草稿' in got.value.suggested_filename
    assert zipfile.ZipFile(tmp_path / 'volume.zip').namelist()[:4] == [*(f'00_封面和目录_第{n}份.pdf' for n in (1, 2, 3)), '01_备案的函（红头文件）.pdf']


def test_a_volume_that_is_being_bound_can_be_stopped(tab: Callable[[str, str], Page], filing: Served) -> None:
    page = tab('third', f'/filings/{filing.filled}/papers')
    page.get_by_role('button', name='装订打包（ZIP）').click()
    page.get_by_role('button', name='停止任务').click()
    page.get_by_role('alertdialog').get_by_role('button', name='停止任务').click()
    expect(page.locator('.dj-job')).to_contain_text('已取消')


def test_the_form_beside_a_step_is_the_one_it_is_printed_in(tab: Callable[[str, str], Page], filing: Served) -> None:
    page = tab('third', f'/filings/{filing.filled}?step=letter')
    page.get_by_role('button', name='打印预览').click()
    expect(page.locator('.dj-wizard-paper')).to_contain_text('关于申请职业技能等级认定社会培训评价组织备案的函')
    expect(page.locator('.dj-wizard-paper img').first).to_be_visible()
    page.goto(f'/filings/{filing.filled}?step=people')
    expect(page.get_by_label('预览文书')).to_have_value('河南省社会培训评价组织备案申请表')


def test_a_social_body_hands_in_and_the_centre_accepts(tab: Callable[[str, str], Page], filing: Served) -> None:
    page = tab('third', f'/filings/{filing.filled}/check')
    page.get_by_role('button', name='提交申报', exact=True).click()
    page.get_by_role('alertdialog').get_by_role('button', name='提交申报').click()
    expect(page.get_by_text('提醒尚未说明理由')).to_be_visible()
    page.get_by_role('button', name='知道了').click()
    for box in page.get_by_label('理由 ', exact=False).all():
        box.fill('已核实，情况属实')
    page.get_by_role('button', name='提交申报', exact=True).click()
    page.get_by_role('alertdialog').get_by_role('button', name='提交申报').click()
    page.wait_for_url('**/acts')
    expect(page.get_by_text('第1次')).to_be_visible()
    desk = tab('desk', f'/desk/{filing.filled}')
    desk.get_by_role('button', name='受理', exact=True).click()
    desk.get_by_role('alertdialog').get_by_role('button', name='受理').click()
    expect(desk.get_by_text('受理号 BA20261027-01')).to_be_visible()
