"""F-FILING-HN and F-FILING-INC: the official application forms, labels and order as printed (000 l.368–1030)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.bylaws.rules import LISTED
from app.cells import Cell, ticks
from app.filing.answers import given
from app.filing.forms import INCREMENT_NATURES, NATURES, Basics, IncrementStep, Strengths
from app.filing.papers import parts
from app.filing.papers.blocks import Block, Box, Cover, Note, Opinion, Printing, Rows, Table, Title, docx_of, paper_of, pdf_of
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.words import paper_date

BODIES = '社会培训评价组织'
OFFICIAL = f'河南省{BODIES}'
TITLE = '河南省社会培训评价组织备案申请表'
INCREMENT = '河南省社会培训评价组织增量备案申请表'
OTHERS = '职业技能等级评价机构'  # what the same forms are called for employers and schools, no form of theirs being printed (003 l.158)
ISSUER = '河南省人力资源和社会保障厅制'
EXAMINERS_NOTE = ('（每一职业最少3名考评人员，根据认定职业的等级配备高级考评员或考评员，必须具备条件：高级考评员①相关职业②高级职称或高级技师；'
                  '考评员①相关职业②中级职称或高级工）')
EXPERTS_NOTE = '（每一职业最少2名专家，必须具备条件：①相关职业②高级职称或高级技师）'
SUPERVISORS_NOTE = ('（每次职业技能等级认定过程需派遣3名内部质量监督人员组成督导小组，同一职业技能等级认定过程内部质量监督人员不能同时担任考评人员。）')
DOCKING = '与河南省技能人才管理服务平台实现数据对接后方可开展技能等级认定工作'
PLEDGED = '单位法定代表人对本表以上所填写内容及所提供材料真实有效性的承诺：'
TRUE = '本表所填内容和所附材料均真实有效，如有不实，愿承担由此产生的一切责任。'
CENTRE = '省辖市、\n直管县（市）\n职业技能鉴定\n（指导）中心\n初审意见'
PROVINCE = '省级人力资源\n社会保障部门\n意见'
CITY = '省管社会培训评价组织此栏不填写'
PROVINCIAL = '非省管社会培训评价组织由省辖市备案，无需省级人力资源社会保障部门出具意见'


def filing_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-HN, A4; the same record gives the same bytes."""
    return pdf_of(title_of(TITLE, record), 'F-FILING-HN', filing_blocks(record), printing)


def filing_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-HN for Word."""
    return docx_of(title_of(TITLE, record), 'F-FILING-HN', filing_blocks(record), printing, record.org.name)


def filing_xlsx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return the row tables of F-FILING-HN, a sheet each."""
    from app.xlsx import Book, Column

    book = Book(title_of(TITLE, record), made_at=printing.at, form='F-FILING-HN')
    sheets = [('职业（工种）', parts.range_table(record, '申请开展职业技能等级认定的职业（工种）')), ('规章制度', parts.bylaw_table(record)), ('场地', parts.room_table(record.rooms)),
              *((f'设备{n}', table) for n, table in enumerate(parts.equipment_tables(record), 1)), ('工作人员', parts.staff_table(record)),
              ('考评人员', parts.examiner_table(record)), ('专家', parts.expert_table(record)), ('内部质量监督人员', parts.supervisor_table(record))]
    for name, table in sheets:
        rows = [[cell.text if isinstance(cell, Cell) else cell for cell in row] for row in table.rows]
        columns = [Column(head, max(8, wide * 0.62), options=parts.OFFERED.get(head, ())) for head, wide in zip(table.heads, table.widths, strict=True)]
        book.sheet(name, columns, rows, title=table.title, foot=parts.marked(printing))
    return book.to_bytes()


def increment_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-INC, A4: what is added only."""
    return pdf_of(title_of(INCREMENT, record), 'F-FILING-INC', increment_blocks(record), printing)


def increment_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-INC for Word."""
    return docx_of(title_of(INCREMENT, record), 'F-FILING-INC', increment_blocks(record), printing, record.org.name)


def filing_pages(record: ApplicationRecord, printing: Printing) -> int:
    """Return on how many pages F-FILING-HN comes."""
    return paper_of(title_of(TITLE, record), 'F-FILING-HN', filing_blocks(record), printing).count_pages()


def title_of(official: str, record: ApplicationRecord) -> str:
    """Return what the form is called: the official title is that of a training organisation."""
    return official if _official(record) else official.replace(OFFICIAL, OTHERS).replace(BODIES, OTHERS)


