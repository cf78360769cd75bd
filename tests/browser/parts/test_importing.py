"""The import in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.parts.components import give, workbook

pytestmark = pytest.mark.browser


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
    told = page.locator('section[aria-label=导入]').get_by_role('alert')  # it stays beside the file, unlike a notice
    expect(told).to_contain_text('不是Excel工作簿，实际是GIF图片')
    give(page, workbook(('2026-001', '甲', '3')))
    expect(told).to_have_count(0)


def test_a_file_that_was_taken_is_not_said_to_be_lost_when_the_answer_is_slow(page: Page) -> None:
    def slow(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(800)  # the server has long told the page that it took the file
        route.fulfill(response=answer)

    page.route('**/upload/*', slow)
    part = page.locator('section[aria-label=导入]')
    for name in ('2026-007', '2026-008'):  # and the next file goes as the first did
        give(page, workbook((name, '甲', '3')))
        expect(part.get_by_text('共1行：新增1行')).to_be_visible(timeout=20_000)
        page.wait_for_timeout(1200)
        expect(page.get_by_text('文件没有传到服务器')).to_have_count(0)
