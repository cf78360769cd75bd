"""What the official forms ask beyond the registers: one typed model a step; label, limit and rule stand here once.

Page, findings, papers and comparison read them. FORM_VERSION rises with every change; a draft of an older version keeps the fields that are
still asked in the same kind, the others fall back to empty.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

FORM_VERSION = 1

Kind = Literal['text', 'long', 'date', 'month', 'number', 'select', 'multi', 'yes_no', 'phone', 'email', 'rows']


class Step(BaseModel):
    """The answers of one step; everything may be empty while it is written."""

    model_config = ConfigDict(extra='forbid')


class Row(BaseModel):
    """A row of a table that a form asks for."""

    model_config = ConfigDict(extra='forbid')


def asked(
        label: str, kind: Kind = 'text', *, required: bool = True, most: int = 0, rule: str = '', hint: str = '', form: str = '',
        options: dict[str, str] | None = None, rows: type[Row] | None = None, default: Any = None) -> Any:
    """Return the definition of one question.

    most: characters · rule: behind 依据 · form: place on the official form · options: {value: word} · rows: columns of a table
    """
    extra: dict[str, Any] = {'kind': kind, 'required': required, 'most': most, 'rule': rule, 'hint': hint, 'form': form, 'options': options or {}}
    empty = {'rows': list, 'multi': list}.get(kind)
    if empty:
        return Field(default_factory=empty, title=label, json_schema_extra=extra)
    return Field(default='' if default is None and kind not in ('date', 'month') else default, title=label, json_schema_extra=extra)


YES_NO = {'yes': '是', 'no': '否'}
NATURES = {'enterprise': '企业', 'private_non_enterprise': '民办非企业单位', 'social_organization': '社会团体', 'school': '院校'}
INCREMENT_NATURES = {'enterprise': '企业', 'private_non_enterprise': '民办非企业单位', 'industry_association': '行业协会', 'school': '院校'}


class Basics(Step):
    """Cover and part 1 of the application form; name, address and credit code stand on the organisation's card."""

    legal_person: str = asked('法定代表人', most=50, rule='ORG-53', form='封面')
    legal_person_phone: str = asked('法定代表人电话', 'phone', most=30, rule='ORG-53', form='封面')
    contact: str = asked('联系人', most=50, rule='ORG-53')
    contact_post: str = asked('联系人职务', most=30, rule='ORG-53')
    contact_phone: str = asked('联系电话', 'phone', most=30, rule='ORG-53')
    contact_email: str = asked('电子邮箱', 'email', most=100, rule='ORG-53')
    registration_body: str = asked('注册登记机构', most=100, rule='ORG-53')
    nature: str = asked('机构性质', 'select', options=NATURES | INCREMENT_NATURES, rule='ORG-53')
    filled_on: date | None = asked('填报时间', 'date', rule='ORG-53', form='封面')


class Standing(Step):
    """Who may apply, and what stands in the way: facts that the applicant declares (ORG-01 … ORG-04, ORG-20 … ORG-27)."""

    independent_entity: str = asked('在中国境内登记的独立法人', 'yes_no', options=YES_NO, rule='ORG-01')
    training_scope: str = asked('主要职责和登记（批准）范围含培训或评价', 'yes_no', options=YES_NO, rule='ORG-01')
    sound_management: str = asked('财务和管理制度健全，信用良好，无违法违规失信记录', 'yes_no', options=YES_NO, rule='ORG-02')
    experience: str = asked('所报职业的影响力、培训规模和考核经验', 'long', most=2000, rule='ORG-03')
    capacity: str = asked('评价工作机构、专职人员、专家、场地设备、视频监控、经费和质量管控，接受监督', 'long', most=2000, rule='ORG-04')
    government_body: str = asked('属于行政机关或其所属事业单位、未脱钩社会团体', 'yes_no', options=YES_NO, rule='ORG-20')
    breach: str = asked('本单位或法定代表人在培训评价中有违法违规失信记录', 'yes_no', options=YES_NO, rule='ORG-21')
    civil_affairs_failed_on: date | None = asked('最近一次民政年检不合格的日期（没有则不填）', 'date', required=False, rule='ORG-22')
    illegal_list: str = asked('被列入非法社会组织名单', 'yes_no', options=YES_NO, rule='ORG-23')
    abnormal_list_on: date | None = asked('最近一次被列入经营异常名录的日期（没有则不填）', 'date', required=False, rule='ORG-24')
    bad_record: str = asked('人才评价活动中有不良记录', 'yes_no', options=YES_NO, rule='ORG-25')
    subcontracts: str = asked('授权、委托其他单位评价或转包', 'yes_no', options=YES_NO, rule='ORG-27')


