# long: each number of codes.md §5 to §8 with its reader, check and maker
"""Numbers built on the filing number, and the ticket number: filing, certificate, card, ticket — read, checked, composed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.codes import PROVINCES, fold
from app.errors import Refused
from app.findings import Finding
from app.words import CARDS, LEVELS, ORGANIZATIONS

# ------------------------------------------------------------------ filing number, 13 positions


@dataclass(frozen=True, slots=True)
class KindDigits:
    """What a filing number shows of the kind of organisation."""

    letter: str  # position 1
    tenth: str | None  # position 10: '9' or a range '0-8'; None = open


@dataclass(frozen=True, slots=True)
class FilingScheme:
    """How a province builds filing numbers (`codes: org:` of a profile); None = open, anything of the pattern is right."""

    pattern: str  # regular expression of all 13 positions
    kinds: Mapping[str, KindDigits]  # by key of words.ORGANIZATIONS; the kind is never read back from the number
    province_filed: str  # positions 2-5 of bodies filed with the province
    ministry_filed: tuple[str, str]  # first and last of positions 2-5 of bodies filed with the ministry
    province: str | None  # positions 6-7
    city_codes: Mapping[str, str] | None  # positions 8-9 → name
    sequence: tuple[str, str] | None  # first and last of positions 11-13


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """A filing number that fits its scheme."""

    text: str

    @property
    def letter(self) -> str:
        """Position 1, S or Y; it does not tell the kind of organisation."""
        return self.text[0]

    @property
    def province(self) -> str:
        """Positions 6-7."""
        return self.text[5:7]

    @property
    def city(self) -> str:
        """Positions 8-9."""
        return self.text[7:9]

    @property
    def tenth(self) -> str:
        """Position 10."""
        return self.text[9]

    @property
    def sequence(self) -> str:
        """Positions 11-13."""
        return self.text[10:]


def read_filing_number(text: str, scheme: FilingScheme, kind: str = '') -> FilingNumber:
    """Return the filing number in a text.

    kind: key of words.ORGANIZATIONS the organisation is registered as; technical_school = both of its sorts may fit,
        empty = any kind of the scheme may fit
    raises Refused by the position that is wrong, ValueError for a kind the scheme does not have
    source: CERT-10, CERT-11, CERT-12, CERT-13, CERT-14, CERT-15
    """
    code = fold(text)
    if len(code) != 13:
        raise Refused(f'机构备案号应为13位，现为{len(code)}位，请对照备案函核对。', rule='CERT-10')
    if not re.fullmatch(scheme.pattern, code):
        raise Refused('机构备案号应为1个字母（S或Y）和12位数字，并符合本省的编码规则，请对照备案函核对。', rule='CERT-10')
    number = FilingNumber(code)
    _check_kind(number, scheme, kind)
    if code[1:5] != scheme.province_filed and not scheme.ministry_filed[0] <= code[1:5] <= scheme.ministry_filed[1]:
        raise Refused(f'机构备案号第2至5位“{code[1:5]}”既不是省级备案也不是部级备案的代码，请对照备案函核对。', rule='CERT-11')
    if scheme.province is not None and number.province != scheme.province:
        raise Refused(f'机构备案号第6、7位应为本省代码“{scheme.province}”，现为“{number.province}”，请对照备案函核对。', rule='CERT-12')
    if scheme.city_codes is not None and number.city not in scheme.city_codes:
        raise Refused(f'机构备案号第8、9位“{number.city}”不在本省地市代码表中，请对照备案函核对。', rule='CERT-13')
    if scheme.sequence is not None and not scheme.sequence[0] <= number.sequence <= scheme.sequence[1]:
        raise Refused(f'机构备案号第11至13位应在{scheme.sequence[0]}至{scheme.sequence[1]}之间，现为“{number.sequence}”，请对照备案函核对。', rule='CERT-15')
    return number


def filing_number(scheme: FilingScheme, kind: str, *, region: str, tenth: str, sequence: int, ministry: str = '') -> FilingNumber:
    """Return the filing number a centre gives: region = positions 6-9, ministry = positions 2-5 of a ministry-filed body."""
    return read_filing_number(f'{scheme.kinds[kind].letter}{ministry or scheme.province_filed}{region}{tenth}{sequence:03d}', scheme, kind)


def filing_prefix(scheme: FilingScheme, kind: str, region: str) -> str:
    """Return the positions 1 to 9 that the filing numbers of a kind share in a region of GB/T 2260; raises Refused for a city the province's table lacks (CERT-13)."""
    city = region[2:4]
    if scheme.city_codes is not None and city not in scheme.city_codes:
        raise Refused(f'行政区划{region}的地市代码“{city}”不在本省备案编码的地市代码表中，请对照编码规则填写机构备案号。', rule='CERT-13')
    return f'{scheme.kinds[kind].letter}{scheme.province_filed}{scheme.province or region[:2]}{city}'


