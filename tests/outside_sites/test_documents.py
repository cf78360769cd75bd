"""F-OFFSITE read back: labels in the order of the form, values, the second opinion for another city only."""

from __future__ import annotations

from datetime import date

from app.outside_sites.documents import Offsite, Said, offsite_pdf, opinion_words
from tests.make import NOW
from tests.outside_sites.test_rules import RECORD
from tests.papers.read import drawn_text_of, in_order
from tests.shows import shows

LABELS = [
    '外部考点备案申请表', '申请机构', '明川市启帆职业培训学校（演示）', '批次', '2026-003', '外部考点名称', '北郊农机修配厂实训车间', '地址', '演示省明川市北郊路6号', '所在市州', '明川市（990103）',
    '使用理由', '本校车床维修', '职业等级人数', '车工（普通车床）四级　24人', '合计　24人', '场地面积', '420㎡', '设备工量具', '名称', '型号规格', '数量', '状况', '普通车床', 'CA6140A', '12', '完好',
    '视频监控条件', '六路高清监控', '考务人员名单', '姓名', '职务', '岗位', '本单位专职', '施惊蛰', '考点负责人', '是', '葛大寒', '内部质量督导员', '场地证明', '属地鉴定中心', '意见']


@shows('F-OFFSITE', 'PLAN-26')
def test_the_request_prints_its_fields_in_order_and_the_opinions_that_are_needed() -> None:
    said = (Said('local', opinion_words(True, '', '明川市职业技能鉴定指导中心（演示）', ''), date(2026, 10, 13)),)
    near = drawn_text_of(offsite_pdf(Offsite(RECORD, said, NOW)))
    assert in_order(near, [*LABELS, '同意在该外部考点开展本批次认定', '2026年10月13日']) == []
    assert '考点所在地' not in near
    far = Offsite(RECORD.model_copy(update={'city': '外市', 'region': '990201', 'late_reason': '车床临时故障'}), said, NOW)
    words = drawn_text_of(offsite_pdf(far))
    assert in_order(words, ['外市（990201）', '使用理由', '逾期报送的原因：车床临时故障', '属地鉴定中心', '2026年10月13日', '考点所在地鉴定中心', '意见']) == []
    assert offsite_pdf(far) == offsite_pdf(far)
