"""Where the assessors of a panel differ, and what the panel must then write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.assessment.rules import NOTHING, Answer, Entries, Key, points_text, scored, sheet_of
from app.findings import Finding
from app.rubric_items import ZERO

TOTAL = 'total'  # the place of the sum where reconciliations name an item


@dataclass(frozen=True, slots=True)
class Spread:
    """How far assessors differ at an item, or in the total (item 'total'): {assessor id: points}."""

    rubric: str
    range_id: int | None
    item: str
    points: Mapping[int, Decimal]
    differs: bool  # in the answers, the points may be equal all the same

    @property
    def width(self) -> Decimal:
        return max(self.points.values()) - min(self.points.values()) if self.points else ZERO


def spreads(key: Key, sheets: Mapping[int, Entries]) -> list[Spread]:
    """Return the difference at each item and in the total; sheets: {assessor id: entries}, all of one rubric and occupation, all signed."""
    sheet = sheet_of(key[0])
    results = {who: scored(sheet, entries) for who, entries in sheets.items()}
    points = {who: {r.id: r.score for r in result.items} for who, result in results.items()}
    found = []
    for item_id in [item.id for item in sheet.items] + [item.id for item in sheet.bonus]:
        answers = [entries.get(item_id, NOTHING).answer for entries in sheets.values()]
        at = {who: p for who in sheets if (p := points[who].get(item_id)) is not None}
        found.append(Spread(*key, item_id, at, agreed(answers) is None))
    return [*found, Spread(*key, TOTAL, {who: result.total for who, result in results.items()}, len({r.total for r in results.values()}) > 1)]


def agreed(answers: Sequence[Answer]) -> Answer | None:
    """Return the answer that all gave, None where they differ; 3 and 3.0 are the same number."""
    if not answers or any(_plain(a) != _plain(answers[0]) for a in answers):
        return None
    return answers[0]


def _plain(answer: Answer) -> dict[str, Any]:
    return {key: Decimal(value) if isinstance(value, str) and value.replace('.', '', 1).isdigit() else value for key, value in answer.items() if value is not False or key != 'zero_when'}


def unreconciled(found: Collection[Spread], line: Decimal, settled: Mapping[str, Decimal | None], written: Collection[str]) -> list[Finding]:
    """Return what still needs a written reconciliation: a difference over the line, and a settled score outside what the assessors gave.

    settled: {item id: points of the consolidated sheet} · written: items with a reconciliation
    """
    out = []
    for spread in found:
        score = settled.get(spread.item)
        outside = score is not None and bool(spread.points) and not min(spread.points.values()) <= score <= max(spread.points.values())
        if spread.item in written or not (spread.width > line or outside):
            continue
        what = '总分' if spread.item == TOTAL else spread.item
        said = f'各评估专家的评分相差{points_text(spread.width)}分，超过{points_text(line)}分' if spread.width > line else '汇总得分不在各评估专家评分之间'
        out.append(Finding('TEV-03', 'block', spread.item, f'{what}{said}，请由组长写明复核意见。'))
    return out
