"""States and who may move them: verb → from, to, who must differ. A state never changes elsewhere than in `work.move`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: the table it moves, from which states to which, and whose hand it must not be.

    differs: columns of the row holding the person id of an earlier step; the actor must be another person
    rule: the rule that asks for the order or the second person
    """

    verb: str
    table: str
    start: tuple[str, ...]
    end: str
    word: str
    differs: tuple[str, ...] = ()
    rule: str = ''


MOVES = {m.verb: m for m in (
    Move('filing.confirm', 'filing', ('proposed',), 'in_force', '确认备案函', differs=('recorded_by_id',), rule='ORG-80'),
    Move('filing.end', 'filing', ('in_force',), 'ended', '终止备案', rule='ORG-96'),
    Move('filing_end.confirm', 'filing_end', ('proposed',), 'confirmed', '确认终止备案', differs=('recorded_by_id',), rule='CERT-24'),
    Move('batch.open', 'batch', ('preparing',), 'registering', '开始报名'),
    Move('batch.close', 'batch', ('registering',), 'scoring', '名单定稿，开始录入成绩'),
    Move('batch.reopen', 'batch', ('scoring',), 'registering', '退回报名'),
    Move('scores.sign', 'batch', ('scoring',), 'signed', '成绩签字完成', rule='SCORE-12'),
    Move('scores.reopen', 'batch', ('signed', 'publicized'), 'scoring', '撤回签字，重新核对成绩', rule='SCORE-12'),
    Move('scores.publicize', 'batch', ('signed',), 'publicized', '公示成绩', rule='SCORE-19'),
    Move('certificates.approve', 'batch', ('publicized',), 'approved', '签批核发、生成编号', rule='CERT-35'),
    Move('certificates.issue', 'batch', ('approved',), 'issued', '登记发证', rule='CERT-01'),
    Move('certificate.issue', 'certificate', ('numbered',), 'issued', '发证', rule='CERT-01'),
    Move('reissue.approve', 'reissue', ('requested',), 'approved', '批准补发', differs=('requested_by_id',), rule='CERT-23'),
    Move('reissue.refuse', 'reissue', ('requested',), 'refused', '不予补发', rule='CERT-23'),
    Move('reissue.print', 'reissue', ('approved',), 'reissued', '打印补发证书', rule='CERT-23'),
)}

WORDS = {
    'filing': {'proposed': '待第二人确认', 'in_force': '有效', 'ended': '已终止'},
    'filing_end': {'proposed': '待第二人确认', 'confirmed': '已生效'},
    'batch': {'preparing': '筹备', 'registering': '报名', 'scoring': '成绩录入', 'signed': '成绩已签', 'publicized': '公示', 'approved': '已签批编号', 'issued': '已发证'},
    'certificate': {'numbered': '已编号', 'issued': '已发证'},
    'reissue': {'requested': '待批准', 'approved': '已批准，待打印', 'refused': '不予补发', 'reissued': '已补发'},
}


def state_word(table: str, state: str) -> str:
    """Return the Chinese word of a state."""
    return WORDS[table][state]


def allowed(table: str, state: str) -> list[Move]:
    """Return the moves that start from a state, in the order of the table."""
    return [m for m in MOVES.values() if m.table == table and state in m.start]
