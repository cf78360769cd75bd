"""Sites, rooms, systems, cameras, equipment and safety checks of the three organisations, and what changes on them later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.demo.story import Scene, rows_of
from app.equipment.ledger import EQUIPMENT
from app.equipment.operations import add_equipment, change_equipment
from app.ledger_items import Written, written_of
from app.ledgers import Ledger, current, known_of, values_of
from app.premises.ledgers import LEDGERS
from app.premises.operations import add_premises, change_premises
from app.words import china_time
from app.work import Work, begin_as

KEPT_DAYS = '1826'  # five years of recordings


def fill(scene: Scene, key: str) -> None:
    """Enter an organisation's ledgers in the order in which rows name each other, with the safety checks of the day."""
    told = scene.story.premises[key]
    with begin_as(scene.people[told.by], at=told.at) as work:
        for name in ('site', 'room', 'system'):
            for row in _rows(LEDGERS[name], key):
                add_premises(work, ledger=name, written=row)
        for row in _rows(LEDGERS['room'], key):
            for n in range(1, int(row['camera_count']) + 1):
                camera = {'room_id': row['name'], 'label': f'{n}号点位', 'resolution': row['resolution'], 'remote_view': '是', 'kept_days': KEPT_DAYS}
                add_premises(work, ledger='camera', written=camera)
        for row in _rows(EQUIPMENT, key):
            add_equipment(work, written=row)
        _check(work, key, china_time(told.at).date())


def keep_up(scene: Scene, n: int) -> None:
    """Do what the story tells of a later day at organisation A."""
    told = scene.story.upkeep[n]
    with begin_as(scene.people[told.by], at=told.at) as work:
        _check(work, 'a', china_time(told.at).date())
        for name, row, key, text in told.changes:
            ledger = EQUIPMENT if name == 'equipment' else LEDGERS[name]
            found, shown = _named(work, ledger, row, key)
            if name == 'equipment':
                change_equipment(work, equipment_id=found.id, column=key, shown=shown, new=text)
            else:
                change_premises(work, ledger=name, record_id=found.id, column=key, shown=shown, new=text)


def _check(work: Work, key: str, day: date) -> None:
    for row in _rows(LEDGERS['check'], key):
        if row['checked_on'] == f'{day}':
            add_premises(work, ledger='check', written=row)


def _rows(ledger: Ledger, key: str) -> list[Mapping[str, Any]]:
    """Return an organisation's rows of the story by the items' keys; 单位 is the organisation, 单位（计量） the unit of a count."""
    heads = {item.key: '单位（计量）' if item.head == '单位' else item.sheet_head for item in ledger.items}
    return [{key: row.get(head, '') for key, head in heads.items()} for row in rows_of(f'ledger_{ledger.name}') if row['单位'] == key]


def _named(work: Work, ledger: Ledger, words: str, key: str) -> tuple[Any, Written]:
    """Return a row by its keys in words, and what stands in one of its items."""
    known = known_of(work, ledger)
    for row in current(work, ledger):
        values = values_of(ledger, row)
        if '　'.join(written_of(ledger.item(k), values[k], known) for k in ledger.keys) == words:
            return row, written_of(ledger.item(key), values[key], known)
    raise LookupError(words)
