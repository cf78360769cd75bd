"""Findings of rules: what is wrong, how grave, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.errors import Refused

Severity = Literal['block', 'warn', 'remind']


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a rule found.

    rule: id, e.g. 'VAL-01' · severity: block stops the step, warn is accepted with a written reason, remind only tells
    subject: the field or row it belongs to, e.g. 'row 7' or a field's name, for the link on the page
    sentence: Chinese: what is wrong, where, what to do · clause: 文号 and 条 of the source, from assets/rules.csv
    """

    rule: str
    severity: Severity
    subject: str
    sentence: str
    clause: str = ''


def blocks(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that stop the step."""
    return [f for f in findings if f.severity == 'block']


def refuse_blocks(findings: Iterable[Finding]) -> None:
    """Raise Refused with all blocking findings at once; do nothing when there is none."""
    if stopping := blocks(findings):
        more = f'（另有{len(stopping) - 1}项，见下表）' if len(stopping) > 1 else ''
        raise Refused(stopping[0].sentence + more, rule=stopping[0].rule, findings=stopping)


def refuse_unless_accepted(findings: Iterable[Finding], reason: str) -> None:
    """Raise Refused for blocks, and for warnings when no written reason of at least 4 characters accepts them (source: CONV-14)."""
    found = list(findings)
    refuse_blocks(found)
    warnings = [f for f in found if f.severity == 'warn']
    if warnings and len(reason.strip()) < 4:
        raise Refused(f'有{len(warnings)}项提醒尚未说明理由，请逐项阅读并写明理由（不少于4个字）后再提交。', rule=warnings[0].rule, findings=warnings)