def filing_blocks(record: ApplicationRecord) -> list[Block]:
    """Return the form: cover, then its nine parts in order (source: ORG-53, ORG-54, ORG-55)."""
    basics, said = given(record, Basics), given(record, Strengths)
    city, province = (CITY, PROVINCIAL) if _official(record) else ('', '')
    return [
        _cover(record, '备案申请表'), Title(title_of(TITLE, record)),
        Rows((('单位名称', record.org.name), ('地址', record.org.address), ('注册登记\n机构', basics.registration_body), ('统一社会\n信用代码', record.org.credit_code),
              ('机构性质', nature_text(basics.nature, NATURES)))),
        Rows((('联系人', basics.contact), ('职务', basics.contact_post), ('联系电话', basics.contact_phone), ('电子邮箱', basics.contact_email)), 2),
        parts.range_table(record, '申请开展职业技能等级认定的职业（工种）', note='职业申报参照国家职业技能标准'), parts.bylaw_table(record),
        Box('具备的组织和专业优势', said.strengths, 50), Box('场地情况', venue_text(record, said), 20), parts.room_table(record.rooms),
        *_equipment(record, '设施设备情况（按职业分别列出设备明细）'), Box('信息化建设情况（含考务管理、考试技术、考场监控等）', systems_text(said), 40), *_people(record),
        Opinion('申请单位\n承诺', f'{PLEDGED}\n{TRUE}', '法定代表人签字', '单位（公章）', 30), Opinion(CENTRE, city, least_mm=36),
        Opinion(PROVINCE, province, least_mm=36)]


