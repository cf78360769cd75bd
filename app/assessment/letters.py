"""F-PUB-FILING, F-INC-REPLY, the letters on an extension, a change and an end, and F-OSTA-REPORT."""

from __future__ import annotations

from datetime import date

from app.assessment.records import AnswerLetter, OstaReport, PublicityRecord
from app.filing.papers.centre import remedy
from app.letters import Annex, Letter, letter_pdf
from app.words import paper_date, paper_term

ANNEX_HEADS = ('序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据')
OSTA_HEADS = ('机构名称', '统一社会信用代码', '机构备案号', '机构类别', '地址', '联系人', '电话', '有效期')
PUBLICITY_HEADS = ('序号', '机构名称', '统一社会信用代码', '地址', '职业', '工种', '等级')


def publicity_pdf(record: PublicityRecord) -> bytes:
    """Return F-PUB-FILING; the same record gives the same bytes."""
    from app.pdf import Paper

    paper = Paper(_publicity_title(record), form='F-PUB-FILING', landscape=True, printed_at=record.made_at, mark=record.mark)
    paper.paragraph(_publicity_text(record)).space()
    paper.table(PUBLICITY_HEADS, record.rows, (10, 46, 50, 54, 34, 34, 22), row_mm=8).space()
    for line in _publicity_foot(record):
        paper.paragraph(line)
    return paper.space().seal(record.issuer, on=record.from_on).to_bytes()


def publicity_docx(record: PublicityRecord) -> bytes:
    """Return F-PUB-FILING for Word."""
    from app.docx import letter_docx

    letter = Letter(issuer=record.issuer, number='', title=_publicity_title(record), to='各有关单位和个人', paragraphs=(_publicity_text(record), *_publicity_foot(record)),
                    attachments=('拟备案名单',), on=record.from_on)
    return letter_docx(letter, made_at=record.made_at, mark=record.mark, annexes=[Annex('拟备案名单', PUBLICITY_HEADS, record.rows, (10, 40, 40, 44, 30, 30, 20))])


def answer_pdf(record: AnswerLetter) -> bytes:
    """Return F-INC-REPLY with its annex of the added rows, or the letter of another kind; the same record gives the same bytes."""
    return letter_pdf(_letter(record), printed_at=record.made_at, mark=record.mark, annexes=_annexes(record))


def answer_docx(record: AnswerLetter) -> bytes:
    """Return F-INC-REPLY with its annex, or the letter of another kind, for Word."""
    from app.docx import letter_docx

    return letter_docx(_letter(record), made_at=record.made_at, mark=record.mark, annexes=_annexes(record))


def osta_xlsx(report: OstaReport) -> bytes:
    """Return F-OSTA-REPORT: the organisation beside every row of its annex."""
    from app.xlsx import Book, Column

    widths = (30, 22, 16, 18, 30, 10, 16, 26, 6, 16, 14, 18, 10, 18)
    columns = [Column(head, width) for head, width in zip((*OSTA_HEADS, *ANNEX_HEADS), widths, strict=True)]
    rows = [(*report.org, *row) for row in report.rows]
    return Book('备案机构信息报送表', made_at=report.made_at, form='F-OSTA-REPORT').sheet('备案机构信息', columns, rows, title='备案机构信息报送表').to_bytes()


def _publicity_title(record: PublicityRecord) -> str:
    return f'拟备案{record.bodies}名单公示'


def _publicity_text(record: PublicityRecord) -> str:
    return f'经申请、受理和专家评估，下列单位拟备案为{record.bodies}，现予公示。公示期为{paper_term(record.from_on, record.to_on)}。公示期内如有异议，请如实反映，并提供有效联系方式。'


def _publicity_foot(record: PublicityRecord) -> tuple[str, ...]:
    return (f'联系电话：{record.contact}', f'地址：{record.address}', f'公示期：{paper_date(record.from_on)}至{paper_date(record.to_on)}')


WHAT = {'reply': '职业技能等级认定备案', 'increment': '增量备案', 'extension': '延续备案', 'change': '变更备案', 'ending': '终止职业技能等级评价工作'}


