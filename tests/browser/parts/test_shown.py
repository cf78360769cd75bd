"""Refusals, jobs, papers and questions in Chromium; axe over all parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parts.components import TOKEN, Server, opened

AXE = Path(__file__).parents[1] / 'axe.min.js'

pytestmark = pytest.mark.browser


def test_a_refusal_is_shown_with_its_clause(page: Page) -> None:
    page.get_by_role('button', name='有规则的拒绝').click()
    told = page.get_by_role('alertdialog')
    expect(told).to_contain_text('证书编号已用完')
    told.get_by_role('button', name='依据 CERT-35').click()
    expect(page.get_by_role('dialog', name='依据 CERT-35')).to_contain_text('湘人社鉴函')


def test_several_findings_are_all_shown(page: Page) -> None:
    page.get_by_role('button', name='多项拒绝').click()
    expect(page.get_by_role('alertdialog').locator('tbody tr')).to_have_count(3)


def test_our_own_fault_has_a_number_that_stands_in_the_log(page: Page, components: Server) -> None:
    page.get_by_role('button', name='程序错误').click()
    told = page.get_by_text(re.compile(r'编号\d{8}'))
    expect(told).to_be_visible()
    number = re.search(r'\d{8}', told.inner_text())
    assert number
    assert f'fault {number[0]}' in ''.join(p.read_text(encoding='utf-8') for p in (components.home / 'log').iterdir())


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
    expect(part.get_by_text(re.compile(r'示例任务：进行中　\d+ / 30'))).to_be_visible()
    part.get_by_role('button', name='停止任务').click()
    page.get_by_role('alertdialog').get_by_role('button', name='停止任务').click()
    expect(part.get_by_text('示例任务：已取消')).to_be_visible()
    expect(part.get_by_text('已取消；取消前已完成的部分保留。')).to_be_visible()


def test_a_job_that_fails_says_why(page: Page) -> None:
    part = page.locator('section[aria-label=任务进度]')
    part.get_by_role('button', name='启动会失败的任务').click()
    expect(part.get_by_text('第3条缺少照片，任务没有完成。')).to_be_visible()


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
def test_axe_finds_nothing_serious_and_nothing_runs_over_the_edge(chromium: Browser, components: Server, width: int) -> None:
    with chromium.new_context(locale='zh-CN', viewport={'width': width, 'height': 768}, base_url=components.address) as window:
        window.add_cookies([{'name': components.cookie, 'value': TOKEN, 'url': components.address}])
        page = opened(window)
        if page.locator('.q-drawer__backdrop').is_visible():
            page.mouse.click(width - 10, 400)
        page.get_by_role('button', name='提交检查').click()
        expect(page.locator('.dj-faults')).to_be_visible()
        assert serious(page, 'section') == []
        assert page.evaluate('document.documentElement.scrollWidth') <= width


def test_axe_finds_nothing_serious_in_what_opens_above_the_page(page: Page) -> None:
    page.get_by_role('button', name='列', exact=True).first.click()
    expect(page.get_by_role('checkbox', name='拼音首字母')).to_be_visible()
    assert serious(page, '.q-menu') == []
    page.keyboard.press('Escape')
    expect(page.locator('.q-menu')).to_have_count(0)
    page.get_by_role('button', name='视图', exact=True).first.click()
    expect(page.get_by_text('还没有视图。')).to_be_visible()
    assert serious(page, '.q-menu') == []
    page.keyboard.press('Escape')
    expect(page.locator('.q-menu')).to_have_count(0)
    for name in ('依据 CERT-35', '依据 编号'):
        page.get_by_role('button', name=name).click()
        expect(page.get_by_role('dialog', name=name)).to_be_visible()
        assert serious(page, '.q-menu') == []
        page.keyboard.press('Escape')
        expect(page.locator('.q-menu')).to_have_count(0)
    page.get_by_role('button', name='多项拒绝').click()
    expect(page.get_by_role('alertdialog')).to_be_visible()
    assert serious(page, '.q-dialog') == []


def serious(page: Page, where: str) -> list[tuple[str, list[str]]]:
    """Return what axe finds serious or critical, once the transition is over; fails when there was nothing to look at."""
    page.wait_for_function("!document.querySelector('[class*=-enter-active]')")
    page.evaluate(AXE.read_text(encoding='utf-8'))
    found = page.evaluate("where => axe.run(where, {runOnly: ['wcag2a', 'wcag2aa']})", where)
    assert found['passes']
    return [(v['id'], [n['html'] for n in v['nodes']]) for v in found['violations'] if v['impact'] in ('serious', 'critical')]