class Belonging(Step):
    """What decides with whom to file (ORG-40 … ORG-48): words of the profile's lists."""

    ties: list[str] = asked('本单位属于下列哪些情形（都不是则不选）', 'multi', required=False, rule='ORG-41')
    social_insurance_place: str = asked('社会保险登记地', required=False, most=60, rule='ORG-45')
    under_department: str = asked('人力资源社会保障厅直属院校', 'yes_no', required=False, options=YES_NO, rule='ORG-46')
    audience: str = asked('评价对象', 'select', required=False, options={'own_students': '本校在籍学生', 'society': '社会人员', 'own_staff': '本单位职工'}, rule='ORG-82')


class Strengths(Step):
    """Parts 4, 5 and 7 of the application form."""

    strengths: str = asked('具备的组织和专业优势', 'long', most=4000, rule='ORG-04', hint='政策、专业、师资、专家、硬件、信息化；以往的培训和考核')
    venue: str = asked('场地情况', 'long', most=4000, rule='ORG-05', hint='可由场地登记生成后修改')
    exam_affairs_system: str = asked('考务管理系统', 'long', most=1500, rule='ORG-12')
    computer_exam_system: str = asked('理论机考操作系统', 'long', most=1500, rule='ORG-12')
    video_system: str = asked('视频监控系统', 'long', most=1500, rule='ORG-12')
    docking_promised: str = asked('承诺完成数据对接后方可开展评价', 'yes_no', options=YES_NO, rule='ORG-12')


class BankRow(Row):
    """Items at hand of one level."""

    occupation_code: str = asked('职业编码', most=10)
    work_type: str = asked('工种', required=False, most=60)
    level: str = asked('等级', 'select', options={str(n): str(n) for n in range(5, 0, -1)})
    theory: str = asked('理论题量', 'number')
    practical: str = asked('实操套数', 'number')
    review: str = asked('综合评审题量', 'number', required=False)
    source: str = asked('来源', most=60, required=False)
    reviewed_on: date | None = asked('审定时间', 'date', required=False)


class FeeRow(Row):
    """A fee."""

    name: str = asked('职业（工种）、等级或项目', most=60)
    yuan: str = asked('收费标准（元/人）', 'number')
    basis: str = asked('依据', most=60, required=False)


class PhaseRow(Row):
    """A phase of the schedule."""

    phase: str = asked('阶段', most=30)
    begins: str = asked('起（年月）', 'month')
    ends: str = asked('止（年月）', 'month')
    content: str = asked('主要工作', most=300)


class Plan(Step):
    """The implementation plan (F-PLAN-HN), section by section (ORG-59)."""

    basis: str = asked('依据', 'long', most=2000, rule='ORG-59')
    overview: str = asked('一、（一）基本情况', 'long', most=4000, rule='ORG-59')
    training_history: str = asked('一、（二）教学培训专业和历年社会化培训', 'long', most=4000, rule='ORG-03')
    audience: str = asked('二、（一）认定的对象', 'long', most=2000, rule='ORG-59')
    scope: str = asked('二、（二）认定的职业（工种）范围', 'long', most=2000, rule='ORG-59')
    modes: str = asked('二、（三）评价的方式', 'long', most=3000, rule='ORG-59')
    organization: str = asked('三、（一）组织机构保障', 'long', most=4000, rule='ORG-59')
    facilities: str = asked('三、（二）设施设备及场地保障', 'long', most=4000, rule='ORG-17')
    rules: str = asked('三、（三）规章制度保障', 'long', most=3000, rule='ORG-59')
    teams: str = asked('三、（四）人员队伍保障', 'long', most=4000, rule='ORG-59')
    materials: str = asked('三、（五）教材、标准、试题保障', 'long', most=4000, rule='ORG-59')
    bank: list[BankRow] = asked('题库情况', 'rows', rows=BankRow, required=False, rule='ORG-59')
    quality: str = asked('三、（六）质量保障', 'long', most=4000, rule='ORG-59')
    it: str = asked('三、（七）信息化保障', 'long', most=4000, rule='ORG-12')
    funds: str = asked('三、（八）经费保障', 'long', most=3000, rule='ORG-59')
    fees: list[FeeRow] = asked('收费标准', 'rows', rows=FeeRow, required=False, rule='ORG-59')
    workflow: str = asked('四、工作流程', 'long', most=4000, rule='ORG-59')
    schedule: list[PhaseRow] = asked('五、工作计划安排', 'rows', rows=PhaseRow, rule='ORG-92')
    certificate: str = asked('六、证书样式', 'long', most=2000, rule='ORG-59')
    after_approval: str = asked('七、获批后计划', 'long', most=3000, rule='ORG-59')


