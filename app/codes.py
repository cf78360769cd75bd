"""Codes that other authorities give: credit code, ID number and other documents, occupation code, level.

Each is read from what a person typed or a workbook cell holds: blanks, hyphens, full-width and lower-case letters are
repaired silently, anything else wrong is refused by the id of its rule. No sentence repeats a personal number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.errors import Refused
from app.findings import Finding
from app.words import DOCUMENTS, LEVEL_NAMES, LEVELS, SEXES

Sex = Literal['male', 'female']


# ------------------------------------------------------------------ resident ID number


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A resident ID number that passed every check; birth day and sex are derived from it, never typed."""

    text: str  # 18 characters, the last 0-9 or X
    birth_on: date
    sex: Sex


def read_id_number(text: str, today: date) -> IdNumber:
    """Return the ID number in a text.

    today: the day before which the person must be born
    raises Refused VAL-02 for the old form of 15 digits, VAL-01 for length, characters, birth date and check character
    source: VAL-01, VAL-02 (GB 11643)
    """
    number = fold(text)
    if not _ID.fullmatch(number):
        raise _id_form_refusal(number)
    try:
        birth_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused('公民身份号码第7至14位的出生日期不存在，请对照身份证逐位核对。', rule='VAL-01') from None
    if birth_on > today:
        raise Refused('公民身份号码第7至14位的出生日期晚于今天，请对照身份证逐位核对。', rule='VAL-01')
    if _id_check(number[:17]) != number[17]:
        raise Refused('公民身份号码的校验码（第18位）与前17位不符，至少有一位填错，请对照身份证逐位核对。', rule='VAL-01')
    return IdNumber(number, birth_on, 'male' if int(number[16]) % 2 else 'female')


def other_than_id_numbers(texts: Sequence[str], today: date) -> list[int]:
    """Return the indexes of texts that `read_id_number` would not return as they stand: wrong ones, and those it would repair first."""
    import numpy as np

    whole = [text if len(text) == 18 and text.isascii() else '0' * 18 for text in texts]
    digits = np.frombuffer(''.join(whole).encode(), np.uint8).reshape(-1, 18).astype(np.int32) - ord('0')
    body = digits[:, :17]
    year, month, day = (body[:, start:end] @ [10 ** n for n in reversed(range(end - start))] for start, end in ((6, 10), (10, 12), (12, 14)))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last_day = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.where(month <= 12, month, 0) % 13] + ((month == 2) & leap)
    born = (year > 0) & (day > 0) & (day <= last_day) & (year * 10_000 + month * 100 + day <= today.year * 10_000 + today.month * 100 + today.day)
    check = np.frombuffer(_ID_CHECKS.encode(), np.uint8)[body @ _ID_WEIGHTS % 11] == digits[:, 17] + ord('0')
    right = (body >= 0).all(1) & (body <= 9).all(1) & (body[:, 0] > 0) & born & check
    return np.flatnonzero(~right).tolist()


def id_number(address: str, birth_on: date, sequence: int) -> str:
    """Return the 18 characters for an address code of 6 digits, a birth day and a sequence 0 to 999 (odd = male)."""
    body = f'{address}{birth_on:%Y%m%d}{sequence:03d}'
    if not re.fullmatch(r'[1-9][0-9]{16}', body):
        raise ValueError('an ID number needs an address code of 6 digits and a sequence of 3')
    return body + _id_check(body)


def id_findings(
    number: IdNumber, today: date, *, ages: tuple[int, int], sex: Sex | None = None, birth_on: date | None = None, subject: str = '证件号码'
) -> list[Finding]:
    """Return what a clerk should look at although the number itself is right.

    ages: youngest and oldest age in full years that is plausible, both included
    sex, birth_on: what the sheet says beside the number; None where it says nothing
    source: VAL-01 (unknown province, age), VAL-02 (sex)
    """
    found = []
    if number.text[:2] not in PROVINCES:
        found.append(Finding('VAL-01', 'warn', subject, f'公民身份号码前两位“{number.text[:2]}”不是已知的省级代码，请核对身份证原件。'))
    age = _age(number.birth_on, today)
    if not ages[0] <= age <= ages[1]:
        found.append(Finding('VAL-01', 'warn', subject, f'按公民身份号码推算年龄为{age}岁，不在{ages[0]}至{ages[1]}岁之间，请核对身份证原件。'))
    if sex is not None and sex != number.sex:
        found.append(Finding('VAL-02', 'warn', subject, f'填写的性别“{SEXES[sex]}”与公民身份号码推出的“{SEXES[number.sex]}”不一致，以号码为准，请核对。'))
    if birth_on is not None and birth_on != number.birth_on:
        found.append(Finding('VAL-01', 'block', subject, '填写的出生日期与公民身份号码第7至14位不一致，请更正其中填错的一项。'))
    return found