def increment_blocks(record: ApplicationRecord) -> list[Block]:
    """Return the form of an increment, with at least as many rows as the template has (source: ORG-93)."""
    basics, said, step = given(record, Basics), given(record, Strengths), given(record, IncrementStep)
    what = '社会培训评价组织增量备案' if _official(record) else '增量备案'
    agrees = {'yes': f'同意{what}。', 'no': f'不同意{what}。'}.get(step.legal_person_agrees, '')
    return [
        _cover(record, '增量备案申请表'), Title(title_of(INCREMENT, record)),
        Rows((('单位名称', record.org.name), ('地址', record.org.address), ('注册登记\n机构', basics.registration_body), ('统一社会\n信用代码', record.org.credit_code),
              ('单位性质', nature_text(basics.nature, INCREMENT_NATURES)), ('社评组织\n原备案号', record.original.number if record.original else ''))),
        Rows((('联系人', basics.contact), ('职务', basics.contact_post), ('联系电话', basics.contact_phone), ('电子邮箱', basics.contact_email)), 2),
        parts.range_table(record, '申请增量的职业（工种）', least=4), Box('具备的组织和专业优势', said.strengths, 30), Box('场地情况', venue_text(record, said), 20),
        *_equipment(record, '设施设备情况'), *_people(_of_ranges(record), least=2)[:3],
        Opinion('申请单位法定\n代表人意见', f'法定代表人是否同意{what}：{agrees}', '法定代表人签字', '单位（公章）', 20),
        Opinion(CENTRE, '', least_mm=30), Opinion(PROVINCE, '', least_mm=30),
        Note('注：申请职业技能等级认定增量的职业（工种）等可另附页；评价标准是指国家职业技能标准。')]


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return what the form would print blank though it must be filled in (source: ORG-53, ORG-54, ORG-55)."""
    printed = _of_ranges(record) if record.way == 'increment' else record
    found = [Finding('ORG-53', 'block', 'basics', f'“{label}”是申请表的必填项，现在是空的，请填写后再打印。') for label, value in _must(record) if not value]
    found += [Finding('ORG-53', 'block', 'basics', f'{what}一行也没有，请登记后再打印。') for what, rows in (
        ('申请的职业（工种）', record.ranges), ('工作人员情况', [s for s in record.staff if s.works_in_evaluation]), ('考评人员队伍', printed.examiners),
        ('专家队伍', printed.experts)) if not rows]
    found += [Finding('ORG-53', 'block', 'equipment', f'“{name}”没有设备明细，申请表按职业分别列出，请在设备台账登记该职业的设备。')
              for code, name in parts.occupations(record) if not any(e.occupation_code == code and e.state != parts.NO_MORE for e in record.equipment)]
    if record.way != 'increment':
        found += list(_only_new(record))
    elif record.original is None:
        found.append(Finding('ORG-94', 'block', 'basics', '“社评组织原备案号”是空的，增量备案依据有效的备案，请选择原备案。'))
    return found


def _only_new(record: ApplicationRecord) -> Iterator[Finding]:
    if not record.supervisors:
        yield Finding('ORG-53', 'block', 'people', '内部质量监督人员队伍一行也没有，请登记后再打印。')
    held = {b.number for b in record.bylaws if b.version}
    for n, title in enumerate(LISTED, 1):
        if n not in held:
            yield Finding('ORG-55', 'warn', 'bylaws', f'规章制度第{n}项《{title}》没有文件，表中制定部门和制定时间会空着，请制定后再打印。')


def _must(record: ApplicationRecord) -> list[tuple[str, str | date | None]]:
    basics, said = given(record, Basics), given(record, Strengths)
    return [('单位名称', record.org.name), ('单位地址', record.org.address), ('统一社会信用代码', record.org.credit_code), ('法定代表人', basics.legal_person),
            ('法定代表人电话', basics.legal_person_phone), ('注册登记机构', basics.registration_body), ('机构性质', basics.nature), ('联系人', basics.contact),
            ('职务', basics.contact_post), ('联系电话', basics.contact_phone), ('电子邮箱', basics.contact_email), ('填报时间', basics.filled_on),
            ('具备的组织和专业优势', said.strengths), ('场地情况', said.venue)]


def _official(record: ApplicationRecord) -> bool:
    return record.org.kind == 'social_training_org'


def _cover(record: ApplicationRecord, name: str) -> Cover:
    basics = given(record, Basics)
    return Cover((OFFICIAL if _official(record) else OTHERS, name), (
        (('单位名称', f'{record.org.name}　（盖章）'),), (('单位地址', record.org.address),), (('法定代表人', basics.legal_person), ('电话', basics.legal_person_phone)),
        (('联 系 人', basics.contact), ('电话', basics.contact_phone)),
        (('填报时间', paper_date(basics.filled_on) if basics.filled_on else '　　年　　月　　日'),)), ISSUER if _official(record) else '')


def nature_text(nature: str, options: dict[str, str]) -> str:
    """Return the boxes of 机构性质; the two forms name the third kind differently, so both are the same choice."""
    same = {'social_organization': 'industry_association', 'industry_association': 'social_organization'}
    chosen = nature if nature in options else same.get(nature, '')
    return ticks(list(options.values()), [options[chosen]] if chosen in options else [], between='\n')


def venue_text(record: ApplicationRecord, said: Strengths) -> str:
    """Return the prose of part 5 with the sum of the premises."""
    sites = '；'.join(f'{s.name}（{s.address}），{parts.square_metres(s.area_dm2)}㎡，{parts.TENURES.get(s.tenure, "")}'
                     + (f'，租期{parts.term_text(s.lease_from, s.lease_to)}' if s.tenure == 'leased' else '') for s in record.sites)
    return '\n'.join(text for text in (said.venue, f'场地：{sites}。' if sites else '') if text)


def systems_text(said: Strengths) -> str:
    """Return part 7: the three systems and the promise to dock first."""
    promise = f'本单位承诺{DOCKING}。' if said.docking_promised == 'yes' else ''
    lines = (f'1、考务管理系统：{said.exam_affairs_system}', f'2、理论机考操作系统：{said.computer_exam_system}', f'3、视频监控系统：{said.video_system}', promise)
    return '\n'.join(line for line in lines if line)


def _equipment(record: ApplicationRecord, title: str) -> list[Block]:
    first, *others = parts.equipment_tables(record) or [Table(parts.EQUIPMENT_HEADS, parts.numbered((), 2, len(parts.EQUIPMENT_HEADS)), (12, 52, 46, 24, 18))]
    return [Table(first.heads, first.rows, first.widths, title, first.title), *others]


def _people(record: ApplicationRecord, *, least: int = 0) -> list[Block]:
    """Return the tables of part 8; their conditions stand in the first form only."""
    staff, notes = parts.staff_table(record, least=least), record.way != 'increment'
    return [
        Table(staff.heads, staff.rows, staff.widths, '人员队伍建设情况', staff.title), parts.examiner_table(record, note=EXAMINERS_NOTE if notes else '', least=least),
        parts.expert_table(record, note=EXPERTS_NOTE if notes else '', least=least), parts.supervisor_table(record, note=SUPERVISORS_NOTE)]


def _of_ranges(record: ApplicationRecord) -> ApplicationRecord:
    """Return the record with the examiners and experts of the occupations asked for only: an increment enters nothing else (ORG-93)."""
    codes = {r.occupation_code for r in record.ranges}
    return record.model_copy(update={
        'examiners': tuple(e for e in record.examiners if e.occupation_code in codes), 'experts': tuple(e for e in record.experts if e.occupation_code in codes)})