def next_filing_number(scheme: FilingScheme, kind: str, region: str, taken: Iterable[str]) -> FilingNumber:
    """Return the next filing number of a kind in a place: sequences rise and are never given again; raises Refused when all are used up.

    taken: numbers given so far that begin with `filing_prefix`, also of ended filings · source: ORG-81…ORG-86
    """
    prefix = filing_prefix(scheme, kind, region)
    first, _, last = (scheme.kinds[kind].tenth or '0').partition('-')
    low, high = (int(text) for text in scheme.sequence or ('001', '999'))
    used = [text for text in taken if text[10:].isdigit()]
    for tenth in range(int(first), int(last or first) + 1):
        newest = max((int(text[10:]) for text in used if text.startswith(f'{prefix}{tenth}')), default=low - 1)
        if newest < high:
            return read_filing_number(f'{prefix}{tenth}{newest + 1:03d}', scheme, kind)
    raise Refused(f'{prefix}开头的机构备案号已用完，不能再编号，请与省级主管部门联系。', rule='ORG-85')


def filing_findings(number: FilingNumber, *, subject: str = '机构备案号') -> list[Finding]:
    """Return a warning for a province that is not known (source: CERT-12)."""
    if number.province in PROVINCES:
        return []
    return [Finding('CERT-12', 'warn', subject, f'机构备案号第6、7位“{number.province}”不是已知的省级代码，请对照备案函核对。')]


def _check_kind(number: FilingNumber, scheme: FilingScheme, kind: str) -> None:
    possible = [digits for key, digits in scheme.kinds.items() if not kind or key == kind or key.startswith(f'{kind}_')]
    if not possible:
        raise ValueError(f'the scheme has no kind {kind}')
    same_letter = [digits for digits in possible if digits.letter == number.letter]
    if not same_letter:
        letters = '或'.join(sorted({digits.letter for digits in possible}))
        raise Refused(f'{ORGANIZATIONS.get(kind, "评价机构")}的机构备案号应以{letters}开头，现以{number.letter}开头，请核对机构类别。', rule='CERT-10')
    if not any(_tenth_fits(number.tenth, digits.tenth) for digits in same_letter):
        allowed = '或'.join(sorted({digits.tenth or '' for digits in same_letter}))
        raise Refused(f'机构备案号第10位应为{allowed}，现为“{number.tenth}”，请核对机构类别和备案函。', rule='CERT-14')


def _tenth_fits(digit: str, allowed: str | None) -> bool:
    first, _, last = (allowed or '0-9').partition('-')
    return first <= digit <= (last or first)


# ------------------------------------------------------------------ certificate number, 22 positions


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """A certificate number in its parts; `counter` is what its serial is counted in (CERT-22)."""

    filing: str  # 13 positions
    year: int  # of the issue date
    level: int  # 5 to 1
    serial: int  # 1 to 999999

    @property
    def text(self) -> str:
        """All 22 positions."""
        return certificate_number(self.filing, self.year, self.level, self.serial)

    @property
    def counter(self) -> tuple[str, int, int]:
        """Filing number, year of issue and level: each begins at 000001."""
        return self.filing, self.year, self.level


def certificate_number(filing: str, year: int, level: int, serial: int) -> str:
    """Return the 22 positions of a certificate number.

    filing: 13 positions · year: of the issue date · level: 5 to 1 · serial: from 1
    raises Refused when the six digits of the serial are used up, ValueError for parts that no certificate has
    source: CERT-16, CERT-17, CERT-18
    """
    if not re.fullmatch('[SY][0-9]{12}', filing) or year not in _YEARS or level not in LEVELS or serial < 1:
        raise ValueError('no certificate number has these parts')
    if serial > _LAST_SERIAL:
        raise Refused(f'{year}年{LEVELS[level]}的证书序列码已用到{_LAST_SERIAL}，本年度不能再编号，请联系鉴定中心。', rule='CERT-18')
    return f'{filing}{year % 100:02d}{level}{serial:06d}'


def certificate_run(filing: str, year: int, level: int, *, last: int, count: int) -> list[str]:
    """Return `count` numbers without a gap after the last serial used of this counter, 0 in a new year; all or none.

    raises Refused when the run would pass 999999
    source: CERT-21, CERT-22
    """
    if last + count > _LAST_SERIAL:
        raise Refused(
            f'{year}年{LEVELS[level]}的证书序列码只剩{_LAST_SERIAL - last}个，不够本次的{count}个，一个也没有编号，请联系鉴定中心。', rule='CERT-18'
        )
    return [certificate_number(filing, year, level, serial) for serial in range(last + 1, last + count + 1)]


