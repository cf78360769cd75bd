"""The date box beside a button: one for the whole house, read back as a day or refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from nicegui import Client, ui

from app.errors import Refused
from pages.parts.days import day_box, day_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def box() -> ui.input:
    with Client(ui.page('/days'), request=None):
        return day_box('整改期限 *', date(2026, 12, 11))


def test_a_day_is_read_back_as_it_was_put_in(box: ui.input) -> None:
    assert (day_of(box), box.value) == (date(2026, 12, 11), '2026-12-11')


@pytest.mark.parametrize('typed', ['2026年12月1日', '2026.12.1', '20261201', ' ２０２６-１２-０１ '])
def test_a_day_is_typed_as_everywhere_in_the_house(box: ui.input, typed: str) -> None:
    box.value = typed
    assert day_of(box) == date(2026, 12, 1)


@pytest.mark.parametrize(('sent', 'said'), [
    ('', '“整改期限”还没有填写，请填写或选择日期。'), (None, '还没有填写'), (3, '还没有填写'), (['2026-12-11'], '还没有填写'),
    ('2026-02-30', '“整改期限”：没有“2026-02-30”这一天'), ('明天', '“整改期限”：“明天”不是日期'), ('1/2/2026', '分不清年月日的先后')])
def test_what_is_no_day_is_refused_with_the_name_of_the_box(box: ui.input, sent: object, said: str) -> None:
    box.value = sent  # type: ignore[assignment]
    with pytest.raises(Refused, match=said):
        day_of(box)


def test_no_page_draws_a_date_box_of_its_own() -> None:
    found = [p.relative_to(ROOT).as_posix() for p in (ROOT / 'pages').rglob('*.py') if 'type=date' in p.read_text(encoding='utf-8')]
    assert found == ['pages/parts/days.py']
