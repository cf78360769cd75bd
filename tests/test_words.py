"""Words, days, money and names as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app import words
from tests.shows import shows


def test_every_level_has_its_word_and_name() -> None:
    assert [words.level_word(level) for level in (5, 4, 3, 2, 1)] == ['五级/初级工', '四级/中级工', '三级/高级工', '二级/技师', '一级/高级技师']


@shows('VAL-06')
def test_levels_are_printed_from_low_to_high() -> None:
    assert words.level_digits({3, 5, 4}) == '5、4、3'
    assert words.level_words([2, 4, 4, 3]) == '四级、三级、二级'


def test_days_on_paper_have_no_leading_zero_and_on_screen_have() -> None:
    assert words.paper_date(date(2026, 1, 5)) == '2026年1月5日'
    assert words.paper_month(date(2026, 1, 5)) == '2026年1月'
    assert words.paper_term(date(2025, 3, 17), date(2028, 3, 16)) == '2025年3月17日至2028年3月16日'
    assert words.screen_date(date(2026, 1, 5)) == '2026-01-05'


def test_instants_are_shown_in_china_time() -> None:
    instant = datetime(2026, 1, 4, 22, 8, tzinfo=UTC)
    assert words.screen_clock(instant) == '06:08'
    assert words.screen_moment(instant) == '2026-01-05 06:08'


def test_an_instant_without_a_time_zone_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='time zone'):
        words.china_time(datetime(2026, 1, 5))  # noqa: DTZ001 - the mistake that is tested


@pytest.mark.parametrize(('fen', 'text'), [(1_512_000, '15,120.00元'), (0, '0.00元'), (5, '0.05元'), (-50, '-0.50元'), (-12_345, '-123.45元')])
def test_money_has_two_decimals(fen: int, text: str) -> None:
    assert words.money(fen) == text


@pytest.mark.parametrize(('tenths', 'text'), [(665, '66.5'), (650, '65'), (0, '0'), (1000, '100'), (5, '0.5')])
def test_scores_show_a_decimal_only_where_there_is_one(tenths: int, text: str) -> None:
    assert words.score_text(tenths) == text


@pytest.mark.parametrize(
    ('name', 'key', 'initials'),
    [
        ('曾甲', 'zeng1 jia3', 'zj'),
        ('单乙丑', 'shan4 yi3 chou3', 'syc'),
        ('尉迟丙', 'yu4 chi2 bing3', 'ycb'),
        ('乐丙辰', 'yue4 bing3 chen2', 'ybc'),
        ('赵甲子', 'zhao4 jia3 zi', 'zjz'),
        ('买买提·吐尔逊', 'mai3 mai3 ti2 tu3 er3 xun4', 'mmttex'),
        ('Anna Li', 'anna li', 'al'),
        ('𠮷甲', '𠮷 jia3', '𠮷j'),
    ],
)
def test_names_are_sorted_and_found_by_the_reading_of_the_surname(name: str, key: str, initials: str) -> None:
    assert (words.name_key(name), words.name_initials(name)) == (key, initials)


def test_a_name_without_letters_has_an_empty_key() -> None:
    assert (words.name_key(' · '), words.name_initials('')) == ('', '')


def test_a_word_that_is_a_surname_only_in_front_keeps_its_ordinary_reading_behind() -> None:
    assert words.name_key('王乐') == 'wang2 le4'
