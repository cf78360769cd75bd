"""The trail of one record, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.states import MOVES
from app.words import china_time
from app.work import Work
from db.audit import Trail

MOST = 50


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: China time, name and post as printed, verb in Chinese, the written reason where one was asked for."""

    at: datetime
    who: str
    what: str
    why: str = ''


def history_of(work: Work, *row_ids: int) -> list[Event]:
    """Return the newest entries of rows of the scope, newest first, 50 at most; nothing for somebody else's row.

    The caller has read the rows in the same work: the trail of a record needs the permission of the record (source: SEC-05)
    """
    bodies = work.session.exec(
        select(Trail.body).where(col(Trail.row_id).in_(row_ids)).order_by(col(Trail.n).desc()).limit(MOST)).all()
    return [Event(china_time(datetime.fromisoformat(e['at'])), e['name'], verb_word(e['verb']), e.get('note', {}).get('reason', '')) for e in map(json.loads, bodies)]


def verb_word(verb: str) -> str:
    """Return the Chinese word of a verb of the trail; raises KeyError for a verb without one, which a test finds."""
    return MOVES[verb].word if verb in MOVES else VERBS[verb]


VERBS: Mapping[str, str] = {
    'users.add_person': '登记人员', 'users.add_account': '开通账号', 'users.give_post': '任命岗位', 'users.end_post': '结束岗位',
    'users.reset_password': '重设密码', 'users.sign_in': '登录', 'users.sign_in_demo': '登录（演示）', 'users.switch_post': '切换岗位',
    'users.enrol': '启用动态码', 'users.choose_password': '更换密码', 'users.reset_second_factor': '取消动态码',
    'users.sign_in_recovery': '登录（恢复码）', 'users.make_recovery_codes': '生成恢复码', 'users.change_phone': '更换动态码',
    'users.share_view': '共享视图', 'users.withdraw_view': '撤回共享视图',
    'organizations.first_start': '首次设置', 'organizations.register': '登记单位', 'organizations.change': '更改单位信息', 'organizations.print': '打印登记文书', 'organizations.change_filed': '按变更函更改单位信息',
    'filing.record': '登记备案', 'filing.range': '登记备案范围', 'filing_end.record': '登记终止备案', 'filing_end.withdraw': '撤销终止登记',
    'application.start': '新建申报', 'application.write': '填写申报', 'application.upgrade': '按新表式转换草稿', 'application.range': '填写申请职业',
    'application.drop_range': '删除申请职业', 'application.snapshot': '封存申报材料', 'application.answer': '说明补正情况', 'application.ask': '列出补正事项',
    'application.act': '作出决定', 'application.record_act': '登记外部决定', 'application.lift': '同意例外', 'application.print': '打印申报文书',
    'licence.add': '登记证照', 'licence.change': '更改证照', 'licence.import': '导入证照', 'licence.end': '作废证照',
    'training.add': '登记培训人数', 'training.change': '更改培训人数', 'training.import': '导入培训统计', 'training.end': '作废培训人数',
    'batch.make': '新建批次', 'batch.change': '更改批次', 'batch.group': '设置职业等级', 'batch.sitting': '安排场次', 'batch.discard_sitting': '删除场次',
    'outside_site.start': '新建外部考点申请', 'outside_site.change': '填写外部考点申请', 'outside_site.opinion': '签署中心意见', 'outside_site.record_opinion': '登记中心意见', 'outside_site.drop_opinion': '撤去登记有误的中心意见',
    'registration.import': '导入名单', 'registration.change': '更改考生信息', 'registration.photo': '更换照片', 'registration.discard': '移出名单',
    'registration.roster': '打印或导出名单', 'registration.reveal_id': '查看完整证件号码',
    'scores.enter': '录入成绩', 'scores.result': '计算结果', 'scores.void_result': '作废结果', 'scores.signature': '成绩签字', 'scores.withdraw_signatures': '撤回签字',
    'scores.print': '打印成绩文书',
    'scores.withdraw_signature': '签字作废',
    'certificate.number': '生成证书编号', 'certificate.print': '打印证书', 'certificates.print': '打印证书清单', 'certificates.count': '使用流水号',
    'certificates.start_counter': '设置流水号起点', 'certificate.reissue': '打印补发证书', 'reissue.request': '申请补发证书',
    'bylaws.add': '列入规章制度', 'bylaws.start': '按模板起草', 'bylaws.change': '更改制度信息', 'bylaws.fill_gaps': '补填', 'bylaws.renumber': '重新编号',
    'bylaws.take_back': '取回Word文件', 'bylaws.new_version': '起草新版', 'bylaws.end_document': '废止制度', 'bylaws.check_notice': '检查宣传文字',
    'standards.add': '登记职业标准', 'standards.change': '更改职业标准', 'standards.end': '移出职业标准', 'standards.import': '导入职业标准',
    'files.attach': '上传附件', 'files.end_attachment': '作废附件',
    'premises.add': '登记', 'premises.change': '更改', 'premises.import': '导入', 'premises.end': '停用或作废',
    'equipment.add': '登记设备', 'equipment.change': '更改设备', 'equipment.import': '导入设备', 'equipment.end': '停用设备',
    'assessment.open': '组织技术评估', 'assessment.assessor': '选定评估专家', 'assessment.sheet': '生成评分表', 'assessment.declare': '作回避声明',
    'assessment.replace': '更换评估专家', 'assessment.score': '评分', 'assessment.header': '填写评分表表头', 'assessment.photo': '添加评估照片',
    'assessment.reconcile': '填写复核意见', 'assessment.point': '列入整改清单', 'assessment.rectified': '填写整改情况', 'assessment.check_rectified': '核查整改事项',
    'assessment.publicity': '开始备案公示', 'assessment.end_publicity': '登记公示结果', 'letter.draft': '起草备案函', 'letter.change': '修改备案函',
    'letter.report': '报送备案信息', 'letter.publish': '登记网上公布', 'filing.extend': '延续备案', 'filing.end_range': '终止备案范围', 'filing.change': '变更备案',
    'job.cancel': '停止任务',
    'personnel.person': '登记人员', 'personnel.enter': '登记在册', 'personnel.import': '导入登记册', 'personnel.change': '更改登记', 'personnel.resume': '重新在册',
    'personnel.end': '退出登记', 'personnel.reveal_id': '查看完整证件号码', 'personnel.open_proof': '查看附件', 'personnel.export': '导出登记册',
}
