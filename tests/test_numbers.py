# long: every number of codes.md has its examples and counter-examples here
"""Filing, certificate, card and ticket numbers: the examples and counter-examples of codes.md §5-8, and round trips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.numbers import (
    CardNumber,
    CardScheme,
    CertificateNumber,
    FilingScheme,
    KindDigits,
    TicketNumber,
    card_number,
    centre_code,
    certificate_number,
    certificate_run,
    check_certificate_number,
    filing_findings,
    filing_number,
    read_card_number,
    read_certificate_number,
    read_filing_number,
    read_ticket_number,
    serial_findings,
    ticket_number,
    ticket_numbers,
)
from tests.shows import shows

GENERAL = FilingScheme(
    pattern='^[YS][0-9]{4}[0-9]{2}[0-9]{2}[0-9][0-9]{3}$',
    kinds={'employer': KindDigits('Y', '0-8'), 'social_training_org': KindDigits('S', None), 'technical_school_society': KindDigits('S', None)},
    province_filed='0000',
    ministry_filed=('0001', '9999'),
    province=None,
    city_codes=None,
    sequence=('001', '999'),
)
HENAN = replace(GENERAL, kinds={**GENERAL.kinds, 'technical_school_own_students': KindDigits('Y', '9')}, province='41')
XINJIANG = replace(
    GENERAL,
    kinds={
        'employer': KindDigits('Y', '0-8'),
        'social_training_org': KindDigits('S', '0-8'),
        'technical_school_own_students': KindDigits('S', '9'),
        'technical_school_society': KindDigits('S', '9'),
    },
    province='65',
    city_codes={'00': '自治区直属', '01': '乌鲁木齐市', '14': '克州'},
)
CARDS = CardScheme({'senior_examiner': '1', 'examiner': '2'}, 9999)
OURS = 'S000041990001'
filings = st.from_regex('[SY][0-9]{12}', fullmatch=True)
years = st.integers(2000, 2099)
levels = st.integers(1, 5)


# ------------------------------------------------------------------ filing number


@pytest.mark.parametrize(
    ('text', 'scheme', 'kind'),
    [
        ('S000041990001', HENAN, 'social_training_org'),
        ('Y000041999002', HENAN, 'technical_school_own_students'),
        ('S000065019998', XINJIANG, 'technical_school_own_students'),
        ('S000099010001', GENERAL, 'social_training_org'),
        ('Y000099010001', GENERAL, 'employer'),
        ('S012341990001', HENAN, 'social_training_org'),
        ('S000041990001', HENAN, ''),
    ],
)
def test_the_filing_numbers_of_the_book_are_right(text: str, scheme: FilingScheme, kind: str) -> None:
    assert read_filing_number(text, scheme, kind).text == text


@shows('CERT-10')
def test_a_technical_school_may_have_the_letter_of_either_sort() -> None:
    assert read_filing_number('Y000041999002', HENAN, 'technical_school').letter == 'Y'
    assert read_filing_number('S000041990001', HENAN, 'technical_school').letter == 'S'
    with pytest.raises(Refused, match='技工院校的机构备案号应以S开头'):
        read_filing_number('Y000065019998', XINJIANG, 'technical_school')


def test_a_kind_the_scheme_does_not_have_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='no kind centre'):
        read_filing_number('S000041990001', HENAN, 'centre')


def test_parts_of_a_filing_number_are_named() -> None:
    number = read_filing_number('ｓ0000-6501 9998', XINJIANG)
    assert (number.letter, number.province, number.city, number.tenth, number.sequence) == ('S', '65', '01', '9', '998')


@pytest.mark.parametrize(
    ('text', 'scheme', 'kind', 'rule', 'said'),
    [
        ('S00004199000', HENAN, '', 'CERT-10', '应为13位，现为12位'),
        ('A000041990001', HENAN, '', 'CERT-10', '1个字母（S或Y）和12位数字'),
        ('Y000041990001', HENAN, 'social_training_org', 'CERT-10', '社会培训评价组织的机构备案号应以S开头，现以Y开头'),
        ('Y000065019998', XINJIANG, 'technical_school_own_students', 'CERT-10', '应以S开头'),
        ('S000041990001', replace(HENAN, ministry_filed=('0001', '0999'), province_filed='1000'), '', 'CERT-11', '“0000”'),
        ('S000065990001', HENAN, '', 'CERT-12', '应为本省代码“41”，现为“65”'),
        ('S000065150001', XINJIANG, '', 'CERT-13', '“15”不在本省地市代码表中'),
        ('Y000041999002', HENAN, 'employer', 'CERT-14', '第10位应为0-8，现为“9”'),
        ('Y000065019001', XINJIANG, '', 'CERT-14', '第10位应为0-8，现为“9”'),
        ('S000065010001', XINJIANG, 'technical_school_society', 'CERT-14', '第10位应为9，现为“0”'),
        ('S000065010000', XINJIANG, '', 'CERT-15', '应在001至999之间，现为“000”'),
    ],
)
@shows('CERT-10', 'CERT-11', 'CERT-12', 'CERT-13', 'CERT-14', 'CERT-15')
def test_a_wrong_filing_number_is_refused_by_its_position(text: str, scheme: FilingScheme, kind: str, rule: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_filing_number(text, scheme, kind)
    assert (refusal.value.rule, said in refusal.value.sentence) == (rule, True)


def test_a_technical_school_has_another_letter_in_each_province() -> None:
    kind = 'technical_school_own_students'
    assert filing_number(HENAN, kind, region='4199', tenth='9', sequence=2).text == 'Y000041999002'
    assert filing_number(XINJIANG, kind, region='6501', tenth='9', sequence=998).text == 'S000065019998'


def test_a_ministry_filed_body_keeps_its_own_four_digits() -> None:
    assert filing_number(HENAN, 'social_training_org', region='4199', tenth='0', sequence=1, ministry='0123').text == 'S012341990001'


@shows('CERT-15')
def test_a_centre_cannot_give_a_sequence_beyond_three_digits() -> None:
    with pytest.raises(Refused, match='应为13位，现为14位'):
        filing_number(HENAN, 'employer', region='4199', tenth='0', sequence=1000)


@given(st.sampled_from(sorted(XINJIANG.kinds)), st.sampled_from(['00', '01', '14']), st.integers(0, 8), st.integers(1, 999))
def test_a_composed_filing_number_reads_back(kind: str, city: str, tenth: int, sequence: int) -> None:
    digit = '9' if kind.startswith('technical') else str(tenth)
    number = filing_number(XINJIANG, kind, region=f'65{city}', tenth=digit, sequence=sequence)
    assert read_filing_number(number.text, XINJIANG, kind) == number
    assert (number.city, number.tenth, number.sequence) == (city, digit, f'{sequence:03d}')


@shows('CERT-12')
def test_an_unknown_province_of_a_filing_number_is_a_warning_only() -> None:
    assert filing_findings(read_filing_number('S000041990001', HENAN)) == []
    found = filing_findings(read_filing_number('S000099010001', GENERAL))
    assert [(f.rule, f.severity) for f in found] == [('CERT-12', 'warn')]


# ------------------------------------------------------------------ certificate number


@pytest.mark.parametrize(
    ('text', 'parts'),
    [
        ('S000041990001263000045', CertificateNumber('S000041990001', 2026, 3, 45)),
        ('Y000041999002264000210', CertificateNumber('Y000041999002', 2026, 4, 210)),
        ('S000065019998262000001', CertificateNumber('S000065019998', 2026, 2, 1)),
        ('S000099010001264000157', CertificateNumber('S000099010001', 2026, 4, 157)),
    ],
)
@shows('CERT-16', 'CERT-17', 'CERT-18')
def test_the_certificate_numbers_of_the_book_are_composed_and_read(text: str, parts: CertificateNumber) -> None:
    assert parts.text == text
    assert read_certificate_number(text) == parts


def test_a_small_letter_of_a_certificate_number_is_raised() -> None:
    assert read_certificate_number('s0000 4199 0001 26 3 000045').text == 'S000041990001263000045'


@pytest.mark.parametrize(
    ('text', 'rule', 'said'),
    [
        ('S00004199000126300045', 'CERT-18', '应为22位，现为21位'),
        ('A000041990001263000045', 'CERT-18', '1个字母（S或Y）和21位数字'),
        ('S000041990001266000045', 'CERT-17', '应为1至5，现为“6”'),
        ('S000041990001260000045', 'CERT-17', '应为1至5，现为“0”'),
        ('S000041990001263000000', 'CERT-18', '从000001开始'),
    ],
)
@shows('CERT-17', 'CERT-18')
def test_the_counter_examples_are_refused(text: str, rule: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_certificate_number(text)
    assert (refusal.value.rule, said in refusal.value.sentence) == (rule, True)


@shows('CERT-20', 'CERT-16', 'CERT-17')
def test_a_number_of_another_body_year_or_level_is_refused() -> None:
    number = read_certificate_number('S000041990001263000045')
    check_certificate_number(number, filing=OURS, issued_on=date(2026, 12, 31), level=3)
    for rule, filing, issued_on, level in (
        ('CERT-20', 'S000041990002', date(2026, 12, 31), 3),
        ('CERT-16', OURS, date(2027, 1, 1), 3),
        ('CERT-17', OURS, date(2026, 12, 31), 4),
    ):
        with pytest.raises(Refused) as refusal:
            check_certificate_number(number, filing=filing, issued_on=issued_on, level=level)
        assert refusal.value.rule == rule


@shows('CERT-18')
def test_a_serial_beyond_six_digits_is_refused() -> None:
    assert certificate_number(OURS, 2026, 3, 999_999) == 'S000041990001263999999'
    with pytest.raises(Refused, match='已用到999999') as refusal:
        certificate_number(OURS, 2026, 3, 1_000_000)
    assert refusal.value.rule == 'CERT-18'


@pytest.mark.parametrize(('filing', 'year', 'level', 'serial'), [('S00004199000', 2026, 3, 1), (OURS, 26, 3, 1), (OURS, 2026, 6, 1), (OURS, 2026, 3, 0)])
def test_parts_that_no_certificate_has_are_our_mistake(filing: str, year: int, level: int, serial: int) -> None:
    with pytest.raises(ValueError, match='no certificate number'):
        certificate_number(filing, year, level, serial)


@shows('CERT-21', 'CERT-22')
def test_a_batch_takes_one_run_without_a_gap_after_the_last_serial() -> None:
    run = certificate_run('S000099010001', 2026, 2, last=3, count=4)
    assert run == ['S000099010001262000004', 'S000099010001262000005', 'S000099010001262000006', 'S000099010001262000007']
    assert certificate_run('S000099010001', 2027, 2, last=0, count=1) == ['S000099010001272000001']


@shows('CERT-18')
def test_a_run_that_would_pass_the_last_serial_gives_no_number_at_all() -> None:
    assert len(certificate_run(OURS, 2026, 3, last=999_997, count=2)) == 2
    with pytest.raises(Refused, match='只剩2个，不够本次的3个，一个也没有编号'):
        certificate_run(OURS, 2026, 3, last=999_997, count=3)


@given(filings, years, levels, st.integers(1, 999_999))
def test_a_composed_certificate_number_reads_back(filing: str, year: int, level: int, serial: int) -> None:
    number = CertificateNumber(filing, year, level, serial)
    assert len(number.text) == 22
    assert read_certificate_number(number.text) == number


@shows('CERT-21', 'CERT-22')
def test_gaps_and_doubles_are_found_in_every_counter() -> None:
    numbers = [CertificateNumber(OURS, 2026, 4, serial) for serial in (119, 120, 120, 123)] + [
        CertificateNumber(OURS, 2026, 2, 2),
        CertificateNumber(OURS, 2027, 4, 1),
    ]
    found = serial_findings(numbers, {(OURS, 2026, 4): 118})
    assert [(f.rule, f.severity, f.sentence.partition('，')[0]) for f in found] == [
        ('CERT-21', 'warn', f'证书编号{OURS}262000001至000001没有记录'),
        ('CERT-21', 'block', f'证书编号{OURS}264000120使用了2次'),
        ('CERT-21', 'warn', f'证书编号{OURS}264000121至000122没有记录'),
    ]


# ------------------------------------------------------------------ card number


@pytest.mark.parametrize(
    ('text', 'parts'),
    [
        ('S00009901000120004', CardNumber('S00009901000120004', 'S000099010001', 'examiner', 4)),
        ('S00009901000110001', CardNumber('S00009901000110001', 'S000099010001', 'senior_examiner', 1)),
        ('S00009901000100003', CardNumber('S00009901000100003', 'S000099010001', 'supervisor', 3)),
        ('000009901000000002', CardNumber('000009901000000002', '0000099010000', 'supervisor', 2)),
    ],
)
@shows('PERS-17', 'PERS-37')
def test_the_card_numbers_of_the_book_are_composed_and_read(text: str, parts: CardNumber) -> None:
    assert card_number(parts.issuer, parts.kind, parts.serial, CARDS) == text
    assert read_card_number(text, CARDS) == parts


def test_a_centre_is_written_with_13_positions() -> None:
    assert centre_code('99', '01') == '0000099010000'


@pytest.mark.parametrize('text', ['', 'S0000990100012000', 'A00009901000120004', 'S00009901000120000', 'S00009901000100000', 'S00009901000130001'])
@shows('PERS-17')
def test_a_wrong_card_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match='证卡'):
        read_card_number(text, CARDS)


@pytest.mark.parametrize(('kind', 'rule'), [('examiner', 'PERS-17'), ('supervisor', 'PERS-37')])
@shows('PERS-17', 'PERS-37')
def test_serials_of_cards_end_before_the_two_kinds_collide(kind: str, rule: str) -> None:
    assert read_card_number(card_number('S000099010001', kind, 9999, CARDS), CARDS).kind == kind
    with pytest.raises(Refused, match='已用到9999') as refusal:
        card_number('S000099010001', kind, 10_000, CARDS)
    assert refusal.value.rule == rule


@given(filings, st.sampled_from(['examiner', 'senior_examiner', 'supervisor']), st.integers(1, 9999))
def test_a_composed_card_number_reads_back(issuer: str, kind: str, serial: int) -> None:
    text = card_number(issuer, kind, serial, CARDS)
    assert read_card_number(text, CARDS) == CardNumber(text, issuer, kind, serial)


def test_a_centre_issues_no_examiners_cards() -> None:
    with pytest.raises(ValueError, match='no card number'):
        card_number(centre_code('99', '01'), 'examiner', 1, CARDS)


# ------------------------------------------------------------------ ticket number


@pytest.mark.parametrize(
    ('text', 'parts'),
    [
        ('260034001016', TicketNumber(2026, 3, 4, 1, 1)),
        ('260032003063', TicketNumber(2026, 3, 2, 3, 6)),
        ('260125011304', TicketNumber(2026, 12, 5, 11, 30)),
        ('260034001222', TicketNumber(2026, 3, 4, 1, 22)),
        ('260023001043', TicketNumber(2026, 2, 3, 1, 4)),
    ],
)
@shows('TICK-07')
def test_the_ticket_numbers_of_the_book_are_composed_and_read(text: str, parts: TicketNumber) -> None:
    assert parts.text == text
    assert read_ticket_number(text) == parts


@pytest.mark.parametrize(
    ('text', 'said'),
    [('', '12位数字'), ('26003400101', '12位数字'), ('2600340010A6', '12位数字'), ('260034001017', '校验码'), ('000000000000', '不存在')],
)
@shows('TICK-07')
def test_a_wrong_ticket_number_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_ticket_number(text)
    assert (refusal.value.rule, said in refusal.value.sentence) == ('TICK-07', True)


tickets = st.builds(TicketNumber, years, st.integers(1, 999), levels, st.integers(1, 999), st.integers(1, 99))


@given(tickets)
def test_a_composed_ticket_number_reads_back(ticket: TicketNumber) -> None:
    assert read_ticket_number(ticket.text) == ticket


@given(tickets, st.integers(0, 11), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_ticket_number_is_found(ticket: TicketNumber, place: int, shift: int) -> None:
    right = ticket.text
    with pytest.raises(Refused):
        read_ticket_number(right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :])


@given(tickets, tickets)
def test_ticket_numbers_of_a_batch_sort_by_level_room_and_seat(one: TicketNumber, other: TicketNumber) -> None:
    other = replace(other, year=one.year, batch=one.batch)
    assert (one.text < other.text) == ((one.level, one.room, one.seat) < (other.level, other.room, other.seat))


places = st.tuples(st.integers(0, 5), st.integers(0, 999), st.integers(0, 99))


@given(years, st.integers(1, 999), st.lists(places, max_size=5))
def test_columns_of_seats_give_the_ticket_number_of_each(year: int, batch: int, seated: list[tuple[int, int, int]]) -> None:
    columns = zip(*seated, strict=True) if seated else ((), (), ())
    assert ticket_numbers(year, batch, *columns) == [ticket_number(year, batch, *place) if all(place) else None for place in seated]


def test_parts_beyond_their_digits_are_our_mistake() -> None:
    for level, room, seat in ((4, 1, 100), (4, 1000, 1), (6, 1, 1)):
        with pytest.raises(ValueError, match='no ticket number'):
            ticket_number(2026, 3, level, room, seat)
        with pytest.raises(ValueError, match='no ticket number'):
            ticket_numbers(2026, 3, [4, level], [1, room], [1, seat])


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_certificate_number, read_ticket_number, lambda t: read_card_number(t, CARDS), lambda t: read_filing_number(t, GENERAL)):
        try:
            read(text)
        except Refused as refusal:
            assert refusal.rule
