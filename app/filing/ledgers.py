"""The two ledgers that a filing needs beside the registers of people and things, as data: licences (F-LICENCE) and training statistics (F-TRAIN-STAT)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import col

from app.errors import NotYours
from app.filing.materials import LICENCE_WORDS
from app.findings import Finding
from app.ledger_items import Item
from app.ledgers import Ledger
from app.premises.occupations import read_occupation
from db.filing import Licence, TrainingYear

MOST_PEOPLE = 1_000_000
FIRST_YEAR = 2000


def licence_findings(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Return a block for a licence that ends before it begins (source: ORG-50)."""
    first, last = values.get('valid_from'), values.get('valid_to')
    if first and last and last < first:
        return [Finding('ORG-50', 'block', 'valid_to', f'有效期止{last}早于有效期起{first}，请对照证照核对。')]
    return []


def training_findings(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Return a block for a year that is not yet, or too long ago to be meant (source: ORG-03)."""
    year = values.get('year')
    if year is not None and not FIRST_YEAR <= year <= today.year:
        return [Finding('ORG-03', 'block', 'year', f'年份{year}不对，应在{FIRST_YEAR}年至今年之间。')]
    return []


LICENCES = Ledger(
    'licence', '证照', Licence, (
        Item('kind', '种类', 'choice', required=True, options=LICENCE_WORDS, width=24, example='民办非企业单位登记证书', aliases=('证照种类',), rule='ORG-50'),
        Item('number', '证号', 'code', 60, required=True, width=24, example='民培9901号', aliases=('证照编号', '统一社会信用代码'), rule='ORG-50'),
        Item('issuer', '发证机关', most=100, required=True, width=28, example='明川市民政局（演示）', rule='ORG-50'),
        Item('valid_from', '有效期起', 'date', blank=None, rule='ORG-50'),
        Item('valid_to', '有效期止', 'date', blank=None, hint='长期有效的留空', rule='ORG-50')),
    ('kind', 'number'), 'licence', ('number', 'issuer'), check=licence_findings, filters={'kind': lambda value: col(Licence.kind) == value}, ending='作废')

TRAINING = Ledger(
    'training', '培训统计', TrainingYear, (
        Item('year', '年份', 'count', 9999, required=True, width=8, example='2025', rule='ORG-03'),
        Item('kind', '培训种类', most=30, required=True, width=18, example='职业技能培训', rule='ORG-03'),
        Item('trade', '培训工种', required=True, width=18, example='保育师', rule='ORG-03'),
        Item('occupation_code', '职业编码', 'code', 20, width=14, example='4-10-01-03', hint='职业名称或编码', reader=read_occupation, rule='OCC-05'),
        Item('people', '人数', 'count', MOST_PEOPLE, required=True, width=10, example='120', aliases=('培训人数',), rule='ORG-03'),
        Item('level', '鉴定级别', most=20, width=12, example='四级')),
    ('year', 'kind', 'trade', 'level'), 'training', ('kind', 'trade'), check=training_findings, ending='作废')

LEDGERS: Mapping[str, Ledger] = {ledger.name: ledger for ledger in (LICENCES, TRAINING)}


def ledger_of(name: str) -> Ledger:
    """Return a ledger by its name; raises NotYours for another one, as an address may ask for."""
    if name not in LEDGERS:
        raise NotYours
    return LEDGERS[name]
