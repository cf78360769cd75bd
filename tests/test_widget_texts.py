"""What a person typed stands in a widget as text, never as properties of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nicegui import Client, ui

from app.actors import Actor
from app.findings import Finding
from db.filing import ApplicationRange
from pages.filing.occupations import _line
from pages.parts.findings import findings_table

TYPED = '车"工" onclick="alert(1)" href="//example.com"'
ME = Actor(1, '张三', '', 'head', 1, 1, '甲校', '990101')
RANGE = ApplicationRange(org_id=1, application_id=1, seq=1, occupation_code='6-18-01-01', occupation=TYPED, levels=[5])


@pytest.mark.parametrize('draw', [
    lambda: findings_table([Finding('', 'warn', TYPED, '请核对。')], go=print), lambda: _line(ME, 1, RANGE, print)], ids=['findings', 'occupations'])
def test_a_quotation_mark_in_a_text_begins_no_property(draw: Callable[[], object]) -> None:
    client = Client(ui.page('/texts'), request=None)
    with client:
        draw()
    buttons = [e for e in client.elements.values() if isinstance(e, ui.button)]
    assert buttons and all(TYPED in str(b.props['aria-label']) and not {'onclick', 'href'} & set(b.props) for b in buttons)