def mask_id(number: str) -> str:
    """Return a document number as lists and notices show it: first 4 and last 4 of 18, less of a shorter one."""
    shown = min(4, len(number) // 4)
    return number[:shown] + '*' * (len(number) - 2 * shown) + number[len(number) - shown :]


def _id_form_refusal(number: str) -> Refused:
    if not number:
        return Refused('请填写公民身份号码。', rule='VAL-01')
    if re.fullmatch(r'[0-9]{15}', number):
        return Refused('这是15位的旧身份号码，不再接收，请按现行居民身份证填写18位公民身份号码。', rule='VAL-02')
    if re.fullmatch(r'[0-9]+\.[0-9]*(E\+?[0-9]+)?|[0-9]+E\+?[0-9]+', number):
        return Refused('公民身份号码被表格软件当成数字，末几位已经丢失，请将该列设为文本格式，再对照身份证重新填写。', rule='VAL-01')
    if len(number) != 18:
        return Refused(f'公民身份号码应为18位，现为{len(number)}位，请对照身份证核对。', rule='VAL-01')
    return Refused('公民身份号码的前17位应为数字（首位不为0），第18位应为数字或X，请对照身份证逐位核对。', rule='VAL-01')


def _id_check(body: str) -> str:
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def _age(birth_on: date, day: date) -> int:
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


# ------------------------------------------------------------------ other documents


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document of any kind; birth day and sex are known only from a resident ID number."""

    kind: str  # key of words.DOCUMENTS
    number: str
    birth_on: date | None
    sex: Sex | None


def read_document(kind: str, text: str, today: date) -> Document:
    """Return the document of a kind; only a resident ID card is run through VAL-01.

    raises Refused VAL-01 and VAL-02 for a resident ID card, VAL-07 for another kind that is not 5 to 20 letters and digits
    source: VAL-07
    """
    if kind == 'resident_id':
        resident = read_id_number(text, today)
        return Document(kind, resident.text, resident.birth_on, resident.sex)
    number = fold(text)
    characters = r'[0-9A-Z\u4e00-\u9fff]' if kind == 'military' else '[0-9A-Z]'  # 军字第1234567号
    if not re.fullmatch(f'{characters}{{5,20}}', number):
        raise Refused(f'{DOCUMENTS[kind]}号码应为5至20位字母和数字，请对照证件核对。', rule='VAL-07')
    return Document(kind, number, None, None)


# ------------------------------------------------------------------ credit code


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code that passed its check character."""

    text: str  # 18 characters

    @property
    def division(self) -> str:
        """Six digits: division of the registering authority."""
        return self.text[2:8]

    @property
    def organization_code(self) -> str:
        """Nine characters, the last a check character of its own (VAL-04)."""
        return self.text[8:17]


def read_credit_code(text: str) -> CreditCode:
    """Return the credit code in a text; raises Refused for length, alphabet and check character (source: VAL-03)."""
    code = fold(text)
    if not code:
        raise Refused('请填写统一社会信用代码。', rule='VAL-03')
    if len(code) != 18:
        raise Refused(f'统一社会信用代码应为18位，现为{len(code)}位，请对照登记证照核对。', rule='VAL-03')
    if not _CREDIT.fullmatch(code):
        raise Refused('统一社会信用代码只含数字和大写字母（没有I、O、S、V、Z），第3至8位为数字，请对照登记证照逐位核对。', rule='VAL-03')
    if _credit_check(code[:17]) != code[17]:
        raise Refused('统一社会信用代码的校验码（第18位）与前17位不符，至少有一位填错，请对照登记证照逐位核对。', rule='VAL-03')
    return CreditCode(code)


def credit_code(body: str) -> str:
    """Return the 18 characters for the first 17."""
    if not _CREDIT.fullmatch(f'{body}0'):
        raise ValueError('a credit code needs 17 characters of its alphabet')
    return body + _credit_check(body)


def credit_code_findings(code: CreditCode, *, nature: str = '', subject: str = '统一社会信用代码') -> list[Finding]:
    """Return what is unusual about a code that is right in itself.

    nature: 机构性质 as chosen on the form, e.g. 民办非企业单位; a nature the standard has no pair for is not compared
    source: VAL-04 (organization code), VAL-03 (division, kind of body)
    """
    found = []
    if _organization_check(code.organization_code[:8]) != code.organization_code[8]:
        found.append(Finding('VAL-04', 'warn', subject, '统一社会信用代码第9至17位（主体标识码）的校验码不符，请对照登记证照核对。'))
    if code.division[:2] not in PROVINCES:
        found.append(Finding('VAL-03', 'warn', subject, f'统一社会信用代码第3、4位“{code.division[:2]}”不是已知的省级代码，请对照登记证照核对。'))
    pairs = [pair for pair, name in _CREDIT_KINDS.items() if name == nature]
    if pairs and code.text[:2] not in pairs:
        found.append(Finding('VAL-03', 'warn', subject, f'{nature}的统一社会信用代码通常以“{pairs[0]}”开头，现以“{code.text[:2]}”开头，请核对机构性质。'))
    return found


def _credit_check(body: str) -> str:
    total = sum(_CREDIT_ALPHABET.index(character) * weight for character, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def _organization_check(body: str) -> str:
    rest = -sum(int(character, 36) * weight for character, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return 'X' if rest == 10 else str(rest)


# ------------------------------------------------------------------ occupation code and level


@dataclass(frozen=True, slots=True)
class OccupationCode:
    """Four groups of an occupation and, kept apart, the fifth of its work type."""

    occupation: str  # '6-18-01-01'
    work_type: str  # '01', or '' without a work type

    @property
    def major_group(self) -> int:
        """大类, the first digit."""
        return int(self.occupation[0])

    @property
    def full(self) -> str:
        """All groups, as the annual plan prints them."""
        return f'{self.occupation}-{self.work_type}' if self.work_type else self.occupation


def read_occupation_code(text: str) -> OccupationCode:
    """Return the occupation code in a text of four or five groups; raises Refused (source: VAL-05)."""
    code = fold_line(text)
    if not (found := re.fullmatch(r'([0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2})(?:-([0-9]{2}))?', code)):
        raise Refused('职业编码应写成“6-18-01-01”，分工种的可写成“6-18-01-01-01”，请对照职业分类大典核对。', rule='VAL-05')
    return OccupationCode(found[1], found[2] or '')


def check_major_group(code: OccupationCode, allowed: Collection[int]) -> None:
    """Refuse an occupation outside the major groups that may be filed (source: OCC-01)."""
    if code.major_group not in allowed:
        groups = '、'.join(str(group) for group in sorted(allowed))
        raise Refused(f'职业编码“{code.occupation}”属于第{code.major_group}大类，只能申报第{groups}大类的技能类职业，请另选职业。', rule='OCC-01')


def read_level(text: str) -> int:
    """Return the level 5 to 1 for 3, 三级, 高级工, 三级/高级工 or 高级工（三级）; raises Refused (source: VAL-06)."""
    word = fold(text)
    if word in ('特级技师', '首席技师'):
        raise Refused(f'“{word}”不属于五个职业技能等级，请填写五级至一级之一。', rule='VAL-06')
    if word not in _LEVEL_TEXTS:
        raise Refused('职业技能等级应为五级（初级工）、四级（中级工）、三级（高级工）、二级（技师）、一级（高级技师）之一，请重新填写。', rule='VAL-06')
    return _LEVEL_TEXTS[word]


# ------------------------------------------------------------------ folding


def fold(text: str) -> str:
    """Return a code without blanks and hyphens, half width, upper case; it may still be wrong."""
    return fold_line(text).replace('-', '')


def fold_line(text: str) -> str:
    """Return a code whose hyphens count: without blanks, half width, upper case, every dash as '-'."""
    if text.isascii() and text.isalnum():  # as most are written: nothing to repair
        return text.upper()
    return ''.join(text.translate(_HALF_WIDTH).split()).upper()


_INVISIBLE = (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)
_HALF_WIDTH: Mapping[int, str | None] = {
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0xFF0D), '-'),
    **dict.fromkeys(_INVISIBLE),  # left over from copying out of other programs
}
_ID = re.compile('[1-9][0-9]{16}[0-9X]')
_ID_CHECKS = '10X98765432'
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = re.compile('[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}')
_CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_KINDS = {'12': '事业单位', '51': '社会团体', '52': '民办非企业单位', '91': '企业'}
_LEVEL_TEXTS: Mapping[str, int] = {
    text: level
    for level, word in LEVELS.items()
    for name in (LEVEL_NAMES[level], LEVEL_NAMES[level].removesuffix('工'))
    for text in (str(level), word, word[0], name, f'{name}技能', f'{word}/{name}', f'{word}({name})', f'{name}({word})')
}
# First two digits of GB/T 2260; a pair that is missing here is a warning, never an error.
PROVINCES: Mapping[str, str] = {
    '11': '北京市', '12': '天津市', '13': '河北省', '14': '山西省', '15': '内蒙古自治区', '21': '辽宁省', '22': '吉林省', '23': '黑龙江省',
    '31': '上海市', '32': '江苏省', '33': '浙江省', '34': '安徽省', '35': '福建省', '36': '江西省', '37': '山东省', '41': '河南省',
    '42': '湖北省', '43': '湖南省', '44': '广东省', '45': '广西壮族自治区', '46': '海南省', '50': '重庆市', '51': '四川省', '52': '贵州省',
    '53': '云南省', '54': '西藏自治区', '61': '陕西省', '62': '甘肃省', '63': '青海省', '64': '宁夏回族自治区', '65': '新疆维吾尔自治区',
    '71': '台湾省', '81': '香港特别行政区', '82': '澳门特别行政区',
}
