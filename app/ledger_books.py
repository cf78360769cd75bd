"""The workbooks of a ledger: template, rows that can be imported again, bad rows with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.ledger_items import YES_NO, Known, written_of
from app.ledgers import Ledger, values_of

if TYPE_CHECKING:
    from app.xlsx import Column

NOTES = '请从第4行起填写，每行一条，不要合并单元格、不要改动表头；带*的必须填写。日期按“年-月-日”填写，例如2026-01-05。重复导入只更新有变化的行。'
REASON = '原因'


def template_xlsx(ledger: Ledger, known: Known) -> bytes:
    """Return the empty workbook for import: notes, heads, example, value lists."""
    from app.xlsx import Book

    return Book(f'{ledger.noun}模板', made_at=_FIXED).template(ledger.noun, _columns(ledger, known), NOTES).to_bytes()


def rows_xlsx(ledger: Ledger, rows: Iterable[Any], known: Known, made_at: datetime) -> bytes:
    """Return rows under the heads of the template: imported again unchanged, they change nothing."""
    from app.xlsx import Book

    book = Book(ledger.noun, made_at=made_at)
    lines = [[written_of(item, value, known) for item, value in zip(ledger.items, values_of(ledger, row).values(), strict=True)] for row in rows]
    book.sheet(ledger.noun, _columns(ledger, known), lines)
    return book.to_bytes()


def rows_back_xlsx(ledger: Ledger, rows: Sequence[tuple[Mapping[str, str], str]], known: Known) -> bytes:
    """Return bad rows under the heads of the template, with a last column for the reason: {key: text} and why."""
    from app.xlsx import Book, Column

    book = Book(f'{ledger.noun}有误的行', made_at=_FIXED)
    book.sheet(ledger.noun, [*_columns(ledger, known), Column(REASON, 60)], [[*(texts.get(i.key) or '' for i in ledger.items), why] for texts, why in rows])
    return book.to_bytes()


def _columns(ledger: Ledger, known: Known) -> list[Column]:
    from app.xlsx import Column

    def options(kind: str, words: Mapping[str, str], row: str) -> tuple[str, ...]:
        return tuple(YES_NO.values()) if kind == 'flag' else tuple(known.names.get(row, ())) if kind == 'row' else tuple(words.values())

    return [Column(i.sheet_head, i.width, required=i.required, options=options(i.kind, i.options, i.row), example=i.example) for i in ledger.items]


_FIXED = datetime.fromisoformat('2026-01-01T00:00:00+08:00')  # a template has no record: its bytes never change
