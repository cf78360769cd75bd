"""Letters, groups, licences, plan, specimen, and the volume they are bound into: order, labels, states, gaps."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from PIL import Image

from app.errors import Refused
from app.filing import documents
from app.filing.papers import binding, groups, letter, licence, national, plan, proofs, specimen, training
from app.filing.ways import WAYS
from app.register import forms
from app.sheets import Sheets
from tests.filing import made, sample
from tests.filing.test_papers_form import of_a_school, spoiled, words_of
from tests.papers.read import drawn_text_of, in_order, without_blanks
from tests.shows import shows

ORDER = ['备案的函（红头文件）', '诚信承诺书', '法人登记证照复印件', '成立工作领导小组的红头文件', '河南省社会培训评价组织备案申请表', '职业技能等级认定工作实施方案', '实物证书样本']
ADDED = ['增量备案的函（红头文件）', '社会培训评价组织增量备案申请表', '专家、考评员资质证明材料', '场地、设备资产证明材料']
PLAN = ['一、单位概况', '（一）基本情况', '（二）教学培训专业和历年社会化培训', '年份', '培训种类', '培训工种', '培训人数', '鉴定级别', '二、', '（一）认定的对象', '（二）认定的职业（工种）范围', '（三）评价的方式',
        '三、开展评价工作的保障', '（一）组织机构保障', '内部质量督导组', '（二）设施设备及场地保障', '（三）组织实施评价的相关规章制度保障', '（四）人员队伍保障', '（五）教材、标准、试题保障', '（六）质量保障', '（七）信息化保障',
        '（八）经费保障', '四、评价工作流程', '工作部门', '参与部门', '五、工作计划安排', '前期准备', '申请备案', '试点认定', '总结改进', '全面开展', '六、证书样式', '七、获批后计划']


def test_every_paper_comes_in_the_formats_of_the_register_and_names_what_is_missing() -> None:
    outputs = {**documents.BUILDERS, **documents.CENTRE}
    assert {name: tuple(sorted(formats)) for name, formats in outputs.items()} == {name: tuple(sorted(forms()[name].outputs)) for name in outputs}
    assert set(documents.MISSING) == set(documents.BUILDERS)


@pytest.mark.parametrize('form', sorted(documents.BUILDERS))
def test_every_paper_prints_the_same_bytes_for_the_same_record(form: str) -> None:
    way = {'F-INC-LETTER': 'increment', 'F-FILING-INC': 'increment', 'F-BINDING-INC': 'increment', 'F-NAT14': 'nationwide_employer', 'F-DEREG': 'ending'}.get(form, 'social')
    for build in documents.BUILDERS[form].values():
        assert build(sample.filing(way), sample.PRINTING) == build(sample.filing(way), sample.PRINTING)


@pytest.mark.parametrize('way', ['social', 'increment'])
def test_an_application_just_begun_prints_blank_and_names_its_gaps(way: str) -> None:
    full = sample.filing(way)
    begun = full.model_copy(update={'answers': {}, 'original': None, 'receiver': '', **{name: () for name, value in full if isinstance(value, tuple)}})
    for form in ('F-FILING-LETTER', 'F-LEADGROUP', 'F-LICENCE', 'F-FILING-HN', 'F-FILING-INC', 'F-PLAN-HN', 'F-TRAIN-STAT'):
        assert all(build(begun, sample.PRINTING) for build in documents.BUILDERS[form].values())
        assert documents.MISSING[form](begun) != []
    assert {e.state for e in binding.entries(begun, sample.PRINTING) if e.form not in ('F-PLEDGE', '')} == {'缺'}


@shows('F-FILING-LETTER', 'ORG-50')
def test_the_letter_names_grounds_and_levels_in_words() -> None:
    words = ['明川市启帆职业培训学校（演示）', '明启字〔2026〕15号', '关于申请职业技能等级认定社会培训评价组织备案的函', '明川市人力资源和社会保障局（演示）：', '人社部发〔2019〕90号',
             '豫人社办函〔2020〕51号', '现申请予以备案', '1、保育师　五级、四级、三级', '3、车工（普通车床）　四级、三级、二级、一级', '自觉接受监管。', '2026年10月19日']
    assert in_order(drawn_text_of(letter.filing_letter_pdf(sample.filing(), sample.PRINTING)), words) == []
    assert in_order(words_of(letter.filing_letter_docx(sample.filing(), sample.PRINTING)), words) == []


@shows('F-INC-LETTER')
def test_the_increment_letter_names_the_filing_and_only_what_is_added() -> None:
    text = drawn_text_of(letter.increment_letter_pdf(sample.filing('increment'), sample.PRINTING))
    assert in_order(text, ['关于申请社会培训评价组织增量备案的函', '原备案号S000099010001', '原备案有效期2025年3月17日至2028年3月16日', '1、汽车维修工（汽车机械维修工）　五级、四级、三级']) == []
    assert '保育师' not in text


def test_no_page_of_a_letter_holds_the_signature_alone() -> None:
    for way in ('social', 'increment'):
        pages = drawn_text_of(letter.filing_letter_pdf(sample.filing(way), sample.PRINTING)).split('\f')
        assert '自觉接受监管。' in without_blanks([p for p in pages if '2026年10月19日' in without_blanks(p)][-1])


@shows('F-LEADGROUP')
def test_the_groups_stand_with_their_people_and_duties_in_order() -> None:
    words = ['领导小组的通知', '一、职业技能等级认定工作领导小组', '组长：何立春（主任）', '副组长：吕雨水', '成员：施惊蛰', '主要职责：', '二、领导小组办公室', '主任：吕雨水', '三、考务管理组', '负责部门：考务管理组',
             '负责人：施惊蛰', '四、内部质量督导组', '负责人：葛大寒（纪检专干）', '五、专家考评组', '六、设备保障组', '七、财务监督组', '负责人：华小满']
    assert in_order(drawn_text_of(groups.lead_group_pdf(sample.filing(), sample.PRINTING)), words) == []
    assert in_order(words_of(groups.lead_group_docx(sample.filing(), sample.PRINTING)), words) == []


@pytest.mark.parametrize(('spoil', 'sentence'), [
    (lambda s: s.group != 'finance', '“财务监督组”没有负责人，请在组织机构中登记后再打印。'),
    (lambda s: s.position != 'deputy', '领导小组没有副组长，请在组织机构中登记后再打印。')])
def test_a_group_without_its_head_is_named(spoil: Any, sentence: str) -> None:
    seats = sample.filing().seats
    assert [f.sentence for f in groups.missing(sample.filing(seats=tuple(s for s in seats if spoil(s))))] == [sentence]


def test_a_group_without_a_department_is_named_before_its_line_prints_empty() -> None:
    seats = tuple(s.model_copy(update={'department': ''}) if s.group == 'finance' else s for s in sample.filing().seats)
    assert [(f.severity, f.sentence) for f in groups.missing(sample.filing(seats=seats))] == [('warn', '“财务监督组”没有负责部门，打印时留空，请在组织机构中登记。')]


def test_each_duty_of_a_group_stands_on_its_own_line() -> None:
    lines = words_of(groups.lead_group_docx(sample.filing(), sample.PRINTING)).split('\n')
    at = lines.index('主要职责：1.负责职业技能等级认定的资金保障；')
    assert lines[at + 1] == '2.监督认定资金使用情况。'


def test_whoever_examines_and_supervises_is_named() -> None:
    seats = sample.filing().seats
    both = seats[-1].model_copy(update={'group': 'experts', 'position': 'member', 'name': '葛大寒'})
    assert [f.sentence for f in groups.missing(sample.filing(seats=(*seats, both)))] == ['葛大寒同时在内部质量督导组和专家考评组，督导与考评应当分开，请调整其中一项。']


@shows('F-LICENCE')
def test_a_day_of_the_checks_is_printed_as_papers_print_days() -> None:
    text = drawn_text_of(licence.licence_pdf(spoiled(sample.filing(), 'standing', abnormal_list_on='2022-03-04'), sample.PRINTING))
    assert in_order(text, ['最近一次民政年检不合格', '无', '最近一次列入经营异常名录', '2022年3月4日']) == []


@shows('F-LICENCE')
def test_the_licences_are_listed_and_their_scans_follow() -> None:
    scan = Sheets('证', width=100, height=100)
    scan.page().place_text(10, 10, 0, '扫描件原文')
    made_pdf = licence.licence_pdf(sample.filing(), sample.PRINTING, [scan.to_bytes()])
    words = ['法人登记证照复印件', '证照种类', '证照号码', '发证机关', '有效期', '民办非企业单位登记证书', '52990102MA99DM010P', '办学许可证', '民培9901号', '（公章）', '扫描件原文']
    assert (in_order(drawn_text_of(made_pdf), words), binding.page_count(made_pdf)) == ([], 2)
    for bad, sentence in ((b'GIF89a', '“法人登记证照复印件扫描件1”不是PDF、JPG或PNG'), (b'%PDF-1.7 cut off', '“法人登记证照复印件扫描件1”打不开')):
        with pytest.raises(Refused, match=sentence):
            licence.licence_pdf(sample.filing(), sample.PRINTING, [bad])


def test_a_photographed_scan_gets_a_page_of_its_own() -> None:
    for kind in ('PNG', 'JPEG'):
        scan = BytesIO()
        Image.new('RGB', (40, 60), 'white').save(scan, kind)
        assert binding.page_count(licence.licence_pdf(sample.filing(), sample.PRINTING, [scan.getvalue()])) == 2


@shows('F-PLAN-HN', 'ORG-59')
def test_the_plan_follows_the_outline_with_its_tables() -> None:
    assert in_order(drawn_text_of(plan.plan_pdf(sample.filing(), sample.PRINTING)), PLAN) == []
    assert in_order(words_of(plan.plan_docx(sample.filing(), sample.PRINTING)), PLAN) == []


@shows('ORG-59')
@pytest.mark.parametrize(('name', 'value', 'sentence'), [
    ('quality', '', '实施方案的“三、（六）质量保障”还没有写，请在“实施方案”中填写后再打印。'),
    ('schedule', [], '实施方案的“五、工作计划安排”一个阶段也没有，请填写各阶段起止年月和主要工作。')])
def test_a_missing_section_is_named_before_printing(name: str, value: Any, sentence: str) -> None:
    assert [f.sentence for f in plan.missing(spoiled(sample.filing(), 'plan', **{name: value})) if f.severity == 'block'] == [sentence]
    assert [f for f in plan.missing(sample.filing()) if f.severity == 'block'] == []


@shows('ORG-59')
def test_an_occupation_without_its_ways_of_evaluation_is_named_before_the_table_prints_empty() -> None:
    rows = tuple(r.model_copy(update={'modes': {'theory': '机考'} if r.work_type == '普通车床' else r.modes}) for r in sample.RANGES)
    assert [f.sentence for f in plan.missing(sample.filing(ranges=rows)) if f.subject.startswith('ranges')] == [
        '“车工/普通车床”没有写明技能考核、综合评审的方式，实施方案的评价方式表会空着，请在申请职业中填写。']


def test_plan_and_letter_of_a_school_do_not_call_it_a_training_organisation() -> None:
    record = of_a_school(sample.filing('increment'))
    for made_pdf in (letter.increment_letter_pdf(record, sample.PRINTING), plan.plan_pdf(record, sample.PRINTING)):
        assert '社会培训评价组织' not in without_blanks(drawn_text_of(made_pdf))


@shows('F-TRAIN-STAT')
def test_the_training_of_three_years_stands_in_five_columns() -> None:
    sheet = openpyxl.load_workbook(BytesIO(training.training_xlsx(sample.filing(), sample.PRINTING)))['培训统计']
    assert [c.value for c in sheet[2]] == ['年份', '培训种类', '培训工种', '培训人数', '鉴定级别']
    assert [c.value for c in sheet[3]] == ['2023', '技能培训', '保育师', 280, '四级']
    assert in_order(words_of(training.training_docx(sample.filing(), sample.PRINTING)), ['近3年社会培训统计表', '年份', '培训种类', '培训工种', '培训人数', '鉴定级别', '2023']) == []
    assert [f.sentence for f in training.missing(made.record())] == ['2023年没有社会培训记录，统计表要求近3年，请补登或说明。', '2024年没有社会培训记录，统计表要求近3年，请补登或说明。']


@shows('F-CERT-SAMPLE')
def test_each_level_asked_for_has_a_specimen_that_names_nobody() -> None:
    pages = [without_blanks(p) for p in drawn_text_of(specimen.specimen_pdf(sample.filing(), sample.PRINTING)).split('\f') if p.strip()]
    assert [next(w for w in ('五级/初级工', '四级/中级工', '三级/高级工', '二级/技师', '一级/高级技师') if w in p) for p in pages] == [
        '五级/初级工', '四级/中级工', '三级/高级工', '二级/技师', '一级/高级技师']
    assert all('样' in p and '张某某' in p and '照片' in p for p in pages)
    assert specimen.specimens(sample.filing(), sample.PRINTING).mark == '样本'


@shows('F-BINDING-HN', 'ORG-52')
def test_the_volume_is_listed_in_binding_order_with_pages_and_states() -> None:
    text = drawn_text_of(binding.binding_pdf(sample.filing(), sample.PRINTING, copy=2))
    assert in_order(text, ['申报材料', '第2份共3份', '备案申报材料目录', '序号', '材料名称', '份数', '页数', '起止页', '原件/复印件', '是否盖章', '状态', *ORDER, *proofs_order(), '一式3份']) == []
    assert in_order(text, ['1—2', '3', '4']) == [] and '3—3' not in text


@pytest.mark.parametrize(('way', 'title'), [('school_own', '职业技能等级评价机构备案申请表'), ('increment', '职业技能等级评价机构增量备案申请表')])
def test_the_volume_of_a_school_does_not_call_it_a_training_organisation(way: str, title: str) -> None:
    record = of_a_school(sample.filing(way))
    text = without_blanks(drawn_text_of(binding.binding_pdf(record, sample.PRINTING)))
    assert title in text and '社会培训评价组织' not in text
    assert [e.title for e in binding.entries(record, sample.PRINTING) if e.form in ('F-FILING-HN', 'F-FILING-INC')] == [title]


@shows('F-BINDING-INC', 'ORG-93')
def test_the_volume_of_an_increment_has_its_four_materials() -> None:
    assert in_order(drawn_text_of(binding.binding_pdf(sample.filing('increment'), sample.PRINTING)), ['增量备案材料目录', '序号', '材料名称', '份数', '页数', '起止页', '原件/复印件', '是否盖章', '状态', *ADDED]) == []


def test_the_zip_holds_all_papers_in_order_and_three_marked_covers() -> None:
    told: list[tuple[int, int, str]] = []
    out = BytesIO()
    annexes = [('01_工作规则', lambda: b'%PDF- rules')]
    binding.write_binding(out, sample.filing(), sample.PRINTING, None, annexes, lambda *said: told.append(said))
    titles, covers = [*ORDER, *proofs_order()], [f'封面和目录_第{n}份' for n in (1, 2, 3)]
    with zipfile.ZipFile(out) as packed:
        assert packed.namelist() == [*(f'00_{c}.pdf' for c in covers), *(f'{n:02d}_{title}.pdf' for n, title in enumerate(titles, 1)), '另附_规章制度/01_工作规则.pdf']
        assert all(packed.read(name).startswith(b'%PDF-') for name in packed.namelist())
        assert '规章制度1项另附' in without_blanks(drawn_text_of(packed.read('00_封面和目录_第3份.pdf')))
    assert told == [(n, 13, what) for n, what in enumerate([*titles, '01_工作规则', *(c.replace('_', '') for c in covers)], 1)]


def test_what_was_handed_in_with_a_gap_is_bound_as_it_was() -> None:
    record = spoiled(sample.filing(), 'plan', quality='')
    plans = [[e for e in binding.entries(record, sample.PRINTING, sealed=sealed) if e.form == 'F-PLAN-HN'][0] for sealed in (False, True)]
    assert [(e.state, e.build is not None, [f.subject for f in e.findings if f.severity == 'block']) for e in plans] == [
        ('缺', False, ['plan.quality']), ('有缺项', True, ['plan.quality'])]


def test_each_way_is_bound_packed_or_printed_paper_by_paper() -> None:
    volumes = {way: binding.volume_of(way) for way in WAYS}
    assert volumes == dict.fromkeys(('social', 'employer', 'school_own', 'school_society', 'extension'), 'F-BINDING-HN') | {
        'increment': 'F-BINDING-INC', 'social_national': 'F-NAT6', 'nationwide_employer': 'F-NAT14', 'change': '', 'ending': ''}
    assert binding.signed_forms('increment') == {'F-INC-LETTER': '增量备案的函（红头文件）', 'F-FILING-INC': '社会培训评价组织增量备案申请表'}
    assert binding.signed_forms('change') == binding.signed_forms('social_national') == {}


def test_a_paper_with_a_gap_is_lacking_and_a_signed_scan_takes_its_place() -> None:
    record = spoiled(sample.filing(), 'plan', quality='')
    assert [(e.state, e.build is None) for e in binding.entries(record, sample.PRINTING) if e.form == 'F-PLAN-HN'] == [('缺', True)]
    signed = {'F-PLAN-HN': [lambda: plan.plan_pdf(sample.filing(), sample.PRINTING)]}
    assert [e.state for e in binding.entries(record, sample.PRINTING, signed) if e.form == 'F-PLAN-HN'] == ['已签章扫描']


def test_writing_the_volume_can_be_stopped_between_two_papers() -> None:
    def stop(done: int, total: int, what: str) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        binding.write_binding(BytesIO(), sample.filing(), sample.PRINTING, told=stop)


@shows('F-NAT6', 'ORG-56')
def test_the_national_set_has_six_materials_in_order() -> None:
    with zipfile.ZipFile(BytesIO(national.six_zip(sample.filing('social_national'), sample.PRINTING))) as packed:
        names, first = packed.namelist(), packed.read(packed.namelist()[0])
    assert names == ['1_社会培训评价组织基本情况表.pdf', '2_法人登记证书复印件或统一社会信用代码.pdf', '3_实施方案及质量管控措施.pdf', '4_专家等专业技术人员技能水平证明或承诺书.pdf', '5_场地设施设备资产有效证明或承诺书.pdf',
                     '6_信用报告或诚信承诺书.pdf']
    text = drawn_text_of(first)
    assert in_order(text, ['社会培训评价组织基本情况表', '单位名称', '申请开展职业技能等级认定的职业（工种）', '具备的组织和专业优势', '场地情况', '设施设备情况', '信息化建设情况', '人员队伍建设情况', '内部质量监督人员队伍']) == []
    assert '文件、规章制度清单' not in text


@shows('F-NAT14', 'ORG-57')
def test_the_fourteen_lists_come_as_workbooks_with_their_columns() -> None:
    with zipfile.ZipFile(BytesIO(national.fourteen_zip(sample.filing('nationwide_employer'), sample.PRINTING))) as packed:
        names = packed.namelist()
        assert [n for n in names if n.endswith('.xlsx')] == [f'{n:02d}_{title}.xlsx' for n, title in enumerate(national.FOURTEEN, 1)]
        heads = {name[:2]: [c.value for c in list(openpyxl.load_workbook(BytesIO(packed.read(name))).worksheets[0].iter_rows())[1]] for name in names if name.endswith('.xlsx')}
    assert heads['02'] == ['证照种类', '证照号码', '发证机关', '有效期']
    assert heads['03'] == ['章节', '内容']
    assert heads['05'] == ['序号', '制度名称', '文号', '制定部门', '制定时间']
    assert heads['07'] == ['职业', '等级', '大纲/教材名称', '作者/编写单位', '出版社', '年份']
    assert heads['08'] == ['职业', '等级', '理论题量', '实操套数', '综合评审题量', '来源', '审核时间']
    assert heads['10'] == ['序号', '姓名', '性别', '身份证号', '单位', '技能等级/职称', '考评职业', '类别', '证卡编号', '有效期', '聘期', '本年次数', '继续教育', '年度等次', '状态']  # of F-EXAMINER-ROLL
    assert heads['04'] == ['序号', '分支机构名称', '统一社会信用代码', '所在省市', '地址', '负责人', '电话', '技能人员数']
    assert heads['06'] == ['职业编码', '职业名称', '工种', '等级', '评价标准/评价规范名称', '发布时间']
    assert heads['11'] == ['姓名', '性别', '身份证号', '单位部门', '职务', '证卡编号', '有效期']
    assert heads['12'] == ['分支机构', '考评员数', '高级考评员数', '督导员数', '专家数']
    assert heads['13'] == ['年份', '职业', '等级', '评价人数', '合格人数', '合格率']
    assert heads['14'] == ['年份', '职业', '等级', '培训班次', '培训人数']


@shows('F-NAT14')
def test_one_workbook_holds_the_fourteen_lists_in_their_order_under_their_names() -> None:
    book = openpyxl.load_workbook(BytesIO(national.fourteen_xlsx(sample.filing('nationwide_employer'), sample.PRINTING)))
    titles = [sheet['A1'].value for sheet in book.worksheets if sheet.sheet_state == 'visible']
    assert list(dict.fromkeys(titles)) == list(national.FOURTEEN)
    assert [name for name in book.sheetnames if name.startswith('09')] == ['09 主体职业（工种）评价的场地、设施、设备配置情况清单', *(f'09-{n} 主体职业（工种）评价的场地、设施、设备配置情况清单' for n in (2, 3))]
    first = [row[0].value for row in book.worksheets[0].iter_rows(min_row=4)]
    assert first[:5] == ['单位名称', '地址', '注册登记机构', '统一社会信用代码', '机构性质'] and first[-3:] == ['申请单位承诺', '法定代表人签字', '单位（公章）']
    days = [row[4].value for row in next(sheet for sheet in book.worksheets if sheet['A1'].value == national.FOURTEEN[4]).iter_rows(min_row=3)]
    assert days == ['2024年3月']


@shows('ORG-57')
def test_a_list_without_a_row_is_named() -> None:
    record = spoiled(sample.filing('nationwide_employer'), 'nationwide', branches=[])
    assert [f.sentence for f in national.missing(record)] == ['第4项“备案企业分支机构表”一行也没有，请填写后再打印。', '第12项“评价队伍分布情况表”一行也没有，请填写后再打印。']


def proofs_order() -> list[str]:
    """Return the annexes behind the seven (C-02)."""
    return [proofs.PREMISES, proofs.PEOPLE]
