"""Who gets a number, in which order, and what a certificate's number and query must satisfy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.codes import fold
from app.errors import Refused

QUERY_KEYS = ('number', 'name', 'id_no')
QUERY_WORDS = {'number': '证书编号', 'name': '姓名', 'id_no': '证件号码'}


@dataclass(frozen=True, slots=True)
class Passed:
    """One person who gets a certificate."""

    candidate_id: int
    occupation_code: str
    occupation: str
    work_type: str
    level: int
    ticket_number: str


def in_order(people: Sequence[Passed]) -> list[Passed]:
    """Return them as numbers are given: occupation code, work type, ticket number (codes.md 6.1.3)."""
    return sorted(people, key=lambda p: (p.occupation_code, p.work_type, p.ticket_number))


def serials(people: Sequence[Passed], last: Mapping[int, int]) -> list[tuple[Passed, int]]:
    """Return each person with his serial: one unbroken run per level after the last one used.

    last: {level: last serial used this year}; the limit of six digits is checked where the number is composed
    source: CERT-18, CERT-21, CERT-22
    """
    counter = dict(last)
    given = []
    for person in in_order(people):
        counter[person.level] = counter.get(person.level, 0) + 1
        given.append((person, counter[person.level]))
    return given


def list_hash(people: Sequence[Passed], issued_on: date) -> str:
    """Return the hash of the list the head signs: exactly these people and this date (CERT-35)."""
    rows = [(p.ticket_number, p.candidate_id, p.occupation_code, p.occupation, p.work_type, p.level) for p in in_order(people)]
    return hashlib.sha256(json.dumps([rows, issued_on.isoformat()], ensure_ascii=False).encode()).hexdigest()


def check_publicity_over(to_on: date | None, today: date) -> None:
    """Refuse before the publicity has run to its end (SCORE-19)."""
    if to_on is None:
        raise Refused('成绩尚未公示，请先公示。', rule='SCORE-19')
    if today <= to_on:
        raise Refused(f'公示期到{to_on}止，当天结束后才能签批核发，请在次日办理。', rule='SCORE-19')


def check_issue_date(issued_on: date, today: date) -> None:
    """Refuse an issue date before the approval or in another year than it can be printed in (CERT-16)."""
    if issued_on < today:
        raise Refused('发证日期不能早于签批当天，请更正；编号中的年份取自发证日期。', rule='CERT-16')
    if (issued_on - today).days > 31:
        raise Refused('发证日期距签批超过一个月，请更正。', rule='CERT-16')


def check_query(given: Mapping[str, str], at_least: int) -> dict[str, str]:
    """Return the fields of a public query that were filled, folded; refuse fewer than the profile asks (DATA-14)."""
    filled = {k: (fold(v) if k != 'name' else v.strip()) for k, v in given.items() if k in QUERY_KEYS and v.strip()}
    if len(filled) < at_least:
        raise Refused(f'请至少填写{"、".join(QUERY_WORDS.values())}中的任意两项。', rule='DATA-14')
    return filled


def mask_name(name: str) -> str:
    """Return a name covered for the public: 仲* for two characters, else first and last (experience.md §5)."""
    if len(name) <= 2:
        return name[:1] + '*'
    return name[0] + '*' * (len(name) - 2) + name[-1]
