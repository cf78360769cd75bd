"""The registers of people in a browser: a record saved while typing, a certificate, an export brought in again, and who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.spine import Desk, copy_of, demo_at, desk_at
from tests.make_bad_files import workbook
from tests.personnel.make_people import heads, line
from tests.serving import free_port
from tests.shows import shows

pytestmark = pytest.mark.browser


@pytest.fixture(scope='module')
def address(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo as a visitor finds it."""
    with demo_at(copy_of(story, tmp_path_factory.mktemp('personnel')), free_port()) as served:
        yield served


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Desk]:
    """A window that must stay without a fault and ask no other machine."""
    with desk_at(chromium, address) as window:
        yield window
        assert window.errors == []
        assert window.foreign == []


def record_of(desk: Desk, register: str, name: str) -> str:
    """Open a record by the list's search and return its address."""
    desk.open(f'/personnel/{register}?q={name}')
    link = desk.page.get_by_role('link', name=name, exact=True).first
    target = str(link.get_attribute('href'))
    desk.open(target)
    return target


@shows('SEC-01', 'DATA-16')
def test_who_keeps_the_registers_sees_the_tools_others_see_masked_rows_and_a_centre_nothing(desk: Desk) -> None:
    desk.sign_in('何立春', '/personnel')
    assert desk.texts('.dj-tab') == ['工作人员', '考评人员', '专家', '内部质量督导员', '领导小组和工作组']
    target = record_of(desk, 'examiners', '金芒种')
    expect(desk.page.get_by_text('1974-07-05出生')).to_be_visible()
    assert '990199197407055344' not in desk.page.content()
    desk.press('显示完整证件号码（留痕）')
    expect(desk.page.get_by_text('身份证号 990199197407055344')).to_be_visible()
    desk.sign_in('张春分', target)
    expect(desk.page.get_by_text('身份证号 9901**********5344')).to_be_visible()
    assert desk.page.get_by_role('button', name='退出登记').count() == desk.page.get_by_text('1974-07-05出生').count() == 0
    assert [desk.open(f'/personnel/examiners/{tail}') for tail in ('new', 'import')] == [404, 404]
    desk.sign_in('卜斗木')
    assert [desk.open(path) for path in (target, '/personnel/nothing', '/personnel/nothing/1')] == [404, 404, 404]
    desk.sign_in('禹鬼金')
    assert (desk.open('/personnel'), '人员登记' in desk.texts('.dj-menu-entry div:last-child')) == (404, False)


def test_a_field_is_saved_when_it_is_left_and_a_wrong_one_is_told_at_its_place(desk: Desk) -> None:
    desk.sign_in('何立春')
    record_of(desk, 'experts', '苏冬至')
    honours = desk.page.get_by_label('荣誉', exact=True)
    honours.fill('省技术能手')
    honours.press('Tab')
    expect(desk.page.get_by_text('已保存').first).to_be_visible()
    ends = desk.page.get_by_label('聘期止', exact=True)
    ends.fill('2025-01-01')
    ends.press('Tab')
    expect(desk.page.get_by_text('早于起始日期').first).to_be_visible()
    desk.page.reload()
    desk.ready()
    expect(desk.page.get_by_label('荣誉', exact=True)).to_have_value('省技术能手')
    expect(desk.page.get_by_label('聘期止', exact=True)).to_have_value('2028-05-11')


def test_a_certificate_is_uploaded_downloaded_and_ended_and_a_wrong_file_refused(desk: Desk, tmp_path: Path) -> None:
    desk.sign_in('何立春')
    record_of(desk, 'supervisors', '奚角木')
    good, wrong = tmp_path / '证书.pdf', tmp_path / '假.pdf'
    good.write_bytes(b'%PDF-1.7 a certificate')
    wrong.write_bytes(b'MZ')
    desk.give('上传扫描件或照片', wrong)
    expect(desk.page.get_by_text('不是PDF、JPG或PNG文件').first).to_be_visible()
    desk.give('上传扫描件或照片', good)
    table = desk.page.get_by_role('region', name='附件')
    expect(table.get_by_text('证书.pdf')).to_be_visible()
    assert desk.download('下载 职业技能等级证书') == b'%PDF-1.7 a certificate'
    desk.press('作废 职业技能等级证书')
    assert '作废附件“职业技能等级证书”' in desk.confirm('作废')
    expect(table).to_have_count(0)


def test_a_person_is_entered_found_by_his_number_and_leaves(desk: Desk) -> None:
    desk.sign_in('何立春', '/personnel/seats/new')
    desk.page.get_by_label('姓名 *').fill('邹白露')
    desk.page.get_by_label('身份证号 *').fill('990199197508195573')
    for label, word in (('小组 *', '设备保障组'), ('组内职务 *', '成员')):
        desk.page.get_by_label(label).click()
        desk.page.get_by_role('option', name=word, exact=True).click()
    desk.press('登记')
    desk.page.wait_for_url(re.compile(r'/personnel/seats/\d+$'))
    desk.ready()
    expect(desk.page.get_by_role('link', name='考评人员（保育师）')).to_be_visible()
    desk.page.get_by_label('退出原因 *').fill('工作调整')
    desk.press('退出登记')
    assert '邹白露自2026-11-23起退出' in desk.confirm('退出登记')
    desk.page.wait_for_url('**/personnel/seats')


def test_an_export_brought_in_again_is_the_same_and_bad_rows_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.sign_in('何立春', '/personnel/supervisors/import')
    given = tmp_path / '登记册.xlsx'
    given.write_bytes(desk.download('导出内部质量督导员登记册'))
    desk.give('选择工作簿', given)
    expect(desk.page.get_by_text('共4行，均与系统中相同，无须导入。')).to_be_visible()
    given.write_bytes(workbook([heads('supervisors'), line('supervisors', 1, card_no=''), line('supervisors', 2, id_no='99', card_no='')]))
    desk.give('选择工作簿', given)
    expect(desk.page.get_by_text('共2行：新增1行，更新0行，相同0行；有误1行')).to_be_visible()
    desk.press('导入1行')
    expect(desk.page.get_by_text('新增1行，更新0行，无变化0行，有误未导入1行。').first).to_be_visible()
