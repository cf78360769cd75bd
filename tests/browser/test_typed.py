"""What was typed and not yet saved comes back after a reload, and never over what somebody else saved meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

FIELDS = """addEventListener('DOMContentLoaded', () => {
  for (const [name, stored] of [['calm', 'a'], ['changed', 'new'], ['saved', 'mine'], ['late', 'mi']]) {
    const box = document.body.appendChild(document.createElement('input'));
    box.dataset.field = name;
    box.value = stored;
  }
})"""
TYPED = {'calm': {'shown': 'a', 'typed': 'ab'}, 'changed': {'shown': 'old', 'typed': 'mine'}, 'saved': {'shown': 'old', 'typed': 'mine'},
         'late': {'shown': 'old', 'typed': 'mine', 'sent': ['mi']}}


@pytest.fixture
def reloaded(browser: Page, sign_in: Callable[..., None]) -> Page:
    """A page loaded again after a break, with three fields and what had been typed into them."""
    sign_in(browser)
    browser.evaluate("(typed) => sessionStorage.setItem(`typed:${document.querySelector('meta[name=dj-person]').content}:/`, typed)", json.dumps(TYPED))
    browser.evaluate("sessionStorage.setItem('typed:1:/', '{\"calm\": {\"shown\": \"a\", \"typed\": \"of another person\"}}')")
    browser.add_init_script(FIELDS)
    browser.reload()
    return browser


def kept(page: Page) -> list[str]:
    """Return the fields that still wait in the tab."""
    return list(page.evaluate("Object.keys(JSON.parse(sessionStorage.getItem(`typed:${document.querySelector('meta[name=dj-person]').content}:/`) ?? '{}'))"))


def test_what_was_typed_comes_back_where_nothing_changed(reloaded: Page) -> None:
    expect(reloaded.locator('[data-field=calm]')).to_have_value('ab')


def test_what_was_typed_comes_back_over_what_one_had_sent_oneself(reloaded: Page) -> None:
    expect(reloaded.locator('[data-field=late]')).to_have_value('mine')
    expect(reloaded.locator('.dj-typed')).to_have_count(1)  # that of the field another person changed


def test_what_another_person_saved_is_not_overwritten(reloaded: Page) -> None:
    expect(reloaded.get_by_text('您中断前输入的是：mine')).to_be_visible()
    expect(reloaded.locator('[data-field=changed]')).to_have_value('new')
    reloaded.get_by_role('button', name='放弃').click()
    assert 'changed' not in kept(reloaded)


def test_ones_own_text_can_be_taken_all_the_same(reloaded: Page) -> None:
    reloaded.get_by_role('button', name='填入我的内容').click()
    expect(reloaded.locator('[data-field=changed]')).to_have_value('mine')


def test_what_was_saved_before_the_break_is_forgotten(reloaded: Page) -> None:
    expect(reloaded.locator('[data-field=calm]')).to_have_value('ab')
    assert 'saved' not in kept(reloaded)
