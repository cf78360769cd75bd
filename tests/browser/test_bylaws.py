"""A rule document in Chromium: written beside its paper, by two people, taken back from Word, approved by a third."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.spine import Desk, copy_of, demo_at, desk_at
from tests.serving import free_port
from tests.shows import shows

pytestmark = pytest.mark.browser

TITLE, TEXT = '考场钥匙管理办法', '第一章　总则\n第一条　考场钥匙由考务管理组保管。'


@pytest.fixture
def desks(story: Path, chromium: Browser, tmp_path: Path) -> Iterator[list[Desk]]:
    """Two windows at one demo."""
    with ExitStack() as opened:
        address = opened.enter_context(demo_at(copy_of(story, tmp_path), free_port()))
        windows = [opened.enter_context(desk_at(chromium, address)) for _ in range(2)]
        yield windows
        assert [(w.errors, w.foreign) for w in windows] == [([], [])] * 2


@shows('ORG-54')
def test_a_document_is_written_by_two_taken_back_from_word_and_approved_by_a_third(desks: list[Desk], tmp_path: Path) -> None:
    one, two = desks
    one.sign_in('施惊蛰', '/bylaws/new')
    one.page.get_by_label('自拟名称').fill(TITLE)
    one.page.get_by_label('制定部门').fill('考务管理组')
    one.press('开始起草')
    one.page.wait_for_url(re.compile(r'/bylaws/\d+$'))
    one.ready()
    address = one.page.url.removeprefix(one.address)
    one.page.get_by_role('textbox', name='正文').fill(TEXT)
    expect(one.page.locator('.dj-writing .dj-saved')).to_contain_text('已保存')
    expect(one.page.get_by_role('img', name=f'{TITLE} 第1页，共1页')).to_be_visible()
    assert one.serious() == []

    two.sign_in('吕雨水', address)
    text = one.page.get_by_role('textbox', name='正文')
    text.fill(f'{TEXT}\n第二条　领用须登记。')
    expect(one.page.locator('.dj-writing .dj-saved')).to_contain_text('已保存')
    two.page.get_by_role('textbox', name='正文').fill(f'{TEXT}\n第二条　我也在写。')
    expect(two.page.get_by_text('“正文”已由施惊蛰')).to_be_visible()
    two.page.reload()
    two.ready()
    expect(two.page.get_by_role('textbox', name='正文')).to_have_value(f'{TEXT}\n第二条　领用须登记。')

    document = docx.Document(io.BytesIO(two.download(f'DOCX {TITLE}_第1版')))
    next(p for p in document.paragraphs if '领用须登记' in p.text).runs[-1].text = '领用须双人登记。'
    document.save(str(tmp_path / '改好.docx'))
    two.give('取回Word文件', tmp_path / '改好.docx')
    assert '将代替本稿正文' in two.confirm('取回')
    expect(two.page.get_by_role('textbox', name='正文')).to_have_value(f'{TEXT}\n第二条　领用须双人登记。')

    two.sign_in('何立春', address)
    assert '第1版自批准之日起施行' in two.act('批准施行')
    expect(two.page.get_by_text('现行文本不能修改')).to_be_visible()
    assert two.page.get_by_role('textbox', name='正文').count() == 0
    assert two.serious() == []
    two.open('/bylaws')
    expect(two.page.get_by_role('row').filter(has_text=TITLE)).to_contain_text('现行')
    assert two.serious() == []
    two.open('/standards')
    assert two.serious() == []
