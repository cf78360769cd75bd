"""One thing that a ledger asks of its rows, said once for form, workbook and check: what was written and how it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from app.checks import check_long, check_text, read_hundredths
from app.codes import fold_line
from app.errors import Refused
from app.intake_cells import value_of
from app.intake_table import Column
from app.words import hundredths_text

Kind = Literal['text', 'long', 'code', 'date', 'month', 'count', 'area', 'price', 'choice', 'flag', 'row']
Written = str | date | int | None
YES_NO: Mapping[str, str] = {'yes': '是', 'no': '否'}
MOST_NAMED = 6  # rows that a refusal names
LARGEST_AREA_DM2, LARGEST_PRICE_FEN = 1_000_000_00, 1_000_000_000_00  # a million m², a thousand million yuan: more is a slip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a ledger asks.

    key: column of the table, or column.part of a JSON column · most: characters, or the largest count · options: {value: word} of a choice
    row: which rows a kind `row` names, by name · blank: what an empty cell means
    reader, writer: for what no kind tells · under: heading of its part of the form
    """

    key: str
    head: str
    kind: Kind = 'text'
    most: int = 60
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    row: str = ''
    aliases: tuple[str, ...] = ()
    width: float = 12
    example: str = ''
    hint: str = ''
    unit: str = ''
    rule: str = ''
    under: str = ''
    blank: Any = ''
    reader: Callable[[str], Any] | None = None
    writer: Callable[[Any], str] | None = None

    @property
    def column(self) -> str:
        """The table's column."""
        return self.key.partition('.')[0]

    @property
    def part(self) -> str:
        """The key inside a JSON column, empty for a plain one."""
        return self.key.partition('.')[2]

    @property
    def intake(self) -> Column:
        """The column of a workbook."""
        kinds: Mapping[Kind, Literal['code', 'date']] = {'code': 'code', 'date': 'date'}
        return Column(self.key, self.sheet_head, self.required, (*({self.head} - {self.sheet_head}), *self.aliases), kinds.get(self.kind, 'text'))

    @property
    def sheet_head(self) -> str:
        """The head of its column in a workbook: 面积（㎡）."""
        return f'{self.head}（{self.unit}）' if self.unit else self.head


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against: the day, and the rows that others are named by, {'site': {name: id}}, ended ones in `words` only."""

    today: date
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    words: Mapping[int, str] = field(default_factory=dict)


def read_item(item: Item, written: Written, known: Known) -> Any:
    """Return what was written for an item as it is kept; raises Refused naming the item."""
    text = '' if written is None else str(written).strip()
    if not text:
        if item.required:
            raise Refused(f'“{item.head}”还没有填写，请填写后再保存。', rule=item.rule)
        return item.blank
    if item.reader:
        return item.reader(text)
    match item.kind:
        case 'long':
            return check_long(item.head, text, item.most)
        case 'date':
            return written if isinstance(written, date) else value_of('date', text)
        case 'month':
            return _month(item, text, known.today)
        case 'count':
            return _count(item, text)
        case 'area':
            return read_hundredths(item.head, text, LARGEST_AREA_DM2, '平方米', rule=item.rule)
        case 'price':
            return read_hundredths(item.head, text, LARGEST_PRICE_FEN, '元', rule=item.rule)
        case 'choice':
            return _chosen(item, text)
        case 'flag':
            return _chosen(item, text, YES_NO) == 'yes'
        case 'row':
            return _named(item, text, known)
        case 'text' | 'code':
            return check_text(item.head, text, item.most)


def written_of(item: Item, value: Any, known: Known) -> str:
    """Return a kept value as forms and workbooks write it; `read_item` reads it back as the same."""
    if value is None or value == '' or (item.kind == 'area' and not value):
        return ''
    if item.writer:
        return item.writer(value)
    match item.kind:
        case 'date':
            return f'{value:%Y-%m-%d}'
        case 'month':
            return f'{value:%Y-%m}'
        case 'area' | 'price':
            return hundredths_text(value)
        case 'choice':
            return item.options[value]
        case 'flag':
            return YES_NO['yes' if value else 'no']
        case 'row':
            return known.words.get(value, '')
        case _:
            return str(value)


def _month(item: Item, text: str, today: date) -> date:
    folded = fold_line(text).replace('年', '-').replace('月', '').replace('/', '-').replace('.', '-')
    year, _, rest = folded.partition('-')
    month = rest.partition('-')[0]
    if not (len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12 and int(year) >= 1900):
        raise Refused(f'“{item.head}”应为年和月，如2021-05，现为“{text[:20]}”，请更正。', rule=item.rule)
    found = date(int(year), int(month), 1)
    if found > today:
        raise Refused(f'“{item.head}”{text[:20]}晚于本月，请核对。', rule=item.rule)
    return found


def _count(item: Item, text: str) -> int:
    digits = fold_line(text)
    least = 1 if item.required else 0
    if not (digits.isascii() and digits.isdigit() and least <= int(digits) <= item.most):
        raise Refused(f'“{item.head}”应为{least}至{item.most}的整数，现为“{text[:20]}”，请更正。', rule=item.rule)
    return int(digits)


def _chosen(item: Item, text: str, options: Mapping[str, str] | None = None) -> str:
    offered = options or item.options
    found = next((value for value, word in offered.items() if text in (word, value)), '')
    if not found:
        raise Refused(f'“{item.head}”没有“{text[:20]}”这一项，请从{"、".join(offered.values())}中选择。', rule=item.rule)
    return found


def _named(item: Item, text: str, known: Known) -> int:
    names = known.names.get(item.row, {})
    if text not in names:
        offered = f'已登记的有：{"、".join(list(names)[:MOST_NAMED])}{"等" if len(names) > MOST_NAMED else ""}。' if names else '目前还没有登记。'
        raise Refused(f'没有名为“{text[:30]}”的{item.head}，请先登记，或改为已登记的名称。{offered}', rule=item.rule)
    return names[text]
