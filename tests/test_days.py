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


@pytest.mark.parametrize('sent', ['', None, '2026-02-30', '明天', 3, ['2026-12-11']])
def test_what_is_no_day_is_refused_with_the_name_of_the_box(box: ui.input, sent: object) -> None:
    box.value = sent  # type: ignore[assignment]
    with pytest.raises(Refused, match='^“整改期限”还没有填写或不是有效日期，请选择日期。$'):
        day_of(box)


def test_no_page_draws_a_date_box_of_its_own() -> None:
    found = [p.relative_to(ROOT).as_posix() for p in (ROOT / 'pages').rglob('*.py') if 'type=date' in p.read_text(encoding='utf-8')]
    assert found == ['pages/parts/days.py']
