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
    Move('bylaws.approve', 'bylaw_version', ('draft',), 'in_force', '批准施行', differs=('drafted_by_id',), rule='ORG-54'),
    Move('bylaws.replace', 'bylaw_version', ('in_force',), 'replaced', '被新版替代'),
    Move('bylaws.end', 'bylaw_version', ('draft', 'in_force'), 'ended', '废止'),
    Move('application.hand_in', 'application', ('draft',), 'handed_in', '提交申报', rule='ORG-70'),
    Move('application.discard', 'application', ('draft',), 'discarded', '作废草稿'),
    Move('application.withdraw', 'application', ('handed_in', 'correcting', 'accepted'), 'withdrawn', '撤回申报', rule='ORG-70'),
    Move('application.correct', 'application', ('handed_in',), 'correcting', '一次性告知补正', rule='ORG-74'),
    Move('application.complete', 'application', ('correcting',), 'handed_in', '提交补正材料', rule='ORG-74'),
    Move('application.lapse', 'application', ('correcting',), 'withdrawn', '逾期未补正，视为撤回', rule='ORG-74'),
    Move('application.accept', 'application', ('handed_in',), 'accepted', '受理', rule='ORG-70'),
    Move('application.deem_accepted', 'application', ('handed_in',), 'accepted', '逾期未答复，视为受理', rule='ORG-75'),
    Move('application.refuse', 'application', ('handed_in',), 'refused', '不予受理', rule='ORG-75'),
    Move('application.assess', 'application', ('accepted',), 'assessing', '开始技术评估', rule='ORG-70'),
    Move('application.pass', 'application', ('assessing', 'rectifying'), 'assessed', '评估通过', rule='ORG-70'),
    Move('application.rectify', 'application', ('assessing',), 'rectifying', '限期整改', rule='TEV-09'),
    Move('application.fail', 'application', ('assessing', 'rectifying'), 'failed', '评估不通过', rule='TEV-04'),
    Move('application.publicize', 'application', ('assessed',), 'publicized', '公示', rule='ORG-70'),
    Move('application.file', 'application', ('publicized',), 'filed', '准予备案', rule='ORG-80'),
    Move('application.file_national', 'application', ('assessed',), 'filed', '部级备案（赋码）', rule='ORG-71'),
    Move('application.change', 'application', ('accepted', 'assessed'), 'filed', '准予变更', rule='ORG-98'),
    Move('application.end', 'application', ('accepted',), 'ended', '准予终止', rule='ORG-96'),
    Move('application.decline', 'application', ('accepted', 'assessed', 'publicized'), 'declined', '答复不予同意', rule='ORG-75'),
    Move('application.publish', 'application', ('filed',), 'published', '网上公布', rule='ORG-78'),
    Move('application.confirm_act', 'centre_act', ('proposed',), 'in_force', '核对外部决定', differs=('recorded_by_id',), rule='ORG-80'),
    Move('application.reject_act', 'centre_act', ('proposed',), 'rejected', '退回外部决定'),
    Move('assessment.consolidate', 'assessment', ('open',), 'consolidated', '汇总评分签字', rule='TEV-01'),
    Move('assessment.conclude', 'assessment', ('consolidated',), 'concluded', '作出评估结论', rule='TEV-09'),
    Move('assessment.sign_sheet', 'score_sheet', ('open',), 'signed', '评分表签字'),
    Move('letter.sign', 'filing_letter', ('drafted',), 'signed', '签发备案函', differs=('drafted_by_id',), rule='ORG-80'),
    Move('letter.discard', 'filing_letter', ('drafted',), 'discarded', '作废备案函草稿'),
    Move('batch.open', 'batch', ('preparing',), 'registering', '开始报名'),
    Move('batch.close', 'batch', ('registering',), 'scoring', '名单定稿，开始录入成绩'),
    Move('batch.reopen', 'batch', ('scoring',), 'registering', '退回报名'),
    Move('outside_site.hand_in', 'outside_site', ('drafted',), 'handed_in', '提交外部考点申请', rule='PLAN-26'),
    Move('outside_site.agree', 'outside_site', ('handed_in',), 'agreed', '同意使用外部考点', rule='PLAN-26'),
    Move('outside_site.refuse', 'outside_site', ('handed_in',), 'refused', '不同意使用外部考点', rule='PLAN-26'),
    Move('outside_site.withdraw', 'outside_site', ('drafted', 'handed_in'), 'withdrawn', '撤回外部考点申请'),
    Move('outside_site.confirm_opinion', 'site_opinion', ('proposed',), 'in_force', '核对中心意见', differs=('recorded_by_id',), rule='PLAN-26'),
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
    'bylaw_version': {'draft': '草稿', 'in_force': '现行', 'replaced': '已替代', 'ended': '废止'},
    'application': {
        'draft': '填写中', 'discarded': '已作废', 'handed_in': '已申请', 'correcting': '补正中', 'withdrawn': '已撤回', 'accepted': '已受理', 'refused': '不予受理',
        'assessing': '评估中', 'rectifying': '整改中', 'assessed': '已评估', 'failed': '评估未通过', 'publicized': '公示中', 'filed': '已备案', 'published': '已公布', 'ended': '已终止',
        'declined': '不予同意'},
    'centre_act': {'proposed': '待第二人核对', 'in_force': '有效', 'rejected': '已退回'},
    'assessment': {'open': '评分中', 'consolidated': '已汇总', 'concluded': '已下结论'},
    'score_sheet': {'open': '评分中', 'signed': '已签字'},
    'filing_letter': {'drafted': '草稿', 'signed': '已签发', 'discarded': '已作废'},
    'batch': {'preparing': '筹备', 'registering': '报名', 'scoring': '成绩录入', 'signed': '成绩已签', 'publicized': '公示', 'approved': '已签批编号', 'issued': '已发证'},
    'outside_site': {'drafted': '填写中', 'handed_in': '待中心意见', 'agreed': '已同意', 'refused': '不同意', 'withdrawn': '已撤回'},
    'site_opinion': {'proposed': '待第二人核对', 'in_force': '有效'},
    'certificate': {'numbered': '已编号', 'issued': '已发证'},
    'reissue': {'requested': '待批准', 'approved': '已批准，待打印', 'refused': '不予补发', 'reissued': '已补发'},
}


def state_word(table: str, state: str) -> str:
    """Return the Chinese word of a state."""
    return WORDS[table][state]


def allowed(table: str, state: str) -> list[Move]:
    """Return the moves that start from a state, in the order of the table."""
    return [m for m in MOVES.values() if m.table == table and state in m.start]
