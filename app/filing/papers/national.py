"""F-NAT6 and F-NAT14: what the national rules want, six materials of a training organisation, fourteen of a nationwide employer (003 l.158–176, l.290–300)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from io import BytesIO

from app.filing.answers import given
from app.filing.forms import NationwideFacts, Plan
from app.filing.materials import LICENCE_WORDS
from app.filing.papers import form, licence, parts, plan, pledge, proofs
from app.filing.papers.binding import LICENCES, PEOPLE, PREMISES, Scans, Told, write_entry
from app.filing.papers.blocks import Printing, Table, pdf_of
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.personnel.documents import EXAMINER_HEADS
from app.personnel.registers import GRADES
from app.words import LEVELS, level_digits, paper_date

BASICS = '社会培训评价组织基本情况表'
FOURTEEN = (
    '职业技能等级评价机构备案申请表', '法人登记证书复印件', '职业技能等级认定工作实施方案', '备案企业分支机构表', '企业技能人才队伍建设相关制度清单', '职业（工种）和标准目录清单',
    '培训大纲及教材清单', '题库或卷库清单', '主体职业（工种）评价的场地、设施、设备配置情况清单', '考评人员名册', '督导人员名册', '评价队伍分布情况表', '申报机构评价情况统计表', '申报机构培训情况统计表')
Builds = list[tuple[str, Callable[[], bytes]]]


def six_zip(record: ApplicationRecord, printing: Printing, scans: Scans | None = None, told: Told = lambda done, total, what: None) -> bytes:
    """Return F-NAT6: six PDFs in their order (source: ORG-56)."""
    held = scans or {}

    def read(key: str) -> list[bytes]:
        return [one() for one in held.get(key, ())]

    return _zip([
        (f'1_{BASICS}.pdf', lambda: basics_pdf(record, printing)), ('2_法人登记证书复印件或统一社会信用代码.pdf', lambda: licence.licence_pdf(record, printing, read(LICENCES))),
        ('3_实施方案及质量管控措施.pdf', lambda: plan.plan_pdf(record, printing)), ('4_专家等专业技术人员技能水平证明或承诺书.pdf', lambda: proofs.people_pdf(record, printing, read(PEOPLE))),
        ('5_场地设施设备资产有效证明或承诺书.pdf', lambda: proofs.premises_pdf(record, printing, read(PREMISES))),
        ('6_信用报告或诚信承诺书.pdf', lambda: pledge.pledge_pdf(record, printing))], told)


def basics_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return item 1 of F-NAT6: parts 1, 2 and 4 to 8 of the application form."""
    blocks = [b for b in form.filing_blocks(record)[2:-3] if not (isinstance(b, Table) and b.title.startswith('文件、规章制度清单'))]
    return pdf_of(BASICS, 'F-NAT6', blocks, printing)


def fourteen_zip(record: ApplicationRecord, printing: Printing, scans: Scans | None = None, told: Told = lambda done, total, what: None) -> bytes:
    """Return F-NAT14: a workbook for each list, the form, the licences and the plan as PDF too (source: ORG-57)."""
    held = [one() for one in (scans or {}).get(LICENCES, ())]
    builds: Builds = [(f'{n:02d}_{FOURTEEN[n - 1]}.xlsx', lambda n=n: list_xlsx(record, printing, n)) for n in range(1, 15)]  # type: ignore[misc]
    builds += [(f'02_{FOURTEEN[1]}.pdf', lambda: licence.licence_pdf(record, printing, held)), (f'03_{FOURTEEN[2]}.pdf', lambda: plan.plan_pdf(record, printing))]
    return _zip(sorted(builds, key=lambda b: b[0]), told)


def fourteen_xlsx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-NAT14's fourteen lists as one workbook, to read them side by side."""
    return _book(record, printing, range(1, 15), '全国性用人单位备案材料')


