"""What follows the acceptance of each way: assessment and publicity, or an answer at once; what a change may say.

The sources are silent on a change. What a filing was assessed for is assessed again where it changes (by the profile: the place of
evaluation); a name, an address, a person are examined on the papers and answered. An end is reported and answered (ORG-96).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.codes import read_credit_code
from app.errors import Refused
from app.figures_results import Profile
from app.filing.answers import given
from app.filing.forms import ChangeRow, ChangeStep, extra, questions
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.organizations.rules import CARD

ANSWERS = {'change': 'application.change', 'ending': 'application.end', 'nationwide_employer': 'application.file_national'}
ANSWERED = ('change', 'ending')  # ways whose letter changes or ends a filing: nothing is publicized, there is no annex
DECLINE = 'application.decline'  # the verb of the letter that says no to one of them, or to what was publicized; the register stays as it is
WORDS: dict[str, str] = extra(questions(ChangeRow)['what'])['options']


def answer_verb(way: str) -> str:
    """Return the verb by which the letter decides on a way (source: ORG-70, ORG-71, ORG-96)."""
    return ANSWERS.get(way, 'application.file')


def is_publicized(way: str) -> bool:
    """Tell whether who is to be filed is publicized before the letter (source: ORG-70; ORG-71 names no publicity)."""
    return way not in ANSWERS


def is_assessed(record: ApplicationRecord, profile: Profile) -> bool:
    """Tell whether an application goes through the technical assessment before the letter (source: ORG-70, ORG-71, ORG-94, ORG-96)."""
    if record.way == 'ending':
        return False
    return record.way != 'change' or any(row.what in profile.filing.assessed_changes.value for row in given(record, ChangeStep).changes)


def changes_of(record: ApplicationRecord) -> tuple[tuple[str, str, str], ...]:
    """Return what changes as letters list it: (word, before, after)."""
    return tuple((WORDS.get(row.what, row.what), row.before, row.after) for row in given(record, ChangeStep).changes) if record.way == 'change' else ()


def change_findings(record: ApplicationRecord) -> list[Finding]:
    """Return what is wrong with the rows of a change; subject is `change.changes` (source: ORG-98, VAL-03)."""
    if record.way != 'change':
        return []
    rows = given(record, ChangeStep).changes
    return [Finding(rule, 'block', 'change.changes', f'第{n}行“{WORDS.get(row.what, row.what)}”：{sentence}')
            for n, row in enumerate(rows, 1) for rule, sentence in _row_faults(record, rows[:n - 1], row)]


def _row_faults(record: ApplicationRecord, earlier: Sequence[ChangeRow], row: ChangeRow) -> Iterator[tuple[str, str]]:
    if any(row.what == other.what for other in earlier):
        yield 'ORG-98', '同一事项只填一行，请合并。'
    if row.after and row.before == row.after:
        yield 'ORG-98', '变更前后相同，请更正。'
    if row.what not in CARD:
        return
    word, limit = CARD[row.what]
    if row.before and row.before != (now := getattr(record.org, row.what)):
        yield 'ORG-98', f'变更前应与登记的{word}“{now}”一致，现为“{row.before}”，请更正。'
    if len(row.after) > limit:
        yield 'ORG-98', f'变更后超过{limit}个字，请核对。'
    if row.what == 'credit_code' and row.after:
        try:
            read_credit_code(row.after)
        except Refused as refused:
            yield refused.rule, refused.sentence
