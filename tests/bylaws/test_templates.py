"""Templates: read line by line, filled from registers and profile; what is wrong is told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.bylaws.facts import Facts, Seat, label_of
from app.bylaws.rules import LISTED
from app.bylaws.templates import FIGURE, FOLDER, figure_words, figures_of, filled, gaps, read_template, refilled, setting_at, templates
from app.regulation import profile, profiles
from tests.bylaws.texts import FINANCE, RULES, write
from tests.shows import shows

FACTS = Facts(
    '明川市启帆职业培训学校（演示）', '启帆', issued_on=date(2024, 11, 4),
    seats=(Seat('考务管理组', True, '施惊蛰', '考务科'), Seat('考务管理组', False, '张春分', '考务科'), Seat('考务管理组', False, '孔清明', '')),
    people=(('张春分', '资格审查'), ('曹谷雨', '证书办理')), counts={'考评员': 11}, rooms={'理论机考': ('机房一', '机房二')}, systems={'考务': ('启帆考务',)},
    occupations=('保育师（五级、四级、三级）',))


def made(folder: Path, text: str, name: str = '01-work-rules.md') -> Path:
    (folder / name).write_text(text, encoding='utf-8')
    return folder / name


def test_a_text_is_numbered_and_filled_from_registers_and_profile(tmp_path: Path) -> None:
    draft = filled(read_template(made(tmp_path, RULES)), FACTS, profile('henan'))
    assert draft.missing == ()
    assert draft.text.split('\n') == [
        '第一章　总则', '第一条　为规范明川市启帆职业培训学校（演示）的认定工作，制定本规则，自2024年11月4日起施行。',
        '第二条　考务管理组由施惊蛰负责，成员张春分、孔清明，资格审查由张春分办理。', '第三条　本机构有考评员11名，使用启帆考务，理论考试在机房一、机房二进行。',
        '第二章　考试', '第四条　监考按下列规定：', '（一）每30名考生不少于2人；', '（二）下列人员不得监考：', '1. 亲属；', '2. 任教班教师。',
        '| 岗位 | 人数 |', '| 监考 | 2 |', '第五条　开展认定的职业：保育师（五级、四级、三级）。']


def test_what_the_registers_do_not_say_stands_as_a_gap_and_is_named(tmp_path: Path) -> None:
    draft = filled(read_template(made(tmp_path, RULES)), Facts('甲校'), profile('henan'))
    assert draft.missing == ('发布日期', '考务管理组负责人', '考务管理组成员', '资格审查人员', '考评员人数', '考务系统名称', '理论机考考场名称', '认定职业和等级')
    assert '由〔待填：考务管理组负责人〕负责' in draft.text


def test_gaps_are_filled_later_and_nothing_else_is_touched(tmp_path: Path) -> None:
    template = read_template(made(tmp_path, RULES))
    text = filled(template, Facts('甲校'), profile('henan')).text.replace('监考按下列规定', '监考按我们自己写的规定') + '\n〔待填：别的〕'
    again = refilled(text, FACTS, template.references)
    assert gaps(again) == ('别的',)
    assert '监考按我们自己写的规定' in again and '由施惊蛰负责' in again and '甲校' in again


def test_a_line_whose_figure_is_null_vanishes_with_what_hung_on_it(tmp_path: Path) -> None:
    template = read_template(made(tmp_path, FINANCE, '02-finance.md'))
    assert setting_at(profile('henan'), 'filing.capacity.per_county').value is None
    assert filled(template, FACTS, profile('henan')).text == '第一条　收支按月结账。\n第二条　印章由专人保管。'


@pytest.mark.parametrize(('lines', 'left'), [
    ('* 甲。\n+ 乙{数:filing.capacity.per_county}：\n- 丙。\n+ 丁。', '第一条　甲。\n（一）丁。'),
    ('## 空\n* 甲{数:filing.capacity.per_county}。\n## 实\n* 乙。', '第一章　实\n第一条　乙。'),
    ('* 甲：\n| 岗位 | 数 |\n| 监考 | {数:filing.capacity.per_county} |\n* 乙。', '第一条　乙。'),
    ('* 甲。\n| 岗位 | {数:filing.capacity.per_county} |\n| 监考 | 2 |\n* 乙。', '第一条　甲。\n第二条　乙。'),
    ('* 甲：\n| 岗位 | 数 |\n| 监考 | 2 |\n| 县 | {数:filing.capacity.per_county} |', '第一条　甲：\n| 岗位 | 数 |\n| 监考 | 2 |')])
def test_nothing_is_left_that_led_to_what_vanished(tmp_path: Path, lines: str, left: str) -> None:
    assert filled(read_template(made(tmp_path, f'# 财务管理制度\n\n{lines}\n')), FACTS, profile('henan')).text == left


@pytest.mark.parametrize(('path', 'said'), [
    ('staffing.invigilators.per_candidates', '30'), ('scope.technical_school_own_students.levels', '5、4、3'), ('plan.annual_due', '12月31日'),
    ('staffing.site.deputies', '1至3'), ('staffing.rotation.min_new_fraction', '三分之一'), ('filing.premises.rooms', '考务室、档案室、保密室'),
    ('persons.appraisal_bands', '优秀（90分以上）、良好（80分以上）、合格（60分以上）、不合格')])
def test_figures_are_said_as_running_text_says_them(path: str, said: str) -> None:
    assert figure_words(path, setting_at(profile('henan'), path)) == said


def test_the_figures_of_a_text_are_told_with_their_rule(tmp_path: Path) -> None:
    found = figures_of(read_template(made(tmp_path, RULES)), profile('henan'))
    assert [(f.path, f.said, f.enforcement, f.rule) for f in found] == [
        ('staffing.invigilators.per_candidates', '30', 'block', 'STAFF-01'), ('staffing.invigilators.count', '2', 'block', 'STAFF-01')]


HEAD = '# 财务管理制度\n部门：财务监督组\n\n'


@pytest.mark.parametrize(('text', 'line'), [
    ('财务管理制度\n\n* 甲。', 1), ('# 财务管理制度\n部 门：财务\n\n* 甲。', 2), ('# 财务管理制度\n\n', 2), (HEAD + '### 总则', 4), (HEAD + '*甲。', 4), (HEAD + '* ', 4),
    (HEAD + ' * 甲。', 4), (HEAD + '甲。', 4), (HEAD + '+ 甲。', 4), (HEAD + '* 甲。\n- 乙。', 5), (HEAD + '| 甲 |', 4), (HEAD + '* 甲。\n| 乙 | 丙 |\n| 丁 |', 6),
    (HEAD + '* 甲。\n|---|---|', 5), (HEAD + '* 甲。\n| 乙 | 丙', 5), (HEAD + '* 依照第三条的规定。', 4), (HEAD + '* {机构。', 4), (HEAD + '* {单位}。', 4),
    (HEAD + '* {组:考务组.负责人}。', 4), (HEAD + '* {组:考务管理组.电话}。', 4), (HEAD + '* {房间:厨房}。', 4), (HEAD + '* {数:staffing.nobody}。', 4), (HEAD + '* {数量:考生}。', 4)])
def test_a_bad_line_stops_with_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ValueError, match=rf'^02-finance\.md:{line}: '):
        read_template(made(tmp_path, text, '02-finance.md'))


@pytest.mark.parametrize('name', ['2-finance.md', '53-more.md', '00-none.md', '02_finance.md', '02-财务.md'])
def test_a_file_that_is_called_otherwise_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match='NN-slug'):
        read_template(made(tmp_path, FINANCE, name))


def test_a_number_stands_once(tmp_path: Path) -> None:
    made(write(tmp_path), FINANCE, '02-money.md')
    with pytest.raises(ValueError, match='^02-money.md:1: number 2 is taken by 财务管理制度'):
        templates(tmp_path)


@pytest.mark.parametrize('reference', ['机构', '简称', '地址', '负责人', '电话', '发布日期', '职业', '组:办公室.部门', '人:档案', '数量:专家', '房间:保密室', '系统:视频监控'])
def test_every_reference_says_what_is_missing(reference: str) -> None:
    assert 2 <= len(label_of(reference)) <= 40 and ':' not in label_of(reference)


# ------------------------------------------------------------------ the texts of the house


@shows('ORG-55')
def test_every_template_of_ours_is_read_and_bears_the_title_of_its_number() -> None:
    found = templates()
    assert {n: t.title for n, t in found.items() if n <= len(LISTED)} == {n: LISTED[n - 1] for n in found if n <= len(LISTED)}
    assert len({t.title for t in found.values()}) == len(found) == len(list(FOLDER.glob('*.md')))


@pytest.mark.parametrize('name', profiles())
def test_every_template_gives_a_text_without_holes_in_every_province(name: str) -> None:
    for template in templates().values():
        draft = filled(template, FACTS, profile(name))
        assert '{' not in draft.text and FIGURE not in draft.text and 'None' not in draft.text, template.title
        assert draft.text.count('第一条') == 1, template.title
