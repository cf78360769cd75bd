"""What a person typed or a workbook cell holds, checked and returned as it is kept: texts, names, phones, mails, scores.

`label` is the field's name as the person sees it; every refusal begins with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.codes import fold, fold_line
from app.errors import Refused
from app.findings import Finding
from app.words import MARKS, score_text

# ------------------------------------------------------------------ texts


def check_text(label: str, text: str, limit: int, *, required: bool = True) -> str:
    """Return one line of at most `limit` characters, trimmed; raises Refused for none, too many, line breaks and control characters."""
    line = _visible(text).strip()
    if not line and required:
        raise Refused(f'“{label}”还没有填写，请填写后再保存。')
    if _has_control(line, allowed=''):
        raise Refused(f'“{label}”只能写一行，其中有换行或看不见的控制字符，请删除后重新填写。')
    if len(line) > limit:
        raise Refused(f'“{label}”最多{limit}个字，现有{len(line)}个字，请删减。')
    return line


def check_long(label: str, text: str, limit: int, *, required: bool = True) -> str:
    """Return several paragraphs of at most `limit` characters, trimmed, lines ending in LF; raises Refused."""
    paragraphs = _visible(text).replace('\r\n', '\n').replace('\r', '\n').strip()
    if not paragraphs and required:
        raise Refused(f'“{label}”还没有填写，请填写后再保存。')
    if _has_control(paragraphs, allowed='\n\t'):
        raise Refused(f'“{label}”中有看不见的控制字符，请删除后重新填写。')
    if len(paragraphs) > limit:
        raise Refused(f'“{label}”最多{limit}个字，现有{len(paragraphs)}个字，请删减。')
    return paragraphs


def check_written(label: str, text: str, at_least: int, limit: int = 2000) -> str:
    """Return a reason or opinion that says something: at least so many letters or digits, punctuation not counted; raises Refused."""
    written = check_long(label, text, limit)
    said = sum(character.isalnum() for character in written)
    if said < at_least:
        raise Refused(f'“{label}”至少写{at_least}个字（标点不算），现有{said}个字，请写清楚。')
    return written


def check_name(label: str, text: str) -> str:
    """Return a personal name of 1 to 50 characters; dots become ·, blanks between words stay single; no list of surnames."""
    if text.isalpha() and len(text) <= 50:  # as most are written
        return text
    name = ' '.join(check_text(label, text, 200).translate(_DOTS).split())
    if not 1 <= len(name) <= 50:
        raise Refused(f'“{label}”应为1至50个字，现有{len(name)}个字，请核对。')
    if not any(character.isalpha() for character in name):
        raise Refused(f'“{label}”应填写姓名，现在只有数字或符号，请核对。')
    return name


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same but for blanks and the shape of the dot."""
    return one == other or ''.join(one.translate(_DOTS).split()) == ''.join(other.translate(_DOTS).split())


def check_phone(label: str, text: str) -> str:
    """Return a mobile number of 11 digits or a landline with area code, 0371-65900000; raises Refused."""
    if _MOBILE.fullmatch(text):  # as most are written
        return text
    phone = fold_line(text)
    if _MOBILE.fullmatch(fold(phone)):
        return fold(phone)
    if not _LANDLINE.fullmatch(phone):
        raise Refused(f'“{label}”应为11位手机号码，或带区号的座机号码（如0371-65900000），请核对。')
    return phone


def check_email(label: str, text: str) -> str:
    """Return a mail address with one @ and a dotted domain; raises Refused."""
    address = check_text(label, text, 254)
    if not _EMAIL.fullmatch(address):
        raise Refused(f'“{label}”应为邮箱地址，如name@example.com，请核对。')
    return address


def forbidden_word_findings(text: str, *, promises: Iterable[str], names: Iterable[str], subject: str) -> list[Finding]:
    """Return a warning for each word a notice, poster or banner must not carry, also when blanks stand inside it.

    promises: words that promise passing (ORG-101) · names: names the organisation must not use (ORG-102)
    source: ORG-101, ORG-102
    """
    squeezed = ''.join(_visible(text).split())
    found = [
        Finding('ORG-101', 'warn', subject, f'“{subject}”中有“{word}”，宣传不得承诺通过或获证，请删除。') for word in promises if word in squeezed
    ]
    return found + [
        Finding('ORG-102', 'warn', subject, f'“{subject}”中有“{word}”，宣传不得冠用此类名称，请改写；属于标准、文件名称引用的请说明理由。')
        for word in names
        if word in squeezed
    ]


