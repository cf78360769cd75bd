"""Workbooks, opened again: texts stay texts, numbers numbers, templates are as the conventions want them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.cells import Cell
from app.xlsx import Book, Column, Value

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COLUMNS = [Column('序号', 6), Column('姓名'), Column('证件号码', 22, lengths=(15, 18)), Column('等级', options=('五级/初级工', '四级/中级工')), Column('理论')]
ROW: list[Value] = [1, '欧阳𠮷堃', '990199199001010011', '四级/中级工', Decimal('66.5')]
TEMPLATE = [
    Column('姓名', 12, True, example='赵甲子'), Column('证件号码', 24, True, lengths=(15, 18), example='990199199001010011'),
    Column('等级', 16, options=('五级/初级工', '四级/中级工'), example='四级/中级工')]


def reopened(book: Book) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes()))


def roster(**more: Any) -> Book:
    return Book('名册', made_at=AT, form='F-PASS').sheet('名册', COLUMNS, [ROW], **more)


def template() -> Any:
    return reopened(Book('模板', made_at=AT).template('导入', TEMPLATE, '带*的为必填项。'))


def test_the_same_record_gives_the_same_bytes() -> None:
    assert roster(title='名册').to_bytes() == roster(title='名册').to_bytes()


def test_a_sheet_takes_the_name_that_a_person_typed_as_far_as_a_workbook_can() -> None:
    book = Book('台账', made_at=AT)
    for name in ('焊工/[气焊]:*?', '焊工-[气焊]:*?', "'长名'" + '字' * 40, '长名' + '字' * 50, '', '通用'):
        book.sheet(name, [Column('序号')], [[1]])
    names = reopened(book).sheetnames
    assert names[:2] == ['焊工--气焊----', '焊工--气焊----（2）'] and names[5] == '通用'
    assert len(set(names)) == 6 and max(map(len, names)) == 31


def test_texts_stay_texts_and_scores_are_numbers() -> None:
    cells = reopened(roster())['名册'][2]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [
        (1, 'n', 'General'), ('欧阳𠮷堃', 's', '@'), ('990199199001010011', 's', '@'), ('四级/中级工', 's', '@'), (66.5, 'n', 'General')]


@pytest.mark.parametrize('text', ['=1+1', '+8613800000000', '-', '@SUM(A1)', '\t=1'])
def test_what_looks_like_a_formula_is_a_text_with_an_apostrophe(text: str) -> None:
    cell = reopened(Book('名册', made_at=AT).sheet('名册', [Column('备注')], [[text]]))['名册']['A2']
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, 's', True)


def test_a_web_address_is_no_link() -> None:
    cell = reopened(Book('名册', made_at=AT).sheet('名册', [Column('网址')], [['https://jndj.example/']]))['名册']['A2']
    assert (cell.value, cell.hyperlink, cell.quotePrefix) == ('https://jndj.example/', None, False)


def test_heads_are_frozen_and_repeated_on_a4_with_pages_in_the_foot() -> None:
    sheet = reopened(roster(title='合格人员名册'))['名册']
    assert sheet.freeze_panes == 'A3'
    assert sheet.print_title_rows == '$1:$2'
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (9, 'landscape', 0)
    assert (sheet.oddFooter.left.text, sheet.oddFooter.center.text) == ('F-PASS', '第 &P 页 共 &N 页')
    assert [str(area) for area in sheet.merged_cells.ranges] == ['A1:E1']


def test_merged_heads_stand_as_the_source_has_them() -> None:
    heads = [[Cell('人员', cols=4), Cell('理论', rows=2)], ['序号', '姓名', '证件号码', '等级']]
    sheet = reopened(roster(heads=heads))['名册']
    assert sorted(str(area) for area in sheet.merged_cells.ranges) == ['A1:D1', 'E1:E2']
    assert [cell.value for cell in sheet[2]][:4] == ['序号', '姓名', '证件号码', '等级']
    assert [cell.value for cell in sheet[3]] == [1, *ROW[1:4], 66.5]


def test_merged_cells_among_the_rows_keep_their_places() -> None:
    sheet = reopened(Book('表', made_at=AT).sheet('表', [Column('姓名'), Column('理论'), Column('实操')], [['赵甲子', Cell('缺考', cols=2)]]))['表']
    assert [str(area) for area in sheet.merged_cells.ranges] == ['B2:C2']
    assert [sheet['A2'].value, sheet['B2'].value] == ['赵甲子', '缺考']


def test_a_row_with_too_few_values_is_our_mistake() -> None:
    with pytest.raises(ValueError):
        Book('表', made_at=AT).sheet('表', COLUMNS, [['1']])


def test_a_text_too_long_for_a_cell_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='row 2, column 1'):
        Book('表', made_at=AT).sheet('表', [Column('备注')], [['长' * 32768]])


def test_a_template_has_notes_starred_heads_and_a_marked_example() -> None:
    sheet = template()['导入']
    assert sheet['A1'].value == '填写说明：带*的为必填项。'
    assert [cell.value for cell in sheet[2]] == ['*姓名', '*证件号码', '等级']
    assert [cell.value for cell in sheet[3]] == ['示例：赵甲子', '990199199001010011', '四级/中级工']
    assert {cell.font.color.rgb for cell in sheet[3]} == {'FF808080'}
    assert sheet.freeze_panes == 'A4'


def test_template_values_come_from_a_hidden_sheet() -> None:
    book = template()
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [('导入', 'visible'), ('值列表', 'hidden')]
    assert [row[0].value for row in book['值列表'].rows] == ['五级/初级工', '四级/中级工']
    assert [(rule.type, str(rule.sqref), rule.formula1) for rule in book['导入'].data_validations.dataValidation] == [
        ('list', 'C4:C10003', "'值列表'!$A$1:$A$2")]


def test_a_template_shows_wrong_lengths_in_red() -> None:
    rules = [(str(area.sqref), rule.formula) for area in template()['导入'].conditional_formatting for rule in area.rules]
    assert rules == [('B4:B10003', ['AND(LEN(B4)<>0,LEN(B4)<>15,LEN(B4)<>18)'])]


def test_template_columns_are_text_so_that_id_numbers_keep_their_digits() -> None:
    sheet = template()['导入']
    assert {sheet.column_dimensions[letter].number_format for letter in 'ABC'} == {'@'}


def test_the_file_names_its_title_and_when_the_record_was_made() -> None:
    about = reopened(roster()).properties
    assert (about.title, str(about.created)) == ('名册', '2026-11-23 09:00:00')
