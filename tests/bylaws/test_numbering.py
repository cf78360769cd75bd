"""Chapters, articles and items in Chinese numbers, and their renumbering."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bylaws.numbering import Line, as_text, chinese_number, numbered, read_lines, renumbered


@pytest.mark.parametrize(('n', 'said'), [
    (1, '一'), (10, '十'), (11, '十一'), (20, '二十'), (21, '二十一'), (99, '九十九'), (100, '一百'), (101, '一百零一'), (110, '一百一十'), (119, '一百一十九'), (999, '九百九十九')])
def test_numbers_are_said_as_articles_are_counted(n: int, said: str) -> None:
    assert chinese_number(n) == said


@pytest.mark.parametrize('n', [0, -1, 1000])
def test_a_number_that_no_article_has_is_our_mistake(n: int) -> None:
    with pytest.raises(ValueError):
        chinese_number(n)


def test_articles_go_on_over_chapters_and_items_begin_anew() -> None:
    text = '第九章 总则\n第一条  甲：\n（三）子\n5、丑\n7.寅\n（九）卯\n说明。\n第三章考试\n第一条 乙\n（二）辰\n| 岗位| 人数 |'
    assert renumbered(text) == (
        '第一章　总则\n第一条　甲：\n（一）子\n1. 丑\n2. 寅\n（二）卯\n说明。\n第二章　考试\n第二条　乙\n（一）辰\n| 岗位 | 人数 |')


def test_a_figure_at_the_start_of_a_line_is_no_sub_item() -> None:
    assert [line.kind for line in read_lines('1.5米以上\n1.米\n12、米\n2026年')] == ['text', 'subitem', 'subitem', 'text']


KINDS = st.sampled_from(['chapter', 'article', 'item', 'subitem', 'row', 'text'])


@given(st.lists(st.tuples(KINDS, st.text('甲乙丙丁，。', min_size=1, max_size=12)), max_size=30))
def test_a_text_that_is_read_and_numbered_again_stays_as_it_is(parts: list[tuple[str, str]]) -> None:
    text = as_text(numbered(Line(kind, '', said) for kind, said in parts))  # type: ignore[arg-type]
    assert renumbered(text) == text
    assert [line.kind for line in read_lines(text)] == [kind for kind, _ in parts]