def list_xlsx(record: ApplicationRecord, printing: Printing, n: int) -> bytes:
    """Return one of the fourteen as a workbook, a sheet a table."""
    return _book(record, printing, [n], FOURTEEN[n - 1])


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return the lists of F-NAT14 that have no row (source: ORG-57)."""
    return [Finding('ORG-57', 'block', 'nationwide', f'第{n}项“{FOURTEEN[n - 1]}”一行也没有，请填写后再打印。')
            for n in range(1, 15) if not any(t.rows for t in tables_of(record, n))]


def missing_six(record: ApplicationRecord) -> list[Finding]:
    """Return what stops one of the six (source: ORG-56)."""
    return [*form.missing(record), *licence.missing(record), *plan.missing(record), *proofs.missing_people(record), *proofs.missing_premises(record), *pledge.missing(record)]


def tables_of(record: ApplicationRecord, n: int) -> Sequence[Table]:
    """Return the tables of an item, 1 to 14."""
    return _TABLES[n - 1](record)


def _form(record: ApplicationRecord) -> list[Table]:
    from app.filing.forms import NATURES, Basics, Strengths

    basics = given(record, Basics)
    rows = (('单位名称', record.org.name), ('地址', record.org.address), ('注册登记机构', basics.registration_body), ('统一社会信用代码', record.org.credit_code),
            ('机构性质', NATURES.get(basics.nature, '')), ('联系人', basics.contact), ('职务', basics.contact_post), ('联系电话', basics.contact_phone), ('电子邮箱', basics.contact_email),
            ('具备的组织和专业优势', given(record, Strengths).strengths), ('申请单位承诺', form.TRUE), ('法定代表人签字', ''), ('单位（公章）', ''))
    return [Table(('项目', '内容'), rows, (50, 120), '基本情况'), parts.range_table(record, '申请的职业（工种）')]


def _licences(record: ApplicationRecord) -> list[Table]:
    rows = tuple((LICENCE_WORDS.get(x.kind, x.kind), x.number, x.issuer, parts.term_text(x.valid_from, x.valid_to)) for x in record.licences)
    return [_table('证照种类 证照号码 发证机关 有效期', rows)]


def _plan(record: ApplicationRecord) -> list[Table]:
    said = given(record, Plan)
    return [Table(('章节', '内容'), tuple((heading, str(getattr(said, name))) for heading, name in plan.SECTIONS if name and getattr(said, name)), (60, 160))]


def _branches(record: ApplicationRecord) -> list[Table]:
    rows = tuple((str(n), b.name, b.credit_code, b.place, b.address, b.head, b.phone, b.skilled) for n, b in enumerate(_facts(record).branches, 1))
    return [_table('序号 分支机构名称 统一社会信用代码 所在省市 地址 负责人 电话 技能人员数', rows)]


def _systems(record: ApplicationRecord) -> list[Table]:
    return [_table('序号 制度名称 文号 制定部门 制定时间', tuple((str(n), s.name, s.issue_no, s.unit, parts.month_text(s.made)) for n, s in enumerate(_facts(record).systems, 1)))]


def _standards(record: ApplicationRecord) -> list[Table]:
    editions = {(s.occupation_code, s.work_type): s for s in record.standards}
    rows = []
    for r in record.ranges:
        standard = editions.get((r.occupation_code, r.work_type)) or editions.get((r.occupation_code, ''))
        rows.append((r.occupation_code, r.occupation, r.work_type, level_digits(r.levels), standard.name if standard else r.standard, str(standard.edition) if standard else ''))
    return [_table('职业编码 职业名称 工种 等级 评价标准/评价规范名称 发布时间', tuple(rows))]


def _outlines(record: ApplicationRecord) -> list[Table]:
    return [_table('职业 等级 大纲/教材名称 作者/编写单位 出版社 年份', tuple((o.occupation, o.level, o.title, o.author, o.publisher, o.year) for o in _facts(record).outlines))]


def _bank(record: ApplicationRecord) -> list[Table]:
    names = {r.occupation_code: r.occupation for r in record.ranges}
    rows = tuple((names.get(b.occupation_code, b.occupation_code) + (f'（{b.work_type}）' if b.work_type else ''), LEVELS.get(int(b.level or 0), ''), b.theory, b.practical, b.review, b.source,
                  paper_date(b.reviewed_on) if b.reviewed_on else '') for b in given(record, Plan).bank)
    return [_table('职业 等级 理论题量 实操套数 综合评审题量 来源 审核时间', rows)]


def _premises(record: ApplicationRecord) -> list[Table]:
    return [parts.room_table(record.rooms), *parts.equipment_tables(record)]


def _examiners(record: ApplicationRecord) -> list[Table]:
    """Return the roll with the columns of F-EXAMINER-ROLL; what a year brought is not part of an application."""
    until = [(e, f'至{paper_date(e.card_to)}' if e.card_to else '', f'至{paper_date(e.engaged_to)}' if e.engaged_to else '') for e in record.examiners]
    rows = tuple((str(n), e.name, e.sex, e.id_no, _unit(record, e.id_no, own=e.own_staff), e.title or e.post, f'{e.occupation}/{e.work_type}' if e.work_type else e.occupation, GRADES[e.grade], e.card_no, card, engaged, '', '', '',
                  '证卡到期' if e.card_to and e.card_to < record.day else '在册') for n, (e, card, engaged) in enumerate(until, 1))
    return [Table(EXAMINER_HEADS, rows, tuple(30.0 for _ in EXAMINER_HEADS))]


def _supervisors(record: ApplicationRecord) -> list[Table]:
    return [_table('姓名 性别 身份证号 单位部门 职务 证卡编号 有效期', tuple(
        (s.name, s.sex, s.id_no, _unit(record, s.id_no), s.post or s.title, s.card_no, paper_date(s.card_to) if s.card_to else '') for s in record.supervisors))]


def _unit(record: ApplicationRecord, id_no: str, *, own: bool = True) -> str:
    found = next((s.unit for s in record.staff if s.id_no == id_no and s.id_no), '')
    return found or (record.org.name if own else '')


def _teams(record: ApplicationRecord) -> list[Table]:
    return [_table('分支机构 考评员数 高级考评员数 督导员数 专家数', tuple((b.name, b.examiners, b.senior_examiners, b.supervisors, b.experts) for b in _facts(record).branches))]


def _evaluated(record: ApplicationRecord) -> list[Table]:
    return [_table('年份 职业 等级 评价人数 合格人数 合格率', tuple((e.year, e.occupation, e.level, e.evaluated, e.passed, _rate(e.evaluated, e.passed)) for e in _facts(record).evaluated))]


def _classes(record: ApplicationRecord) -> list[Table]:
    return [_table('年份 职业 等级 培训班次 培训人数', tuple((c.year, c.occupation, c.level, c.classes, c.people) for c in _facts(record).classes))]


def _table(heads: str, rows: tuple[tuple[str, ...], ...]) -> Table:
    names = tuple(heads.split())
    return Table(names, rows, tuple(30.0 for _ in names))


def _rate(evaluated: str, passed: str) -> str:
    whole = Decimal(evaluated or 0)
    return f'{Decimal(passed or 0) * 100 / whole:.1f}%' if whole else ''


def _facts(record: ApplicationRecord) -> NationwideFacts:
    return given(record, NationwideFacts)


def _book(record: ApplicationRecord, printing: Printing, numbers: Iterable[int], title: str) -> bytes:
    from app.xlsx import Book, Column

    book = Book(title, made_at=printing.at, form='F-NAT14')
    for n in numbers:
        for k, table in enumerate(tables_of(record, n), 1):
            rows = [[cell if isinstance(cell, str) else cell.text for cell in row] for row in table.rows]
            name = f'{n:02d}{"" if k == 1 else f"-{k}"} {FOURTEEN[n - 1].translate(_NOT_IN_SHEETS)}'[:31]
            columns = [Column(head, max(10, wide * 0.62), options=parts.OFFERED.get(head, ())) for head, wide in zip(table.heads, table.widths, strict=True)]
            book.sheet(name, columns, rows, title=FOURTEEN[n - 1], note=table.title, foot=parts.marked(printing))
    return book.to_bytes()


def _zip(builds: Sequence[tuple[str, Callable[[], bytes]]], told: Told) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as packed:
        for done, (name, build) in enumerate(builds, 1):
            write_entry(packed, name, build())
            told(done, len(builds), name)
    return out.getvalue()


_NOT_IN_SHEETS = str.maketrans(dict.fromkeys('\\/*?:[]', '、'))
_TABLES: tuple[Callable[[ApplicationRecord], list[Table]], ...] = (
    _form, _licences, _plan, _branches, _systems, _standards, _outlines, _bank, _premises, _examiners, _supervisors, _teams, _evaluated, _classes)