class LetterStep(Step):
    """The application letter."""

    letter_no: str = asked('发文字号', required=False, most=30)
    argument: str = asked('论证说明', 'long', most=3000, rule='ORG-50', hint='说明专家已对照要求论证本单位的条件')
    promise: str = asked('结尾承诺', 'long', most=2000, rule='ORG-60')
    letter_on: date | None = asked('日期', 'date', rule='ORG-50')
    seal_sample: str = asked('证书上使用的机构名称（与备案名称一致）', most=100, rule='ORG-98', required=False)


class EmployerFacts(Step):
    """An employer's facts (ORG-14; headers of the employer rubrics)."""

    in_province: str = asked('在本省登记的企业法人', 'yes_no', options=YES_NO, rule='ORG-14')
    insured: str = asked('职工依法参加社会保险', 'yes_no', options=YES_NO, rule='ORG-14')
    pay_by_skill: str = asked('建立与技能等级挂钩的薪酬制度', 'yes_no', options=YES_NO, rule='ORG-14')
    education_budget: str = asked('从职工教育经费列支评价经费', 'yes_no', options=YES_NO, rule='ORG-14')
    staff_total: str = asked('职工总数', 'number', rule='ORG-14')
    main_business: str = asked('主营业务与所报职业的关系', 'long', most=1000, rule='OCC-12')


class SchoolSubjectRow(Row):
    """A subject of a technical school."""

    occupation_code: str = asked('职业编码', most=10)
    work_type: str = asked('工种', required=False, most=60)
    enrolled_years: str = asked('连续招生年数', 'number')
    average_trained: str = asked('近三年年均培养人数', 'number')
    average_mid: str = asked('三年平均毕业人数（中级工）', 'number')
    average_high: str = asked('三年平均毕业人数（高级工）', 'number')
    class_kind: str = asked('班级层次', 'select', options={'intermediate': '中级工班', 'advanced': '高级工班', 'both': '中级工班和高级工班'})
    secondary: str = asked('是否第二（辅修）专业', 'yes_no', options=YES_NO, required=False)
    small_subject: str = asked('是否个别小专业', 'yes_no', options=YES_NO, required=False)


class SchoolFacts(Step):
    """A technical school's facts (ORG-16, OCC-09 … OCC-11)."""

    approval_no: str = asked('批准设立文号', most=60, rule='ORG-16')
    station_licence: str = asked('职业技能鉴定所（站）许可证号', most=60, rule='ORG-16')
    centre_name: str = asked('认定中心名称', most=60, required=False, rule='ORG-82')
    graduation_year: str = asked('在毕业学年组织评价', 'yes_no', options=YES_NO, rule='OCC-10', required=False)
    subjects: list[SchoolSubjectRow] = asked('专业情况', 'rows', rows=SchoolSubjectRow, rule='OCC-10')


class BranchRow(Row):
    """A branch of a nationwide employer."""

    name: str = asked('分支机构名称', most=100)
    credit_code: str = asked('统一社会信用代码', most=18)
    place: str = asked('所在省市', most=40)
    address: str = asked('地址', most=200, required=False)
    head: str = asked('负责人', most=50)
    phone: str = asked('电话', 'phone', most=30)
    skilled: str = asked('技能人员数', 'number')
    examiners: str = asked('考评员数', 'number')
    senior_examiners: str = asked('高级考评员数', 'number')
    supervisors: str = asked('督导员数', 'number')
    experts: str = asked('专家数', 'number')


class SystemRow(Row):
    """A rule of skilled-talent work."""

    name: str = asked('制度名称', most=80)
    issue_no: str = asked('文号', most=40, required=False)
    unit: str = asked('制定部门', most=60)
    made: str = asked('制定时间', 'month')


class OutlineRow(Row):
    """A syllabus or book."""

    occupation: str = asked('职业', most=60)
    level: str = asked('等级', most=20)
    title: str = asked('大纲/教材名称', most=100)
    author: str = asked('作者/编写单位', most=60)
    publisher: str = asked('出版社', most=60, required=False)
    year: str = asked('年份', 'number')


class EvaluatedRow(Row):
    """Evaluations of a year."""

    year: str = asked('年份', 'number')
    occupation: str = asked('职业', most=60)
    level: str = asked('等级', most=20)
    evaluated: str = asked('评价人数', 'number')
    passed: str = asked('合格人数', 'number')


