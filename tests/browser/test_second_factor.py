"""The second factor as a person meets it: recovery codes shown once and printed, a lost phone, another one, and what a head does for others."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.spine import AXE
from tests.browser.test_first_start import (
    PASSWORD,
    SCHOOL,
    SECOND,
    add_person,
    choose_own,
    fill_first,
    give_account,
    give_post,
    ready,
    sign_in,
    tab,
)
from tests.processes import Started, started

pytestmark = pytest.mark.browser
OWN = 'eigen-woord-vooraf'


@pytest.fixture
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Real data on an empty folder."""
    with started(tmp_path_factory.mktemp('factor') / 'data') as running:
        yield running


def enrolling(page: Page) -> tuple[pyotp.TOTP, list[str]]:
    """Enrol; returns the factor and the codes that the page shows once."""
    expect(page.get_by_role('heading', name='启用动态码')).to_be_visible()
    page.get_by_text('不能扫描时手工输入密钥').click()
    assert serious(page) == []
    factor = pyotp.TOTP(page.locator('details code').inner_text().replace(' ', ''))
    page.get_by_label('动态码').fill(factor.now())
    page.get_by_role('button', name='启用并登录').click()
    expect(page.locator('.dj-codes li')).to_have_count(10)
    assert serious(page) == []
    return factor, page.locator('.dj-codes code').all_inner_texts()


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding='utf-8'))
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
    return [f'{v["impact"]} {v["id"]}' for v in found['violations'] if v['impact'] in ('serious', 'critical')]


def sign_out(page: Page, name: str) -> None:
    page.get_by_role('button', name=name).click()
    page.get_by_role('button', name='退出登录').click()


def test_a_lost_phone_is_replaced_with_a_recovery_code(chromium: Browser, school: Started) -> None:
    with tab(chromium, school) as page:
        page.goto('/')
        fill_first(page, SCHOOL, code=school.code, purpose='评价机构')
        page.get_by_role('link', name='去登录').click()
        sign_in(page, 'he.lichun', PASSWORD)
        _, codes = enrolling(page)
        assert all(re.fullmatch(r'[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}', code) for code in codes)
        printed(page)
        page.get_by_role('link', name='已保存好，继续').click()
        ready(page)
        sign_out(page, '何立春')

        sign_in(page, 'he.lichun', PASSWORD, codes[0].upper())
        expect(page.get_by_text('还有9个恢复码没有用过')).to_be_visible()
        assert serious(page) == []
        page.get_by_label('您的密码').fill('wrong')
        page.get_by_role('button', name='在新手机上重新启用').click()
        expect(page.get_by_role('alert')).to_have_text('密码不正确，请填写您登录用的密码。')
        page.get_by_label('您的密码').fill(PASSWORD)
        page.get_by_role('button', name='在新手机上重新启用').click()
        factor, renewed = enrolling(page)
        assert not set(codes) & set(renewed)
        page.get_by_role('link', name='已保存好，继续').click()
        ready(page)
        sign_out(page, '何立春')
        for worthless in (codes[0], codes[1]):
            sign_in(page, 'he.lichun', PASSWORD, worthless)
            expect(page.get_by_role('alert')).to_contain_text('请输入动态码')
        sign_in(page, 'he.lichun', PASSWORD, factor.at(time.time() + 30))
        ready(page)
    assert [code for code in codes + renewed if code in school.log or code in school.said] == []
    assert 'Traceback' not in school.log


def printed(page: Page) -> None:
    """On paper only the codes and what they are for."""
    page.evaluate('() => { window.printed = 0; window.print = () => { window.printed += 1; }; }')
    page.get_by_role('button', name='打印').click()
    assert page.evaluate('window.printed') == 1
    page.emulate_media(media='print')
    expect(page.locator('.dj-codes')).to_be_visible()
    for hidden in ('.dj-plain-top', '[data-print]', '.dj-actions'):
        expect(page.locator(hidden)).to_be_hidden()
    page.emulate_media(media='screen')


def test_a_head_cancels_the_factor_of_another_and_every_person_makes_his_own_codes(chromium: Browser, school: Started) -> None:
    with tab(chromium, school) as head, tab(chromium, school) as clerk:
        head.goto('/')
        fill_first(head, SCHOOL, code=school.code, purpose='评价机构')
        head.get_by_role('link', name='去登录').click()
        sign_in(head, 'he.lichun', PASSWORD)
        enrolling(head)
        head.goto('/users')
        ready(head)
        add_person(head, *SECOND[:2])
        handed = give_account(head, SECOND[0], SECOND[2])
        give_post(head, SECOND[0], '证书管理员')

        clerk.goto('/')
        sign_in(clerk, SECOND[2], handed)
        choose_own(clerk, OWN, '')
        enrolling(clerk)
        clerk.get_by_role('link', name='已保存好，继续').click()
        ready(clerk)
        clerk.get_by_role('button', name='张春分').click()
        clerk.get_by_role('link', name='动态码与恢复码').click()
        expect(clerk.get_by_text('还有10个恢复码没有用过')).to_be_visible()
        clerk.get_by_label('您的密码').fill(OWN)
        clerk.get_by_role('button', name='生成新的恢复码').click()
        expect(clerk.locator('.dj-codes li')).to_have_count(10)
        clerk.get_by_role('link', name='已保存好，继续').click()
        ready(clerk)

        head.reload()
        ready(head)
        head.get_by_role('button', name=f'重设密码 {SECOND[0]}').click()
        head.get_by_role('button', name='只取消动态码').click()
        with head.expect_navigation():  # the page comes anew once it is done
            head.get_by_role('alertdialog').get_by_role('button', name='取消动态码', exact=True).click()
        clerk.goto('/')
        sign_in(clerk, SECOND[2], OWN)
        enrolling(clerk)
    assert 'Traceback' not in school.log
