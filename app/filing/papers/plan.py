"""F-PLAN-HN: the implementation plan in the outline of the source (000 l.1038–1070), its tables from the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from app.bylaws.rules import FLOW, LISTED
from app.filing.answers import given
from app.filing.forms import Plan, questions
from app.filing.papers import parts
from app.filing.papers.blocks import Block, Cover, Head, Printing, Table, Text, Title, docx_of, pdf_of
from app.filing.papers.groups import group_blocks
from app.filing.records import ApplicationRecord, ExaminerLine, ExpertLine, RangeLine
from app.filing.scope import MODES, unsaid_modes
from app.findings import Finding
from app.regulation import profile
from app.words import COLOURS, LEVEL_NAMES, LEVELS, level_digits, paper_date

TITLE = '职业技能等级认定工作实施方案'  # of whom stands before it: of a training organisation as the source prints it
THIN = 60  # characters below which a section is pointed out; ours, no rule fixes it
SECTIONS: tuple[tuple[str, str], ...] = (  # heading and the field of its text; '' where only sections follow
    ('依据', 'basis'), ('一、单位概况', ''), ('（一）基本情况', 'overview'), ('（二）教学培训专业和历年社会化培训', 'training_history'), ('二、申请开展评价的职业、工种范围和评价方式', ''),
    ('（一）认定的对象', 'audience'), ('（二）认定的职业（工种）范围', 'scope'), ('（三）评价的方式', 'modes'), ('三、开展评价工作的保障', ''), ('（一）组织机构保障', 'organization'),
    ('（二）设施设备及场地保障', 'facilities'), ('（三）组织实施评价的相关规章制度保障', 'rules'), ('（四）人员队伍保障', 'teams'), ('（五）教材、标准、试题保障', 'materials'),
    ('（六）质量保障', 'quality'), ('（七）信息化保障', 'it'), ('（八）经费保障', 'funds'), ('四、评价工作流程', 'workflow'), ('五、工作计划安排', ''), ('六、证书样式', 'certificate'),
    ('七、获批后计划', 'after_approval'))
STAGES = (  # of section 四, with who works and who takes part
    ('制定、发布认定工作计划', '考务管理组', '领导小组办公室'), ('组织报名、资格审核', '考务管理组', '内部质量督导组'), ('上报认定计划，提交认定申请', '考务管理组', '领导小组'),
    ('组织实施评价', '专家考评组', '考务管理组、设备保障组'), ('内部质量督导，接受外部监管', '内部质量督导组', '各工作组'), ('成绩认定与发布', '考务管理组', '专家考评组、内部质量督导组'),
    ('证书核发', '考务管理组', '领导小组'), ('证书信息上报、资料归档', '考务管理组', '领导小组办公室'))
SYSTEMS = {'exam_affairs': '考务管理系统', 'item_bank': '题库系统', 'computer_exam': '理论机考操作系统', 'video': '视频监控系统'}
DOCKING = {'none': '未对接', 'testing': '联调中', 'docked': '已对接'}


def plan_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-PLAN-HN, A4, with a cover."""
    return pdf_of(_title(record), 'F-PLAN-HN', plan_blocks(record, printing), printing)


def plan_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-PLAN-HN for going on writing."""
    return docx_of(_title(record), 'F-PLAN-HN', plan_blocks(record, printing), printing, record.org.name)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return sections that are empty or thin, in the order of the outline (source: ORG-59)."""
    plan, found = given(record, Plan), []
    for heading, name in SECTIONS:
        if not name:
            continue
        text = str(getattr(plan, name)).strip()
        if not text:
            found.append(Finding('ORG-59', 'block', f'plan.{name}', f'实施方案的“{questions(Plan)[name].title}”还没有写，请在“实施方案”中填写后再打印。'))
        elif len(text) < THIN and name not in _TABLES:
            found.append(Finding('ORG-59', 'remind', f'plan.{name}', f'实施方案的“{heading}”只有{len(text)}个字，内容单薄会影响评估得分，请充实。'))
    for n, r in enumerate(record.ranges, 1):
        if lacking := [word for _, word in unsaid_modes(r, profile(record.profile))]:
            found.append(Finding('ORG-59', 'warn', f'ranges.{n}', f'“{r.name}”没有写明{"、".join(lacking)}的方式，实施方案的评价方式表会空着，请在申请职业中填写。'))
    if not plan.schedule:
        found.append(Finding('ORG-59', 'block', 'plan.schedule', '实施方案的“五、工作计划安排”一个阶段也没有，请填写各阶段起止年月和主要工作。'))
    return found


