"""What must hold of a technical assessment: the panel, a sheet that may be signed, what follows from the sheets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from app.checks import check_text
from app.errors import Refused
from app.filing.answering import ANSWERED, is_publicized
from app.filing.ways import WAYS
from app.findings import Finding
from app.rubric_items import ZERO, is_answered, is_vetoed, item_score, rule_id
from app.rubric_models import HeaderField, Item, Rubric
from app.rubric_rules import Lease
from app.rubrics import RubricId, SheetResult, header_findings, is_included, rubric, score_sheet

Answer = dict[str, Any]
Key = tuple[str, int | None]  # rubric id and range id; None: the public sheet

PANEL_MIN = 3  # proposed with F-TECHEVAL; no document says how many
METHODS = {'onsite': '现场评估', 'online': '线上评估'}
_SORT = {'employer': 'employer', 'technical_school': 'school', 'social_training_org': 'social'}
_TYPED = ('int', 'number')  # header cells that a person fills; the others are known
_LONGEST = 20  # characters of a number in an answer


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody chosen for the panel: person of the centre, title and employer as the sheet's foot prints them."""

    member_id: int
    name: str
    title: str = ''
    employer: str = ''
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at one item."""

    answer: Answer = field(default_factory=dict)
    remark: str = ''
    finding: str = ''

    @property
    def is_empty(self) -> bool:
        return not (self.answer or self.remark or self.finding)


NOTHING = Entry()
Entries = Mapping[str, Entry]


# ------------------------------------------------------------------ which sheets, which people


def sheet_of(rubric_id: str) -> Rubric:
    """Return the rubric of a stored id."""
    return rubric(cast('RubricId', rubric_id))


def sheets_needed(kind: str, way: str, range_ids: Sequence[int]) -> list[Key]:
    """Return the sheets of an application in their order: the public one, then one per occupation.

    kind: of the organisation; a school that evaluates society is scored as a social organisation
    An increment is scored by occupation sheets alone: the public part was assessed for the filing it adds to.
    raises Refused without an occupation · source: TEV-01, TEV-02, TEV-03
    """
    if not range_ids:
        raise Refused('申报中没有职业（工种），不能开始评估，请核对申报材料。', rule='TEV-03')
    sort = 'social' if WAYS[way].audience == 'society' else _SORT[kind]
    public: list[Key] = [] if way == 'increment' else [(f'{sort}-public', None)]
    return public + [(f'{sort}-occupation', range_id) for range_id in range_ids]


def check_panel(members: Sequence[Member], org_name: str) -> None:
    """Refuse a panel that is too small, has no leader or two, names somebody twice or has one of the applicant's own people (source: ORG-70)."""
    if len({m.member_id for m in members}) != len(members):
        raise Refused('评估组中同一人选了两次，请改选。', rule='ORG-70')
    if len(members) < PANEL_MIN:
        raise Refused(f'评估组现有{len(members)}人，至少{PANEL_MIN}人，请再选{PANEL_MIN - len(members)}人。', rule='ORG-70')
    if sum(m.leads for m in members) != 1:
        raise Refused('评估组须有一名组长，请指定一人。', rule='ORG-70')
    for member in members:
        check_member(member, org_name)


def check_member(member: Member, org_name: str) -> None:
    """Refuse an assessor whose employer is the applicant (source: ORG-70)."""
    if member.employer and member.employer.strip() == org_name:
        raise Refused(f'{member.name}的工作单位就是被评估单位“{org_name}”，应当回避，请改选他人。', rule='ORG-70')


def check_line(text: str) -> str:
    """Return the line over which a difference needs a reconciliation, in points above 0; raises Refused."""
    try:
        line = Decimal(text.strip())
    except InvalidOperation:
        line = ZERO
    if not (line.is_finite() and ZERO < line <= 100):
        raise Refused('分差界限应为大于0、不超过100的分数，例如2。', rule='ORG-70')
    return format(line.normalize(), 'f')


# ------------------------------------------------------------------ one item


