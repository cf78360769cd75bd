"""Photos that cannot be used, as the person sees it who chose the ZIP."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.spine import SAMPLES, copy_of, demo_at, desk_at
from tests.browser.test_spine import PEOPLE
from tests.make_bad_files import animated, huge_png_header, photo_zip
from tests.serving import free_port

pytestmark = pytest.mark.browser


def test_photos_that_cannot_be_used_are_told_one_by_one_without_their_full_numbers(story: Path, chromium: Browser, tmp_path: Path) -> None:
    bad = tmp_path / '坏照片.zip'
    bad.write_bytes(photo_zip([(f'{PEOPLE[0]["证件号码"]}.png', huge_png_header()), (f'{PEOPLE[1]["证件号码"]}.jpg', animated('GIF'))]))
    with demo_at(copy_of(story, tmp_path), free_port()) as address, desk_at(chromium, address) as desk:
        desk.sign_in('张春分', '/batches')
        desk.follow('2026-004')
        desk.follow('考生名单', desk.page.get_by_role('navigation', name='本批次'))
        desk.follow('导入名单和照片')
        desk.give('选择工作簿', SAMPLES / '示例名单.xlsx')
        desk.press('导入14行')
        desk.page.get_by_text('新增14人').first.wait_for()
        desk.give('选择照片ZIP', bad)
        desk.page.locator('.dj-faults li').nth(1).wait_for()
        large, renamed = desk.texts('.dj-faults li')
        assert desk.serious() == []
        assert desk.open('/jobs') == 200
        desk.page.get_by_text('未能处理的内容：导入考生照片').click()
        desk.page.locator('.dj-faults li').nth(1).wait_for()
        assert desk.texts('.dj-faults li') == [large, renamed]
    assert '20,000×20,000像素' in large and '请缩小' in large
    assert '实际是GIF' in renamed and '请另存为JPG' in renamed
    assert not [row for row in PEOPLE if row['证件号码'] in large + renamed]
