"""Codes of other authorities: the examples and counter-examples of codes.md §1-4, and what each check guarantees."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import (
    CreditCode,
    Document,
    IdNumber,
    OccupationCode,
    check_major_group,
    credit_code,
    credit_code_findings,
    fold,
    id_findings,
    id_number,
    mask_id,
    other_than_id_numbers,
    read_credit_code,
    read_document,
    read_id_number,
    read_level,
    read_occupation_code,
)
from app.errors import Refused
from tests.shows import shows

TODAY = date(2026, 11, 23)
AGES = (14, 75)
addresses = st.from_regex('[1-9][0-9]{5}', fullmatch=True)
births = st.dates(date(1900, 1, 1), TODAY)
CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'


# ------------------------------------------------------------------ resident ID number


@pytest.mark.parametrize(
    ('text', 'birth_on', 'sex'),
    [
        ('990101199503100276', date(1995, 3, 10), 'male'),
        ('990103198812311040', date(1988, 12, 31), 'female'),
        ('990199200002293330', date(2000, 2, 29), 'male'),
        ('99010319960708201X', date(1996, 7, 8), 'male'),
    ],
)
def test_birth_day_and_sex_come_from_the_number(text: str, birth_on: date, sex: str) -> None:
    assert read_id_number(text, TODAY) == IdNumber(text, birth_on, sex)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    'typed',
    ['99010319960708201x', ' 990103 19960708 201X ', '990103-19960708-201X', '９９０１０３１９９６０７０８２０１Ｘ', '\u202a99010319960708201ｘ\u202c'],
)
@shows('VAL-01')
def test_blanks_hyphens_full_width_and_a_small_x_are_repaired_silently(typed: str) -> None:
    assert read_id_number(typed, TODAY).text == '99010319960708201X'


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('', '请填写'),
        ('99010119950310027', '应为18位，现为17位'),
        ('9901011995031002766', '应为18位，现为19位'),
        ('99010119950310O276', '前17位应为数字'),
        ('990101199503100²76', '前17位应为数字'),
        ('090101199503100276', '首位不为0'),
        (id_number('990101', date(1990, 1, 30), 27).replace('0130', '0230'), '出生日期不存在'),
        ('990101000003100276', '出生日期不存在'),
        (id_number('990101', date(2026, 11, 24), 27), '晚于今天'),
        ('990101199503100275', '校验码（第18位）'),
        ('990101199503100286', '校验码（第18位）'),
        ('9.90101199503E+17', '被表格软件当成数字'),
        ('990101199503100288.0', '被表格软件当成数字'),
    ],
)
@shows('VAL-01')
def test_a_wrong_id_number_is_refused_naming_the_check(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_id_number(text, TODAY)
    assert (refusal.value.rule, said in refusal.value.sentence) == ('VAL-01', True)


@shows('VAL-01')
def test_a_birth_on_29_february_of_a_common_year_does_not_exist() -> None:
    with pytest.raises(Refused, match='出生日期不存在'):
        read_id_number('990101199902290276', TODAY)


@shows('VAL-02')
def test_the_old_form_of_15_digits_is_refused() -> None:
    with pytest.raises(Refused, match='15位的旧身份号码') as refusal:
        read_id_number('990101950310027', TODAY)
    assert refusal.value.rule == 'VAL-02'


def test_no_refusal_repeats_the_number() -> None:
    with pytest.raises(Refused) as refusal:
        read_id_number('990101199503100275', TODAY)
    assert '19950310' not in refusal.value.sentence


@given(addresses, births, st.integers(0, 999))
def test_a_composed_id_number_reads_back(address: str, birth_on: date, sequence: int) -> None:
    number = read_id_number(id_number(address, birth_on, sequence), TODAY)
    assert (number.text[:6], number.birth_on, number.text[14:17]) == (address, birth_on, f'{sequence:03d}')
    assert number.sex == ('male' if sequence % 2 else 'female')


@given(addresses, births, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_of_an_id_number_is_found(address: str, birth_on: date, sequence: int, place: int, shift: int) -> None:
    right = id_number(address, birth_on, sequence)
    wrong = right[:place] + str((int(right[place].replace('X', '0')) + shift) % 10) + right[place + 1 :]
    if wrong != right:
        with pytest.raises(Refused):
            read_id_number(wrong, TODAY)


@given(addresses, births, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbouring_digits_in_the_wrong_order_are_found(address: str, birth_on: date, sequence: int, place: int) -> None:
    right = id_number(address, birth_on, sequence)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if wrong != right:
        with pytest.raises(Refused):
            read_id_number(wrong, TODAY)


def stands(text: str) -> bool:
    try:
        return read_id_number(text, TODAY).text == text
    except Refused:
        return False


bodies = st.from_regex('[0-9]{6}(0000|202[0-9]|9999)(0[0-9]|1[0-3])(0[0-2]|[12][0-9]|3[0-2])[0-9]{3}|110101(1900|2000|2023)0229[0-9]{3}|11010[0-9:/]19900101[0-9:/]{3}', fullmatch=True)


@given(st.lists(bodies | st.text(max_size=20), max_size=5))
@shows('VAL-01', 'VAL-02')
def test_a_column_of_id_numbers_is_judged_as_each_number_by_itself(column: list[str]) -> None:
    texts = [body + check for body in column for check in (*'0123456789X', 'x', '')]
    assert other_than_id_numbers(texts, TODAY) == [at for at, text in enumerate(texts) if not stands(text)]


def test_parts_that_make_no_id_number_are_our_mistake() -> None:
    with pytest.raises(ValueError, match='address code'):
        id_number('012345', date(1990, 1, 1), 1)


@shows('VAL-01')
def test_an_unknown_province_is_a_warning_only() -> None:
    found = id_findings(read_id_number('990101199503100276', TODAY), TODAY, ages=AGES)
    assert [(f.rule, f.severity, '“99”不是已知的省级代码' in f.sentence) for f in found] == [('VAL-01', 'warn', True)]


@pytest.mark.parametrize(
    ('birth_on', 'warned'),
    [(date(2012, 11, 23), False), (date(2012, 11, 24), True), (date(1950, 11, 24), False), (date(1950, 11, 23), True)],
)
def test_an_implausible_age_is_a_warning(birth_on: date, warned: bool) -> None:
    found = id_findings(read_id_number(id_number('410101', birth_on, 27), TODAY), TODAY, ages=AGES)
    assert [(f.severity, '不在14至75岁之间' in f.sentence) for f in found] == ([('warn', True)] if warned else [])


@shows('VAL-02')
def test_another_sex_on_the_sheet_is_a_warning_and_the_same_is_none() -> None:
    number = read_id_number(id_number('410101', date(1995, 3, 10), 27), TODAY)
    assert [(f.rule, f.severity) for f in id_findings(number, TODAY, ages=AGES, sex='female')] == [('VAL-02', 'warn')]
    assert id_findings(number, TODAY, ages=AGES, sex='male', birth_on=date(1995, 3, 10)) == []


def test_another_birth_day_on_the_sheet_blocks() -> None:
    number = read_id_number(id_number('410101', date(1995, 3, 10), 27), TODAY)
    assert [(f.rule, f.severity) for f in id_findings(number, TODAY, ages=AGES, birth_on=date(1995, 3, 11))] == [('VAL-01', 'block')]


@pytest.mark.parametrize(
    ('number', 'masked'),
    [('990101199503100276', '9901**********0276'), ('E12345678', 'E1*****78'), ('AB1', '***'), ('', '')],
)
def test_lists_show_four_characters_at_each_end(number: str, masked: str) -> None:
    assert mask_id(number) == masked


# ------------------------------------------------------------------ other documents


@shows('VAL-07')
def test_other_documents_are_not_run_through_the_id_check() -> None:
    assert read_document('passport', 'e 1234567８', TODAY) == Document('passport', 'E12345678', None, None)
    assert read_document('military', '军字第1234567号', TODAY) == Document('military', '军字第1234567号', None, None)
    assert read_document('temporary_id', '990101199503100275', TODAY).number == '990101199503100275'


def test_a_resident_id_card_brings_birth_day_and_sex() -> None:
    assert read_document('resident_id', '990103198812311040', TODAY) == Document(
        'resident_id', '990103198812311040', date(1988, 12, 31), 'female'
    )


@pytest.mark.parametrize(('kind', 'text'), [('passport', 'E123'), ('passport', 'E' * 21), ('passport', '护照12345'), ('military', '军字第#1号')])
@shows('VAL-07')
def test_a_document_number_is_5_to_20_letters_and_digits(kind: str, text: str) -> None:
    with pytest.raises(Refused, match='5至20位字母和数字') as refusal:
        read_document(kind, text, TODAY)
    assert refusal.value.rule == 'VAL-07'


@shows('VAL-01')
def test_a_resident_id_card_is_checked_as_such() -> None:
    with pytest.raises(Refused, match='校验码'):
        read_document('resident_id', '990101199503100275', TODAY)


# ------------------------------------------------------------------ credit code


@pytest.mark.parametrize('text', ['52990102MA99DM010P', '91990103MA99DM0292', '12990104MA99DM037G', '91350100M000100Y43'])
def test_the_credit_codes_of_the_book_are_right(text: str) -> None:
    assert read_credit_code(text) == CreditCode(text)
    assert credit_code(text[:17]) == text


def test_parts_of_a_credit_code_are_named() -> None:
    code = read_credit_code('９１350100 m000100y43')
    assert (code.text, code.division, code.organization_code) == ('91350100M000100Y43', '350100', 'M000100Y4')


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('', '请填写'),
        ('91350100M000100Y4', '应为18位，现为17位'),
        ('91350100M000100Y44', '校验码'),
        ('91350100M00010OY43', '没有I、O、S、V、Z'),
        ('9135010AM000100Y43', '第3至8位为数字'),
    ],
)
@shows('VAL-03')
def test_a_wrong_credit_code_is_refused_naming_the_check(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_credit_code(text)
    assert (refusal.value.rule, said in refusal.value.sentence) == ('VAL-03', True)


@given(st.from_regex(f'[{CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{9}}', fullmatch=True), st.integers(0, 17), st.integers(1, 30))
def test_any_single_wrong_character_of_a_credit_code_is_found(body: str, place: int, shift: int) -> None:
    right = credit_code(body)
    assert read_credit_code(right).text == right
    other = CREDIT_ALPHABET[(CREDIT_ALPHABET.index(right[place]) + shift) % 31]
    with pytest.raises(Refused):
        read_credit_code(right[:place] + other + right[place + 1 :])


def test_a_body_of_the_wrong_alphabet_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='alphabet'):
        credit_code('9135010AM000100Y4')


@shows('VAL-04')
def test_a_wrong_organization_code_inside_is_a_warning() -> None:
    assert credit_code_findings(read_credit_code('91350100M000100Y43')) == []
    found = credit_code_findings(read_credit_code(credit_code('91350100M000100Y5')))
    assert [(f.rule, f.severity, '第9至17位' in f.sentence) for f in found] == [('VAL-04', 'warn', True)]


@pytest.mark.parametrize(('head', 'last'), [('MA99DM01', '0'), ('00000001', '9'), ('D2143569', 'X'), ('M000100Y', '4')])
def test_organization_codes_end_in_their_own_check_character(head: str, last: str) -> None:
    others = [code for code in '0123456789X' if not credit_code_findings(CreditCode(f'91350100{head}{code}0'))]
    assert others == [last]


@shows('VAL-03')
def test_an_unknown_division_and_an_unfitting_kind_of_body_are_warnings() -> None:
    code = read_credit_code(credit_code('91990100M000100Y4'))
    found = credit_code_findings(code, nature='民办非企业单位')
    assert [(f.rule, f.severity) for f in found] == [('VAL-03', 'warn'), ('VAL-03', 'warn')]
    assert '“99”' in found[0].sentence
    assert '通常以“52”开头，现以“91”开头' in found[1].sentence


def test_a_nature_the_standard_has_no_pair_for_is_not_compared() -> None:
    code = read_credit_code('91350100M000100Y43')
    assert credit_code_findings(code, nature='院校') == credit_code_findings(code, nature='企业') == []


# ------------------------------------------------------------------ occupation code and level


def test_the_fifth_group_is_kept_apart() -> None:
    assert read_occupation_code('6-18-01-01') == OccupationCode('6-18-01-01', '')
    lathe = read_occupation_code(' ６—18–01－01-01')
    assert lathe == OccupationCode('6-18-01-01', '01')
    assert (lathe.full, lathe.major_group) == ('6-18-01-01-01', 6)


@pytest.mark.parametrize('text', ['', '6180101', '6-18-01', '6-18-01-1', '06-18-01-01', '6-18-01-01-01-01', '车工'])
@shows('VAL-05')
def test_another_shape_is_no_occupation_code(text: str) -> None:
    with pytest.raises(Refused, match='6-18-01-01') as refusal:
        read_occupation_code(text)
    assert refusal.value.rule == 'VAL-05'


@shows('OCC-01')
def test_an_occupation_of_another_major_group_is_refused() -> None:
    check_major_group(read_occupation_code('4-10-01-03'), (3, 4, 5, 6))
    with pytest.raises(Refused, match='属于第2大类，只能申报第3、4、5、6大类'):
        check_major_group(read_occupation_code('2-02-07-01'), (3, 4, 5, 6))


@pytest.mark.parametrize(
    ('text', 'level'),
    [('5', 5), ('４', 4), ('三级', 3), ('高级工', 3), ('三级/高级工', 3), ('高级工（三级）', 3), ('二级 / 技师', 2), ('高级技师', 1), ('初级技能', 5), ('一', 1)],
)
def test_a_level_is_read_in_every_usual_form(text: str, level: int) -> None:
    assert read_level(text) == level


@pytest.mark.parametrize('text', ['', '0', '6', '六级', '三级/技师', '3.0', 'III'])
@shows('VAL-06')
def test_anything_else_is_no_level(text: str) -> None:
    with pytest.raises(Refused, match='五级（初级工）') as refusal:
        read_level(text)
    assert refusal.value.rule == 'VAL-06'


def test_ranks_above_level_1_are_named_as_such() -> None:
    with pytest.raises(Refused, match='“首席技师”不属于五个职业技能等级'):
        read_level('首席技师')


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_credit_code, read_occupation_code, read_level, lambda t: read_id_number(t, TODAY)):
        try:
            read(text)
        except Refused as refusal:
            assert refusal.rule.startswith('VAL-')