def _visible(text: str) -> str:
    return text if text.isprintable() else text.translate(_ZERO_WIDTH)


def _has_control(text: str, *, allowed: str) -> bool:
    return not text.isprintable() and any((unicodedata.category(c) in _CONTROL or c in _NO_CHARACTERS) and c not in allowed for c in text)


# ------------------------------------------------------------------ scores


@dataclass(frozen=True, slots=True)
class Score:
    """What stands in a score cell: tenths of a point, or a mark instead (key of words.MARKS)."""

    tenths: int | None
    mark: str | None


def read_score(label: str, text: str, *, full: int) -> int:
    """Return a score in tenths of a point, 0 to 10 × full, at most one decimal, never rounded.

    full: full score in points
    raises Refused for blank, words, negative, too high and two decimals
    source: CONV-12
    """
    digits = fold_line(text)
    if not digits:
        raise Refused(f'“{label}”还没有填写，没有参加考试的请填写“缺考”。', rule='CONV-12')
    if not (number := _NUMBER.fullmatch(digits)):
        raise Refused(f'“{label}”应填写数字成绩（如85.5），现为“{_quoted(text)}”，请改为阿拉伯数字。', rule='CONV-12')
    if number['sign']:
        raise Refused(f'“{label}”不能是负数，现为“{_quoted(text)}”，请核对。', rule='CONV-12')
    if len(number['decimals'] or '') > 1:
        raise Refused(f'“{label}”最多一位小数，现为“{_quoted(text)}”，系统不代为四舍五入，请核对。', rule='CONV-12')
    tenths = int(number['whole']) * 10 + int(number['decimals'] or 0)
    if tenths > full * 10:
        raise Refused(f'“{label}”应在0至{score_text(full * 10)}分之间，现为“{_quoted(text)}”，请核对。', rule='CONV-12')
    return tenths


def read_score_or_mark(label: str, text: str, *, full: int) -> Score:
    """Return the score or the mark 缺考, 违纪取消, 免考 in a cell; raises Refused as `read_score` does (source: CONV-12)."""
    mark = _MARK_TEXTS.get(fold(text))
    return Score(None, mark) if mark else Score(read_score(label, text, full=full), None)


def read_hundredths(label: str, text: str, most: int, unit: str, *, rule: str = '') -> int:
    """Return an area or a price in hundredths of its unit, 0 to `most`, at most two decimals, never rounded; thousands may be parted by commas.

    raises Refused for words, negative, too large and three decimals
    """
    digits = re.sub('(?:元|平方米|㎡|M²|M2)$', '', fold_line(text))
    if not (number := _NUMBER.fullmatch(digits.replace(',', '') if _THOUSANDS.fullmatch(digits) else digits)):
        raise Refused(f'“{label}”应填写阿拉伯数字（单位{unit}），现为“{_quoted(text)}”，请更正。', rule=rule)
    if number['sign']:
        raise Refused(f'“{label}”不能是负数，现为“{_quoted(text)}”，请核对。', rule=rule)
    if len(decimals := number['decimals'] or '') > 2:
        raise Refused(f'“{label}”最多两位小数，现为“{_quoted(text)}”，系统不代为四舍五入，请核对。', rule=rule)
    if (found := int(number['whole']) * 100 + int(decimals.ljust(2, '0'))) > most:
        raise Refused(f'“{label}”“{_quoted(text)}”超过{most // 100:,}{unit}，请核对小数点和单位（{unit}）。', rule=rule)
    return found


def _quoted(text: str) -> str:
    return text.strip()[:20]


_CONTROL = {'Cc', 'Cs', 'Zl', 'Zp'}
_NO_CHARACTERS = '\ufffe\uffff'  # no XML can hold them, so no Word paper
_ZERO_WIDTH = dict.fromkeys((0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF))
_DOTS: Mapping[int, str] = dict.fromkeys(map(ord, '•‧・.．∙⋅'), '·')
_MOBILE = re.compile('1[3-9][0-9]{9}')
_LANDLINE = re.compile('0[0-9]{2,3}-?[0-9]{7,8}')
_EMAIL = re.compile(r'[^@\s,;]{1,64}@[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)+')
_NUMBER = re.compile(r'(?P<sign>-?)(?P<whole>[0-9]{1,9})(?:\.(?P<decimals>[0-9]+))?')
_THOUSANDS = re.compile(r'-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?')
_MARK_TEXTS: Mapping[str, str] = {
    **{fold(word): mark for mark, word in MARKS.items()},
    **{'取消': 'cancelled', '违纪': 'cancelled', '免考': 'exempt'},  # as score sheets abbreviate them
}
