"""What must hold of the equipment ledger, and what share of it is in working order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.figures import Limit
from app.findings import Finding
from app.premises.occupations import occupation_word, work_type_fault
from db.equipment import Equipment

MOST_OF_A_LOT = 9999
_LOT = re.compile(r'(?P<head>.*?)(?P<first>[0-9]{1,9})(?:…|\.\.\.|~|～|至)(?P<last>[0-9]{1,9})')

Trade = tuple[str, str]  # occupation code, work type


# ------------------------------------------------------------------ one line


def numbers_of(number: str) -> Sequence[str]:
    """Return the numbers that a line takes: CG-0001…0012 is twelve of them, any other text itself."""
    lot = _LOT.fullmatch(number)
    if not lot:
        return (number,)
    first, last = int(lot['first']), int(lot['last'])
    if not 0 <= last - first < MOST_OF_A_LOT:
        return (number,)
    return [f'{lot["head"]}{n:0{len(lot["first"])}d}' for n in range(first, last + 1)]


def line_findings(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Return what does not fit together in a line (source: EQUIP-01, EQUIP-04, OCC-07, ORG-17)."""
    found = []
    number, count = values.get('number'), values.get('count')
    if number and count and len(numbers_of(number)) not in (1, count):
        found.append(Finding('EQUIP-01', 'block', 'count', f'编号{number}共{len(numbers_of(number))}个，数量填写的是{count}，请更正其中一项，做到账物相符。'))
    code, trade = values.get('occupation_code', ''), values.get('work_type', '')
    if trade and not code:
        found.append(Finding('OCC-07', 'block', 'work_type', '填写工种前请先填写认定职业。'))
    elif fault := work_type_fault(code, trade):
        found.append(Finding('OCC-07', 'block', 'work_type', fault))
    if (valid_to := values.get('calibrated_to')) and valid_to < today:
        found.append(Finding('EQUIP-04', 'remind', 'calibrated_to', f'检定已于{valid_to}到期，送检合格前不得分配使用；检定后请更新日期。'))
    if values.get('tenure') == 'leased':
        found.append(Finding('ORG-17', 'remind', 'tenure', '认定用设备应为自有，租赁设备在备案时会被提醒。'))
    return found


# ------------------------------------------------------------------ the share in working order


@dataclass(frozen=True, slots=True)
class SoundRate:
    """How many machines of an occupation are sound; scrapped ones are no longer counted."""

    sound: int
    total: int

    @property
    def word(self) -> str:
        """Return 85.7%, or — without any machine."""
        if not self.total:
            return '—'
        tenths = (self.sound * 2000 + self.total) // (2 * self.total)  # half up
        return f'{tenths // 10}.{tenths % 10}%'

    def reaches(self, percent: int) -> bool:
        """Tell whether at least so many of a hundred are sound, by the exact share."""
        return self.sound * 100 >= percent * self.total


def sound_rates(lines: Iterable[Equipment]) -> dict[Trade, SoundRate]:
    """Return the share in working order of each occupation and work type, by code; '' is equipment for all (source: TEV-07, EQUIP-09)."""
    sums: dict[Trade, list[int]] = {}
    for line in lines:
        if line.state == 'scrapped':
            continue
        counted = sums.setdefault((line.occupation_code, line.work_type), [0, 0])
        counted[0] += line.count if line.state == 'sound' else 0
        counted[1] += line.count
    return {trade: SoundRate(*sums[trade]) for trade in sorted(sums, key=lambda t: (not t[0], t))}


def rate_findings(lines: Iterable[Equipment], least: Limit) -> list[Finding]:
    """Return a warning for each occupation whose equipment is below the profile's line: such an item scores 0 (source: TEV-07, EQUIP-09)."""
    if least.value is None:
        return []
    return [
        Finding(least.rule, 'warn', trade_word(trade), f'“{trade_word(trade)}”设备完好率{rate.word}（{rate.sound}/{rate.total}），低于{least.value}%，技术评估时此项不得分，请维修或更换。')
        for trade, rate in sound_rates(lines).items() if not rate.reaches(int(least.value))]


def trade_word(trade: Trade) -> str:
    """Return 车工/普通车床, or 通用 for equipment of no occupation."""
    return occupation_word(*trade) if trade[0] else '通用'
