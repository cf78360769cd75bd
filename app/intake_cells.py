"""What a cell of a workbook means: text, code, date, score or whole number; what is not clear is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import Literal, NamedTuple

from app.errors import Refused

Kind = Literal['text', 'code', 'date', 'score', 'int']
Value = str | int | date | None


class Moment(NamedTuple):
    """A time of day, a duration, or a day with a time: what a file calls a date and nobody asks for."""

    text: str


Cell = str | int | float | bool | date | Moment

SPOILED = 10 ** 14  # from 15 digits on a spreadsheet may have changed the last ones
FIRST_SERIAL, LAST_SERIAL = 3654, 73415  # 1910-01-01 and 2100-12-31 as Excel counts; smaller numbers are years or slips
BLANKS = ' \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff'

DAY = re.compile(r'((?:19|20)\d\d)(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d\d)(\d\d))(?: 0?0:00(?::00(?:\.0+)?)?)?')
UNCLEAR_DAY = re.compile(r'\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d|\d{4})|\d\d[-/.]\d{1,2}[-/.]\d{1,2}')
SCORE = re.compile(r'([+-]?)(\d{1,6})(?:\.(\d)0*)?')
WHOLE = re.compile(r'[+-]?\d{1,14}')


def value_of(kind: Kind, cell: Cell) -> Value:
    """Return what a cell means; None for a blank one.

    cell: as the file holds it, or as typed into the preview
    returns text trimmed, a date, a whole number, or a score in tenths
    raises Refused with what is wrong and what to write instead; the caller adds the address
    """
    if type(cell) is str:
        if not (cell := cell.strip(BLANKS)) or kind == 'text' or kind == 'code':
            return cell or None
    elif kind == 'text' or kind == 'code':
        return _text(kind, cell)
    match kind:
        case 'date':
            return _day(cell)
        case 'score':
            return _tenths(cell_text(cell))
        case 'int':
            return _whole(cell_text(cell))


def value_or_refusal(kind: Kind, cell: Cell) -> Value | Refused:
    """Return what `value_of` returns or refuses, for readers that remember both."""
    try:
        return value_of(kind, cell)
    except Refused as refusal:
        return refusal


def cell_text(cell: Cell) -> str:
    """Return what a cell shows, numbers with at most 15 digits as spreadsheets do."""
    if isinstance(cell, bool):
        return 'TRUE' if cell else 'FALSE'
    if isinstance(cell, (int, float)):
        return str(int(cell)) if isfinite(cell) and cell == int(cell) and abs(cell) < SPOILED else format(cell, '.15g')
    return cell.text if isinstance(cell, Moment) else str(cell)


def _text(kind: Kind, cell: Cell) -> str:
    if isinstance(cell, (date, Moment)) and kind == 'code':
        raise Refused(f'“{cell_text(cell)}”已被当作日期或时间，号码可能已被改变。请将该列设为文本格式后重新填写。')
    if isinstance(cell, (int, float)) and not abs(cell) < SPOILED:
        raise Refused('15位以上的号码存成了数字，末几位已丢失，不能自动恢复。请将该列设为文本格式后重新填写。')
    return cell_text(cell)


def _day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    text = re.sub(r' *([-/.年月日]) *', r'\1', unicodedata.normalize('NFKC', cell_text(cell)).strip())
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and FIRST_SERIAL <= cell <= LAST_SERIAL and cell == int(cell):
        return date(1899, 12, 30) + timedelta(days=int(cell))
    if found := DAY.fullmatch(text):
        month, day = [int(part) for part in found.groups()[2:] if part]
        try:
            return date(int(found[1]), month, day)
        except ValueError:
            raise Refused(f'没有“{text[:30]}”这一天，请核对月份和日期。') from None
    if UNCLEAR_DAY.fullmatch(text):
        raise Refused(f'“{text}”分不清年月日的先后，请按“年-月-日”填写，如2026-1-5。')
    raise Refused(f'“{text[:30]}”不是日期，请按“年-月-日”填写，如2026-1-5。')


def _tenths(text: str) -> int:
    if not (found := SCORE.fullmatch(unicodedata.normalize('NFKC', text))):
        raise Refused(f'“{text[:30]}”不是分数，请填阿拉伯数字，最多一位小数，如89.5。')
    return int(Decimal(f'{found[1]}{found[2]}.{found[3] or 0}') * 10)


def _whole(text: str) -> int:
    if not WHOLE.fullmatch(folded := unicodedata.normalize('NFKC', text)):
        raise Refused(f'“{text[:30]}”不是整数，请只填阿拉伯数字，如12。')
    return int(folded)
