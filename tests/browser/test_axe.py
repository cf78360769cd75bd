"""axe on every page of the main job, as the people of the demo see it; what opens on the way is in test_spine.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.spine import Desk, copy_of, demo_at, desk_at
from tests.serving import free_port

pytestmark = pytest.mark.browser

PAGES = {  # who opens which pages; {done} and {empty} are the finished and the empty batch, {school} an organisation, {paper} a certificate, {ending} the end of a filing, {filing} an application, {room} {lathe}
    '何立春': ['/', '/users', '/audit', '/settings/regulations', '/help', '/batches', '{done}/certificates', '{done}/scores'],
    '卜斗木': ['/personnel', '/personnel/examiners', '/personnel/seats/new', '/personnel/experts/import'],
    '施惊蛰': ['{empty}', '{done}', '{done}/candidates', '/batches/new', '/jobs'],
    '顾牛金': ['/premises', '/systems', '/safety', '/equipment', '/premises/room/new', '/premises/site/import', '{room}', '/equipment/new', '{lathe}'],
    '张春分': ['{empty}/candidates', '{empty}/candidates/import', '{done}/scores'],
    '曹谷雨': ['{done}/certificates', '{empty}/certificates', '{paper}'],
    '狄柳土': ['/organizations', '/organizations/new', '{school}', '{school}/filing', '{ending}', '/desk', '/desk/{filing}', '/desk/{filing}/papers', '/desk/{filing}/report', '/desk/{filing}/compare', '/assessments', '/outside-sites'],
    '汪觜火': ['/filings', '/filings/{filing}', *(f'/filings/{{filing}}/{tail}' for tail in ('check', 'papers', 'report', 'compare', 'acts')), '/filings/licences', '/filings/training', '/filings/new', '/assessments', '/outside-sites', '/outside-sites/new', '/bylaws', '/standards'],
}


@pytest.fixture(scope='module')
def desk(story: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A window at the demo."""
    with demo_at(copy_of(story, tmp_path_factory.mktemp('axe')), free_port()) as address, desk_at(chromium, address) as window:
        yield window


@pytest.fixture(scope='module')
def places(desk: Desk) -> dict[str, str]:
    """Addresses of the rows that the pages are about."""
    desk.sign_in('狄柳土', '/organizations')
    school = desk.page.get_by_role('link', name='明川市启帆职业培训学校（演示）').get_attribute('href')
    desk.open(str(school))
    ending = desk.page.get_by_role('link', name='登记终止').get_attribute('href')
    desk.open('/desk')
    filing = str(desk.page.get_by_role('link', name='技工院校备案（本校学生）').get_attribute('href')).removeprefix('/desk/')
    desk.sign_in('何立春', '/batches')
    found = {'school': str(school), 'ending': str(ending), 'filing': filing} | {
        key: str(desk.page.get_by_role('link', name=number).get_attribute('href')) for key, number in {'done': '2026-003', 'empty': '2026-004'}.items()}
    desk.open(f'{found["done"]}/certificates')
    paper = str(desk.page.get_by_role('link', name='S000099010001264000119').get_attribute('href'))
    desk.sign_in('顾牛金', '/premises')
    found['room'] = str(desk.page.get_by_role('link', name='数控车间').get_attribute('href'))
    desk.open('/equipment')
    found['lathe'] = str(desk.page.get_by_role('link', name='SK-11').get_attribute('href'))
    return found | {'paper': paper}


@pytest.mark.parametrize('name', PAGES)
def test_axe_finds_nothing_serious_on_the_pages_of(desk: Desk, places: dict[str, str], name: str) -> None:
    desk.sign_in(name)
    found = []
    for path in PAGES[name]:
        assert desk.open(path.format(**places)) == 200, path
        found += desk.serious()
    assert found == []


@pytest.mark.parametrize('word', ['岗位', '重设密码'])
@pytest.mark.parametrize('way', ['Escape', '关闭'])
def test_the_dialogs_of_a_person_are_named_and_close_by_key_and_by_button(desk: Desk, word: str, way: str) -> None:
    desk.sign_in('何立春', '/users')
    desk.press(f'{word} 曹谷雨')
    dialog = desk.page.get_by_role('dialog', name='曹谷雨')
    expect(dialog.get_by_role('button', name='关闭')).to_be_visible()
    assert desk.serious() == []
    if way == 'Escape':
        desk.page.keyboard.press('Escape')
    else:
        dialog.get_by_role('button', name='关闭').click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize('path', ['/', '{done}', '{done}/certificates', '/help'])
def test_on_a_phone_nothing_runs_over_the_edge_and_the_way_out_is_in_sight(desk: Desk, places: dict[str, str], path: str) -> None:
    desk.page.set_viewport_size({'width': 390, 'height': 844})
    desk.sign_in('吕雨水')
    desk.open(path.format(**places))
    box = desk.page.locator('.dj-person').bounding_box()
    assert box and box['x'] + box['width'] <= 390
    assert desk.page.evaluate('document.documentElement.scrollWidth') <= 390
    desk.page.locator('.dj-person').click()
    expect(desk.page.get_by_text('退出登录')).to_be_in_viewport()


@pytest.mark.parametrize('path', ['/login', '/verify', '/no-such-page'])
@pytest.mark.parametrize('width', [390, 1366])
def test_axe_finds_nothing_serious_on_plain_pages_and_nothing_runs_over_the_edge(desk: Desk, path: str, width: int) -> None:
    desk.context.clear_cookies()
    desk.page.set_viewport_size({'width': width, 'height': 844})
    desk.page.goto(path)
    assert desk.serious() == []
    assert desk.page.evaluate('document.documentElement.scrollWidth') <= width
