"""Running numbers of an organisation's own papers: batch, letters, complaints, packets, equipment, boxes, blanks.

Each number is a small record that prints itself; `read_…` takes back what was printed. source: codes.md §9 (proposed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from random import Random

from app.codes import fold_line
from app.errors import Refused
from app.words import SUBJECT_LETTERS


@dataclass(frozen=True, slots=True)
class BatchNumber:
    """批次号, counted in each organisation and year: 2026-003."""

    year: int
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 999)

    def __str__(self) -> str:
        return f'{self.year}-{self.serial:03d}'


def read_batch_number(text: str) -> BatchNumber:
    """Return the batch number in a text; raises Refused."""
    parts = _parts('([0-9]{4})-([0-9]{3})', text, '批次号', '2026-003')
    return BatchNumber(int(parts[0]), _serial(parts[1], '批次号'))


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """发文字号 of a letter, decision or opinion: 明启培函〔2026〕3号; code = 机关代字 with 函, 文, 违处 or 督."""

    code: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 99_999)

    def __str__(self) -> str:
        return f'{self.code}〔{self.year}〕{self.serial}号'


def read_letter_number(text: str) -> LetterNumber:
    """Return the letter number in a text, with any brackets; raises Refused."""
    parts = _parts(r'([^〔〕]{1,20})〔([0-9]{4})〕([1-9][0-9]{0,4})号', text.translate(_BRACKETS), '发文字号', '明启培函〔2026〕3号')
    return LetterNumber(parts[0], int(parts[1]), int(parts[2]))


@dataclass(frozen=True, slots=True)
class AcceptanceNumber:
    """备案受理号, counted by day: BA20261026-01."""

    accepted_on: date
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 99)

    def __str__(self) -> str:
        return f'BA{self.accepted_on:%Y%m%d}-{self.serial:02d}'


def read_acceptance_number(text: str) -> AcceptanceNumber:
    """Return the acceptance number in a text; raises Refused."""
    parts = _parts('BA([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2})', text, '备案受理号', 'BA20261026-01')
    try:
        accepted_on = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise Refused('备案受理号中的日期不存在，请核对。') from None
    return AcceptanceNumber(accepted_on, _serial(parts[3], '备案受理号'))


@dataclass(frozen=True, slots=True)
class ComplaintNumber:
    """投诉登记号, counted by year: TS2026002."""

    year: int
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 999)

    def __str__(self) -> str:
        return f'TS{self.year}{self.serial:03d}'


def read_complaint_number(text: str) -> ComplaintNumber:
    """Return the complaint number in a text; raises Refused."""
    parts = _parts('TS([0-9]{4})([0-9]{3})', text, '投诉登记号', 'TS2026002')
    return ComplaintNumber(int(parts[0]), _serial(parts[1], '投诉登记号'))


@dataclass(frozen=True, slots=True)
class PacketNumber:
    """试卷袋编号: batch, 考场号, subject (key of words.SUBJECTS), packet: 2026-003-001-L1."""

    batch: BatchNumber
    room: int
    subject: str
    packet: int

    def __post_init__(self) -> None:
        _check_serial(self.room, 999)
        _check_serial(self.packet, 99)

    def __str__(self) -> str:
        return f'{self.batch}-{self.room:03d}-{SUBJECT_LETTERS[self.subject]}{self.packet}'


def read_packet_number(text: str) -> PacketNumber:
    """Return the packet number in a text, as scanned from its label; raises Refused."""
    parts = _parts('([0-9]{4}-[0-9]{3})-([0-9]{3})-([LSZ])([1-9][0-9]?)', text, '试卷袋编号', '2026-003-001-L1')
    subject = next(subject for subject, letter in SUBJECT_LETTERS.items() if letter == parts[2])
    return PacketNumber(read_batch_number(parts[0]), _serial(parts[1], '试卷袋编号'), subject, int(parts[3]))


@dataclass(frozen=True, slots=True)
class BadgeNumber:
    """Number of a badge without a coded card (考务人员证, 胸卡): batch and running number: 2026-003-K07."""

    batch: BatchNumber
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 99)

    def __str__(self) -> str:
        return f'{self.batch}-K{self.serial:02d}'


def read_badge_number(text: str) -> BadgeNumber:
    """Return the badge number in a text; raises Refused."""
    parts = _parts('([0-9]{4}-[0-9]{3})-K([0-9]{2})', text, '胸卡编号', '2026-003-K07')
    return BadgeNumber(read_batch_number(parts[0]), _serial(parts[1], '胸卡编号'))


@dataclass(frozen=True, slots=True)
class EquipmentNumber:
    """设备编号: short code of the occupation and running number: CG-0007."""

    code: str
    serial: int

    def __post_init__(self) -> None:
        _check_serial(self.serial, 9999)

    def __str__(self) -> str:
        return f'{self.code}-{self.serial:04d}'


def read_equipment_number(text: str) -> EquipmentNumber:
    """Return the equipment number in a text; raises Refused."""
    parts = _parts('([A-Z]{1,6})-([0-9]{4})', text, '设备编号', 'CG-0007')
    return EquipmentNumber(parts[0], _serial(parts[1], '设备编号'))


@dataclass(frozen=True, slots=True)
class BoxNumber:
    """档案盒号: batch, category of the volume, box: 2026-003-03-1."""

    batch: BatchNumber
    category: int
    box: int

    def __post_init__(self) -> None:
        _check_serial(self.category, 99)
        _check_serial(self.box, 99)

    def __str__(self) -> str:
        return f'{self.batch}-{self.category:02d}-{self.box}'


def read_box_number(text: str) -> BoxNumber:
    """Return the box number in a text; raises Refused."""
    parts = _parts('([0-9]{4}-[0-9]{3})-([0-9]{2})-([1-9][0-9]?)', text, '档案盒号', '2026-003-03-1')
    return BoxNumber(read_batch_number(parts[0]), _serial(parts[1], '档案盒号'), int(parts[2]))


@dataclass(frozen=True, slots=True)
class BlankNumber:
    """证书空白件流水码 as its printer made it: a head and digits that count: L4-00001201."""

    head: str  # 'L4-'
    serial: int
    width: int  # digits of the serial

    def __str__(self) -> str:
        return f'{self.head}{self.serial:0{self.width}d}'


def read_blank_number(text: str) -> BlankNumber:
    """Return the number of a blank certificate in a text; raises Refused."""
    parts = _parts('([0-9A-Z-]{0,12}?)([0-9]{1,12})', text, '空白证书流水码', 'L4-00001201')
    return BlankNumber(parts[0], int(parts[1]), len(parts[1]))


def blank_count(first: BlankNumber, last: BlankNumber) -> int:
    """Return how many blanks a range from-to holds, both included; raises Refused for two ends that do not belong together."""
    if (first.head, first.width) != (last.head, last.width) or last.serial < first.serial:
        raise Refused(f'空白证书流水码的起止号“{first}”和“{last}”不是同一段，或止号小于起号，请核对。')
    return last.serial - first.serial + 1


def draw_piece_numbers(count: int, chance: Random) -> list[str]:
    """Return secret numbers of the work pieces of one practical room: three digits each, none twice, in drawn order."""
    return [str(number) for number in chance.sample(range(100, 1000), count)]


def _parts(pattern: str, text: str, name: str, example: str) -> tuple[str, ...]:
    if not (found := re.fullmatch(pattern, fold_line(text))):
        raise Refused(f'{name}应写成“{example}”的样子，请核对后重新填写。')
    return found.groups()


def _serial(digits: str, name: str) -> int:
    if not int(digits):
        raise Refused(f'{name}中的顺序号从1开始，请核对后重新填写。')
    return int(digits)


def _check_serial(serial: int, last: int) -> None:
    if not 0 < serial <= last:
        raise ValueError(f'a running number counts from 1 to {last}')


_BRACKETS = str.maketrans('[]【】（）()［］', '〔〕' * 5)
