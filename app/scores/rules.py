"""Two entries compared, who may sign when, and who passes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.checks import Score, read_score_or_mark
from app.errors import Refused
from app.findings import Finding
from app.words import MARKS, SUBJECTS, score_text
from app.workdays import Conventions, add_years

Status = Literal['missing', 'one', 'equal', 'differs']
STATUS_WORDS: Mapping[Status, str] = {'missing': '未录入', 'one': '待第二次录入', 'equal': '一致', 'differs': '不一致'}
STEPS = ('leader', 'recorder', 'supervisor', 'exam_affairs')  # in the order of the score table's sign-offs (SCORE-12…14)
STEP_WORDS = {'leader': '考评组长', 'recorder': '汇总记分员', 'supervisor': '内部质量督导员', 'exam_affairs': '考务负责人'}


@dataclass(frozen=True, slots=True)
class Cell:
    """One subject of one candidate: both entries; (None, '') where nothing was entered.

    first, second: whole tenths or a mark, '' for none · by_first, by_second: person ids
    """

    first: int | str
    second: int | str
    by_first: int = 0
    by_second: int = 0

    @property
    def status(self) -> Status:
        if self.first == '' and self.second == '':
            return 'missing'
        if self.first == '' or self.second == '':
            return 'one'
        return 'equal' if self.first == self.second else 'differs'


def read_entry(label: str, text: str, full: int) -> int | str:
    """Return whole tenths or a mark for what was typed: 66.5 → 665, 缺考 → 'absent'. raises Refused (CONV-12)"""
    score: Score = read_score_or_mark(label, text, full=full)
    if score.mark == 'exempt':
        raise Refused(f'“{label}”不能手工填写免考：保留的成绩由系统按规定带入，请填写本次成绩或“缺考”。', rule='SCORE-10')
    return score.mark if score.tenths is None else score.tenths  # type: ignore[return-value]


def entry_text(value: int | str) -> str:
    """Return an entry as papers print it: 665 → 66.5, 'absent' → 缺考, '' → ''."""
    return score_text(value) if isinstance(value, int) else MARKS.get(value, '')


def check_second_person(round_no: int, other_by: int, person_id: int) -> None:
    """Refuse that one person makes both entries (SCORE-12)."""
    if other_by == person_id:
        other = '第一次' if round_no == 2 else '第二次'
        raise Refused(f'{other}录入就是您本人，两次录入须由两人分别完成，请由另一人登录录入。', rule='SCORE-12')


def table_findings(names: Mapping[int, str], cells: Mapping[tuple[int, str], Cell], subjects: Mapping[int, Sequence[str]]) -> list[Finding]:
    """Return every cell that keeps the table from being signed.

    names: {candidate id: 准考证号 and name} · cells: {(candidate id, subject): Cell} · subjects: {candidate id: subjects of his level}
    """
    found = []
    for candidate_id, who in names.items():
        for subject in subjects[candidate_id]:
            cell = cells.get((candidate_id, subject), Cell('', ''))
            if cell.status == 'equal':
                continue
            said = {'missing': '尚未录入', 'one': '只录入了一次，须由另一人第二次录入',
                    'differs': f'两次录入不一致（{entry_text(cell.first)}与{entry_text(cell.second)}），请对照原始成绩由录入人更正'}[cell.status]
            found.append(Finding('SCORE-12', 'block', f'{candidate_id}/{subject}', f'{who}的{SUBJECTS[subject]}{said}。'))
    return found


def content_hash(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return the hash of a score table: rows of (ticket number, subject, entry text) in any order; what a signature covers."""
    return hashlib.sha256(json.dumps(sorted(rows), ensure_ascii=False).encode()).hexdigest()


def check_step(step: str, signed: Sequence[str]) -> None:
    """Refuse a signature out of turn or given already."""
    if step in signed:
        raise Refused(f'“{STEP_WORDS[step]}”已签字，无须重复。', rule='SCORE-13')
    due = STEPS[len(signed)]
    if step != due:
        raise Refused(f'签字须按顺序进行，现在应由{STEP_WORDS[due]}签字。', rule='SCORE-13' if due in ('leader', 'recorder') else 'SCORE-14')


def check_signer(step: str, person_id: int, signers: Mapping[str, int], enterers: frozenset[int]) -> None:
    """Refuse that the supervisor signs scores he entered, or that one person signs two steps (SEC-03, SEC-04)."""
    if step == 'supervisor' and person_id in enterers:
        raise Refused('您录入过本批成绩，督导签字须由未参与录入的内部质量督导员办理。', rule='SEC-03')
    for other, signer in signers.items():
        if signer == person_id:
            raise Refused(f'您已作为{STEP_WORDS[other]}签字，“{STEP_WORDS[step]}”须由另一人签字。', rule='SEC-04')


def passed(scores: Mapping[str, int | str], subjects: Sequence[str], pass_mark: int) -> bool:
    """Return whether every subject of the level reaches the pass mark (whole points), compared unrounded.

    scores: {subject: tenths or mark}; a mark never passes, nothing is averaged · source: SCORE-01, SCORE-02, SCORE-04
    """
    return all(_reached(scores.get(s, ''), pass_mark) for s in subjects)


def kept_subjects(
    scores: Mapping[str, int | str], subjects: Sequence[str], pass_mark: int, *, carried: Sequence[str], years: int | None,
    exam_on: Mapping[str, date], conventions: Conventions) -> dict[str, date]:
    """Return the subjects that stay valid for who did not pass, with their last day; {} for who passed or where nothing is carried.

    carried: subjects a profile carries over · years: how long, None = not at all · source: SCORE-08
    """
    if years is None or passed(scores, subjects, pass_mark):
        return {}
    return {s: add_years(exam_on[s], years, conventions) for s in subjects if s in carried and s in exam_on and _reached(scores.get(s, ''), pass_mark)}


def _reached(value: int | str, pass_mark: int) -> bool:
    return isinstance(value, int) and value >= pass_mark * 10
