"""What the parts decide without a browser: places in the address, values of fields, counts, deadlines, bundles."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.findings import Finding
from pages.parts.documents import Paper, bundle
from pages.parts.findings import counts
from pages.parts.form import Field, read_stored, read_value
from pages.parts.listing import Column
from pages.parts.listing_layout import Layout, layout_of
from pages.parts.listing_place import Place, address_of, count_words, place_of, tellable
from pages.parts.preview import file_name
from pages.parts.states import deadline_words
from pages.parts.upload import size_words

ALLOWED = {'q': None, 'state': ('open', 'closed')}
ID_NUMBER = '110105194912310021'


# ------------------------------------------------------------------ place of a list


@given(st.fixed_dictionaries({}, optional={'q': st.text('张三zs ', max_size=8), 'state': st.sampled_from(['open', 'closed'])}),
       st.one_of(st.just({}), st.integers(1, 2**53).map(lambda n: {'before': n}), st.integers(1, 2**53).map(lambda n: {'after': n}), st.just({'last': True})),
       st.sampled_from(['', 'e_']), st.sampled_from(['', 'name', '-name']))
def test_a_place_comes_back_from_its_address(filters: dict[str, str], bound: dict[str, int], prefix: str, sort: str) -> None:
    place = Place()
    for key, value in filters.items():
        place.choose(key, value)
    place.order(sort)
    place.to(**bound)  # type: ignore[arg-type]
    address = address_of('/list', {'other': '1'}, place, ALLOWED, prefix)
    query = dict(parse_qsl(urlsplit(address).query))
    assert (place_of(query, ALLOWED, prefix, {'name'}), query['other']) == (place, '1')


def test_what_does_not_fit_is_left_out_of_a_place() -> None:
    query = {'state': 'unknown', 'sort': '-id_no', 'before': '１２', 'after': '-3', 'last': 'x', 'foreign': 'y'}
    assert place_of(query, ALLOWED, sorts={'name'}) == Place()


def test_another_order_goes_to_the_first_page() -> None:
    place = Place({'state': 'open'}, before=7)
    place.order('-name')
    assert (place, place.asked()) == (Place({'state': 'open'}, '-name'), {'state': 'open', 'sort': '-name'})


COLUMNS = (Column('name', '姓名'), Column('seat', '座位'), Column('sex', '性别', hidden=True))


@pytest.mark.parametrize(('kept', 'keys', 'widths'), [
    ({}, ('name', 'seat'), {}),
    ({'columns': ['sex', 'name', 'seat'], 'widths': {'sex': 100}}, ('name', 'sex', 'seat'), {'sex': 100}),  # the first column keeps its place
    ({'columns': ['sex', 'sex', 'gone', 7, ['x']], 'widths': {'sex': 1, 'seat': 9999, 'gone': 80, 'name': '80'}}, ('name', 'sex'), {'sex': 48, 'seat': 800}),
    ({'columns': ['gone'], 'widths': []}, ('name', 'seat'), {})])
def test_kept_columns_that_are_no_longer_there_are_left_out(kept: dict[str, object], keys: tuple[str, ...], widths: dict[str, int]) -> None:
    layout = layout_of(kept, COLUMNS)
    assert (layout, layout_of(layout.kept(), COLUMNS)) == (Layout(keys, widths), layout)


def test_choosing_a_filter_goes_to_its_first_page() -> None:
    place = Place({'state': 'open'}, before=7)
    assert (place.choose('state', 'closed'), place) == (True, Place({'state': 'closed'}))
    assert (place.choose('state', 'closed'), place.choose('state', ''), place) == (False, True, Place())


@pytest.mark.parametrize('text', [ID_NUMBER, f'{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}', '138-0013-8000'])
def test_a_personal_number_that_is_searched_for_stays_out_of_the_address(text: str) -> None:
    place = Place({'q': text, 'state': 'open'}, '-name')
    assert (address_of('/list', {}, place, ALLOWED), tellable(place)) == ('/list?state=open&sort=-name', {'state': 'open', 'sort': '-name'})


@pytest.mark.parametrize(('found', 'limit', 'words'), [(1001, 1000, '1000+'), (1000, 1000, '1,000'), (0, 1000, '0'), (1204, 0, '1,204')])
def test_a_count_beyond_the_limit_is_not_claimed(found: int, limit: int, words: str) -> None:
    assert count_words(found, limit) == words


# ------------------------------------------------------------------ values of a field


@pytest.mark.parametrize(('field', 'raw', 'value'), [
    (Field('a', '名称'), ' 甲 ', ' 甲 '),
    (Field('a', '日期', kind='date'), '2026年1月5日', date(2026, 1, 5)),
    (Field('a', '日期', kind='date'), '', None),
    (Field('a', '种类', kind='select', options={'x': '甲'}), 'x', 'x'),
    (Field('a', '种类', kind='select', options={'x': '甲'}), '', ''),
    (Field('a', '等级', kind='levels'), [3, 5, 3], [5, 3])])
def test_a_value_is_read_as_its_kind_is_stored(field: Field, raw: object, value: object) -> None:
    assert read_value(field, raw) == value


@pytest.mark.parametrize(('field', 'raw', 'sentence'), [
    (Field('a', '日期', kind='date'), '5/1/26', '5/1/26'),
    (Field('a', '种类', kind='select', options={'x': '甲'}), 'y', '请从列表中选择'),
    (Field('a', '等级', kind='levels'), [6], '只能从列出的等级中选择'),
    (Field('a', '等级', kind='levels'), [True], '只能从列出的等级中选择'),
    (Field('a', '等级', kind='levels'), '5', '只能从列出的等级中选择'),
    (Field('a', '名称'), 7, '内容过长'),
    (Field('a', '名称'), '字' * 20_001, '内容过长')])
def test_what_a_browser_may_not_send_is_refused(field: Field, raw: object, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_value(field, raw)


@pytest.mark.parametrize(('field', 'stored'), [
    (Field('a', '日期', kind='date'), date(2026, 1, 5)), (Field('a', '日期', kind='date'), None), (Field('a', '等级', kind='levels'), [5, 3]),
    (Field('a', '等级', kind='levels'), []), (Field('a', '名称'), '甲')])
def test_what_another_person_stored_is_read_back_from_the_refusal(field: Field, stored: object) -> None:
    assert read_stored(field, str(stored)) == stored


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(('left', 'words'), [(3, '剩3个工作日'), (0, '今天到期'), (-2, '已超2个工作日')])
def test_a_deadline_is_told_in_working_days(left: int, words: str) -> None:
    assert deadline_words(left) == words


def test_findings_are_counted_by_severity() -> None:
    found = [Finding('', severity, '', '') for severity in ('warn', 'block', 'warn')]  # type: ignore[arg-type]
    assert (counts(found), counts([])) == ('不符合1项，提醒2项', '')


@pytest.mark.parametrize(('size', 'words'), [(830, '830B'), (12_595, '12.2KB'), (4 << 20, '4.0MB')])
def test_a_size_is_told_in_its_unit(size: int, words: str) -> None:
    assert size_words(size) == words


# ------------------------------------------------------------------ bundle


def test_a_bundle_holds_every_paper_in_binding_order_and_no_blank_one() -> None:
    papers = [Paper('F-B', '乙/名单', {'PDF': lambda: b'b', '空白PDF': lambda: b'-'}), Paper('F-A', '甲', {'XLSX': lambda: b'a', 'PDF': lambda: b'p'})]
    made = bundle(papers)
    with zipfile.ZipFile(BytesIO(made)) as packed:
        assert [(i.filename, packed.read(i)) for i in packed.infolist()] == [('01_乙_名单.pdf', b'b'), ('02_甲.xlsx', b'a'), ('02_甲.pdf', b'p')]
        assert all(i.flag_bits & 0x800 for i in packed.infolist())  # names are flagged as UTF-8
    assert made == bundle(papers)


@pytest.mark.parametrize(('title', 'name'), [('a/b:c*"d".', 'a_b_c__d_'), ('  ', '文书')])
def test_a_title_becomes_a_name_that_windows_takes(title: str, name: str) -> None:
    assert file_name(title) == name