def item_of(sheet: Rubric, item_id: str) -> Item | None:
    """Return an item; None: a bonus item of the sheet; raises Refused for an id the sheet does not have."""
    if item := next((item for item in sheet.items if item.id == item_id), None):
        return item
    if item_id not in {item.id for item in sheet.bonus}:
        raise Refused('评分表中没有这一项，请刷新页面后重试。', rule='TEV-03')
    return None


def check_answer(sheet: Rubric, item_id: str, answer: Mapping[str, Any]) -> Answer:
    """Return an answer as it is kept, numbers as text; raises Refused for what the rubric does not allow (TEV-05…TEV-08, TEV-10).

    An answer may be half given while it is typed (lease without its years): then only its keys and kinds are checked.
    """
    item = item_of(sheet, item_id)
    kept = {key: value if isinstance(value, bool) else str(value).strip() for key, value in answer.items() if value not in (None, '')}
    if any(isinstance(value, str) and len(value) > _LONGEST for value in kept.values()):
        raise Refused('填写的内容过长，不是可以计算的数字，请用阿拉伯数字填写。', rule='TEV-03')
    try:
        if item is None:
            score_sheet(sheet, {item_id: kept} if kept else {})
        elif is_answered(item, kept):
            item_score(item, kept, sheet.score_step)
            is_vetoed(item, kept)
        elif isinstance(item.rule, Lease) and 'score' in kept:
            item_score(item, {'score': kept['score'], 'leased': False}, sheet.score_step)
    except ValueError:
        raise Refused('这一项的评分方式不接受这样的内容，请刷新页面后重试。', rule='TEV-03') from None
    return kept


def needs_remark(item: Item, answer: Mapping[str, Any], step: Decimal) -> bool:
    """Tell whether an answered item loses points, is not met or vetoes: then the sheet says why."""
    if not is_answered(item, answer):
        return False
    score = item_score(item, answer, step)
    lost = score < item.points if score is not None and item.points is not None else answer.get('met') is False
    return lost or is_vetoed(item, answer)


# ------------------------------------------------------------------ a whole sheet


def scored(sheet: Rubric, entries: Entries) -> SheetResult:
    """Return the sheet scored; items without an answer stay open (source: TEV-01…TEV-10)."""
    return score_sheet(sheet, {key: entry.answer for key, entry in entries.items() if entry.answer})


def typed_fields(sheet: Rubric) -> list[HeaderField]:
    """Return the cells above the table that a person fills: heads of workers, average graduates."""
    return [f for f in sheet.header_fields if f.type in _TYPED]


def check_header(sheet: Rubric, key: str, text: str) -> str:
    """Return a number for a cell above the table as it is kept; raises Refused."""
    asked = next((f for f in typed_fields(sheet) if f.key == key), None)
    if asked is None:
        raise Refused('表头没有这一项，请刷新页面后重试。', rule='TEV-03')
    said = check_text(asked.label, text, _LONGEST, required=False)
    if not said:
        return ''
    whole, _, part = said.partition('.')
    if not (said.isascii() and whole.isdigit() and len(whole) <= 7 and (not part or (part.isdigit() and asked.type == 'number' and len(part) <= 2)) and not said.endswith('.')):
        raise Refused(f'“{asked.label}”填了“{said}”，应为不小于0的{"数" if asked.type == "number" else "整数"}，请用阿拉伯数字填写。', rule='TEV-03')
    return said


def sheet_faults(sheet: Rubric, entries: Entries, header: Mapping[str, str], *, consolidated: bool) -> list[Finding]:
    """Return what keeps a sheet from being signed: every unanswered item, every deduction without a remark, header cells of the consolidated one."""
    found = []
    for item in sheet.items:
        entry = entries.get(item.id, NOTHING)
        if not is_answered(item, entry.answer):
            found.append(Finding(rule_id(item), 'block', item.id, f'{item.label}尚未评分，未评分不等于0分，请评分。'))
        elif needs_remark(item, entry.answer, sheet.score_step) and not entry.remark:
            found.append(Finding(rule_id(item), 'block', item.id, f'{item.label}有扣分或不符合，备注还没有写，请写明扣分原因。'))
    if consolidated:
        found += [Finding('TEV-03', 'block', f.key, f'表头“{f.label}”还没有填写，请填写。') for f in typed_fields(sheet) if f.required and not header.get(f.key)]
    return found + header_findings(sheet, {key: int(text) for key, text in header.items() if text.isdigit()})


