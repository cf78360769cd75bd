"""F-FILING-REPLY: the centre's red-header letter with the annex of occupations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.house import house
from app.letters import Annex, Letter, letter_pdf
from app.organizations.queries import FilingPage, held_on
from app.organizations.rules import Range
from app.words import level_digits, paper_term


@dataclass(frozen=True, slots=True)
class Reply:
    """What the letter says."""

    org: str
    issuer: str
    letter_no: str
    letter_on: date | None  # None: not drafted yet
    basis: str
    number: str
    valid: tuple[date, date]
    rows: tuple[tuple[str, ...], ...]
    made_at: datetime
    mark: str
    social: bool = True  # a training and evaluation body; others are named otherwise (003 l.202–204)
    body: str = ''  # what the centre adds


def reply_record(page: FilingPage, made_at: datetime) -> Reply:
    """Return the letter of a filing that was recorded by hand, as it was recorded; marked as a draft until the second person confirmed it."""
    f = page.filing
    marks = ('演示样本' if house().demo else '', '草稿' if f.state == 'proposed' else '')
    return Reply(page.org.name, f.issuer, f.letter_no, f.letter_on, f.basis, f.number, (f.valid_from, f.valid_to), tuple(_row(n, r) for n, r in enumerate(held_on(page.ranges, f.valid_from), 1)),
                 made_at, '　'.join(filter(None, marks)), page.org.kind == 'social_training_org')


def filing_reply_pdf(reply: Reply) -> bytes:
    """Return F-FILING-REPLY with its annex; the same reply gives the same bytes."""
    return letter_pdf(_letter(reply), printed_at=reply.made_at, mark=reply.mark, annexes=[_annex(reply)])


def filing_reply_docx(reply: Reply) -> bytes:
    """Return F-FILING-REPLY with its annex for Word."""
    from app.docx import letter_docx

    return letter_docx(_letter(reply), made_at=reply.made_at, mark=reply.mark, annexes=[_annex(reply)])


def _letter(reply: Reply) -> Letter:
    basis = f'根据{reply.basis}，' if reply.basis else ''
    what, of, whom = ('社会培训评价组织备案', '社会培训评价组织', '面向社会从业人员') if reply.social else ('开展职业技能等级认定工作备案', '职业技能等级评价机构', '')
    return Letter(
        issuer=reply.issuer, number=reply.letter_no, title=f'关于同意{reply.org}\n{what}的函', to=reply.org,
        paragraphs=(
            f'{basis}经专家评估，你单位具备{of}备案条件，同意备案。请按实施方案{whom}开展职业技能等级认定，接受监管和社会监督。',
            f'机构备案号：{reply.number}。', f'有效期：{paper_term(*reply.valid)}。', *(p for p in reply.body.split('\n') if p.strip())),
        attachments=('职业技能等级评价职业/工种目录',), on=reply.letter_on, note='此件依申请公开')


def _annex(reply: Reply) -> Annex:
    return Annex(
        title=f'{reply.org}\n职业技能等级评价职业/工种目录', heads=('序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据'), rows=reply.rows,
        widths=(10, 30, 26, 32, 26, 36), note='备案的职业（工种）和等级以国家职业技能等级证书评价机构公示查询系统公布的为准。')


def _row(n: int, row: Range) -> tuple[str, ...]:
    return str(n), row.occupation, row.occupation_code, row.work_type or '—', level_digits(row.levels), row.standard
