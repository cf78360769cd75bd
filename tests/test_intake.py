"""Workbooks from outside: what is read, and that no hostile one harms or passes (security.md, What comes in)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import intake, intake_child
from app.errors import Refused
from app.intake import read_table
from app.intake_cells import value_of
from app.intake_table import Column, Row, Table, column_letters
from tests import make_bad_files as bad
from tests.make_bad_files import HEADS, ID, NAME
from tests.spent import computing_s

COLUMNS = (
    Column('name', '姓名', required=True),
    Column('id', '证件号码', required=True, aliases=('身份证号',), kind='code'),
    Column('born', '出生日期', kind='date'),
    Column('theory', '理论成绩', kind='score'),
)
OTHER = '钱乙丑'
GOOD = (NAME, ID, '1991-12-03', 89.5)


def read(data: bytes | Path, *columns: Column) -> Table:
    return read_table(data, columns or COLUMNS, name_shown='C:\\上传\\名册.xlsx')


def refusal(data: bytes, *columns: Column) -> str:
    """Return the sentence of a refusal; it must be Chinese, name the file without its folders, and take at most 5 s of computing."""
    start = computing_s()
    with pytest.raises(Refused) as refused:
        read(data, *columns)
    assert computing_s() - start < 5
    sentence = refused.value.sentence
    assert sentence.startswith('“名册.xlsx”') and sentence.endswith('。')
    assert not re.search(r'[A-Za-z]{5,}', re.sub('xlsx|Excel|Office', '', sentence)), sentence
    return sentence


def faults(row: Row) -> list[str]:
    return [fault.sentence for fault in row.faults]


def test_row_has_its_sheet_number_and_typed_values() -> None:
    table = read(bad.roster(GOOD))
    assert table.rows == [Row(2, {'name': NAME, 'id': ID, 'born': date(1991, 12, 3), 'theory': 895})]
    assert (table.sheet, table.head_row, table.unread, table.address(table.rows[0], 'id')) == ('名册', 1, (), 'B2')


def test_row_gives_values_by_type() -> None:
    row = read(bad.roster(GOOD)).rows[0]
    assert (row.text('name'), row.day('born'), row.number_of('theory')) == (NAME, date(1991, 12, 3), 895)


def test_old_xls_is_read_too() -> None:
    assert read(bad.old_xls([HEADS, GOOD])).rows == read(bad.roster(GOOD)).rows


def test_file_is_read_by_path_too(tmp_path: Path) -> None:
    (tmp_path / 'a').write_bytes(bad.roster(GOOD))
    assert read(tmp_path / 'a').rows == read(bad.roster(GOOD)).rows


def test_heads_are_found_by_words_under_notes_and_in_any_order() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 3, '填写说明：带*的必填')

    table = read(bad.workbook([(), (), (' 身份证号* ', '备注', '*姓\n名'), (ID, '无', NAME)], more=merge))
    assert table.rows == [Row(4, {'name': NAME, 'id': ID, 'born': None, 'theory': None})]
    assert (table.head_row, table.letters, table.unread) == (3, {'name': 'C', 'id': 'A'}, ('备注',))


def test_leading_empty_columns_do_not_shift_addresses() -> None:
    table = read(bad.workbook([(), ('', '', *HEADS), ('', '', NAME, '', '', 'x')]))
    assert [fault.subject for fault in table.rows[0].faults] == ['D3', 'F3']


def test_columns_that_the_sheet_never_used_do_not_shift_addresses() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 2, HEADS)
        sheet.write_row(3, 2, (NAME, ID, '明天'))

    table = read(bad.workbook([], more=write))
    assert (table.rows[0].text('name'), table.letters['name'], table.head_row) == (NAME, 'C', 2)
    assert [fault.subject for fault in table.rows[0].faults] == ['E4']


def test_a_sheet_without_rows_is_an_empty_table() -> None:
    assert (read(bad.roster()).rows, read(bad.roster((), ('示例', ID))).rows) == ([], [])


def test_example_rows_and_blank_rows_are_left_out() -> None:
    table = read(bad.roster(('示例：某人', ID), (), ('  ', ' '), GOOD, (), ()))
    assert [row.number for row in table.rows] == [5]


def test_hidden_sheet_is_ignored() -> None:
    def second(book: Any, sheet: Any) -> None:
        sheet.hide()
        shown = book.add_worksheet('第二张')
        shown.activate()
        shown.write_row(0, 0, HEADS)
        shown.write_row(1, 0, (OTHER, ID))

    table = read(bad.workbook([HEADS, GOOD], more=second))
    assert (table.sheet, [row.text('name') for row in table.rows]) == ('第二张', [OTHER])


def test_only_hidden_heads_are_refused() -> None:
    def second(book: Any, sheet: Any) -> None:
        sheet.hide()
        book.add_worksheet('空表').activate()

    assert '没有找到表头“姓名”、“证件号码”' in refusal(bad.workbook([HEADS, GOOD], more=second))


def test_first_sheet_with_all_required_heads_is_read() -> None:
    def second(book: Any, sheet: Any) -> None:
        for name in ('名册一', '名册二'):
            book.add_worksheet(name).write_row(0, 0, HEADS)

    assert read(bad.workbook([('姓名',), ('说明',)], name='说明', more=second)).sheet == '名册一'


def test_merged_heads_are_refused_with_their_address() -> None:
    rows = [('名册',), HEADS, GOOD]
    assert '（C2:D2）' in refusal(bad.workbook(rows, more=lambda book, sheet: sheet.merge_range(1, 2, 1, 3, '出生日期')))


def test_merged_cells_below_the_heads_are_a_fault_of_their_row() -> None:
    table = read(bad.workbook([HEADS, GOOD, GOOD], more=lambda book, sheet: sheet.merge_range(1, 0, 2, 0, NAME)))
    assert [fault.subject for fault in table.rows[0].faults] == ['A2:A3']


def test_missing_heads_are_all_named() -> None:
    wanted = (*COLUMNS, Column('phone', '电话', required=True), Column('level', '等级', required=True))
    assert '工作表“名册”第1行的表头缺少“电话”、“等级”。' in refusal(bad.roster(GOOD), *wanted)


def test_doubled_heads_are_refused_with_both_addresses() -> None:
    assert '“证件号码”（B1、C1）' in refusal(bad.workbook([('姓名', '证件号码', '身份证号'), (NAME, ID, ID)]))


@pytest.mark.parametrize(('build', 'said'), [
    (bad.million_empty_rows, '声明了1,000,000行'),
    (lambda: bad.with_sheet_xml(bad.cell_xml('XFD1048576')), '声明了1,048,576行、16,384列'),
    (lambda: bad.with_sheet_xml(bad.cell_xml('A20001')), '声明了20,001行'),
    (lambda: bad.with_sheet_xml(bad.cell_xml('CW1')), '声明了1行、101列'),
    (bad.far_cell_under_another_name, '声明了1,048,576行'),
    (bad.cells_without_addresses, '声明了30,000行'),
    (bad.long_text_in_every_cell, '内容异常庞大'),
    (bad.zip_bomb, '可能是压缩炸弹'),
    (bad.zip_bomb_of_many_parts, '解压后超过100MB'),
    (bad.zip_bomb_with_lying_directory, '可能是压缩炸弹'),
    (bad.part_longer_than_stated, '目录与内容不一致'),
    (bad.thousand_parts, '超过1,000个'),
    (bad.long_directory, '内的文件超过1,000个'),
    (bad.doubled_part, '重名'),
    (lambda: bad.encrypted_zip(bad.roster(GOOD)), '设有密码'),
    (lambda: bad.ole('EncryptedPackage', b''), '设有打开密码'),
    (lambda: bad.old_xls([HEADS, GOOD], locked=True), '设有打开密码'),
    (lambda: bad.with_part(bad.roster(GOOD), 'xl/vbaProject.bin', b'x'), '含有宏'),
    (lambda: bad.ole('_VBA_PROJECT_CUR', b''), '含有宏'),
    (lambda: bad.with_part(bad.roster(GOOD), 'xl/externalLinks/externalLink1.xml', b'<x/>'), '链接了其他工作簿'),
    (lambda: ','.join(HEADS).encode('gb18030'), '实际是CSV或其他纯文本'),
    (lambda: b'\xef\xbb\xbf<html><table>', '实际是网页'),
    (lambda: bad.portrait(), '实际是JPG图片'),
    (lambda: b'%PDF-1.7', '实际是PDF文件'),
    (lambda: b'', '实际是空文件'),
    (lambda: bytes(range(256)), '实际是未知类型的文件'),
    (lambda: bad.ole('WordDocument', b''), '可能是旧版Word'),
    (lambda: bad.photo_zip([('word/document.xml', b'')]), '实际是Word文档'),
    (lambda: bad.photo_zip([('xl/workbook.bin', b'')]), '.xlsb'),
    (lambda: bad.photo_zip([('xl/workbook.xml', b'no')]), '无法读取'),
    (lambda: bad.roster(GOOD)[:3000], '已损坏'),
    (lambda: bad.ole('Workbook', b'\xff' * 9999), '无法读取'),
    (lambda: bad.ole('Workbook', bytes(6 << 20)), '是旧版.xls，超过5MB'),
    (lambda: bytes(21 << 20), '超过20MB'),
    (lambda: bad.workbook([('一', '二')]), '没有找到表头'),
    (lambda: bad.workbook([*[()] * 10, HEADS]), '没有找到表头'),
])
def test_bad_file_is_refused_with_its_own_sentence(build: Callable[[], bytes], said: str) -> None:
    assert said in refusal(build())


@pytest.mark.parametrize('address', ['A20000', 'CV1'])
def test_last_allowed_cell_is_read(address: str) -> None:
    assert '没有找到表头' in refusal(bad.with_sheet_xml(bad.cell_xml(address)))


@pytest.mark.parametrize('letters', ['', 'A', 'Z', 'AA', 'CW', 'XFD'])
@pytest.mark.parametrize('row', [1, 9, 9_999, 10_000, 19_999, 20_000, 20_001, 100_000, 1_048_576])
def test_only_addresses_that_may_be_too_far_are_looked_at(letters: str, row: int) -> None:
    assert bool(intake.FAR.search(f'<c r="{letters}{row}" s="1">'.encode())) is (len(letters) > 1 or row >= intake.ROWS)


def test_address_in_a_text_is_only_text() -> None:
    assert read(bad.roster(('<c r="XFD1048576">', ID))).rows[0].text('name') == '<c r="XFD1048576">'


def test_cut_files_are_refused_or_read_whole() -> None:
    whole = bad.roster(GOOD)
    for end in range(0, len(whole), 501):
        refusal(whole[:end])


def test_silent_child_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, 'WAIT_S', 0)
    assert '无法读取' in refusal(bad.roster(GOOD))


def test_more_text_than_a_table_may_hold_is_refused() -> None:
    assert '文字过多' in refusal(bad.workbook([HEADS, *[('长' * 1_200, ID)] * 19_000]))


def test_without_system_limits_the_look_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_child, 'HAS_LIMITS', False)
    assert read(bad.roster(GOOD)).rows[0].text('id') == ID
    assert '声明了' in refusal(bad.with_sheet_xml(bad.cell_xml('XFD1048576')))


def test_id_number_that_became_a_number_is_refused_and_kept_as_written() -> None:
    row = read(bad.roster((NAME, float(ID)))).rows[0]
    assert faults(row) == ['B2“证件号码”：15位以上的号码存成了数字，末几位已丢失，不能自动恢复。请将该列设为文本格式后重新填写。']
    assert (row.values['id'], row.written) == (None, {'id': '9.90101199112031e+17'})


def test_short_number_in_a_code_column_is_its_digits() -> None:
    assert read(bad.roster((NAME, 13800138000.0))).rows[0].text('id') == '13800138000'


def test_date_in_a_code_column_is_refused() -> None:
    def dated(book: Any, sheet: Any) -> None:
        sheet.write_datetime(1, 1, date(2026, 3, 1), book.add_format({'num_format': 'yyyy-mm-dd'}))

    assert faults(read(bad.workbook([HEADS, (NAME,)], more=dated)).rows[0]) == [
        'B2“证件号码”：“2026-03-01”已被当作日期或时间，号码可能已被改变。请将该列设为文本格式后重新填写。']


def test_blank_required_cell_is_named() -> None:
    row = read(bad.roster((NAME, ' \u3000\u200b'))).rows[0]
    assert faults(row) == ['B2“证件号码”：不能为空，请填写。'] and row.values['id'] is None


def test_faults_of_a_row_are_all_reported() -> None:
    row = read(bad.roster(('', ID, '5/1/2026', '九十'))).rows[0]
    assert [fault.subject for fault in row.faults] == ['A2', 'C2', 'D2']
    assert row.written == {'name': '', 'born': '5/1/2026', 'theory': '九十'}


@pytest.mark.parametrize('cell', [
    '2026-1-5', '2026-01-05', '2026/1/5', '2026.1.5', '20260105', '2026年1月5日', '２０２６－１－５', ' 2026 年 1 月 5 日 ', 20260105.0, 46027.0,
    '2026-01-05 00:00:00'])
def test_dates_are_read_as_offices_write_them(cell: str | float) -> None:
    assert value_of('date', cell) == date(2026, 1, 5)


def test_date_cell_is_its_day() -> None:
    def dated(book: Any, sheet: Any) -> None:
        sheet.write_datetime(1, 2, date(2026, 1, 5), book.add_format({'num_format': 'yyyy-mm-dd'}))

    assert read(bad.workbook([HEADS, (NAME, ID)], more=dated)).rows[0].day('born') == date(2026, 1, 5)


@pytest.mark.parametrize(('cell', 'said'), [
    ('5/1/2026', '分不清年月日的先后'), ('26-1-5', '分不清年月日的先后'), ('2026-2-30', '没有“2026-2-30”这一天'), ('20261301', '没有'),
    ('2026-1/5', '不是日期'), ('2026', '不是日期'), (2026.0, '不是日期'), (46027.5, '不是日期'), (True, '不是日期'), (float('inf'), '不是日期'),
    ('明天', '不是日期'), ('1026-1-5', '不是日期'), ('2026-1-5 8:30', '不是日期')])
def test_unclear_date_is_refused(cell: str | float, said: str) -> None:
    with pytest.raises(Refused, match=said):
        value_of('date', cell)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    written = [f'{day}', f'{day.year}/{day.month}/{day.day}', f'{day.year}年{day.month}月{day.day}日', f'{day:%Y%m%d}']
    assert {value_of('date', text) for text in written} == {day}


@given(st.dates(date(1910, 1, 1), date(2100, 12, 31)))
def test_serial_is_counted_as_excel_does(day: date) -> None:
    assert value_of('date', float((day - date(1899, 12, 30)) / timedelta(days=1))) == day


@pytest.mark.parametrize(('cell', 'tenths'), [(89.5, 895), ('89.5', 895), ('89.50', 895), (100.5, 1005), (-1.0, -10), ('-0.5', -5), ('８９', 890), (0.1 + 0.2, 3)])
def test_score_is_whole_tenths(cell: str | float, tenths: int) -> None:
    assert value_of('score', cell) == tenths


@pytest.mark.parametrize('cell', ['九十', '89.55', 89.55, '89.5分', '1e2', float('nan'), float('inf'), 1e300, True, '--'])
def test_what_is_no_score_is_refused(cell: str | float) -> None:
    with pytest.raises(Refused, match='不是分数'):
        value_of('score', cell)


@given(st.integers(-9999, 9999))
def test_score_by_number_and_by_text_agree(tenths: int) -> None:
    assert value_of('score', tenths / 10) == value_of('score', f'{tenths / 10:.1f}') == tenths


@pytest.mark.parametrize(('cell', 'value'), [(12.0, 12), ('12', 12), (' -3 ', -3), ('', None)])
def test_whole_number_is_read(cell: str | float, value: int | None) -> None:
    assert value_of('int', cell) == value


@pytest.mark.parametrize('cell', [1.5, 'x', 1e15, '1,000'])
def test_what_is_no_whole_number_is_refused(cell: str | float) -> None:
    with pytest.raises(Refused, match='不是整数'):
        value_of('int', cell)


@given(st.floats() | st.integers() | st.booleans() | st.text(), st.sampled_from(['text', 'code', 'date', 'score', 'int']))
def test_any_cell_is_a_value_or_a_refusal(cell: str | float, kind: Any) -> None:
    try:
        value_of(kind, cell)
    except Refused as refused:
        assert refused.sentence.endswith('。')


@pytest.mark.parametrize(('index', 'letters'), [(0, 'A'), (25, 'Z'), (26, 'AA'), (99, 'CV'), (16383, 'XFD')])
def test_column_letters_are_those_of_excel(index: int, letters: str) -> None:
    assert column_letters(index) == letters
