"""The preview of every paper of the main job, as the people of the demo see it."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.spine import WAIT_MS, Desk, copy_of, demo_at, desk_at
from tests.papers.read import codes_of
from tests.serving import free_port

pytestmark = pytest.mark.browser

PAPERS = (  # who looks, at what, with how many pages, and what the trail says of it
    ('张春分', '{done}/candidates', '报名花名册', 5, 'registration.roster'), ('施惊蛰', '{done}/scores', '成绩汇总表', 5, 'scores.print'),
    ('施惊蛰', '{done}/scores', '认定结果公示', 3, ''), ('曹谷雨', '{done}/certificates', '证书核发审批表', 1, 'certificates.print'),
    ('曹谷雨', '{done}/certificates', '合格人员名册', 3, 'certificates.print'), ('曹谷雨', '{done}/certificates', '证书核发名册', 4, 'certificates.print'),
    ('狄柳土', '{school}', '备案函', 3, 'organizations.print'))


@dataclass
class Office:
    """The demo, a window at it, and its trail."""

    desk: Desk
    home: Path
    places: dict[str, str]

    def trail(self) -> Counter[str]:
        """Return how often each verb stands in the trail."""
        with closing(sqlite3.connect(self.home / 'dingji.db')) as database:
            return Counter(json.loads(body)['verb'] for (body,) in database.execute('SELECT body FROM trail'))

    def shown(self, title: str, number: int, pages: int) -> Locator:
        """Wait for a page in the window and return its picture."""
        picture = self.desk.page.get_by_role('dialog', name='文书预览').get_by_role('img', name=f'{title} 第{number}页，共{pages}页', exact=True)
        expect(picture).to_be_visible(timeout=WAIT_MS)
        return picture

    def close(self) -> None:
        """Close the window by the keyboard."""
        self.desk.page.keyboard.press('Escape')
        expect(self.desk.page.get_by_role('dialog', name='文书预览')).to_have_count(0)


@pytest.fixture(scope='module')
def office(story: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo with the finished batch 2026-003."""
    home = copy_of(story, tmp_path_factory.mktemp('preview'))
    with demo_at(home, free_port()) as address, desk_at(chromium, address) as desk:
        desk.sign_in('狄柳土', '/organizations')
        school = desk.page.get_by_role('link', name='明川市启帆职业培训学校（演示）').get_attribute('href')
        desk.sign_in('何立春', '/batches')
        yield Office(desk, home, {'school': str(school), 'done': str(desk.page.get_by_role('link', name='2026-003').get_attribute('href'))})


@pytest.mark.parametrize(('who', 'where', 'title', 'pages', 'verb'), PAPERS, ids=[paper[2] for paper in PAPERS])
def test_a_paper_is_shown_to_its_last_page_and_leaves_the_trail_of_its_download(office: Office, who: str, where: str, title: str, pages: int, verb: str) -> None:
    desk = office.desk
    desk.sign_in(who, where.format(**office.places))
    left = []
    for kind in ('PDF', '预览'):
        before = office.trail()
        if kind == 'PDF':
            desk.download(f'PDF {title}')
        else:
            desk.press(f'预览 {title}')
            office.shown(title, 1, pages)
            desk.page.keyboard.press('End')
            office.shown(title, pages, pages)
            assert desk.serious() == []
            office.close()
        left.append(office.trail() - before)
    assert left == [Counter({verb: 1} if verb else {})] * 2
    assert (desk.errors, desk.foreign) == ([], [])


def test_the_certificates_are_looked_at_before_they_are_printed(office: Office, tmp_path: Path) -> None:
    desk, title = office.desk, '2026-003_职业技能等级证书_20261123'
    desk.sign_in('曹谷雨', f'{office.places["done"]}/certificates')
    desk.press('生成证书PDF')
    desk.press(f'预览 {title}')
    read = []
    for key, number in (('Home', 1), ('PageDown', 2), ('End', 43)):
        desk.page.keyboard.press(key)
        picture = tmp_path / f'{number}.png'
        picture.write_bytes(b64decode(str(office.shown(title, number, 43).get_attribute('src')).partition(',')[2]))
        read += codes_of(picture)
    assert read == [f'https://jndj.example/?number=S0000990100012{number}' for number in ('64000119', '64000120', '62000007')]
    office.close()
    desk.open('/jobs')
    desk.press(f'预览 {title}')
    office.shown(title, 1, 43)
    office.close()
    assert (desk.errors, desk.foreign) == ([], [])


def test_neither_disk_nor_cache_of_the_browser_keeps_a_page(office: Office) -> None:
    desk, asked = office.desk, []
    desk.sign_in('曹谷雨', f'{office.places["done"]}/certificates')
    desk.page.on('request', lambda request: asked.append(request.url))
    desk.press('预览 合格人员名册')
    office.shown('合格人员名册', 1, 3)
    assert [url for url in asked if not url.startswith(('data:image/png;base64,', f'{desk.address}/_nicegui/'))] == []
    assert {path.name for path in office.home.rglob('*') if path.suffix in ('.png', '.pdf')} == set()
    office.close()
