"""Running numbers: every example of codes.md §9 is printed and read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.running_numbers import (
    AcceptanceNumber,
    BadgeNumber,
    BatchNumber,
    BlankNumber,
    BoxNumber,
    ComplaintNumber,
    EquipmentNumber,
    LetterNumber,
    PacketNumber,
    blank_count,
    draw_piece_numbers,
    read_acceptance_number,
    read_badge_number,
    read_batch_number,
    read_blank_number,
    read_box_number,
    read_complaint_number,
    read_equipment_number,
    read_letter_number,
    read_packet_number,
)

BATCH = BatchNumber(2026, 3)
Reader = Callable[[str], object]


@pytest.mark.parametrize(
    ('text', 'number', 'read'),
    [
        ('2026-003', BATCH, read_batch_number),
        ('明启培函〔2026〕3号', LetterNumber('明启培函', 2026, 3), read_letter_number),
        ('明启违处〔2026〕1号', LetterNumber('明启违处', 2026, 1), read_letter_number),
        ('明鉴督〔2026〕7号', LetterNumber('明鉴督', 2026, 7), read_letter_number),
        ('BA20261026-01', AcceptanceNumber(date(2026, 10, 26), 1), read_acceptance_number),
        ('TS2026002', ComplaintNumber(2026, 2), read_complaint_number),
        ('2026-003-001-L1', PacketNumber(BATCH, 1, 'theory', 1), read_packet_number),
        ('2026-003-009-Z2', PacketNumber(BATCH, 9, 'comprehensive', 2), read_packet_number),
        ('2026-003-K07', BadgeNumber(BATCH, 7), read_badge_number),
        ('CG-0007', EquipmentNumber('CG', 7), read_equipment_number),
        ('2026-003-03-1', BoxNumber(BATCH, 3, 1), read_box_number),
        ('L4-00001201', BlankNumber('L4-', 1201, 8), read_blank_number),
        ('00001201', BlankNumber('', 1201, 8), read_blank_number),
    ],
)
def test_the_running_numbers_of_the_book_are_printed_and_read(text: str, number: object, read: Reader) -> None:
    assert str(number) == text
    assert read(text) == number


@pytest.mark.parametrize('typed', ['明启培函[2026]3号', '明启培函（2026）3号', ' 明启培函 【2026】 3 号', '明启培函〔２０２６〕３号'])
def test_other_brackets_of_a_letter_number_are_repaired(typed: str) -> None:
    assert str(read_letter_number(typed)) == '明启培函〔2026〕3号'


@pytest.mark.parametrize(
    ('text', 'read', 'said'),
    [
        ('2026-3', read_batch_number, '“2026-003”'),
        ('2026-000', read_batch_number, '从1开始'),
        ('明启培函〔2026〕03号', read_letter_number, '“明启培函〔2026〕3号”'),
        ('BA20260230-01', read_acceptance_number, '日期不存在'),
        ('TS2026000', read_complaint_number, '从1开始'),
        ('2026-003-001-X1', read_packet_number, '“2026-003-001-L1”'),
        ('2026-003-7', read_badge_number, '“2026-003-K07”'),
        ('车工-0007', read_equipment_number, '“CG-0007”'),
        ('2026-003-3', read_box_number, '“2026-003-03-1”'),
        ('L4-', read_blank_number, '“L4-00001201”'),
    ],
)
def test_a_running_number_of_another_shape_is_refused_with_an_example(text: str, read: Reader, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(text)
    assert said in refusal.value.sentence


@given(st.integers(2000, 2099), st.integers(1, 999), st.integers(1, 999), st.sampled_from(['theory', 'practical', 'comprehensive']), st.integers(1, 99))
def test_a_packet_label_reads_back(year: int, serial: int, room: int, subject: str, packet: int) -> None:
    number = PacketNumber(BatchNumber(year, serial), room, subject, packet)
    assert read_packet_number(str(number)) == number


def test_a_number_beyond_its_digits_is_our_mistake() -> None:
    for serial in (0, 1000):
        with pytest.raises(ValueError, match='from 1 to 999'):
            BatchNumber(2026, serial)


def test_a_range_of_blanks_counts_both_ends() -> None:
    assert blank_count(read_blank_number('L4-00001201'), read_blank_number('L4-00001500')) == 300


@pytest.mark.parametrize('last', ['L4-00001200', 'L3-00001500', 'L4-1500'])
def test_ends_of_blanks_that_do_not_belong_together_are_refused(last: str) -> None:
    with pytest.raises(Refused, match='不是同一段'):
        blank_count(read_blank_number('L4-00001201'), read_blank_number(last))


def test_piece_numbers_are_three_digits_none_twice_and_the_same_for_one_seed() -> None:
    drawn = draw_piece_numbers(900, Random(7))
    assert sorted(drawn) == [str(number) for number in range(100, 1000)]
    assert draw_piece_numbers(12, Random(7)) == draw_piece_numbers(12, Random(7)) != draw_piece_numbers(12, Random(8))
