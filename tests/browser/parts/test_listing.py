"""The list in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.parts.components import codes, opened, ready

pytestmark = pytest.mark.browser


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
