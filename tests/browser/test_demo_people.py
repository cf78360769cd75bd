"""Each of five people of the demo signs in by one click and sees what is theirs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.spine import Desk, copy_of, demo_at, desk_at
from tests.serving import free_port
from tests.shows import shows

pytestmark = pytest.mark.browser

REGISTERS = ['人员登记', '规章制度', '职业标准', '场所与考场', '信息系统', '安全检查', '设备台账']
EVERYBODY = ['今日桌面', '评价机构', *REGISTERS, '认定批次', '任务', '设置·规则档案', '帮助']
MANAGING = ['今日桌面', '评价机构', '人员与账号', *REGISTERS, '备案申报', '技术评估', '认定批次', '外部考点', '任务', '操作记录', '设置·规则档案', '帮助']
CENTRAL = ['今日桌面', '评价机构', '人员与账号', '受理与评估', '技术评估', '认定批次', '外部考点', '任务', '操作记录', '设置·规则档案', '帮助']  # a centre reads what was handed in
SCHOOL, COMPANY = '明川市启帆职业培训学校（演示）', '明川精密机床有限公司（演示）'
CENTRE, COLLEGE = '明川市职业技能鉴定指导中心（演示）', '明川技师学院（演示）'
BATCHES = ['2026-004', '2026-003', '2026-002', '2026-001']
PEOPLE = {  # name → post, menu, organisations and batches he sees, pages that are not his
    '何立春': ('机构负责人', MANAGING, [SCHOOL], BATCHES, ['/batches/new', '/organizations/new']),
    '张春分': ('报名与资格审核员', EVERYBODY, [SCHOOL], BATCHES, ['/users', '/audit', '/organizations/new']),
    '曹谷雨': ('证书管理员', EVERYBODY, [SCHOOL], BATCHES, ['/users', '/audit', '/batches/new']),
    '禹鬼金': ('中心主任', CENTRAL, [COLLEGE, COMPANY, SCHOOL, CENTRE], ['2026-003'], ['/batches/new']),
    '卜斗木': ('机构负责人', MANAGING, [COMPANY], [], ['/batches/new', '/organizations/new']),
}


@pytest.fixture(scope='module')
def address(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo as a visitor finds it."""
    with demo_at(copy_of(story, tmp_path_factory.mktemp('people')), free_port()) as served:
        yield served


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Desk]:
    """A window that must stay without a fault and ask no other machine."""
    with desk_at(chromium, address) as window:
        yield window
        assert window.errors == []
        assert window.foreign == []


@shows('SEC-01')
@pytest.mark.parametrize('name', PEOPLE)
def test_a_person_sees_the_menu_and_the_rows_of_the_post_and_nothing_else(desk: Desk, name: str) -> None:
    post, menu, organisations, batches, forbidden = PEOPLE[name]
    desk.sign_in(name, role=post)
    assert desk.texts('.dj-menu-entry div:last-child') == menu
    assert desk.texts('.dj-person') == [f'account_circle\n{name}（{post}）\narrow_drop_down']
    assert desk.texts('.dj-panel-head [role=heading]')[1].partition('（')[0] == '异常'
    home = ''.join(desk.texts('.dj-panels'))
    assert [other for other in (SCHOOL, COMPANY, COLLEGE, CENTRE) if other not in organisations and other in home] == []
    desk.open('/organizations')
    desk.page.get_by_text(f'共{len(organisations)}条').wait_for()
    assert desk.texts('.dj-rows tbody td:first-child') == organisations
    desk.open('/batches')
    desk.page.get_by_text(f'共{len(batches)}条').wait_for()
    assert desk.texts('.dj-rows tbody td:first-child') == batches
    unknown = desk.open('/no-such-page'), desk.page.content()
    for path in forbidden:
        assert (desk.open(path), desk.page.content()) == unknown


@pytest.mark.parametrize(('name', 'sentence'), [
    ('何立春', '2026-004 2026年第四批职业技能等级认定（练习用）'), ('卜斗木', f'{COMPANY}的备案还有45天到期，请办理延续'), ('禹鬼金', f'{COMPANY}的备案还有45天到期，请提醒其办理延续')])
def test_the_first_page_tells_what_concerns_the_person_and_leads_there(desk: Desk, name: str, sentence: str) -> None:
    desk.sign_in(name)
    link = desk.page.locator('.dj-desk a').filter(has_text=sentence).first
    target = link.get_attribute('href')
    link.click()
    desk.page.wait_for_url(f'{desk.address}{target}')
    desk.ready()
    assert desk.page.get_by_role('heading', level=1).inner_text() in ('评价机构', '考生名单', '成绩')


@shows('SEC-01')
def test_a_row_of_another_organisation_is_answered_as_an_unknown_page(desk: Desk) -> None:
    desk.sign_in('张春分', '/batches')
    addresses = [link.get_attribute('href') for link in desk.page.locator('.dj-rows tbody a').all()]
    desk.sign_in('卜斗木')
    unknown = desk.open('/no-such-page'), desk.page.content()
    assert len(addresses) == 4
    for path in (f'{address}{tail}' for address in addresses for tail in ('', '/candidates', '/scores', '/certificates')):
        assert (desk.open(path), desk.page.content()) == unknown


def test_every_post_of_the_sign_in_page_gets_in_by_one_click(desk: Desk) -> None:
    desk.page.goto('/login')
    listed = [text.split('\n', 1) for text in desk.texts('.dj-people button')]
    assert len(listed) == 25
    for post, name in {post.split(' · ')[0]: name for name, post in listed}.items():
        desk.sign_in(name, role=post)
        assert f'{name}（{post}）' in desk.texts('.dj-person')[0]
