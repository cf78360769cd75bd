"""The form in Chromium: saved while typing, two people, a killed server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.parts.components import Server, field, opened, ready, saved

pytestmark = pytest.mark.browser

SAID = '(place, name) => { window[name] = []; new MutationObserver(() => window[name].push(place.innerText)).observe(place, {subtree: true, childList: true, characterData: true}); }'


def test_typing_saves_by_itself_and_says_when(page: Page) -> None:
    box = page.get_by_label('说明')
    state = page.locator('.dj-form-field', has=box).locator('.dj-saved')
    for said, place in (('fieldSaid', state), ('formSaid', page.locator('.dj-form-state').first)):
        place.evaluate(SAID, said)
    box.press_sequentially('甲乙', delay=30)
    expect(state).to_have_text(re.compile(r'已保存 \d\d:\d\d'))
    expect(box).to_be_focused()  # without leaving the field
    assert page.evaluate('[fieldSaid[0], formSaid[0]]') == ['未保存', '有1项未保存']
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
    page.wait_for_timeout(2000)  # longer than the autosave waits: still in the field, so no complaint yet
    expect(page.locator('.dj-form-fault')).to_have_count(0)
    box.blur()
    expect(page.locator('.dj-form-fault')).to_have_count(1)
    expect(box).to_have_attribute('aria-invalid', 'true')
    assert box.input_value() == '5/1/26'


def test_the_fault_goes_when_the_value_that_stood_there_is_typed_back(page: Page) -> None:
    box = page.get_by_role('textbox', name='日期')
    before = box.input_value()
    box.fill('5/1/26')
    box.blur()
    expect(page.locator('.dj-form-fault')).to_have_count(1)
    box.fill(before)
    box.blur()
    expect(page.locator('.dj-form-fault')).to_have_count(0)
    expect(box).not_to_have_attribute('aria-invalid', 'true')
    expect(page.get_by_text(re.compile('有1项未保存'))).to_have_count(0)
    page.get_by_role('button', name='提交检查').click()
    number = page.get_by_role('textbox', name='编号')
    told = page.locator('.dj-form-field', has=number).locator('.dj-form-fault')
    expect(told).to_contain_text('“编号”还没有填写')
    number.evaluate("box => ['甲', ''].forEach((text) => { box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})); })")  # sooner than it is saved
    number.blur()
    expect(told).to_contain_text('“编号”还没有填写')  # of what is stored, so it stays


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


def test_what_one_sent_oneself_and_got_no_answer_to_is_no_other_persons_change(staff: BrowserContext, page: Page) -> None:
    form = page.locator('.dj-form', has=page.get_by_label('费用')).first
    page.get_by_label('费用').fill('150')
    page.get_by_label('费用').blur()
    saved(page, '费用')
    form.evaluate("form => { const cell = getElement(Number(form.id.slice(1))).cells.fee; cell.mine = [cell.shown]; cell.shown = '140'; }")  # as if the answer had been lost
    page.get_by_label('费用').fill('160')
    page.get_by_label('费用').blur()
    saved(page, '费用')
    assert field(opened(staff), '费用') == '160'


def test_the_clause_stands_beside_the_field(page: Page) -> None:
    page.get_by_role('button', name='依据 编号').click()
    expect(page.get_by_role('dialog', name='依据 编号')).to_contain_text('GB 11643')


def test_what_was_typed_outlives_a_killed_server(page: Page, components: Server) -> None:
    box = page.get_by_label('名称')
    box.fill('断电前')
    box.blur()
    saved(page, '名称')
    components.stop(kill=True)
    box.fill('断电中填写')
    expect(page.locator('.dj-form-field', has=box).locator('.dj-saved')).to_have_text('未保存')
    page.evaluate('window.drawn_before = true')
    components.start()
    page.wait_for_function('window.drawn_before === undefined', timeout=60_000)
    ready(page)
    expect(page.get_by_label('名称')).to_have_value('断电中填写')
    saved(page, '名称')