def _title(record: ApplicationRecord) -> str:
    return f'社会培训评价组织{TITLE}' if record.org.kind == 'social_training_org' else TITLE


def plan_blocks(record: ApplicationRecord, printing: Printing) -> list[Block]:
    """Return the plan: each section with its text and the tables that the registers hold."""
    plan = given(record, Plan)
    day = paper_date(record.day)
    blocks: list[Block] = [Cover((record.org.name, '职业技能等级认定工作', '实施方案'), ((('申报单位', f'{record.org.name}　（盖章）'),), (('编制日期', day),))), Title(f'{record.org.name}\n{_title(record)}')]
    for heading, name in SECTIONS:
        if heading != '依据':
            blocks.append(Head(heading, 2 if heading.startswith('（') else 1))
        text = str(getattr(plan, name)).strip() if name else ''
        blocks += [Text(text)] if text else []
        if heading.startswith('五、'):
            blocks.append(_schedule(plan))
        if table := _TABLES.get(name):
            blocks += table(record, plan, printing)
    return blocks


def _overview(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    area = parts.square_metres(sum(s.area_dm2 for s in record.sites))
    value = sum((e.price_fen or 0) * e.count for e in record.equipment if e.state != parts.NO_MORE)
    titles = Counter(s.title for s in record.staff if s.title and s.title != '—')
    rows = (('单位名称', record.org.name), ('地址', record.org.address), ('场地面积（㎡）', area), ('工作人员', f'{len(record.staff)}人，其中专职{sum(s.full_time for s in record.staff)}人'),
            ('职称/技能等级构成', '、'.join(f'{title}{count}人' for title, count in titles.items())), ('设备总值（万元）', f'{value / 1_000_000:.2f}'))
    return [Table(('项目', '情况'), rows, (40, 130))]


def _history(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    table = parts.training_table(record)
    return [Table(table.heads, table.rows, table.widths, f'{record.org.name}近3年社会培训统计表')]


def _scope(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    return [parts.range_table(record, '认定的职业（工种）范围（与备案申请表一致）')]


def _modes(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    rows = tuple((str(n), r.name, level_digits(r.levels), *_ways(r, record.profile)) for n, r in enumerate(record.ranges, 1))
    return [Table(('序号', '职业（工种）', '等级', *(head for _, head in MODES.values())), rows, (12, 46, 24, 30, 30, 28), '评价方式')]


def _ways(row: RangeLine, name: str) -> list[str]:
    """How each subject is examined; a dash for one that the row's levels do not have."""
    unsaid = dict(unsaid_modes(row, profile(name)))
    return [row.modes.get(key, '') or ('' if key in unsaid else '—') for key, _ in MODES.values()]


def _organization(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    return group_blocks(record)


def _facilities(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    return [parts.room_table(record.rooms), *parts.equipment_tables(record)]


def _rules(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    written = {b.number for b in record.bylaws if b.in_force}
    rows = tuple((str(n), parts.at_left(title), '现行' if n in written else '') for n, title in enumerate(LISTED, 1))
    return [Table(('序号', '名称', '状态'), rows, (14, 126, 30), '规章制度')]


def _teams(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    own = (('考评人员', record.examiners), ('专家', record.experts))
    rows = [(word, occupation, str(count), _ranks([p for p in people if p.occupation == occupation]), str(sum(p.own_staff for p in people if p.occupation == occupation)))
            for word, people in own for occupation, count in Counter(p.occupation for p in people).items()]
    rows.append(('内部质量监督人员', '—', str(len(record.supervisors)), '、'.join(dict.fromkeys(s.direction for s in record.supervisors)), '—'))
    cards = tuple((e.name, e.occupation, '高级考评员' if e.grade == 'senior' else '考评员', e.card_no or '—', paper_date(e.card_to) if e.card_to else '—') for e in record.examiners)
    return [Table(('队伍', '职业', '人数', '职称/技能等级构成', '本单位人员'), tuple(rows), (34, 32, 14, 66, 24), '队伍构成'),
            Table(('姓名', '考评职业', '类别', '证卡编号', '有效期至'), cards, (24, 36, 26, 50, 34), '考评人员证卡')]


def _materials(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    standards = tuple((s.occupation, s.name, str(s.edition), '、'.join(LEVELS[x] for x in sorted(s.levels, reverse=True)), '、'.join(str(b.get('title', '')) for b in s.books))
                      for s in record.standards)
    names = {r.occupation_code: r.occupation for r in record.ranges}
    bank = tuple((names.get(b.occupation_code, b.occupation_code) + (f'（{b.work_type}）' if b.work_type else ''), LEVELS.get(int(b.level or 0), ''), b.theory, b.practical, b.review or '—',
                  paper_date(b.reviewed_on) if b.reviewed_on else '') for b in plan.bank)
    return [Table(('职业', '标准名称', '年份', '等级', '教材'), standards, (26, 52, 16, 40, 36), '职业标准和教材'),
            Table(('职业（工种）', '等级', '理论题量', '实操套数', '综合评审题量', '审定时间'), bank, (48, 16, 24, 24, 28, 30), '题库情况')]


def _it(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    rows = tuple((SYSTEMS.get(s.kind, s.kind), s.name, s.developer, s.version, f'{s.platform}（{DOCKING.get(s.docking, s.docking)}）') for s in record.systems)
    return [Table(('系统', '名称', '开发单位', '版本', '对接平台'), rows, (36, 40, 40, 18, 36), '信息系统')]


def _funds(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    return [Table(('职业（工种）、等级或项目', '收费标准（元/人）', '依据'), tuple((f.name, f.yuan, f.basis) for f in plan.fees), (70, 40, 60), '收费标准')]


def _workflow(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    rows = tuple((str(n), *stage) for n, stage in enumerate(STAGES, 1))
    return [Table(('序号', '环节', '工作部门', '参与部门'), rows, (14, 70, 36, 50), f'工作流程（流程图见规章制度第{FLOW}项）')]


def _schedule(plan: Plan) -> Table:
    return Table(('阶段', '起止', '主要工作'), tuple((s.phase, f'{parts.month_text(s.begins)}—{parts.month_text(s.ends)}', parts.at_left(s.content)) for s in plan.schedule), (36, 54, 80), '工作计划')


def _certificate(record: ApplicationRecord, plan: Plan, printing: Printing) -> list[Block]:
    colours = printing.profile.certificates.cover_colours.value or {}
    rows = tuple((LEVELS[level], LEVEL_NAMES[level], COLOURS.get(colours.get(level, ''), '')) for level in (5, 4, 3, 2, 1))
    return [Table(('等级', '名称', '封皮颜色'), rows, (50, 60, 60), '证书封皮')]


def _ranks(people: Sequence[ExaminerLine | ExpertLine]) -> str:
    return '、'.join(f'{title}{count}人' for title, count in Counter(p.title for p in people).items())


_TABLES: dict[str, Callable[[ApplicationRecord, Plan, Printing], list[Block]]] = {
    'overview': _overview, 'training_history': _history, 'scope': _scope, 'modes': _modes, 'organization': _organization, 'facilities': _facilities, 'rules': _rules, 'teams': _teams,
    'materials': _materials, 'it': _it, 'funds': _funds, 'workflow': _workflow, 'certificate': _certificate}
