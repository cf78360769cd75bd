"""Findings on a page: what is wrong, why, by which clause, and the way to the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from app.findings import Finding
from app.words import SEVERITIES
from pages.parts.basis import basis

MOST = 200  # rows drawn; what is more is counted


def findings_table(findings: Sequence[Finding], *, go: Callable[[str], None] | None = None) -> None:
    """Draw a table of findings, blocks first.

    go: leads to the field or row of a finding's subject; without it no link is drawn
    """
    ordered = sorted(findings, key=lambda f: list(SEVERITIES).index(f.severity))
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=检查结果'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('结果', '说明', '依据', *(('办理',) if go else ())):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for finding in ordered[:MOST]:
                _row(finding, go)
    if len(ordered) > MOST:
        ui.label(f'以上为前{MOST}项，另有{len(ordered) - MOST}项，更正后再次检查时显示。').classes('dj-note')


def counts(findings: Sequence[Finding]) -> str:
    """Return how many of each severity, e.g. 不符合2项，提醒1项; empty when there is none."""
    found = {word: sum(f.severity == key for f in findings) for key, word in SEVERITIES.items()}
    return '，'.join(f'{word}{n}项' for word, n in found.items() if n)


def _row(finding: Finding, go: Callable[[str], None] | None) -> None:
    with ui.element('tr'):
        with ui.element('td'):
            ui.label(SEVERITIES[finding.severity]).classes(f'dj-mark dj-is-{finding.severity}')
        with ui.element('td'):
            ui.label(finding.sentence)
        with ui.element('td'):
            basis(finding.rule)
        if go:
            with ui.element('td'):
                ui.button('前往', on_click=lambda: go(finding.subject)).props('flat dense').props['aria-label'] = f'前往 {finding.subject}'  # a quotation mark in it would begin a property
