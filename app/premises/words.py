"""The Chinese words of sites, rooms, systems and checks."""

from __future__ import annotations

from collections.abc import Mapping

TENURES: Mapping[str, str] = {'owned': '自有', 'leased': '租赁'}
ROOMS: Mapping[str, str] = {  # F-ROOM-REG, and what F-FILING-HN part 5 and the profiles name besides
    'theory_computer': '理论机考', 'theory_paper': '理论笔试', 'practical': '实操', 'review': '评审/答辩', 'exam_affairs_office': '考务室', 'confidential_room': '保密室',
    'archive_room': '档案室', 'monitoring_room': '监控室', 'waiting_room': '候考室', 'examiner_room': '考评室', 'preparation_room': '备考室', 'spare_room': '应急考场',
    'medical_room': '医务室', 'banned_items_place': '物品存放处', 'office': '办公室'}
THEORY = ('theory_computer', 'theory_paper')
SYSTEMS: Mapping[str, str] = {'exam_affairs': '考务管理', 'item_bank': '题库', 'computer_exam': '理论机考', 'video': '视频监控'}
DOCKING: Mapping[str, str] = {'none': '未对接', 'testing': '联调中', 'docked': '已对接'}
CHECKED = ('疏散标识', '灭火器', '用电', '动火', '设备防护', '制度上墙')  # items of F-SAFETY
RESULTS: Mapping[str, str] = {'ok': '合格', 'bad': '不合格'}
PROMISE = 'promise'
ATTACHED: Mapping[str, Mapping[str, str]] = {  # kinds of attachments by ledger
    'site': {'title_deed': '不动产权证', 'lease': '租赁合同', 'photo': '照片', 'other': '其他'},
    'room': {'photo': '照片', 'lease': '租赁合同', 'plan': '平面图', 'other': '其他'},
    'system': {PROMISE: '承诺书', 'screen': '系统截图', 'contract': '采购或开发合同', 'other': '其他'},
    'check': {'photo': '照片', 'report': '检查报告', 'other': '其他'}}