class ClassRow(Row):
    """Training classes of a year."""

    year: str = asked('年份', 'number')
    occupation: str = asked('职业', most=60)
    level: str = asked('等级', most=20)
    classes: str = asked('培训班次', 'number')
    people: str = asked('培训人数', 'number')


class NationwideFacts(Step):
    """What the national list asks a nationwide employer for (ORG-15, ORG-57, F-NAT14)."""

    standing: str = asked('中央企业或大型企业，技能人员占比，培训评价基础', 'long', most=3000, rule='ORG-15')
    branches: list[BranchRow] = asked('备案企业分支机构及评价队伍分布', 'rows', rows=BranchRow, rule='ORG-57')
    systems: list[SystemRow] = asked('企业技能人才队伍建设相关制度清单', 'rows', rows=SystemRow, rule='ORG-57')
    outlines: list[OutlineRow] = asked('培训大纲及教材清单', 'rows', rows=OutlineRow, rule='ORG-57')
    evaluated: list[EvaluatedRow] = asked('申报机构评价情况统计', 'rows', rows=EvaluatedRow, rule='ORG-57')
    classes: list[ClassRow] = asked('申报机构培训情况统计', 'rows', rows=ClassRow, rule='ORG-57')


class ChangeRow(Row):
    """What changes."""

    what: str = asked('变更事项', 'select', options={
        'name': '单位名称', 'address': '地址', 'legal_person': '法定代表人', 'credit_code': '统一社会信用代码', 'contact': '联系人', 'venue': '评价场所', 'other': '其他'})
    before: str = asked('变更前', most=200)
    after: str = asked('变更后', most=200)
    basis: str = asked('依据文件', most=100, required=False)


class ChangeStep(Step):
    """A change of what was filed."""

    changes: list[ChangeRow] = asked('变更内容', 'rows', rows=ChangeRow, rule='ORG-98')
    reason: str = asked('变更原因', 'long', most=2000, rule='ORG-60')


class ExtensionStep(Step):
    """The extension of a term."""

    summary: str = asked('有效期内评价工作总结', 'long', most=4000, rule='ORG-90')
    changes_since: str = asked('条件变化和整改情况', 'long', most=3000, rule='ORG-90')


class IncrementStep(Step):
    """An increment."""

    reason: str = asked('增量的理由和条件', 'long', most=3000, rule='ORG-93')
    legal_person_agrees: str = asked('法定代表人同意申报', 'yes_no', options=YES_NO, rule='ORG-93')


class EndingStep(Step):
    """The end of evaluation (F-DEREG, ORG-96, ORG-97)."""

    reason: str = asked('终止原因', 'select', options={'voluntary': '自愿终止', 'cancelled': '被取消'}, rule='ORG-96')
    explanation: str = asked('情况说明', 'long', most=2000, rule='ORG-96')
    stops_on: date | None = asked('停止日期', 'date', rule='ORG-96')
    open_batches: str = asked('未了批次', 'long', most=1000, rule='ORG-96', hint='没有请写“无”')
    data_keeper: str = asked('证书数据后续维护责任人', most=50, rule='ORG-97')
    data_keeper_phone: str = asked('责任人电话', 'phone', most=30, rule='ORG-97')
    blank_certificates: str = asked('空白证书处理', 'long', most=500, rule='ORG-97')
    archives: str = asked('档案去向', 'long', most=500, rule='ORG-97')


STEPS: dict[str, type[Step]] = {
    'basics': Basics, 'standing': Standing, 'belonging': Belonging, 'strengths': Strengths, 'plan': Plan, 'letter': LetterStep, 'employer': EmployerFacts,
    'school': SchoolFacts, 'nationwide': NationwideFacts, 'change': ChangeStep, 'extension': ExtensionStep, 'increment': IncrementStep, 'ending': EndingStep}


def questions(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return {name: definition} of a step or row in form order; `definition.title` is the label, `extra(definition)` the rest."""
    return dict(model.model_fields)


def extra(definition: FieldInfo) -> dict[str, Any]:
    """Return kind, required, most, rule, hint, form and options of a question."""
    assert isinstance(definition.json_schema_extra, dict)
    return dict(definition.json_schema_extra)


def row_model(definition: FieldInfo) -> type[Row] | None:
    """Return the columns of a question of kind rows."""
    args = get_args(definition.annotation) if get_origin(definition.annotation) is list else ()
    return args[0] if args and isinstance(args[0], type) and issubclass(args[0], Row) else None


def number_of(text: str) -> Decimal | None:
    """Return the figure of an answer of kind number; None while it is empty."""
    return Decimal(text) if text else None