def content_hash(rubric_id: str, range_id: int | None, header: Mapping[str, str], entries: Entries) -> str:
    """Return the hash of what a signature on a sheet covers."""
    cells = sorted([key, entry.answer, entry.remark, entry.finding] for key, entry in entries.items() if not entry.is_empty)
    said = json.dumps([rubric_id, range_id, dict(sorted(header.items())), cells], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


# ------------------------------------------------------------------ what follows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the consolidated sheets say.

    verdict: pass, rectify, fail · band: code and words of the public sheet's conclusion, '' without one · included: range ids that may be taken in
    """

    verdict: str
    band: str
    words: str
    included: tuple[int, ...]
    sentence: str


def outcome(sheets: Mapping[Key, SheetResult]) -> Outcome:
    """Return the conclusion of signed consolidated sheets.

    source: TEV-01, TEV-02, TEV-03, TEV-04 (vetoes); 基本具备 leads to rectification, then a person decides (TEV-09)
    """
    public = next((r for (_, range_id), r in sheets.items() if range_id is None), None)
    occupations = {range_id: r for (_, range_id), r in sheets.items() if range_id is not None}
    fits = tuple(i for i, r in occupations.items() if (is_included(public, r) if public else bool(r.conclusion and r.conclusion.min > 0)))
    said = f'可以纳入的职业（工种）{len(fits)}个，不纳入{len(occupations) - len(fits)}个'
    if public is None:
        return Outcome('pass' if fits else 'fail', '', '', fits, f'{said}。')
    assert public.conclusion is not None  # signed sheets have no open item
    band = public.conclusion
    verdict = 'fail' if not fits else 'pass' if band.below is None else 'rectify'  # a failed public part leaves nothing that fits
    return Outcome(verdict, band.code, band.text, fits, f'{band.text}；{said}。')


def lost_points(sheet: Rubric, entries: Entries) -> list[tuple[Item, str]]:
    """Return the items of a sheet that were not fully met with their remarks: what a rectification list is drawn from."""
    return [(item, entry.remark) for item in sheet.items if (entry := entries.get(item.id)) and needs_remark(item, entry.answer, sheet.score_step)]


def points_text(number: Decimal) -> str:
    """Return points as a person writes them: 3.50 → 3.5."""
    return format(number.normalize(), 'f')


# ------------------------------------------------------------------ the letter

LETTERS = ('increment', 'extension', 'change', 'ending')  # ways with a letter of their own kind; every other way is a first filing: reply
DECLINED_WORDS = {  # kinds of the letter that says no
    'reply_declined': '不予备案', 'increment_declined': '不予增量备案', 'extension_declined': '不予延续', 'change_declined': '不予变更', 'ending_declined': '不予终止'}
LETTER_WORDS = {
    'reply': '备案函', 'increment': '增量备案函', 'extension': '延续备案函', 'change': '变更函', 'ending': '终止函', **{kind: f'{word}的函' for kind, word in DECLINED_WORDS.items()}}


def letter_kind(way: str) -> str:
    """Return the kind of letter that answers a way of filing."""
    return way if way in LETTERS else 'reply'


def declined_kind(way: str) -> str:
    """Return the kind of letter that says no to a way of filing."""
    return f'{letter_kind(way)}_declined'


def is_declinable(way: str, *, publicity_over: bool) -> bool:
    """Tell whether a letter may say no: to a change or an end, and to what was publicized once that is over, for an objection that was upheld (source: ORG-70, ORG-75)."""
    return way in ANSWERED or (is_publicized(way) and publicity_over)


def is_declined(kind: str) -> bool:
    """Tell whether a letter says no."""
    return kind in DECLINED_WORDS


def is_reported(kind: str) -> bool:
    """Tell whether what a letter gives is reported to the ministry centre: not an end, and not a no (source: ORG-78)."""
    return kind != 'ending' and not is_declined(kind)


def letter_hash(said: Mapping[str, Any]) -> str:
    """Return the hash of what the signature on a letter covers."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
