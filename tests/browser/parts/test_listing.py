"""The list in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

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
    search(page, 'dgsl')
    expect(page.get_by_text('筛选后246条 / 共1000+条')).to_be_visible()
    page.get_by_role('combobox', name='状态').select_option('公示')
    expect(page.get_by_text('筛选后35条 / 共1000+条')).to_be_visible()
    page.get_by_role('button', name='下一页').first.click()
    expect(page).to_have_url(re.compile(r'/components\?q=dgsl&state=publicized&before=\d+$'))
    rows = codes(page)
    page.reload()
    ready(page)
    assert (codes(page), page.get_by_role('searchbox', name='搜索').input_value()) == (rows, 'dgsl')
    page.get_by_role('button', name='清除 状态').click()
    expect(page.get_by_text('筛选后246条 / 共1000+条')).to_be_visible()
    page.get_by_role('button', name='全部清除').click()
    expect(page).to_have_url(re.compile(r'/components$'))
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1234')


def test_a_list_is_searched_in_chinese_and_an_empty_answer_offers_to_clear(page: Page) -> None:
    search(page, '焊工示例1231')
    expect(page.get_by_text('筛选后1条 / 共1000+条')).to_be_visible()
    search(page, '没有的词')
    expect(page.get_by_text('没有符合条件的记录')).to_be_visible()
    page.get_by_role('button', name='清除筛选').click()
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text('2026-1234')


def test_the_exact_count_comes_on_a_click(page: Page) -> None:
    expect(page.get_by_text('共1000+条', exact=True)).to_be_visible()
    page.get_by_role('button', name='精确计数').click()
    expect(page.get_by_text('共1,234条', exact=True)).to_be_visible()


def test_arrows_go_through_the_rows_and_enter_opens(page: Page) -> None:
    page.get_by_role('searchbox', name='搜索').focus()
    for key in ('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(r'opened=1233$'))


def test_a_click_anywhere_on_a_row_opens_it(page: Page) -> None:
    page.get_by_role('cell', name='焊工示例1231').click()
    expect(page).to_have_url(re.compile(r'opened=1231$'))


def test_space_ticks_the_row_and_escape_leads_back_to_the_search(page: Page) -> None:
    page.get_by_role('searchbox', name='搜索').press('ArrowDown')
    page.keyboard.press(' ')
    page.keyboard.press('ArrowDown')
    page.keyboard.press(' ')
    expect(page.get_by_text('已选2条')).to_be_visible()
    page.get_by_role('checkbox', name='选择本页全部').check()
    expect(page.get_by_text('已选25条')).to_be_visible()
    page.get_by_role('link', name='2026-1233').focus()
    page.keyboard.press('Escape')
    expect(page.get_by_role('searchbox', name='搜索')).to_be_focused()
    assert '/components' in page.url and 'opened' not in page.url


def test_a_head_orders_the_rows_rising_falling_and_not(page: Page) -> None:
    page.get_by_role('button', name='日期', exact=True).focus()
    for sort, address, first in (('ascending', r'\?sort=made_on$', '2026-0300'), ('descending', r'\?sort=-made_on$', '2026-1199'), ('none', '/components$', '2026-1234')):
        page.keyboard.press('Enter')  # the head keeps the focus
        expect(page).to_have_url(re.compile(address))
        expect(heads(page).filter(has_text='日期')).to_have_attribute('aria-sort', sort)
        assert codes(page)[0] == first


def test_pages_follow_the_order_of_the_rows_and_a_link_opens_the_same(staff: BrowserContext, page: Page) -> None:
    page.get_by_role('button', name='等级', exact=True).click()
    expect(page).to_have_url(re.compile(r'\?sort=level$'))
    first = codes(page)
    page.get_by_role('button', name='下一页').first.click()
    expect(page).to_have_url(re.compile(r'\?sort=level&before=\d+$'))
    second = codes(page)
    assert codes(opened(staff, page.url)) == second
    page.get_by_role('button', name='末页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').last).to_have_text('2026-1234')
    page.get_by_role('button', name='首页').first.click()
    expect(page.locator('section[aria-label=列表] tbody a').first).to_have_text(first[0])
    assert first + second == [f'2026-{n:04d}' for n in range(5, 255, 5)]


def test_chosen_columns_are_kept_for_the_person(staff: BrowserContext, page: Page) -> None:
    menu(page, '列')
    page.get_by_role('checkbox', name='拼音首字母').click()
    expect(page.get_by_role('columnheader', name='拼音首字母')).to_be_visible()
    page.get_by_role('checkbox', name='日期').click()
    expect(heads(page).filter(has_text='日期')).to_have_count(0)
    expect(page.get_by_role('checkbox', name='编号')).to_be_disabled()  # the first column stays
    taken(page)
    other = opened(staff)
    assert words(other) == ['编号', '名称', '状态', '等级', '拼音首字母']
    reset(other)
    assert words(other) == ['编号', '名称', '状态', '等级', '日期']
    taken(other)


def test_columns_are_moved_by_keyboard_and_by_dragging(page: Page) -> None:
    reset(page)
    move = page.get_by_role('button', name='左移 日期')
    move.focus()
    for _ in range(5):  # the last two lead no further: the first column keeps its place
        page.keyboard.press('Enter')
    expect(heads(page).nth(1)).to_have_text(re.compile('日期'))
    expect(move).to_be_focused()
    expect(move).to_be_disabled()
    close(page)
    heads(page).filter(has_text='等级').drag_to(heads(page).filter(has_text='名称'))
    moved = ['编号', '日期', '等级', '名称', '状态']
    expect(heads(page)).to_have_text([re.compile(f'^{head}') for head in moved])
    reloaded(page)
    assert words(page) == moved
    reset(page)
    taken(page)


def test_a_column_is_made_wider_by_button_and_by_its_edge_and_cuts_off_what_is_longer(page: Page) -> None:
    reset(page)
    for _ in range(2):
        page.get_by_role('button', name='变宽 状态').click()
    close(page)
    wide = width(page, '状态')
    menu(page, '列')
    page.get_by_role('button', name='变窄 状态').click()
    close(page)
    assert wide - width(page, '状态') == 16
    edge = heads(page).filter(has_text='名称').locator('.dj-edge').bounding_box()
    before = width(page, '名称')
    assert edge
    page.mouse.move(edge['x'] + 3, edge['y'] + 5)
    page.mouse.down()
    page.mouse.move(edge['x'] + 3 - before, edge['y'] + 5, steps=4)
    page.mouse.up()
    reloaded(page)
    assert width(page, '名称') == 48  # no column gets lost
    cell = page.get_by_role('cell', name='焊工示例1231')
    cell.hover()
    expect(cell).to_have_attribute('title', '焊工示例1231')
    reset(page)
    expect(cell).not_to_have_css('width', '48px')
    taken(page)


def test_the_first_column_and_the_heads_do_not_scroll_away(page: Page) -> None:
    box = page.locator('section[aria-label=宽列表] .dj-rows')
    assert box.evaluate("""box => {
        const left = () => box.querySelector('tbody td').getBoundingClientRect().left, before = left();
        box.scrollLeft = 300;
        return [box.scrollLeft, left() - before];
    }""") == [300, 0]
    rows = page.locator('section[aria-label=列表] .dj-rows')
    scrolled, off = rows.evaluate("""box => {
        box.scrollTop = 200;
        return [box.scrollTop, box.querySelector('th[scope=col]').getBoundingClientRect().top - box.getBoundingClientRect().top];
    }""")
    assert scrolled == 200 and abs(off) <= 1


def test_a_view_is_saved_in_two_clicks_and_brings_filters_order_and_columns_back(staff: BrowserContext, page: Page) -> None:
    reset(page)
    page.get_by_role('button', name='左移 日期').click()
    close(page)
    page.get_by_role('combobox', name='状态').select_option('公示')
    page.get_by_role('button', name='日期', exact=True).click()
    expect(page).to_have_url(re.compile('state=publicized&sort=made_on$'))
    menu(page, '视图')
    page.get_by_label('把当前筛选、排序和列保存为').fill('公示按日期')
    page.get_by_role('button', name='保存视图').click()
    expect(page.get_by_role('button', name='公示按日期', exact=True)).to_be_visible()
    rows, shown = codes(page), words(page)
    other = opened(staff)
    reset(other)
    menu(other, '视图')
    other.get_by_role('button', name='公示按日期', exact=True).click()
    expect(other).to_have_url(re.compile('state=publicized&sort=made_on$'))
    expect(other.get_by_role('button', name='清除 状态')).to_be_visible()
    assert (codes(other), words(other)) == (rows, shown)
    menu(other, '视图')
    other.get_by_role('button', name='删除 公示按日期').click()
    expect(other.get_by_text('还没有视图。')).to_be_visible()
    close(other)
    reset(other)
    taken(other)


def test_a_shared_view_says_who_shares_it(page: Page) -> None:
    menu(page, '视图')
    page.get_by_label('把当前筛选、排序和列保存为').fill('本单位常用')
    page.get_by_label('共享给本单位').check()
    page.get_by_role('button', name='保存视图').click()
    expect(page.get_by_text('共享：示例人员（机构负责人）')).to_be_visible()
    page.get_by_role('button', name='删除 本单位常用').click()
    expect(page.get_by_role('button', name='删除 本单位常用')).to_have_count(0)


@pytest.mark.parametrize('wish', [
    ['bulk', 7, []], ['act', -2], ['choose', 'state', 'no state'], ['choose', 'nothing', ''], ['sort', 'name'], ['go', 'away'], ['layout', 7], ['views', 'keep', 7, True],
    ['views', 'take', '没有', '1'], ['views', 'drop', '没有', '1'], [], 'x', None])
def test_what_no_list_asks_for_is_refused_in_words(page: Page, wish: object) -> None:
    number = page.locator('section[aria-label=列表] .dj-list').get_attribute('id')
    page.evaluate('([id, wish]) => getElement(Number(id.slice(1))).$emit("ask", wish)', [number, wish])
    expect(page.get_by_text(re.compile('请刷新页面后重试|已不存在|未找到此项'))).to_be_visible()


@pytest.mark.parametrize('layout', [{'columns': [['x'], 7, 'no column', 'state', 'state']}, {'columns': ['state'], 'widths': {'state': 'wide', 'x': 9}}])
def test_odd_columns_and_widths_are_left_out(page: Page, layout: object) -> None:
    number = page.locator('section[aria-label=列表] .dj-list').get_attribute('id')
    page.evaluate('([id, layout]) => getElement(Number(id.slice(1))).$emit("ask", ["layout", layout])', [number, layout])
    reloaded(page)
    assert words(page) == ['编号', '状态']
    reset(page)
    taken(page)


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


def test_the_export_holds_rows_and_columns_as_they_are_shown_and_says_how_they_were_found(page: Page) -> None:
    from python_calamine import CalamineWorkbook

    reset(page)
    close(page)
    search(page, '焊工示例')
    page.get_by_role('combobox', name='状态').select_option('已发证')
    page.get_by_role('button', name='日期', exact=True).click()
    expect(page.get_by_text('筛选后36条 / 共1000+条')).to_be_visible()
    menu(page, '列')
    page.get_by_role('button', name='左移 等级').click()
    with page.expect_download() as got:
        page.get_by_role('button', name='导出XLSX').click()
    assert re.fullmatch(r'示例列表_\d{4}-\d\d-\d\d\.xlsx', got.value.suggested_filename)
    rows = CalamineWorkbook.from_path(got.value.path()).get_sheet_by_index(0).to_python()
    assert rows[0][0] == '示例列表' and re.fullmatch(
        r'共36条　状态：已发证；查找：焊工示例；按日期升序　导出时间 \d{4}-\d\d-\d\d \d\d:\d\d　示例人员（机构负责人）', str(rows[1][0]))
    assert rows[2:4] == [['编号', '名称', '等级', '状态', '日期'], ['2026-0601', '焊工示例0601', '二级', '已发证', '2026-01-02']]
    close(page)
    reset(page)
    taken(page)


def test_a_list_that_never_had_a_row_says_what_to_do_first(page: Page) -> None:
    empty = page.locator('section[aria-label=空列表]')
    expect(empty.get_by_text('还没有批次。先登记备案范围，再新建第一个批次。')).to_be_visible()
    expect(empty.get_by_role('link', name='新建批次')).to_have_attribute('href', '/components')


def search(page: Page, text: str) -> None:
    page.get_by_role('searchbox', name='搜索').fill(text)


def menu(page: Page, name: str) -> None:
    page.get_by_role('button', name=name, exact=True).first.click()
    expect(page.get_by_role('dialog', name={'列': '显示的列', '视图': '保存的视图'}[name])).to_be_visible()


def close(page: Page) -> None:
    """Close the menu by the keyboard."""
    page.keyboard.press('Escape')
    expect(page.get_by_role('dialog')).to_have_count(0)


def reset(page: Page) -> None:
    """Bring the usual columns back; the menu stays open."""
    menu(page, '列')
    page.get_by_role('button', name='恢复默认').click()
    expect(page.get_by_role('checkbox', name='日期')).to_be_checked()
    expect(page.get_by_role('checkbox', name='拼音首字母')).not_to_be_checked()
    expect(heads(page).nth(4)).to_have_text(re.compile('日期'))


def taken(page: Page) -> None:
    """Wait until the server has taken what was asked: it takes one wish after another, and the views are its answer to the last. No menu is open then."""
    if page.get_by_role('dialog').count():
        close(page)
    menu(page, '视图')
    expect(page.locator('.dj-views').or_(page.get_by_text('还没有视图。'))).to_be_visible()
    close(page)


def reloaded(page: Page) -> None:
    """Load the page again when the server has taken what was asked."""
    taken(page)
    page.reload()
    ready(page)


def heads(page: Page) -> Locator:
    return page.locator('section[aria-label=列表] th[scope=col]')


def words(page: Page) -> list[str]:
    """Heads in their order, without the arrows."""
    return [text.rstrip('▲▼↕') for text in heads(page).all_inner_texts()]


def width(page: Page, name: str) -> float:
    box = heads(page).filter(has_text=name).bounding_box()
    assert box
    return box['width']