def read_certificate_number(text: str) -> CertificateNumber:
    """Return the parts of the certificate number in a text; raises Refused (source: CERT-16, CERT-17, CERT-18)."""
    number = fold(text)
    if len(number) != 22:
        raise Refused(f'证书编号应为22位，现为{len(number)}位，请对照证书核对。', rule='CERT-18')
    if not re.fullmatch('[SY][0-9]{21}', number):
        raise Refused('证书编号应为1个字母（S或Y）和21位数字，请对照证书核对。', rule='CERT-18')
    if int(number[15]) not in LEVELS:
        raise Refused(f'证书编号第16位（等级）应为1至5，现为“{number[15]}”，请对照证书核对。', rule='CERT-17')
    if number[16:] == '000000':
        raise Refused('证书编号的序列码（第17至22位）从000001开始，不能全为0，请对照证书核对。', rule='CERT-18')
    return CertificateNumber(number[:13], _YEARS.start + int(number[13:15]), int(number[15]), int(number[16:]))


def check_certificate_number(number: CertificateNumber, *, filing: str, issued_on: date, level: int) -> None:
    """Refuse a number that is not of this organisation, year of issue or level (source: CERT-20, CERT-16, CERT-17)."""
    if number.filing != filing:
        raise Refused(f'证书编号{number.text}的前13位不是本机构的备案号{filing}，请核对证书。', rule='CERT-20')
    if number.year != issued_on.year:
        raise Refused(f'证书编号{number.text}的年份为{number.year}年，与发证日期{issued_on}不一致，请核对证书。', rule='CERT-16')
    if number.level != level:
        raise Refused(f'证书编号{number.text}的等级为{LEVELS[number.level]}，与证书等级{LEVELS[level]}不一致，请核对证书。', rule='CERT-17')


def serial_findings(numbers: Iterable[CertificateNumber], starts: Mapping[tuple[str, int, int], int]) -> list[Finding]:
    """Return gaps (warning) and serials used twice (block) of every counter.

    starts: {counter: last serial used before this system}; a counter not named begins at 000001
    source: CERT-21, CERT-22
    """
    serials: defaultdict[tuple[str, int, int], Counter[int]] = defaultdict(Counter)
    for number in numbers:
        serials[number.counter][number.serial] += 1
    found = []
    for counter, used in sorted(serials.items()):
        head = f'{counter[0]}{counter[1] % 100:02d}{counter[2]}'
        for serial in sorted(serial for serial, times in used.items() if times > 1):
            found.append(Finding('CERT-21', 'block', head, f'证书编号{head}{serial:06d}使用了{used[serial]}次，请立即停止打印并查明原因。'))
        before = starts.get(counter, 0)
        for serial in sorted(used):
            if serial > before + 1:
                found.append(Finding('CERT-21', 'warn', head, f'证书编号{head}{before + 1:06d}至{serial - 1:06d}没有记录，请查明去向。'))
            before = max(before, serial)
    return found


# ------------------------------------------------------------------ card number, 18 positions


@dataclass(frozen=True, slots=True)
class CardScheme:
    """How cards are numbered (`codes: cards:` of a profile)."""

    grades: Mapping[str, str]  # position 14 by key of words.CARDS: examiners of both grades
    supervisor_last: int  # serials above it would look like an examiner's number


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A card number in its parts."""

    text: str
    issuer: str  # filing number, or code of the centre
    kind: str  # key of words.CARDS
    serial: int


def card_number(issuer: str, kind: str, serial: int, scheme: CardScheme) -> str:
    """Return the 18 positions of a card number; raises Refused when the serials of the kind are used up.

    issuer: filing number; a supervisor of a centre takes its `centre_code`
    source: PERS-17 (examiners), PERS-37 (supervisors)
    """
    grade = scheme.grades.get(kind)
    last = 9999 if grade else scheme.supervisor_last
    if kind not in CARDS or not re.fullmatch('[SY0][0-9]{12}', issuer) or serial < 1 or (grade and issuer[0] == '0'):
        raise ValueError('no card number has these parts')
    if serial > last:
        raise Refused(f'{CARDS[kind]}证卡的顺序号已用到{last}，不能再编号，请联系鉴定中心。', rule='PERS-17' if grade else 'PERS-37')
    return f'{issuer}{grade}{serial:04d}' if grade else f'{issuer}{serial:05d}'


def read_card_number(text: str, scheme: CardScheme) -> CardNumber:
    """Return the parts of the card number in a text; raises Refused (source: PERS-17, PERS-37)."""
    number = fold(text)
    if not re.fullmatch('[SY0][0-9]{17}', number):
        raise Refused('证卡编号应为18位：发证单位的13位编号和5位数字，请对照证卡核对。', rule='PERS-17')
    kinds = {digit: kind for kind, digit in scheme.grades.items()}
    kind = kinds.get(number[13], 'supervisor') if number[0] != '0' else 'supervisor'  # a centre issues supervisors' cards only
    serial = int(number[13:] if kind == 'supervisor' else number[14:])
    if serial < 1 or (kind == 'supervisor' and serial > scheme.supervisor_last):
        raise Refused(f'证卡编号末尾的顺序号不在{CARDS[kind]}证卡的范围内，请对照证卡核对。', rule='PERS-37' if kind == 'supervisor' else 'PERS-17')
    return CardNumber(number, number[:13], kind, serial)


def centre_code(province: str, city: str) -> str:
    """Return the 13 positions that stand for a centre on its supervisors' cards."""
    return f'00000{province}{city}0000'