def _letter(record: AnswerLetter) -> Letter:
    basis, body = f'根据{record.basis}，' if record.basis else '', tuple(p for p in record.body.split('\n') if p.strip())
    return Letter(
        issuer=record.issuer, number=record.letter_no, title=f'关于{"不予" if record.declined else ""}同意{record.org}{WHAT[record.kind]}的函', to=record.org,
        paragraphs=_declined(record, body) if record.declined else (*_said(record, basis), *body),
        attachments=('职业技能等级评价职业/工种目录',) if record.rows else (), on=record.letter_on, note='此件依申请公开')


def _said(record: AnswerLetter, basis: str) -> tuple[str, ...]:
    number, term = f'机构备案号：{record.number}。', f'有效期：{paper_term(*record.valid)}。'
    if record.kind == 'change':
        return (f'{basis}你单位的变更备案申请收悉。经审核，同意变更下列事项，原机构备案号及有效期不变：', *_rows(record), number, term, '请自本函发出之日起按变更后的内容开展职业技能等级认定。')
    if record.kind == 'ending':
        until = paper_date(record.ended_on) if record.ended_on else ''
        return (f'{basis}你单位终止职业技能等级评价工作的报备收悉。同意自{until}起终止备案（机构备案号：{record.number}），该备案号保留，不再使用。',
                f'终止后不得再组织评价、发放证书。已颁发证书的数据由你单位继续负责核实、更正和注销，责任人：{record.keeper}。')
    said = '同意延续备案，备案的职业（工种）和等级见附件' if record.kind == 'extension' else '同意增加附件所列职业（工种）和等级，原机构备案号及有效期不变'
    return (f'{basis}经专家评估，你单位申请的职业（工种）符合备案条件，{said}。请按实施方案开展职业技能等级认定，接受监管和社会监督。', number, term)


def _declined(record: AnswerLetter, reason: tuple[str, ...]) -> tuple[str, ...]:
    """Return the text of a no: what was asked for, why not, by what, what stays, what the applicant may do (source: ORG-75, ORG-77)."""
    number, filing = f'（受理号：{record.accepted}）' if record.accepted else '', f'机构备案号：{record.number}，有效期：{paper_term(*record.valid)}'
    if record.publicized is not None:
        return _not_filed(record, record.publicized, number, filing, reason)
    if record.kind == 'change':
        said, stays = f'你单位的变更备案申请{number}收悉。经审核，下列事项不予变更：', f'原备案的内容不变（{filing}）。'
    else:
        until = f'自{paper_date(record.ended_on)}起' if record.ended_on else ''
        said, stays = f'你单位终止职业技能等级评价工作的报备{number}收悉。经审核，不予同意{until}终止备案。', f'原备案继续有效（{filing}）。'
    return (said, *_rows(record), *_because(record, reason), stays, remedy(record.centre))


def _not_filed(record: AnswerLetter, shown: tuple[date, date], number: str, filing: str, reason: tuple[str, ...]) -> tuple[str, ...]:
    """Return the text of a no after the publicity (source: ORG-70, ORG-75, ORG-99)."""
    decided, stays = {
        'reply': ('不予备案', '未经备案，不得组织职业技能等级认定、颁发职业技能等级证书。'), 'increment': ('不予增量备案', f'原备案的职业（工种）和等级不变（{filing}）。'),
        'extension': ('不予延续', f'原备案到有效期届满为止（{filing}）。')}[record.kind]
    return (f'你单位的{WHAT[record.kind]}申请{number}收悉，申请的职业（工种）和等级：{record.asked}。经专家评估，于{paper_term(*shown)}公示，并核实公示期间反映的情况，决定{decided}。',
            *_because(record, reason), stays, remedy(record.centre))


def _because(record: AnswerLetter, reason: tuple[str, ...]) -> tuple[str, ...]:
    first, *more = reason or ('',)  # never empty once it is drafted
    return (f'理由：{first}', *more, f'依据：{record.basis.rstrip("。")}。')


def _rows(record: AnswerLetter) -> tuple[str, ...]:
    return tuple(f'{n}．{what}：由“{before}”变更为“{after}”。' for n, (what, before, after) in enumerate(record.changes, 1))


def _annexes(record: AnswerLetter) -> list[Annex]:
    if not record.rows:
        return []
    return [Annex(
        title=f'{record.org}\n职业技能等级评价职业/工种目录{"（增量）" if record.kind == "increment" else ""}', heads=ANNEX_HEADS, rows=record.rows, widths=(10, 30, 26, 32, 26, 36),
        note='备案的职业（工种）和等级以国家职业技能等级证书评价机构公示查询系统公布的为准。')]
