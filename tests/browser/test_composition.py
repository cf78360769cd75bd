"""Typing Chinese: what a page hears while an input method composes (recipes.md D)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

pytestmark = pytest.mark.browser

FIELD = """() => {
  const box = document.body.appendChild(document.createElement('input'));
  box.id = 'typed-here';
  window.heard = [];
  window.entered = 0;
  document.addEventListener('input', (e) => heard.push(e.target.value));
  document.addEventListener('keydown', (e) => { if (e.key === 'Enter') entered += 1; });
  box.focus();
}"""


def compose(page: Page, steps: list[str], word: str | None) -> None:
    """Type as an input method does; without a word the composition is given up."""
    ime: CDPSession = page.context.new_cdp_session(page)
    for step in steps:
        ime.send('Input.dispatchKeyEvent', {'type': 'rawKeyDown', 'windowsVirtualKeyCode': 229, 'key': 'Process'})
        ime.send('Input.imeSetComposition', {'text': step, 'selectionStart': len(step), 'selectionEnd': len(step)})
        page.wait_for_timeout(50)
    if word is None:
        ime.send('Input.imeSetComposition', {'text': '', 'selectionStart': 0, 'selectionEnd': 0})
    else:
        ime.send('Input.insertText', {'text': word})
        page.wait_for_function('word => heard.at(-1)?.endsWith(word)', arg=word)
    page.wait_for_timeout(100)  # for what should not be heard


@pytest.fixture
def field(browser: Page, sign_in: Callable[..., None]) -> Page:
    """A staff page with a field whose events are counted."""
    sign_in(browser)
    browser.evaluate(FIELD)
    return browser


def test_a_composed_word_is_heard_once(field: Page) -> None:
    compose(field, ['z', 'zh', 'zha', 'zhang'], '张')
    assert field.evaluate('heard') == ['张']


def test_without_the_guard_every_letter_is_heard(browser: Page) -> None:
    browser.goto('/login')  # a plain page carries no composition guard
    browser.evaluate(FIELD)
    compose(browser, ['z', 'zh', 'zha', 'zhang'], '张')
    assert browser.evaluate('heard')[:4] == ['z', 'zh', 'zha', 'zhang']


def test_a_second_word_after_the_first_is_kept(field: Page) -> None:
    compose(field, ['z', 'zhang'], '张')
    compose(field, ['c', 'chun'], '春分')
    assert field.evaluate('heard') == ['张', '张春分']


def test_a_composition_given_up_changes_nothing(field: Page) -> None:
    compose(field, ['z', 'zh'], None)
    assert set(field.evaluate('heard')) <= {''}
    assert field.input_value('#typed-here') == ''


def test_plain_typing_and_its_enter_arrive_as_ever(field: Page) -> None:
    field.keyboard.type('ab')
    field.keyboard.press('Enter')
    assert (field.evaluate('heard'), field.evaluate('entered')) == (['a', 'ab'], 1)


def test_an_old_browser_is_told_so_in_chinese(browser: Page, sign_in: Callable[..., None]) -> None:
    sign_in(browser)
    browser.add_init_script("CSS.supports = () => false")
    browser.goto('/')
    expect(browser.get_by_role('heading', name='浏览器过旧')).to_be_visible()
    browser.goto('/verify-nothing')
    expect(browser.get_by_role('heading', name='未找到')).to_be_visible()