# ------------------------------------------------------------------ ticket number, 12 positions


@dataclass(frozen=True, slots=True)
class TicketNumber:
    """A ticket number in its parts; it keeps the seat it was given for, a later move does not change it."""

    year: int
    batch: int  # running number of the batch in its year
    level: int
    room: int  # 考场号 of the first subject
    seat: int

    @property
    def text(self) -> str:
        """All 12 digits, the last a Luhn digit."""
        return ticket_number(self.year, self.batch, self.level, self.room, self.seat)


def ticket_number(year: int, batch: int, level: int, room: int, seat: int) -> str:
    """Return the 12 digits of a ticket number; ValueError for parts beyond their digits (source: TICK-07)."""
    if year not in _YEARS or level not in LEVELS or not (0 < batch < 1000 and 0 < room < 1000 and 0 < seat < 100):
        raise ValueError('no ticket number has these parts')
    body = f'{year % 100:02d}{batch:03d}{level}{room:03d}{seat:02d}'
    return body + _luhn(body)


def ticket_numbers(year: int, batch: int, levels: Sequence[int], rooms: Sequence[int], seats: Sequence[int]) -> list[str | None]:
    """Return the ticket numbers of a batch for columns of levels, rooms and seats; None where one of them is 0 (source: TICK-07)."""
    import numpy as np

    level, room, seat = (np.array(column, np.int64) for column in (levels, rooms, seats))
    seated = (level > 0) & (room > 0) & (seat > 0)
    if year not in _YEARS or not 0 < batch < 1000 or (seated & ((level > max(LEVELS)) | (room > 999) | (seat > 99))).any():
        raise ValueError('no ticket numbers have these parts')
    body = ((year % 100 * 1000 + batch) * 10 + level) * 100_000 + room * 100 + seat
    digits = body[:, None] // 10 ** np.arange(10, -1, -1) % 10
    doubled = digits[:, ::2] * 2
    check = -((doubled - 9 * (doubled > 9)).sum(1) + digits[:, 1::2].sum(1)) % 10
    text = (np.column_stack((digits, check)) + ord('0')).astype(np.uint8).tobytes().decode()
    return [text[12 * at:12 * at + 12] if one else None for at, one in enumerate(seated.tolist())]


def read_ticket_number(text: str) -> TicketNumber:
    """Return the parts of the ticket number in a text; raises Refused (source: TICK-07)."""
    number = fold(text)
    if not re.fullmatch('[0-9]{12}', number):
        raise Refused('准考证号应为12位数字，请对照准考证核对。', rule='TICK-07')
    if _luhn(number[:11]) != number[11]:
        raise Refused('准考证号的校验码（第12位）与前11位不符，至少有一位填错，请对照准考证逐位核对。', rule='TICK-07')
    ticket = TicketNumber(_YEARS.start + int(number[:2]), int(number[2:5]), int(number[5]), int(number[6:9]), int(number[9:11]))
    if ticket.level not in LEVELS or not (ticket.batch and ticket.room and ticket.seat):
        raise Refused('准考证号中的批次、等级、考场或座位不存在，请对照准考证核对。', rule='TICK-07')
    return ticket


def _luhn(body: str) -> str:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in body[::-2]]
    return str(-(sum(doubled) + sum(int(digit) for digit in body[-2::-2])) % 10)


_YEARS = range(2000, 2100)  # what two digits of a year can say
_LAST_SERIAL = 999_999  # what six positions hold
