"""Scripts, templates, properties and formulas typed into every field that keeps text: shown and exported as text, nothing runs; and what a disk then holds."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from app.demo.photos import draw_photo
from app.registration.rules import COLUMNS
from tests import make
from tests.browser.conftest import SIZE
from tests.browser.spine import WAIT_MS
from tests.processes import Started, demo_copy, started

pytestmark = pytest.mark.browser

SCRIPT, PICTURE = '<script>pwned=1</script>', '<img src=x onerror="pwned=1">'
PROPERTY, TEMPLATE, FORMULA = '张" :title="pwned=1" x="', '张{{7*7}}', "=cmd|'/C calc'!A0"
NAMES = (PROPERTY, PICTURE, TEMPLATE, f'张{SCRIPT}')
NUMBERS = tuple(make.number(400 + n) for n in range(8))
PHONE = '15400020077'


@pytest.fixture(scope='module')
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The demo, into which every field gets something that it must not run."""
    with started(demo_copy(tmp_path_factory, 'payloads'), demo=True) as running:
        yield running


@contextmanager
def person(chromium: Browser, running: Started, name: str) -> Iterator[Callable[[str], Page]]:
    """Sign in by a click; gives a way to open pages, and fails when on any of them something ran."""
    ran: list[str] = []
    with chromium.new_context(locale='zh-CN', viewport=SIZE, base_url=running.url) as context:
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on('dialog', lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        page.on('pageerror', lambda error: ran.append(str(error)))
        page.on('console', lambda said: ran.append(said.text) if said.type == 'error' and 'favicon' not in said.text else None)
        page.goto('/login')
        page.get_by_role('button', name=name).first.click()
        page.wait_for_url('/')

        def at(path: str) -> Page:
            page.goto(path)
            page.wait_for_function('window.did_handshake === true')
            assert page.evaluate('window.pwned ?? null') is None
            return page

        at('/')
        yield at
        assert page.evaluate('window.pwned ?? null') is None
    assert ran == []


def batch_of(running: Started) -> int:
    """The batch for practice."""
    with closing(sqlite3.connect(running.home / 'dingji.db')) as database:
        return int(database.execute('SELECT max(id) FROM batch').fetchone()[0])


def workbook(rows: list[dict[str, str]]) -> bytes:
    """A list of candidates as a person would fill the template in."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {'strings_to_formulas': False}) as book:
        sheet = book.add_worksheet('考生名单')
        for at, column in enumerate(COLUMNS):
            for n, text in enumerate([column.head, *(row.get(column.head, '') for row in rows)]):
                sheet.write_string(n, at, text)
    return out.getvalue()


def test_what_people_type_is_shown_as_text_wherever_it_appears(chromium: Browser, demo: Started) -> None:
    with person(chromium, demo, '何立春') as at:
        for number, name in zip(NUMBERS, NAMES[:2], strict=False):
            page = at('/users')
            page.get_by_text('登记人员', exact=True).click()
            page.get_by_label('姓名 *').fill(name)
            page.get_by_label('公民身份号码 *').fill(number)
            page.get_by_label('职务').fill(TEMPLATE)
            page.get_by_role('button', name='登记', exact=True).click()
            expect(page.get_by_role('cell', name=name, exact=True).first).to_be_visible()
            page.wait_for_function('window.did_handshake === true')
        page = at('/users')
        for name in NAMES[:2]:
            for word in ('岗位', '开账号'):
                button = page.get_by_role('button', name=f'{word} {name}', exact=True)
                assert button.get_attribute('title') is None
                button.click()
                expect(page.locator('.dj-dialog-title')).to_have_text(f'{name}的{word.removeprefix("开")}')
                page.keyboard.press('Escape')
                expect(page.locator('.dj-dialog-title')).to_have_count(0)
    with person(chromium, demo, '狄柳土') as at:
        page = at('/organizations')
        page.get_by_text('明川市启帆职业培训学校（演示）').first.click()
        page.wait_for_url(re.compile(r'/organizations/\d+$'))
        page.wait_for_function('window.did_handshake === true')
        for label, text in (('简称', TEMPLATE), ('地址', SCRIPT + PICTURE + PROPERTY)):
            page.get_by_label(label).fill(text)
            page.get_by_label(label).blur()
            expect(page.get_by_text('全部已保存')).to_be_visible()
        page = at(page.url.removeprefix(demo.url))
        expect(page.get_by_label('简称')).to_have_value(TEMPLATE)
        expect(page.get_by_label('地址')).to_have_value(SCRIPT + PICTURE + PROPERTY)
        at('/organizations?q=' + '%3Cimg%20src%3Dx%20onerror%3D%22window.pwned%3D1%22%3E')


def test_a_batch_and_its_candidates_may_be_called_anything_and_export_as_text(chromium: Browser, demo: Started) -> None:
    batch = batch_of(demo)
    title = f'{FORMULA}{SCRIPT}{TEMPLATE}'
    with person(chromium, demo, '张春分') as at:
        page = at(f'/batches/{batch}')
        page.get_by_label('批次名称').fill(title)
        page.get_by_label('批次名称').blur()
        expect(page.get_by_text('全部已保存')).to_be_visible()
        page = at('/batches')
        expect(page.get_by_text(title).first).to_be_visible()
        cells = export(page)
        bring_in(at(f'/batches/{batch}/candidates/import'))
        page = at(f'/batches/{batch}/candidates')
        for name in NAMES:
            expect(page.get_by_text(name).first).to_be_visible()
        for name in NAMES[:2]:
            page.get_by_role('row').filter(has_text=name).get_by_role('link').first.click()
            page.wait_for_url(re.compile(r'/candidates/\d+$'))
            at(page.url.removeprefix(demo.url))
            page = at(f'/batches/{batch}/candidates')
        cells += export(page)
    assert {title, *NAMES} <= {text for text, _ in cells}
    assert {kind for _, kind in cells} <= {'s', 'n'}  # no formula, no error


def bring_in(page: Page) -> None:
    """Import the list of candidates and photos: a good one, one that is none, one with two numbers in its name."""
    rows = [{'姓名': name, '证件号码': number, '职业编码': '4-10-01-03', '等级': '四级', '工作单位': FORMULA, '申报依据': '', '联系电话': PHONE, '学历': '大专'}
            for name, number in zip(NAMES, NUMBERS, strict=False)]
    page.locator('input[type=file]').first.set_input_files({'name': f'{NUMBERS[0]}.xlsx', 'mimeType': 'application/octet-stream', 'buffer': workbook(rows)})
    page.get_by_role('button', name=f'导入{len(rows)}行').click()
    expect(page.get_by_text(f'新增{len(rows)}人').first).to_be_visible()
    photos = BytesIO()
    with zipfile.ZipFile(photos, 'w') as packed:
        packed.writestr(f'{NUMBERS[0]}.jpg', draw_photo('张', '男', 1))
        packed.writestr(f'{NUMBERS[1]}.jpg', b'GIF89a no photo')
        packed.writestr(f'{NUMBERS[2]}-{NUMBERS[3]}.jpg', draw_photo('张', '男', 1))
    page.locator('input[type=file]').last.set_input_files({'name': '照片.zip', 'mimeType': 'application/zip', 'buffer': photos.getvalue()})
    expect(page.get_by_text('匹配1张').first).to_be_visible()


def export(page: Page) -> list[tuple[object, str]]:
    """Every cell of what a list exports, with its kind."""
    with page.expect_download() as given:
        page.get_by_role('button', name='导出XLSX').click()
    return [(cell.value, cell.data_type) for sheet in openpyxl.load_workbook(BytesIO(given.value.path().read_bytes())) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_no_number_and_no_photo_lies_in_plain_on_the_disk(demo: Started) -> None:
    kept = {path.relative_to(demo.home): path.read_bytes() for path in demo.home.rglob('*') if path.is_file()}
    assert [(str(path), number) for path, data in kept.items() for number in NUMBERS if number.encode() in data] == []
    assert [str(path) for path, data in kept.items() if b'JFIF' in data or data.startswith((b'\xff\xd8', b'PK\x03\x04'))] == []
    assert [word for word in (PHONE, *NAMES) if word in demo.log] == []
    assert ' ERROR ' not in demo.log
